# Rscript tests/oracle/structure.R > tests/oracle/structure.json
# Rscript tests/oracle/structure.R ../shared/data > tests/oracle/structure_shared.json    of real answers, left there
# Omega, split-half, Guttman's lambdas and the parametric bootstrap of alpha. Needs nleqslv, psych and lavaan, which
# confirm what base R says here.
source("tests/oracle/json.R")
suppressMessages({ library(psych); library(lavaan) })

# Forms of a known structure, from R's own generator. loading: one an item; codes from 0 to top.
simulate <- function(seed, n, loading, top, flip = integer(0)) {
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
  k <- length(loading)
  y <- outer(rnorm(n), loading) + matrix(rnorm(n * k), n) * rep(sqrt(1 - loading^2), each = n)
  x <- pmin(pmax(round((y + 1) * top / 3), 0), top)
  x[, flip] <- top - x[, flip]
  x
}
forms <- list(
  three_items = simulate(1, 30, c(.8, .7, .6), 5),
  five_items = simulate(2, 12, c(.7, .6, .8, .5, .7), 9),
  miskeyed = simulate(3, 60, c(.8, .7, .6, .7, .5), 6, flip = 2),
  mostly_negative = simulate(4, 60, c(.8, .7, .6, .7, .5), 6, flip = 2:5),
  nine_items = simulate(5, 200, seq(.4, .8, length.out = 9), 3),
  twenty_items = simulate(6, 120, rep(c(.3, .5, .7, .9), 5), 4),
  wide_codes = simulate(7, 25, c(.9, .8, .7, .6), 119),
  attitude = as.matrix(attitude)) # Chatterjee & Price (1977), in base R

# One factor by maximum likelihood: factanal, then its own gradient brought to 0.
one_factor <- function(x) {
  r <- cor(x); k <- ncol(x)
  loadings_of <- function(psi) {
    e <- eigen(r / sqrt(psi %o% psi), symmetric = TRUE)
    e$vectors[, 1] * sqrt(e$values[1] - 1) * sqrt(psi)
  }
  if (k == 3) { # fits exactly: a product of two loadings is a correlation
    l <- sqrt(c(r[1, 2] * r[1, 3] / r[2, 3], r[1, 2] * r[2, 3] / r[1, 3], r[1, 3] * r[2, 3] / r[1, 2])); psi <- 1 - l^2
  } else {
    f <- factanal(covmat = r, n.obs = nrow(x), factors = 1, control = list(lower = 1e-4, opt = list(factr = 10, maxit = 1e4)))
    gradient <- function(psi) { l <- loadings_of(psi); (l^2 + psi - 1) / psi^2 }
    fine <- nleqslv::nleqslv(f$uniquenesses, gradient, control = list(ftol = 1e-15, xtol = 1e-15, maxit = 500))
    stopifnot(max(abs(fine$fvec)) < 1e-12, max(abs(fine$x - f$uniquenesses)) < 1e-4)
    psi <- fine$x; l <- loadings_of(psi); l <- l * sign(sum(l))
  }
  s <- l %o% l + diag(psi)
  d <- sum(diag(solve(s, r))) - k + as.numeric(determinant(s)$modulus - determinant(r)$modulus)
  df <- k * (k - 3) / 2; chi2 <- (nrow(x) - 1 - (2 * k + 5) / 6 - 2 / 3) * d
  sd <- apply(x, 2, sd)
  omega <- function(l, psi) sum(l)^2 / (sum(l)^2 + sum(psi))
  ours <- list(omega = omega(sd * l, sd^2 * psi), omega_standardized = omega(l, psi), loading = as.list(unname(l)),
               chi2 = if (df > 0) chi2 else NA, df = df, p = if (df > 0) pchisq(chi2, df, lower.tail = FALSE) else NA)
  # lavaan stops at about 7 digits, psych::fa at about 4
  d <- as.data.frame(x); names(d) <- paste0("i", seq_len(k))
  fit <- cfa(paste("g =~", paste(names(d), collapse = " + ")), d, std.lv = TRUE)
  est <- lavInspect(fit, "est"); lo <- est$lambda[, 1]
  stopifnot(abs(sum(lo)^2 / (sum(lo)^2 + sum(diag(est$theta))) - ours$omega) < 1e-6)
  fm <- suppressWarnings(fa(r, 1, n.obs = nrow(x), fm = "ml"))
  stopifnot(max(abs(abs(fm$loadings[, 1]) - abs(l))) < 2e-3)
  ours
}

alpha <- function(x) { k <- ncol(x); k / (k - 1) * (1 - sum(diag(var(x))) / sum(var(x))) }
halves <- function(x) {
  odd <- seq(1, ncol(x), 2); a <- rowSums(x[, odd, drop = FALSE]); b <- rowSums(x[, -odd, drop = FALSE])
  r <- cor(a, b); p <- length(odd) / ncol(x); pq <- p * (1 - p)
  list(correlation = r, spearman_brown = 2 * r / (1 + r),
       horst = if (r > 0) (-r^2 + sqrt(r^4 + 4 * r^2 * (1 - r^2) * pq)) / (2 * (1 - r^2) * pq) else NA,
       guttman = 2 * (1 - (var(a) + var(b)) / var(a + b)))
}
lambdas <- function(x) {
  v <- var(x); k <- ncol(x); off <- v; diag(off) <- 0
  l6 <- function(v) 1 - sum(diag(v) * (1 - smc(cov2cor(v)))) / sum(v)
  psych_says <- suppressMessages(suppressWarnings(guttman(x)))
  stopifnot(abs(l6(cor(x)) - psych_says$lambda.6) < 1e-9) # psych's are of standardised items
  r <- cor(x); mean_r <- mean(r[lower.tri(r)])
  list(correlation = mean_r, alpha_standardized = k * mean_r / (1 + (k - 1) * mean_r),
       lambda2 = (sum(off) + sqrt(k / (k - 1) * sum(off^2))) / sum(v), lambda6 = 1 - sum(1 / diag(solve(v))) / sum(v),
       total_sd = sd(rowSums(x)), mean = as.list(unname(colMeans(x))), sd = as.list(unname(apply(x, 2, sd))))
}

# The distribution of alpha in samples of normal items with covariances v by Imhof's integral (1961, Biometrika 48, 419)
bootstrap <- function(x) {
  v <- var(x); k <- ncol(x); m <- nrow(x) - 1; gap <- 1 - alpha(x)
  p <- function(a) { # P(alpha <= a)
    w <- Re(eigen(v %*% (1 - (k - 1) / k * a - diag(k)))$values); w <- w / max(abs(w))
    theta <- function(u) vapply(u, function(u) m / 2 * sum(atan(w * u)), 0)
    rho <- function(u) vapply(u, function(u) exp(m / 4 * sum(log1p((w * u)^2))), 0)
    0.5 - integrate(function(u) sin(theta(u)) / (u * rho(u)), 0, Inf, rel.tol = 1e-12, subdivisions = 1e4)$value / pi
  }
  at <- function(q) exp(uniroot(function(y) p(1 - exp(y)) - q, log(gap) + c(-1.5, 1.5), tol = 1e-14)$root) # 1 - a
  gaps <- c(at(0.975), at(0.025))
  set.seed(11); w <- rWishart(1e4, m, v / m) # and by plain simulation, as far as that goes
  drawn <- apply(w, 3, function(s) (1 - k / (k - 1) * (1 - sum(diag(s)) / sum(s))))
  stopifnot(abs(log(quantile(drawn, c(.025, .975))) - log(gaps)) < 0.06)
  1 - gap^2 / gaps
}

shared <- commandArgs(TRUE)
if (length(shared)) {
  answers <- function(file, columns, top) {
    x <- as.matrix(read.csv(file.path(shared, file))[, columns])
    x[apply(x, 1, function(y) all(!is.na(y) & y >= 0 & y <= top)), ]
  }
  forms <- list(phq9 = answers("phq9_gad7_two_waves/wave1.csv", 2:10, 3), gad7 = answers("phq9_gad7_two_waves/wave2.csv", 11:17, 3),
                nhanes = answers("nhanes_phq9_2015_2016/DPQ_I.csv", 2:10, 3), pcl5 = answers("pcl5_veterans/ptsd.csv", 2:21, 4))
}

one <- function(x) {
  x <- unname(x); b <- bootstrap(x)
  list(n = nrow(x), k = ncol(x), codes = if (length(shared)) NA else as.vector(t(x)),
       expect = list(alpha = alpha(x), lower = b[1], upper = b[2], items = lambdas(x), halves = halves(x), factor = one_factor(x)))
}
cat(json(lapply(forms, one)), "\n")
