# Rscript tests/oracle/power.R > tests/oracle/power.json
# Power of the paired t test, by power.t.test and pwr. The n are the smallest whole ones.
library(pwr)
source("tests/oracle/json.R")
power <- function(n, d, alpha) power.t.test(n = n, delta = d, sd = 1, sig.level = alpha, type = "paired", strict = TRUE)$power
one <- function(n, d, alpha, goal) {
  p <- power(n, d, alpha)
  stopifnot(all.equal(p, pwr.t.test(n = n, d = d, sig.level = alpha, type = "paired")$power))
  need <- ceiling(pwr.t.test(d = d, power = goal, sig.level = alpha, type = "paired")$n)
  while (need > 2 && power(need - 1, d, alpha) >= goal) need <- need - 1
  while (power(need, d, alpha) < goal) need <- need + 1
  find <- uniroot(function(x) power(n, x, alpha) - goal, c(1e-6, 40), tol = 1e-14)$root
  list(n = n, d_z = d, alpha = alpha, goal = goal, power = p, n_needed = need, effect = find)
}
cases <- list(list(20, 0.5, 0.05, 0.8), list(34, 0.5, 0.05, 0.9), list(199, 0.2, 0.05, 0.8), list(5, 1.2, 0.05, 0.8),
              list(12, 0.8, 0.01, 0.9), list(3, 2.5, 0.1, 0.8), list(500, 0.05, 0.05, 0.95), list(60, -0.35, 0.05, 0.8))
cat(json(lapply(cases, function(x) { x[[2]] <- abs(x[[2]]); do.call(one, x) })), "\n")
