# Rscript tests/oracle/effects.R > tests/oracle/effects.json
# Effect sizes beside d_z, d_av, d_rm, and equivalence, by metafor, numerical derivatives and t.test. The panels are
# those of paired.json.
suppressPackageStartupMessages(library(metafor))
source("tests/oracle/json.R")
source("tests/oracle/noncentral.R")
panels <- jsonlite::fromJSON("tests/oracle/paired.json")

z <- qnorm(0.975)
around <- function(y, v) list(estimate = y, lower = y - z * sqrt(v), upper = y + z * sqrt(v))
J <- function(df) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
meta <- function(measure, pre, post, correct) {
  m <- escalc(measure, m1i = mean(post), m2i = mean(pre), sd1i = sd(pre), sd2i = sd(post), ni = length(pre), ri = cor(pre, post), vtype = "LS2")
  j <- if (correct) 1 else J(length(pre) - 1) # LS2 is J^2 times the variance of the uncorrected one
  around(m$yi[1] / j, m$vi[1] / j^2)
}
# d_av as a function of the moments, with their covariance under normality; derivatives by a complex step
delta <- function(pre, post) {
  n <- length(pre); s <- cov(cbind(pre, post)); df <- n - 1
  f <- function(x) (x[2] - x[1]) / ((sqrt(x[3]) + sqrt(x[4])) / 2)
  x <- c(mean(pre), mean(post), s[1, 1], s[2, 2])
  v <- matrix(0, 4, 4)
  v[1:2, 1:2] <- s / n
  v[3:4, 3:4] <- 2 * s^2 / df
  g <- sapply(1:4, function(k) Im(f(replace(as.complex(x), k, complex(real = x[k], imaginary = 1e-20)))) / 1e-20)
  around(f(x), drop(t(g) %*% v %*% g))
}
rank_biserial <- function(pre, post) { # as effectsize::rank_biserial(paired = TRUE) has it
  d <- post - pre; d <- d[d != 0]; n <- length(d); r <- rank(abs(d))
  est <- (sum(r[d > 0]) - sum(r[d < 0])) / sum(r)
  max <- (n^2 + n) / 2; se <- sqrt((2 * n^3 + 3 * n^2 + n) / 6) / max
  if (abs(est) == 1) list(estimate = est, lower = NA, upper = NA)
  else list(estimate = est, lower = tanh(atanh(est) - z * se), upper = tanh(atanh(est) + z * se))
}
tost <- function(pre, post, bound) {
  low <- t.test(post, pre, paired = TRUE, mu = -bound, alternative = "greater")
  up <- t.test(post, pre, paired = TRUE, mu = bound, alternative = "less")
  ci <- t.test(post, pre, paired = TRUE, conf.level = 0.9)$conf.int
  list(bound = bound, lower_t = unname(low$statistic), lower_p = low$p.value, upper_t = unname(up$statistic), upper_p = up$p.value,
       p = max(low$p.value, up$p.value), lower = ci[1], upper = ci[2])
}
one <- function(panel) {
  pre <- panel$pre / panel$unit; post <- panel$post / panel$unit
  if (mean(pre) > 1e6) { pre <- pre - 1e9; post <- post - 1e9 }
  n <- length(pre); d <- post - pre; df <- n - 1; dz <- mean(d) / sd(d)
  ncp <- c(nct_ncp(0.975, dz * sqrt(n), df), nct_ncp(0.025, dz * sqrt(n), df)) / sqrt(n)
  k <- sd(d) / sd(pre); krm <- sqrt((var(d) - (sd(pre) - sd(post))^2) / (sd(pre) * sd(post)))
  scaled <- function(k) list(estimate = dz * k, lower = ncp[1] * k, upper = ncp[2] * k)
  d_rm <- dz * krm
  list(d_b = scaled(k), g_b = scaled(k * J(df)), g_rm = scaled(krm * J(df)),
       common_language = list(estimate = pnorm(dz), lower = pnorm(ncp[1]), upper = pnorm(ncp[2])),
       d_z_normal = meta("SMCC", pre, post, FALSE), g_z_normal = meta("SMCC", pre, post, TRUE),
       d_b_normal = meta("SMCR", pre, post, FALSE), g_b_normal = meta("SMCR", pre, post, TRUE),
       d_rm_normal = around(d_rm, krm^2 * (1 / n + dz^2 / (2 * n))), # d_z's, k times as wide
       d_av_normal = delta(pre, post), rank_biserial = rank_biserial(pre, post),
       tost = lapply(c(a = 0.5, b = 3, c = 12.25), function(b) tost(pre, post, b)))
}
cat(json(lapply(panels[names(panels) != "near_line"], one)), "\n")
