# Rscript tests/oracle/two_waves.R > tests/oracle/two_waves.json
# PHQ-9 and GAD-7 of real people at two waves, from the reference collection beside the checkout; base R, coin,
# exactRankTests, metafor. Only statistics are kept here.
suppressPackageStartupMessages({library(coin); library(exactRankTests); library(metafor); library(MASS)})
source("tests/oracle/json.R")
d <- read.csv("../shared/data/phq9_gad7_two_waves/wide.csv")
total <- function(name, n, wave) rowSums(d[sprintf("%s%d_w%d", name, seq_len(n), wave)])
one <- function(name, items, bands) {
  pre <- total(name, items, 1); post <- total(name, items, 2); x <- post - pre; n <- length(x)
  up <- sum(x > 0); down <- sum(x < 0); z <- qnorm(0.975)
  walsh <- sort(outer(x, x, "+")[lower.tri(diag(n), diag = TRUE)] / 2); m <- length(walsh)
  k <- ceiling(n * (n + 1) / 4 - z * sqrt(n * (n + 1) * (2 * n + 1) / 24) - 0.5)
  test <- function(zeros, how) as.numeric(pvalue(wilcoxsign_test(x ~ rep(0, n), zero.method = zeros, distribution = how)))
  esc <- function(measure) {
    e <- escalc(measure, m1i = mean(post), m2i = mean(pre), sd1i = sd(pre), sd2i = sd(post), ni = n, ri = cor(pre, post), vtype = "LS2")
    e$yi[1] + c(0, -z, z) * sqrt(e$vi[1])
  }
  b <- length(bands) - 1
  tab <- matrix(table(cut(pre, bands), cut(post, bands)), b)
  diff <- rowSums(tab) - colSums(tab); S <- -(tab + t(tab)); diag(S) <- rowSums(tab) + colSums(tab) - 2 * diag(tab)
  sums <- (tab + t(tab))[upper.tri(tab)]
  tost <- max(t.test(post, pre, paired = TRUE, mu = -1, alternative = "greater")$p.value,
              t.test(post, pre, paired = TRUE, mu = 1, alternative = "less")$p.value)
  list(n = n, sign_p = binom.test(up, up + down)$p.value, hodges_lehmann = c(median(walsh), walsh[k], walsh[m + 1 - k]),
       flip_p = perm.test(x[x != 0], exact = TRUE)$p.value, superiority = (up + sum(x == 0) / 2) / n,
       drop_exact = test("Wilcoxon", "exact"), pratt_exact = test("Pratt", "exact"), pratt_normal = test("Pratt", "asymptotic"),
       d_b = mean(x) / sd(pre), g_z_normal = esc("SMCC"), g_b_normal = esc("SMCR"), tost_1 = tost,
       bands = bands[-c(1, b + 1)], stuart_maxwell = drop(t(diff) %*% ginv(S) %*% diff), stuart_maxwell_df = sum(svd(S)$d > 1e-9 * max(S)),
       bowker = sum(((tab - t(tab))[upper.tri(tab)]^2 / sums)[sums > 0]), bowker_df = sum(sums > 0))
}
cat(json(list(phq9 = one("PHQ", 9, c(-1, 4, 9, 14, 19, 27)), gad7 = one("GAD", 7, c(-1, 4, 9, 14, 21)))), "\n")
