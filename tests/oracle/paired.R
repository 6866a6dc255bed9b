# Rscript tests/oracle/paired.R > tests/oracle/paired.json
# Small awkward panels, and what base R says about them. Values are integers; a real value is value / unit.
source("tests/oracle/json.R")
source("tests/oracle/noncentral.R")

# 9 changes of different size; then 49 and 50, either side of the limit for the exact test; signs by a fixed rule
distinct <- function(n) {
  size <- seq_len(n)
  pre <- (size * 7) %% 23 + 100
  list(pre = pre, post = pre + ifelse((size * size) %% 7 < 3, 1, -1) * size)
}
panels <- list(
  ties_and_zeros = list(pre = c(3, 8, 12, 5, 20, 7, 7, 15, 2, 9, 11, 4), post = c(3, 4, 8, 9, 10, 7, 3, 16, 2, 8, 12, 3)),
  halves = list(unit = 2, pre = c(31, 24, 9, 40, 17, 22, 35), post = c(22, 25, 4, 28, 18, 15, 20)),
  fifty_sixths = list(unit = 56, pre = c(630, 441, 216, 1008, 56, 819, 72, 504), post = c(504, 448, 0, 252, 63, 648, 72, 126)),
  distinct_9 = distinct(9),
  distinct_49 = distinct(49),
  distinct_50 = distinct(50),
  one_size = list(pre = c(10, 12, 9, 14, 8, 11), post = c(7, 9, 6, 11, 5, 14)),
  ties_no_zeros = list(pre = c(1, 2, 3, 4, 5), post = c(2, 3, 1, 2, 8)),
  zeros_no_ties = list(pre = c(5, 5, 5, 6, 9), post = c(5, 4, 7, 6, 6)),
  balanced = list(pre = c(4, 6, 5, 9), post = c(6, 4, 6, 8)),
  negative_r = list(pre = c(1, 2, 3, 4, 5, 6), post = c(9, 8, 8, 5, 3, 2)),
  uncorrelated = list(pre = c(1, 1, 3, 3), post = c(2, 5, 2, 5)),
  unequal_sd = list(pre = c(10, 11, 10, 9, 10, 12), post = c(0, 25, 13, 2, 19, 7)),
  three = list(pre = c(5, 9, 14), post = c(4, 10, 9)),
  four = list(pre = c(5, 9, 14, 2), post = c(4, 10, 9, 1)),
  far_off = list(pre = 1e9 + c(3, 8, 12, 5, 20, 7), post = 1e9 + c(1, 9, 8, 4, 11, 5)),
  near_line = list(pre = c(1, 2, 3, 4, 5000), post = c(1, 2, 3, 5, 5000)),
  one_of_many = list(pre = rep(5, 40) + seq_len(40), post = c(4, rep(5, 39)) + seq_len(40) - 3)
)

effects <- function(pre, post, level = 0.95) {
  n <- length(pre); d <- post - pre; df <- n - 1
  tail <- (1 - level) / 2
  dz <- mean(d) / sd(d)
  ncp <- c(nct_ncp(1 - tail, dz * sqrt(n), df), nct_ncp(tail, dz * sqrt(n), df)) / sqrt(n)
  av <- sd(d) / ((sd(pre) + sd(post)) / 2)
  rm <- sqrt((var(d) - (sd(pre) - sd(post))^2) / (sd(pre) * sd(post))) # = sqrt(2 (1 - r)), without the loss near r = 1
  J <- if (n > 2) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2) else NA
  scaled <- function(k) list(estimate = dz * k, lower = ncp[1] * k, upper = ncp[2] * k)
  list(d_z = scaled(1), d_av = scaled(av), d_rm = scaled(rm), g_z = scaled(J), g_av = scaled(av * J))
}

signed_rank <- function(pre, post) {
  d <- post - pre
  d <- d[d != 0]; n <- length(d)
  r <- rank(abs(d)); ties <- table(abs(d))
  plus <- sum(r[d > 0]); minus <- sum(r[d < 0])
  test <- function(...) suppressWarnings(wilcox.test(post, pre, paired = TRUE, ...))
  stopifnot(test()$statistic == plus)
  s <- sqrt(n * (n + 1) * (2 * n + 1) / 24 - sum(ties^3 - ties) / 48)
  off <- plus - n * (n + 1) / 4
  exact <- n < 50 && all(ties == 1) && n == length(pre)
  list(n_zero = length(pre) - n, n_used = n, w_plus = plus, w_minus = minus,
       z = off / s, z_p = test(exact = FALSE, correct = FALSE)$p.value,
       z_cc = (off - 0.5 * sign(off)) / s, z_cc_p = test(exact = FALSE, correct = TRUE)$p.value,
       exact_p = if (exact) test(exact = TRUE)$p.value else NA,
       p = test()$p.value, exact_is_default = as.numeric(exact), rank_biserial = (plus - minus) / (plus + minus))
}

one <- function(panel) {
  unit <- if (is.null(panel$unit)) 1 else panel$unit
  pre <- panel$pre / unit; post <- panel$post / unit
  if (mean(pre) > 1e6) { # centre first: R's own sums would lose digits
    far <- 1e9; pre0 <- pre - far; post0 <- post - far
  } else { far <- 0; pre0 <- pre; post0 <- post }
  t <- t.test(post0, pre0, paired = TRUE)
  r <- cor.test(pre0, post0)
  conf <- if (is.null(r$conf.int)) c(NA, NA) else r$conf.int
  list(unit = unit, pre = panel$pre, post = panel$post, expect = c(
    list(n = length(pre), mean_pre = mean(pre0) + far, sd_pre = sd(pre0), mean_post = mean(post0) + far, sd_post = sd(post0),
         mean_change = mean(post0 - pre0), sd_change = sd(post0 - pre0), se_change = sd(post0 - pre0) / sqrt(length(pre)),
         median_change = median(post0 - pre0), change_lower = t$conf.int[1], change_upper = t$conf.int[2],
         t = unname(t$statistic), df = unname(t$parameter), p = t$p.value,
         correlation = cor(pre0, post0), correlation_lower = conf[1], correlation_upper = conf[2]),
    effects(pre0, post0), list(wilcoxon = signed_rank(pre0, post0))))
}
cat(json(lapply(panels, one)), "\n")
