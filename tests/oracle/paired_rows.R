# Rscript tests/oracle/paired_rows.R > tests/oracle/paired_rows.json
# The rows that a report on data/evaluation_wide.csv must have, PHQ-9 total, everyone with complete answers at both
# occasions, by R alone.
suppressPackageStartupMessages({library(coin); library(exactRankTests); library(metafor); library(MASS)})
source("tests/oracle/json.R")
d <- read.csv("data/evaluation_wide.csv")
items <- function(when) rowSums(sapply(1:9, function(i) as.numeric(d[[sprintf("phq9_%d_%s", i, when)]])))
pre <- items("pre"); post <- items("post")
both <- !is.na(pre) & !is.na(post); pre <- pre[both]; post <- post[both]
n <- length(pre); x <- post - pre; up <- sum(x > 0); down <- sum(x < 0)
walsh <- sort(outer(x, x, "+")[lower.tri(diag(n), diag = TRUE)] / 2); m <- length(walsh)
k <- ceiling(n * (n + 1) / 4 - qnorm(0.975) * sqrt(n * (n + 1) * (2 * n + 1) / 24) - 0.5)
test <- function(zeros, how) pvalue(wilcoxsign_test(x ~ rep(0, n), zero.method = zeros, distribution = how))
esc <- escalc("SMCR", m1i = mean(post), m2i = mean(pre), sd1i = sd(pre), ni = n, ri = cor(pre, post), vtype = "LS2")
around <- function(e) c(e$yi[1], e$yi[1] - qnorm(0.975) * sqrt(e$vi[1]), e$yi[1] + qnorm(0.975) * sqrt(e$vi[1]))
band <- function(s) cut(s, c(-1, 4, 9, 14, 19, 27), labels = FALSE)
tab <- table(factor(band(pre), 1:5), factor(band(post), 1:5)); tab <- matrix(tab, 5)
diff <- rowSums(tab) - colSums(tab); S <- -(tab + t(tab)); diag(S) <- rowSums(tab) + colSums(tab) - 2 * diag(tab)
sums <- (tab + t(tab))[upper.tri(tab)]
tost <- function(mu, side) t.test(post, pre, paired = TRUE, mu = mu, alternative = side)
ci <- t.test(post, pre, paired = TRUE, conf.level = 0.9)$conf.int
cat(json(list(n = n,
  sign.statistic = up, sign.p = binom.test(up, up + down)$p.value,
  hodges_lehmann = c(median(walsh), walsh[k], walsh[m + 1 - k]),
  permutation.p = perm.test(x[x != 0], exact = TRUE)$p.value,
  superiority = (down + sum(x == 0) / 2) / n,
  wilcoxon.exact = as.numeric(test("Wilcoxon", "exact")), wilcoxon.pratt = as.numeric(test("Pratt", "exact")),
  wilcoxon.pratt_normal = as.numeric(test("Pratt", "asymptotic")),
  d_b = mean(x) / sd(pre), g_b.normal = around(esc), common_language = pnorm(-mean(x) / sd(x)),
  bands.moved = sum(tab) - sum(diag(tab)),
  stuart_maxwell.statistic = drop(t(diff) %*% ginv(S) %*% diff), bowker.df = sum(sums > 0),
  bowker.statistic = sum(((tab - t(tab))[upper.tri(tab)]^2 / sums)[sums > 0]),
  tost.mean = c(mean(x), ci), tost.lower_p = tost(-6, "greater")$p.value, tost.upper_p = tost(6, "less")$p.value,
  power.d_z_80 = uniroot(function(e) power.t.test(n = n, delta = e, type = "paired", strict = TRUE)$power - 0.8, c(0.01, 2), tol = 1e-14)$root,
  power.at.0.5 = power.t.test(n = n, delta = 0.5, type = "paired", strict = TRUE)$power,
  power.n_90.0.5 = ceiling(power.t.test(delta = 0.5, power = 0.9, type = "paired", strict = TRUE)$n))), "\n")
