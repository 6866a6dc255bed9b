# Rscript tests/oracle/mixed.R [SHARED] > tests/oracle/mixed.json
# Growth models by lme4, with Satterthwaite degrees of freedom by lmerTest. Values are integers; a real value is
# value / unit. SHARED is the reference collection (claus_2020): its expected values are stored, its data are not.
suppressPackageStartupMessages({library(lme4); library(lmerTest)})
source("tests/oracle/json.R")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

# n persons, lines with the given SDs and correlation, some scores missing
people <- function(seed, n, time, unit = 1, intercept = 20, slope = -2, sds = c(4, 1), r = -0.3, error = 3,
                   missing = 0, dropout = 0, groups = 1, steeper = -1) {
  set.seed(seed)
  g <- rep_len(seq_len(groups), n)
  b0 <- rnorm(n); b1 <- r * b0 + sqrt(1 - r^2) * rnorm(n)
  y <- outer(seq_len(n), seq_along(time), function(i, j)
    intercept + sds[1] * b0[i] + (slope + steeper * (g[i] - 1) + sds[2] * b1[i]) * time[j])
  y <- round(unit * (y + error * rnorm(length(y))))
  y[runif(length(y)) < missing] <- NA
  gone <- ifelse(runif(n) < dropout, sample(seq_along(time)[-1], n, TRUE), length(time) + 1)
  y[col(y) >= gone] <- NA
  keep <- rowSums(!is.na(y)) > 0
  list(unit = unit, time = time, group = g[keep] - 1, y = y[keep, ])
}

long <- function(p) {
  at <- which(!is.na(p$y), arr.ind = TRUE)
  data.frame(id = factor(at[, 1]), g = factor(p$group[at[, 1]]), time = p$time[at[, 2]], y = p$y[at] / p$unit)
}

# lme4 stops at 1e-8 of theta or so; two more starts from where it stopped, with the other optimiser in between
fit <- function(formula, d) {
  tight <- function(opt, ...) lmerControl(optimizer = opt, check.conv.singular = "ignore", calc.derivs = FALSE,
                                          optCtrl = list(...))
  one <- tight("nloptwrap", xtol_abs = 1e-13, ftol_abs = 1e-14, maxeval = 1e6)
  two <- tight("bobyqa", rhoend = 1e-13, maxfun = 1e6)
  m <- suppressWarnings(lmerTest::lmer(formula, d, REML = TRUE, control = one))
  for (control in list(two, one)) m <- suppressWarnings(update(m, start = getME(m, "theta"), control = control))
  m
}

expect <- function(d) {
  several <- nlevels(d$g) > 1
  m <- suppressMessages(fit(if (several) y ~ time * g + (1 + time | id) else y ~ time + (1 + time | id), d))
  s <- coef(summary(m, ddf = "Satterthwaite"))
  v <- VarCorr(m)$id
  t95 <- qt(0.975, s[, "df"])
  r <- ranef(m, condVar = TRUE)$id
  pv <- attr(r, "postVar")
  out <- list(reml = REMLcrit(m), names = as.list(rownames(s)), estimate = s[, 1], se = s[, 2], df = s[, 3], t = s[, 4],
    p = s[, 5], lower = s[, 1] - t95 * s[, 2], upper = s[, 1] + t95 * s[, 2], intercept_sd = sqrt(v[1, 1]),
    slope_sd = sqrt(v[2, 2]), correlation = v[1, 2] / sqrt(v[1, 1] * v[2, 2]), residual_sd = sigma(m),
    singular = as.numeric(isSingular(m, tol = 1e-4)),
    mode0 = r[, 1], mode1 = r[, 2], sd0 = sqrt(pv[1, 1, ]), sd1 = sqrt(pv[2, 2, ]))
  if (several) { # Wald test that all slopes are the same
    at <- grep("^time:", rownames(s))
    b <- fixef(m)[at]
    out$slopes_chi2 <- as.numeric(t(b) %*% solve(as.matrix(vcov(m))[at, at, drop = FALSE], b))
    out$slopes_p <- pchisq(out$slopes_chi2, length(at), lower.tail = FALSE)
  }
  out
}

cases <- list(
  balanced = people(1, 30, 0:3),
  missing = people(2, 40, c(0, 1, 2, 3, 4), missing = 0.2, dropout = 0.3),
  weeks = people(3, 25, c(0, 2, 6, 12, 26, 52), slope = -0.2, sds = c(5, 0.1), r = 0.4, missing = 0.25),
  far_times = people(4, 20, 60 + 7 * (0:5), slope = -0.1, sds = c(30, 0.3), r = -0.9, missing = 0.1),
  tenths = people(5, 24, 0:4, unit = 10, missing = 0.1),
  two_groups = people(6, 40, 0:4, groups = 2, missing = 0.15, dropout = 0.2),
  three_groups = people(7, 45, c(0, 1, 3, 6), groups = 3, missing = 0.1, dropout = 0.3),
  strong = people(8, 30, 0:5, sds = c(20, 6), error = 1),
  few = people(9, 6, 0:4, sds = c(6, 2), error = 2),
  no_slope_variance = people(10, 30, 0:3, sds = c(4, 0), error = 3),
  little_variance = people(13, 30, 0:3, sds = c(0, 0), error = 4),
  no_variance = people(22, 30, 0:3, sds = c(0, 0), error = 4),
  one_direction = people(12, 30, 0:3, sds = c(3, 1.5), r = 1, error = 3),
  many_single = people(14, 60, 0:3, missing = 0.45, dropout = 0.3)
)
result <- lapply(cases, function(p) {
  y <- p$y; y[is.na(y)] <- -999
  list(unit = p$unit, time = p$time, group = p$group, y = lapply(seq_len(nrow(y)), function(i) y[i, ]), expect = expect(long(p)))
})

shared <- commandArgs(TRUE)
shared <- if (length(shared)) shared[1] else "../shared"
claus <- read.csv(file.path(shared, "data/change_classification/claus_2020.csv"))
result$claus <- lapply(c(bdi = "bdi", hamd = "hamd", who = "who", shaps = "shaps"), function(name) {
  d <- data.frame(id = factor(claus$id), time = claus$time, y = claus[[name]], g = factor(claus$treatment))
  d <- d[!is.na(d$y), ]
  list(one = expect(transform(d, g = factor(1))), arms = expect(d))
})
cat(json(result), "\n")
