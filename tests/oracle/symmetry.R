# Rscript tests/oracle/symmetry.R > tests/oracle/symmetry.json
# Square tables before by after. Stuart-Maxwell by a generalised inverse (MASS), and by coin where every class is in use;
# Bowker by mcnemar.test where every pair of classes is, else summed over those that are.
suppressPackageStartupMessages({library(coin); library(MASS)})
source("tests/oracle/json.R")

square <- function(k, ...) matrix(c(...), k, k, byrow = TRUE)
tables <- list(
  # Stuart (1955), unaided vision of the right and left eye of 7477 women: 11.957 on 3 df; Bowker 19.107 on 6
  vision = square(4, 1520, 266, 124, 66, 234, 1512, 432, 78, 117, 362, 1772, 205, 36, 82, 179, 492),
  bands = square(5, 41, 3, 0, 0, 0, 28, 30, 2, 1, 0, 9, 33, 20, 2, 0, 2, 12, 19, 14, 1, 0, 3, 6, 13, 11),
  two = square(2, 30, 4, 15, 51),
  empty_middle = square(4, 8, 0, 3, 1, 0, 0, 0, 0, 7, 0, 5, 2, 4, 0, 6, 9),
  only_stayed_in_one = square(3, 8, 0, 3, 0, 12, 0, 7, 0, 5),
  two_islands = square(5, 4, 9, 0, 0, 0, 3, 5, 0, 0, 0, 0, 0, 7, 2, 4, 0, 0, 8, 1, 1, 0, 0, 0, 6, 3),
  one_way = square(3, 5, 0, 0, 9, 2, 0, 4, 6, 3),
  symmetric = square(3, 5, 2, 4, 2, 7, 1, 4, 1, 3)
)
one <- function(x) {
  k <- nrow(x); d <- rowSums(x) - colSums(x); S <- -(x + t(x)); diag(S) <- rowSums(x) + colSums(x) - 2 * diag(x)
  rank <- sum(svd(S)$d > 1e-9 * max(S)); stat <- drop(t(d) %*% ginv(S) %*% d)
  up <- upper.tri(x); sums <- (x + t(x))[up]; bowker <- sum(((x - t(x))[up]^2 / sums)[sums > 0]); df <- sum(sums > 0)
  if (all(rowSums(x) + colSums(x) > 0) && rank == k - 1) {
    t <- mh_test(as.table(x))
    stopifnot(all.equal(as.numeric(statistic(t)), stat), all.equal(as.numeric(pvalue(t)), pchisq(stat, k - 1, lower.tail = FALSE)))
  }
  if (all(sums > 0)) {
    m <- mcnemar.test(x, correct = FALSE)
    stopifnot(all.equal(unname(m$statistic), bowker), all.equal(m$p.value, pchisq(bowker, df, lower.tail = FALSE)))
  }
  list(table = c(t(x)), k = k, expect = list(
    stuart_maxwell = stat, stuart_maxwell_df = rank, stuart_maxwell_p = pchisq(stat, rank, lower.tail = FALSE),
    bowker = bowker, bowker_df = df, bowker_p = pchisq(bowker, df, lower.tail = FALSE)))
}
cat(json(lapply(tables, one)), "\n")
