# Rscript tests/oracle/proportion.R > tests/oracle/proportion.json
source("tests/oracle/json.R")
out <- list()
for (level in c(0.95, 0.9)) for (kn in list(c(0, 1), c(1, 1), c(1, 2), c(0, 20), c(1, 20), c(19, 20), c(20, 20), c(7, 13),
    c(500, 1000), c(1, 1e6), c(999999, 1e6), c(3, 1e10), c(5e9, 1e10))) {
  k <- kn[1]; n <- kn[2]
  w <- suppressWarnings(prop.test(k, n, correct = FALSE, conf.level = level)$conf.int) # Wilson's interval
  if (k > 0 && k < n / 1e5) { # R subtracts nearly equal numbers here: take the lower root from the product of the two
    z <- qnorm((1 + level) / 2)
    w[1] <- k^2 / (n * (n + z^2)) / w[2]
  }
  a <- (1 - level) / 2
  cp <- c(if (k == 0) 0 else qbeta(a, k, n - k + 1), if (k == n) 1 else qbeta(1 - a, k + 1, n - k))
  if (n <= 1e6) stopifnot(all.equal(cp, as.vector(binom.test(k, n, conf.level = level)$conf.int), tolerance = 1e-12))
  out[[length(out) + 1]] <- list(k = k, n = n, level = level, wilson = w, clopper_pearson = cp)
}
cat(json(out), "\n")
