# Rscript tests/oracle/control_chart.R > tests/oracle/control_chart.json
# Control charts by the formulas of Montgomery (2013) and Provost & Murray (2011), rules found by looking at every window;
# funnel limits by Spiegelhalter (2005), the quantile found by adding up the binomial distribution, the upper limit that of the others' count. Base R only. The
# constants are integrated here, not looked up.
source("tests/oracle/json.R")

range_mean <- integrate(function(w) w * 2 * dnorm(w / sqrt(2)) / sqrt(2), 0, Inf, rel.tol = 1e-12)$value # of two normal values
range_square <- integrate(function(w) w^2 * 2 * dnorm(w / sqrt(2)) / sqrt(2), 0, Inf, rel.tol = 1e-12)$value
d2 <- range_mean; d3 <- sqrt(range_square - range_mean^2)

signals <- function(x, centre, sigma, lower, upper) {
  m <- length(x); found <- matrix(0, m, 5)
  tiny <- 1e-12
  z <- ifelse(sigma > 0, (x - centre) / sigma, 0); z[abs(x - centre) <= tiny * (abs(x) + abs(centre))] <- 0
  found[, 1] <- (x - upper > tiny) | (lower - x > tiny)
  off <- which(sign(z) != 0) # 8 in a row, those on the centre left out
  if (length(off) >= 8) for (s in 1:(length(off) - 7)) { w <- off[s:(s + 7)]; if (abs(sum(sign(z[w]))) == 8) found[w, 2] <- 1 }
  kept <- c(1, which(diff(x) != 0) + 1) # 6 in a row, repetitions left out
  if (m > 0 && length(kept) >= 6) for (s in 1:(length(kept) - 5)) { w <- kept[s:(s + 5)]; if (abs(sum(sign(diff(x[w])))) == 5) found[w, 3] <- 1 }
  if (m >= 2) for (a in 1:(m - 1)) for (b in (a + 1):min(m, a + 2)) if (z[a] * z[b] > 0 && min(abs(z[c(a, b)])) > 2 + 1e-9) found[c(a, b), 4] <- 1
  if (m >= 15) for (s in 1:(m - 14)) { w <- s:(s + 14); if (all(sigma[w] > 0) && all(abs(z[w]) <= 1 + 1e-9)) found[w, 5] <- 1 }
  as.numeric(found %*% c(1, 2, 4, 8, 16))
}
p_chart <- function(k, n) {
  centre <- sum(k) / sum(n); sigma <- sqrt(centre * (1 - centre) / n)
  lower <- pmax(0, centre - 3 * sigma); upper <- pmin(1, centre + 3 * sigma)
  list(k = k, n = n, centre = centre, sigma = sigma, lower = lower, upper = upper, signals = signals(k / n, rep(centre, length(k)), sigma, lower, upper))
}
xmr <- function(x) {
  r <- abs(diff(x)); sigma <- rep(mean(r) / d2, length(x)); centre <- mean(x)
  list(x = x, centre = centre, sigma = sigma[1], lower = centre - 3 * sigma[1], upper = centre + 3 * sigma[1], range = c(0, r), mean_range = mean(r),
       range_limit = mean(r) * (1 + 3 * d3 / d2), signals = signals(x, rep(centre, length(x)), sigma, centre - 3 * sigma, centre + 3 * sigma))
}
lower_limit <- function(d, tail) { # d: the probabilities of 0 ... n
  n <- length(d) - 1; cumulative <- cumsum(d); r <- which(cumulative > tail)[1] - 1
  below <- if (r > 0) cumulative[r] else 0
  (r - (cumulative[r + 1] - tail) / (cumulative[r + 1] - below)) / n
}
funnel <- function(n, p, tail) {
  d <- dbinom(0:n, n, p)
  limit <- if (tail < 0.5) lower_limit(d, tail) else 1 - lower_limit(rev(d), 1 - tail)
  list(n = n, p = p, tail = tail, limit = min(1, max(0, limit)))
}

set.seed(6)
ps <- list(p_chart(c(12, 15, 11, 30, 9), c(40, 38, 41, 44, 39)), p_chart(rep(5, 4), rep(10, 4)), p_chart(c(0, 0, 0), c(4, 9, 2)), p_chart(c(4, 9), c(4, 9)),
           p_chart(c(10, 11, 12, 13, 12, 11, 10, 14, 22, 23, 25, 22, 24, 21, 23, 25), rep(40, 16)), # a shift up
           p_chart(c(20, 20, 19, 18, 18, 17, 16, 15, 14, 21, 20), rep(40, 11)), # falls, with a repetition
           p_chart(c(20, 36, 20, 36, 21, 19, 20, 22, 18, 20), rep(60, 10)))
for (i in 1:40) { m <- sample(1:40, 1); n <- sample(5:200, m, TRUE); ps[[length(ps) + 1]] <- p_chart(rbinom(m, n, runif(1, 0.05, 0.95) * seq(1, runif(1, 0.3, 1), length.out = m)), n) }
xs <- list(xmr(c(39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40)), xmr(c(5, 5, 5)), xmr(c(1, 2)), xmr(-c(1, 2, 3, 4, 5, 6, 7)),
           xmr(c(rep(c(0, 10), 9), 5, 5.2, 4.9, 5.1, 5, 4.8, 5.3, 5, 5.1, 4.9, 5, 5.2, 4.9, 5.1, 5)), # then hugging
           xmr(c(0, 1, 0, 1, 0, 6, 0.4, 6, 0, 1, 0, 1, 0, 1, 0, 1)))
for (i in 1:40) { m <- sample(2:40, 1); xs[[length(xs) + 1]] <- xmr(round(rnorm(m, -5, 2) + seq(0, runif(1, -4, 4), length.out = m), sample(0:3, 1))) }
fs <- list()
for (n in c(1, 2, 5, 17, 40, 100, 999, 20000)) for (p in c(0.01, 0.2, 0.5, 0.613, 0.97)) for (tail in c(0.001, 0.025, 0.975, 0.999)) fs[[length(fs) + 1]] <- funnel(n, p, tail)
cat(json(list(p = ps, xmr = xs, funnel = fs)), "\n")
