# Rscript tests/oracle/agreement.R > tests/oracle/agreement.json
# Cohen's kappa by its definition, with the standard errors of Fleiss, Cohen & Everitt (1969) as they print them
# (equations 13 and 14); kappa and its interval are held against psych::cohen.kappa.
source("tests/oracle/json.R")
suppressMessages(library(psych))
tables <- list(
  fleiss_cohen_everitt = rbind(c(106, 10, 4), c(22, 28, 10), c(2, 12, 6)), # their example: kappa .429, variance .002885, without agreement .003082
  two = rbind(c(20, 5), c(10, 15)),
  asymmetric = rbind(c(5, 20, 1), c(0, 7, 3), c(2, 0, 40)),
  empty_class = rbind(c(8, 3, 0), c(1, 9, 0), c(0, 0, 0)),
  below_chance = rbind(c(2, 11), c(14, 3)),
  by_chance = rbind(c(12, 24), c(6, 12)),
  four = rbind(c(11, 2, 0, 1), c(3, 9, 4, 0), c(0, 2, 17, 5), c(1, 0, 3, 8)),
  one_off = rbind(c(50, 1), c(0, 49)),
  large = 1e9 * rbind(c(106, 10, 4), c(22, 28, 10), c(2, 12, 6)))
one <- function(x, level) {
  n <- sum(x); p <- x / n; r <- rowSums(p); c <- colSums(p); po <- sum(diag(p)); pe <- sum(r * c); k <- (po - pe) / (1 - pe)
  a <- sum(diag(p) * ((1 - pe) - (r + c) * (1 - po))^2)
  o <- outer(c, r, "+"); diag(o) <- 0
  se <- sqrt((a + (1 - po)^2 * sum(p * o^2) - (po * pe - 2 * pe + po)^2) / n) / (1 - pe)^2
  se0 <- sqrt((pe + pe^2 - sum(r * c * (r + c))) / n) / (1 - pe)
  z <- qnorm((1 + level) / 2)
  if (n < 1e6) {
    ck <- suppressWarnings(cohen.kappa(x, alpha = 1 - level))
    stopifnot(all.equal(unname(ck$kappa), k, tolerance = 1e-12), all.equal(unname(ck$var.kappa), se^2, tolerance = 1e-10))
  }
  list(k = nrow(x), level = level, count = as.vector(t(x)), n = n, agree = sum(diag(x)), observed = po, expected = pe, kappa = k,
       se = se, lower = max(-1, k - z * se), upper = min(1, k + z * se), se_null = se0, z = k / se0, p = 2 * pnorm(-abs(k / se0)))
}
cat(json(c(lapply(tables, one, 0.95), list(at_90 = one(tables$two, 0.9)))), "\n")
