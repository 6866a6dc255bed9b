# Rscript tests/oracle/reliability.R > tests/oracle/reliability.json
source("tests/oracle/json.R")
alpha <- function(x) { k <- ncol(x); k / (k - 1) * (1 - sum(diag(var(x))) / sum(var(x))) }
forms <- list(
  three_items = rbind(c(1, 2, 1), c(2, 2, 3), c(3, 4, 3), c(4, 4, 5)),
  miskeyed = rbind(c(0, 3, 1), c(1, 2, 0), c(2, 1, 3), c(3, 1, 2), c(3, 0, 3)), # alpha below 0
  two_items = rbind(c(0, 1), c(3, 2), c(2, 2), c(1, 0), c(3, 3)),
  two_forms = rbind(c(0, 1, 3), c(1, 3, 2)),
  wide_codes = rbind(c(0, 119, 60, 7), c(100, 119, 90, 20), c(50, 80, 61, 9), c(20, 110, 65, 11), c(119, 118, 119, 119)))
one <- function(x) {
  k <- ncol(x); n <- nrow(x); a <- alpha(x)
  # F quantiles by way of beta: qf() takes the larger df for infinite beyond 4e5
  f <- function(p) { b <- qbeta(p, (n - 1) / 2, (n - 1) * (k - 1) / 2); b / (1 - b) * (k - 1) }
  list(n = n, k = k, codes = as.vector(t(x)), expect = list(
    alpha = a, lower = 1 - (1 - a) * f(0.975), upper = 1 - (1 - a) * f(0.025),
    mean = as.list(colMeans(x)),
    item_rest = lapply(seq_len(k), function(i) cor(x[, i], rowSums(x[, -i, drop = FALSE]))),
    dropped = lapply(seq_len(k), function(i) if (k > 2) alpha(x[, -i]) else NA)))
}
cat(json(lapply(forms, one)), "\n")
