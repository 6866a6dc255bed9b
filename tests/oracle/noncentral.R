# The noncentral t distribution by its exact series: Poisson weights over incomplete beta functions (Guenther 1978,
# Statist. Computn. Simuln. 6, 199). dpois keeps the weights from underflow, so this goes beyond the |ncp| = 37.62 where
# pt() changes to an approximation; below that, the two must agree.
nct_cdf <- function(t, df, ncp) {
  if (t < 0) return(1 - nct_cdf(-t, df, -ncp))
  x <- t^2 / (t^2 + df)
  y <- df / (t^2 + df)
  rate <- ncp^2 / 2
  reach <- 14 * sqrt(rate) + 60
  j <- max(0, floor(rate - reach)):ceiling(rate + reach)
  p <- dpois(j, rate)
  q <- if (ncp == 0) 0 * j
       else sign(ncp) * exp(log(abs(ncp) / sqrt(2)) + dpois(j, rate, log = TRUE) + lgamma(j + 1) - lgamma(j + 1.5))
  beta <- function(a, b) if (x < 0.5) pbeta(x, a, b) else pbeta(y, b, a, lower.tail = FALSE)
  pnorm(-ncp) + sum(p * beta(j + 0.5, df / 2) + q * beta(j + 1, df / 2)) / 2
}

nct_ncp <- function(p, t, df) {
  s <- sqrt(1 + t^2 / (2 * df))
  guess <- t - qnorm(p) * s
  root <- function(f) uniroot(f, guess + c(-1, 1) * s, extendInt = "downX", tol = 1e-14 * max(1, abs(guess)), maxiter = 1000)$root
  out <- root(function(d) nct_cdf(t, df, d) - p)
  if (abs(out) < 30 && df < 4e5) { # pt() has absolute errors near 1e-12
    again <- suppressWarnings(root(function(d) pt(t, df, d) - p))
    stopifnot(abs(again - out) < 1e-9 * max(1, abs(out)))
  }
  out
}
