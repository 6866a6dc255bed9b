# Rscript tests/oracle/nonparametric.R > tests/oracle/nonparametric.json
# Small awkward panels of changes, and what R says about them: base, coin and exactRankTests. Values are
# integers; a real value is value / unit.
suppressPackageStartupMessages({library(coin); library(exactRankTests)})
source("tests/oracle/json.R")

distinct <- function(n) { size <- seq_len(n); ifelse((size * size) %% 7 < 3, 1, -1) * size }
many <- function(n) { i <- seq_len(n); (i * i * 31 + i * 7) %% 17 - 10 }
panels <- list(
  ties_and_zeros = list(d = c(0, -4, -4, 4, -10, 0, -4, 1, 0, -1, 1, -1)),
  halves = list(unit = 2, d = c(-9, 1, -5, -12, 1, -7, -15)),
  distinct_9 = list(d = distinct(9)),
  distinct_49 = list(d = distinct(49)),
  distinct_50 = list(d = distinct(50)),
  one_size = list(d = c(-3, -3, -3, -3, -3, 3)),
  ties_no_zeros = list(d = c(1, 1, -2, -2, 3)),
  zeros_no_ties = list(d = c(0, -1, 2, 0, -3, 0, 0, 5, 6)),
  balanced = list(d = c(2, -2, 1, -1, 0)),
  one_way = list(d = c(-1, -2, -2, -5, -7, -9, -11)),
  six = list(d = c(-3, -1, 0, 2, -8, -4)),
  sleep = list(unit = 10, d = c(12, 24, 13, 13, 0, 10, 18, 8, 46, 14)),
  many_60 = list(d = many(60)),
  many_200 = list(d = many(200))
)

# Tango (1998): the nuisance share by maximising the likelihood, the bound by root finding.
score_bounds <- function(b, c, n, level = 0.95) {
  z <- qnorm((1 + level) / 2)
  stat <- function(delta) {
    if (delta < 0) return(-stat2(c, b, -delta))
    stat2(b, c, delta)
  }
  stat2 <- function(b, c, delta) { # b - c = n delta; q the share of c, b's is q + delta
    slope <- function(q) (if (b > 0) b / (q + delta) else 0) + (if (c > 0) c / q else 0) -
      (if (n > b + c) 2 * (n - b - c) / (1 - 2 * q - delta) else 0)
    top <- (1 - delta) / 2
    low <- 1e-300; high <- top * (1 - 1e-15)
    q <- if (slope(low) <= 0) 0 else if (slope(high) >= 0) top else uniroot(slope, c(low, high), tol = 1e-16, maxiter = 10000)$root
    (b - c - n * delta) / sqrt(n * (2 * q + delta * (1 - delta)))
  }
  d <- (b - c) / n; e <- 1e-13
  lower <- if (d <= -1) -1 else uniroot(function(x) stat(x) - z, c(-1 + e, d - e), tol = 1e-15)$root
  upper <- if (d >= 1) 1 else uniroot(function(x) stat(x) + z, c(d + e, 1 - e), tol = 1e-15)$root
  c((1 + lower) / 2, (1 + upper) / 2)
}

hodges_lehmann <- function(d, level = 0.95) {
  n <- length(d); walsh <- sort(outer(d, d, "+")[lower.tri(diag(n), diag = TRUE)] / 2); m <- length(walsh)
  alpha <- 1 - level
  k <- if (n < 50) qsignrank(alpha / 2, n) else ceiling(n * (n + 1) / 4 - qnorm(1 - alpha / 2) * sqrt(n * (n + 1) * (2 * n + 1) / 24) - 0.5)
  if (n < 50 && !anyDuplicated(abs(d)) && all(d != 0)) {
    r <- wilcox.test(d, conf.int = TRUE, conf.level = level, exact = TRUE)
    if (k > 0) stopifnot(all.equal(as.numeric(r$conf.int), walsh[c(k, m + 1 - k)]))
    stopifnot(all.equal(unname(r$estimate), median(walsh)))
  }
  bounds <- if (k < 1) c(NA, NA) else walsh[c(k, m + 1 - k)]
  list(estimate = median(walsh), lower = bounds[1], upper = bounds[2])
}

# coin: the conditional distribution given the ranks; zeros dropped, or ranked and set aside
normal <- function(d, zeros) {
  t <- wilcoxsign_test(d ~ rep(0, length(d)), zero.method = zeros, distribution = "asymptotic")
  list(z = as.numeric(statistic(t)), p = as.numeric(pvalue(t)))
}

one <- function(panel) {
  unit <- if (is.null(panel$unit)) 1 else panel$unit
  v <- panel$d; d <- v / unit; n <- length(d)
  up <- sum(d > 0); down <- sum(d < 0)
  wilcoxon <- function(zeros) {
    ex <- tryCatch(as.numeric(pvalue(wilcoxsign_test(v ~ rep(0, n), zero.method = zeros, distribution = "exact"))), error = function(e) NA)
    c(normal(v, zeros), list(exact_p = ex))
  }
  list(unit = unit, d = v, expect = list(
    up = up, down = down, sign_p = binom.test(up, up + down)$p.value,
    flip_p = perm.test(v[v != 0], exact = TRUE)$p.value,
    flip_z = sum(v) / sqrt(sum(v^2)),
    hodges_lehmann = hodges_lehmann(d),
    superiority = (up + (n - up - down) / 2) / n, superiority_bounds = score_bounds(up, down, n),
    drop = wilcoxon("Wilcoxon"), pratt = wilcoxon("Pratt"),
    rank_exact = wilcox.exact(v[v != 0], exact = TRUE)$p.value))
}
cat(json(lapply(panels, one)), "\n")
