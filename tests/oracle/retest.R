# Rscript tests/oracle/retest.R > tests/oracle/retest.json
# Rscript tests/oracle/retest.R ../shared/data > tests/oracle/retest_shared.json    of real answers, left there
# Intraclass correlations (psych::ICC confirms them), limits of agreement, Spearman's correlation. A real value is
# value / unit.
source("tests/oracle/json.R")
suppressMessages(library(psych))

two_way <- function(x) {
  n <- nrow(x); k <- ncol(x); m <- mean(x)
  b <- k * sum((rowMeans(x) - m)^2) / (n - 1); o <- n * sum((colMeans(x) - m)^2) / (k - 1)
  list(n = n, k = k, between = b, occasions = o,
       error = (sum((x - m)^2) - b * (n - 1) - o * (k - 1)) / ((n - 1) * (k - 1)))
}
icc <- function(x, level = 0.95) {
  s <- two_way(x); n <- s$n; k <- s$k; b <- s$between; o <- s$occasions; e <- s$error; up <- 1 - (1 - level) / 2
  c1 <- (b - e) / (b + (k - 1) * e); f <- b / e
  fl <- f / qf(up, n - 1, (n - 1) * (k - 1)); fu <- f * qf(up, (n - 1) * (k - 1), n - 1)
  a1 <- (b - e) / (b + (k - 1) * e + k * (o - e) / n)
  fj <- o / e # Shrout & Fleiss (1979), Psychological Bulletin 86, 420, p. 424
  v <- (k - 1) * (n - 1) * (k * a1 * fj + n * (1 + (k - 1) * a1) - k * a1)^2 /
    ((n - 1) * k^2 * a1^2 * fj^2 + (n * (1 + (k - 1) * a1) - k * a1)^2)
  f1 <- qf(up, n - 1, v); f2 <- qf(up, v, n - 1)
  low <- n * (b - f1 * e) / (f1 * (k * o + (k * n - k - n) * e) + n * b)
  high <- n * (f2 * b - e) / (k * o + (k * n - k - n) * e + n * f2 * b)
  p <- suppressMessages(suppressWarnings(ICC(x, missing = FALSE, lmer = FALSE)))$results
  if (level == 0.95)
    stopifnot(abs(unlist(p[2:3, "ICC"]) - c(a1, c1)) < 1e-8, abs(unlist(p[2:3, "lower bound"]) - c(low, (fl - 1) / (fl + k - 1))) < 1e-8,
              abs(unlist(p[2:3, "upper bound"]) - c(high, (fu - 1) / (fu + k - 1))) < 1e-8)
  if (v < 0.1) low <- high <- NA # the parts of v cancel: F with such degrees of freedom is no approximation
  c(s, list(agreement = a1, agreement_lower = low, agreement_upper = high, consistency = c1,
            consistency_lower = (fl - 1) / (fl + k - 1), consistency_upper = (fu - 1) / (fu + k - 1),
            sem_consistency = sqrt(e), sem_agreement = sqrt(e + (o - e) / n)))
}
limits <- function(x) {
  d <- x[, 2] - x[, 1]; n <- length(d); z <- qnorm(.975); half <- qt(.975, n - 1) * sd(d) * sqrt(1 / n + z^2 / (2 * (n - 1)))
  l <- mean(d) - z * sd(d); u <- mean(d) + z * sd(d); t <- t.test(d)$conf.int
  list(bias = mean(d), bias_lower = t[1], bias_upper = t[2], sd = sd(d), lower = l, upper = u, lower_lower = l - half,
       lower_upper = l + half, upper_lower = u - half, upper_upper = u + half)
}
spearman <- function(x) {
  n <- nrow(x); r <- cor(x[, 1], x[, 2], method = "spearman"); z <- qnorm(.975) * sqrt((1 + r^2 / 2) / (n - 3))
  inside <- n > 3 && abs(r) < 1
  list(r = r, lower = if (inside) tanh(atanh(r) - z) else NA, upper = if (inside) tanh(atanh(r) + z) else NA)
}

panels <- list(
  ties = list(pre = c(3, 8, 12, 5, 20, 7, 7, 15, 2, 9, 11, 4), post = c(3, 4, 8, 9, 10, 7, 3, 16, 2, 8, 12, 3)),
  halves = list(unit = 2, pre = c(31, 24, 9, 40, 17, 22, 35), post = c(22, 25, 4, 28, 18, 15, 20)),
  fifty_sixths = list(unit = 56, pre = c(630, 441, 216, 1008, 56, 819, 72, 504), post = c(504, 448, 0, 252, 63, 648, 72, 126)),
  large_shift = list(pre = c(20, 22, 19, 25, 18, 21), post = c(5, 8, 5, 9, 3, 7)),
  no_shift = list(pre = c(4, 6, 5, 9), post = c(6, 4, 6, 8)),
  negative = list(pre = c(1, 2, 3, 4, 5, 6), post = c(9, 8, 8, 5, 3, 2)),
  three = list(pre = c(5, 9, 14), post = c(4, 10, 9)))
expected <- function(x) list(icc = icc(x), limits = limits(x), spearman = spearman(x))
one <- function(panel) {
  unit <- if (is.null(panel$unit)) 1 else panel$unit
  list(unit = unit, pre = panel$pre, post = panel$post, expect = expected(cbind(panel$pre, panel$post) / unit))
}
shared <- commandArgs(TRUE)
if (length(shared)) {
  x <- read.csv(file.path(shared, "phq9_gad7_two_waves/wide.csv"))
  total <- function(first, items) rowSums(x[, first + seq_len(items)]) # first: its column, from 0
  cat(json(list(phq9 = expected(cbind(total(1, 9), total(17, 9))), gad7 = expected(cbind(total(10, 7), total(26, 7))))), "\n")
  quit()
}
# The example of Shrout & Fleiss: 6 people rated by 4 judges. They give .29 and .71.
shrout <- rbind(c(9, 2, 5, 8), c(6, 1, 3, 2), c(8, 4, 6, 8), c(7, 1, 2, 6), c(10, 5, 6, 9), c(6, 2, 4, 7))
cat(json(list(panels = lapply(panels, one), shrout_fleiss = icc(shrout), shrout_fleiss_90 = icc(shrout, 0.9))), "\n")
