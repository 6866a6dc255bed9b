# Rscript tests/oracle/rates.R > tests/oracle/rates.json
# Rates of two groups, and tables of several, as base R has them. Intervals by their formulas; Newcombe's ends are held
# against his Table II in the test itself.
source("tests/oracle/json.R")

wilson <- function(k, n, z) {
  middle <- (k + z^2 / 2) / (n + z^2); half <- z * sqrt(k * (n - k) / n + z^2 / 4) / (n + z^2)
  c(middle - half, middle + half)
}
exact_zero <- function(x, at) if (at) 0 else x

pair <- function(a, n, b, m, level = 0.95) {
  z <- qnorm((1 + level) / 2); p <- a / n; q <- b / m; d <- p - q
  one <- wilson(a, n, z); two <- wilson(b, m, z)
  stopifnot(all.equal(one, as.numeric(prop.test(a, n, correct = FALSE)$conf.int), tolerance = 1e-9))
  lower <- d - sqrt((p - one[1])^2 + (two[2] - q)^2); upper <- d + sqrt((one[2] - p)^2 + (q - two[1])^2)
  log_bounds <- function(x, se) if (is.finite(se) && se > 0) x * exp(c(-1, 1) * z * se) else c(NA, NA)
  ratio <- if (b > 0) p / q else NA
  rb <- if (b > 0 && a > 0) log_bounds(ratio, sqrt(1 / a - 1 / n + 1 / b - 1 / m)) else c(NA, NA)
  odds <- if (b > 0 && a < n) (a / (n - a)) / (b / (m - b)) else NA
  if (is.finite(odds) && b == m) odds <- 0
  if (b == m) odds <- if (b > 0 && a < n) 0 else NA
  ob <- if (a > 0 && b > 0 && a < n && b < m) log_bounds(odds, sqrt(1 / a + 1 / (n - a) + 1 / b + 1 / (m - b))) else c(NA, NA)
  within <- lower <= 0 && upper >= 0
  tab <- matrix(c(a, b, n - a, m - b), 2)
  proper <- all(rowSums(tab) > 0) && all(colSums(tab) > 0)
  test <- function(correct) if (proper) suppressWarnings(chisq.test(tab, correct = correct)) else list(statistic = NA, p.value = NA)
  list(a = a, n = n, b = b, m = m, difference = d, d_lower = lower, d_upper = upper, ratio = ratio, r_lower = rb[1], r_upper = rb[2],
       odds = odds, o_lower = ob[1], o_upper = ob[2], nnt = if (d != 0) 1 / d else NA,
       nnt_lower = if (within) NA else 1 / upper, nnt_upper = if (within) NA else 1 / lower,
       benefit = if (within) 1 / upper else NA, harm = if (within) -1 / lower else NA,
       chi2 = unname(test(FALSE)$statistic), p = test(FALSE)$p.value, yates = unname(test(TRUE)$statistic), yates_p = test(TRUE)$p.value,
       fisher = if (proper) fisher.test(tab)$p.value else NA)
}
pairs <- list(c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20), c(0, 10, 0, 10), c(10, 10, 0, 20),
              c(10, 10, 0, 10), c(10, 10, 20, 20), c(0, 12, 5, 17), c(12, 12, 5, 17), c(5, 17, 17, 17), c(3, 10, 3, 10), c(1, 1, 0, 1), c(1, 2, 1, 3),
              c(7, 20, 11, 21), c(350, 1000, 300, 1000), c(40, 1000, 72, 1200), c(900000, 1000000, 899000, 1000000), c(3, 1000000, 12, 900000))

tables <- list(
  job = list(many = TRUE, rows = 4, count = c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11)), # Agresti (2002) p. 57, as in ?fisher.test, by columns: too many tables here, not for R's network
  three_arms = list(rows = 3, count = c(10, 20, 17, 8, 30, 11)),
  six_small = list(rows = 6, count = c(2, 3, 0, 2, 5, 2, 4, 1, 1, 7, 3, 6)),
  empty_lines = list(rows = 4, count = c(2, 0, 5, 3, 0, 0, 0, 0, 7, 0, 4, 6)),
  wide = list(rows = 2, count = c(5, 3, 2, 2, 0, 6, 1, 1, 8, 3)),
  few_events = list(rows = 8, count = c(0, 1, 0, 2, 0, 0, 1, 0, 50, 61, 44, 80, 39, 47, 52, 60)),
  # R loses ten digits here; summed up in whole numbers (Python's math.comb) instead
  few_of_millions = list(exact = 0.22682593496139872, rows = 3, count = c(1, 5, 4, 1000000, 900000, 1100000))
)
table_of <- function(t) {
  tab <- matrix(t$count, nrow = t$rows)
  full <- tab[rowSums(tab) > 0, colSums(tab) > 0, drop = FALSE]
  chi <- suppressWarnings(chisq.test(full, correct = FALSE))
  list(rows = nrow(tab), columns = ncol(tab), count = as.numeric(t(tab)), n = sum(tab), chi2 = unname(chi$statistic),
       df = unname(chi$parameter), p = chi$p.value, smallest = min(chi$expected), fisher = if (!is.null(t$exact)) t$exact else if (is.null(t$many)) fisher.test(full, workspace = 2e7)$p.value else NA)
}

trends <- list(list(k = c(83, 90, 129, 70), n = c(86, 93, 136, 82)), # Fleiss (1981) p. 139, as in ?prop.trend.test
               list(k = c(1, 2, 4), n = c(10, 12, 9)), list(k = c(5, 3), n = c(10, 12)), list(k = c(2, 0, 7), n = c(9, 0, 11)),
               list(k = c(300000, 310000, 309000), n = c(1e6, 1e6, 1e6)))
trend <- function(t) {
  used <- t$n > 0; score <- seq_along(t$n)[used] - 1
  chi2 <- prop.trend.test(t$k[used], t$n[used], score)$statistic
  rise <- sum(t$k[used] * score) / sum(t$k) - sum(t$n * (seq_along(t$n) - 1)) / sum(t$n)
  list(k = t$k, n = t$n, z = sign(rise) * sqrt(unname(chi2)), p = prop.trend.test(t$k[used], t$n[used], score)$p.value)
}
cat(json(list(pairs = lapply(pairs, function(x) suppressWarnings(pair(x[1], x[2], x[3], x[4]))), tables = lapply(tables, table_of), trends = lapply(trends, trend))), "\n")
