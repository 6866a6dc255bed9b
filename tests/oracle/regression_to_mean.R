# Rscript tests/oracle/regression_to_mean.R > tests/oracle/regression_to_mean.json
# The expected change of the selected, without the closed formulas: linear from the line through everyone's mean with slope r,
# person by person; normal theory by numeric integration of a normal first score truncated at the cut-off.
source("tests/oracle/json.R")
by_integration <- function(mu, sd, r, cutoff, low) {
  range <- if (low) c(-Inf, cutoff) else c(cutoff, Inf)
  f <- function(y) dnorm(y, mu, sd)
  g <- function(y) (mu + r * (y - mu) - y) * dnorm(y, mu, sd)
  i <- function(h) integrate(h, range[1], range[2], rel.tol = 1e-12, subdivisions = 2000L)$value
  i(g) / i(f)
}
one <- function(pre, post, cutoff, low = FALSE, r = NA, unit = 1) {
  x <- pre / unit; y <- post / unit; cut <- cutoff
  picked <- if (low) x <= cut else x >= cut
  rho <- if (is.na(r)) cor(x, y) else r
  linear <- mean((mean(x) + rho * (x[picked] - mean(x))) - x[picked])
  observed <- mean(y[picked] - x[picked])
  normal <- by_integration(mean(x), sd(x), rho, cut, low)
  share <- function(e) if (e * observed > 0) e / observed else NA
  list(unit = unit, pre = pre, post = post, cutoff = cut, low = as.numeric(low), r = rho, own_r = as.numeric(!is.na(r)),
       n = length(x), n_selected = sum(picked), observed = observed,
       linear = list(expected = linear, beyond = observed - linear, share = share(linear)),
       normal = list(expected = normal, beyond = observed - normal, share = share(normal)))
}
phq <- list(pre = c(3, 8, 12, 5, 20, 7, 10, 15, 2, 9, 11, 4, 17, 0, 13), post = c(3, 4, 8, 9, 10, 7, 3, 16, 2, 8, 12, 3, 9, 1, 5))
# Barnett, van der Pols & Dobson (2005): mean 60, sd 15, selected at 40 or below; correlation 0 to 1
published <- lapply(0:9 / 10, function(r) list(r = r, expected = by_integration(60, 15, r, 40, TRUE), above = by_integration(60, 15, r, 40, FALSE)))
cat(json(list(
  panels = list(
    sample = one(phq$pre, phq$post, 10),
    given = one(phq$pre, phq$post, 10, r = 0.84),
    low = one(27 - phq$pre, 27 - phq$post, 17, low = TRUE),
    halves = one(2 * phq$pre + 1, 2 * phq$post, 10, unit = 2),
    few = one(phq$pre, phq$post, 18, r = 0.6), # the selected got better by less than expected, or more
    worse = one(phq$pre, pmin(27, phq$pre + c(2, 1, 3)), 10)),
  published = published)), "\n")
