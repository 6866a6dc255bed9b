# Rscript tests/oracle/clinical.R > tests/oracle/clinical.json
# Indices of reliable change, cut-offs and group level on small awkward panels, person by person from the published
# formulas (docs/methods/reliable-change.md), and Welch's interval from t.test. Values are integers; a real value is
# value / unit. Base R only.
source("tests/oracle/json.R")

panels <- list(
  depression = list(better = -1, r = 0.88, r_post = 0.83, functional = c(6.5, 4.2),
    pre = c(31, 24, 19, 40, 27, 22, 35, 28, 12, 30), post = c(22, 25, 4, 28, 8, 15, 20, 33, 14, 30)),
  halves = list(better = 1, unit = 2, r = 0.91, r_post = 0.91, functional = c(57, 7),
    pre = c(181, 148, 194, 147, 122, 133, 137, 173), post = c(194, 248, 195, 176, 193, 125, 225, 207)),
  thirds_no_overlap = list(better = -1, unit = 3, r = 0.7, r_post = 0.75, functional = c(2, 1.5),
    pre = c(60, 61, 66, 72, 75, 70, 81), post = c(21, 58, 15, 33, 75, 79, 45)),
  low_reliability = list(better = 1, r = 0.05, r_post = 0.1, functional = c(20, 6),
    pre = c(3, 8, 12, 5, 20, 7, 7, 15), post = c(13, 4, 28, 9, 40, 7, 3, 36)),
  weighted = list(better = -1, r = 0.8, r_post = 0.8, functional = c(5, 4),
    pre = rep(c(9, 14, 20, 25), c(7, 30, 50, 13)), post = rep(c(11, 8, 20, 6), c(7, 30, 50, 13))),
  all_error = list(better = -1, r = 0.2, r_post = 0.2, functional = c(5, 1), # changes vary less than error allows
    pre = c(10, 14, 20, 25, 17), post = c(9, 13, 18, 24, 16))
)

analyse <- function(p) {
  unit <- if (is.null(p$unit)) 1 else p$unit
  x <- p$pre / unit; y <- p$post / unit; D <- p$better; r <- p$r
  M0 <- mean(x); S0 <- sd(x); M1 <- mean(y); S1 <- sd(y)
  SEM <- S0 * sqrt(1 - r)
  rdd <- 1 - 2 * SEM^2 / var(y - x)
  index <- list(
    jt = (y - x) / sqrt(2 * SEM^2),
    gln = ((y - M0) - r * (x - M0)) / (S0 * sqrt(1 - r^2)),
    hll = ((y - M1) - r * (x - M0)) / (S0 * sqrt(1 - r^2)),
    en = (y - (r * (x - M0) + M0)) / SEM,
    nk = (y - (r * (x - M0) + M0)) / sqrt(r^2 * S0^2 * (1 - r) + S0^2 * (1 - p$r_post)),
    ha = if (rdd > 0) ((y - x) * rdd + (M1 - M0) * (1 - rdd)) / (sqrt(rdd) * sqrt(2 * SEM^2)) else NA
  )
  f <- p$functional
  cuts <- function(s0, sf) c(M0 + D * 2 * s0, f[1] - D * 2 * sf, (s0 * f[1] + sf * M0) / (s0 + sf))
  true <- function(s) if (s > SEM) s * sqrt((s^2 - SEM^2) / s^2) else NA
  jt <- cuts(S0, f[2])
  ha <- if (rdd > 0) cuts(true(S0), true(f[2])) else rep(NA, 3)
  R1 <- (S1^2 - SEM^2) / S1^2
  sides <- lapply(1:3, function(k) {
    tr <- (M1 + (y - M1) * R1 - ha[k]) / (sqrt(R1) * SEM)
    list(before = sign(D * (x - jt[k])), after = sign(D * (y - jt[k])),
         true_after = if (is.na(ha[k])) NA else (D * tr > qnorm(0.95)) - (D * tr < -qnorm(0.95)))
  })
  list(sem = SEM, r_dd = if (rdd > 0) rdd else NA, index = index, jt = jt, ha = ha,
    overlap = as.integer(D * jt[1] >= D * jt[2]), sides = sides,
    changed = if (rdd > 0) pnorm(D * (M1 - M0) / (sd(y - x) * sqrt(rdd))) else NA,
    functional = if (is.na(ha[1])) NA else pnorm(D * (M1 - ha[1]) / (S1 * sqrt(R1))))
}

out <- lapply(panels, function(p) {
  c(list(unit = if (is.null(p$unit)) 1 else p$unit), p[c("better", "r", "r_post", "functional", "pre", "post")],
    list(expect = analyse(p)))
})
cat(json(out), "\n")
