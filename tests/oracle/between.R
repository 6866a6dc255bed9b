# Rscript tests/oracle/between.R > tests/oracle/between.json
# Groups of people, and what base R says about their difference. Values are integers; a real value is value / unit. The
# first group is the reference. Where the reference collection lies beside the checkout (../shared), the two arms of a
# published trial too: of these only the answers are kept.
source("tests/oracle/json.R")
source("tests/oracle/noncentral.R")

panels <- list(
  small = list(groups = list(c(3, 8, 12, 5, 20, 7, 9), c(1, 4, 6, 2, 10))),
  ties = list(groups = list(c(3, 3, 5, 5, 5, 8, 9, 12), c(1, 3, 3, 5, 2, 2, 12, 12, 12, 4, 0))),
  halves = list(unit = 2, groups = list(c(31, 24, 9, 40, 17, 22, 35), c(22, 25, 4, 28, 18, 15, 20, 3))),
  fifty_sixths = list(unit = 56, groups = list(c(630, 441, 216, 1008, 56), c(504, 448, 0, 252, 63, 648, 72))),
  two_and_two = list(groups = list(c(1, 4), c(6, 9))),
  apart = list(groups = list(c(1, 2, 3, 4, 5, 6), c(11, 12, 13, 14, 15, 16, 17))),
  one_flat = list(groups = list(c(5, 5, 5, 5), c(3, 4, 5, 8, 1))),
  unequal = list(groups = list(c(0, 25, 13, 2, 19, 7), 10 + (1:30) %% 3)),
  at_limit = list(groups = list((1:49) * 3, (1:49) * 3 + 7)),
  beyond_limit = list(groups = list((1:50) * 3, (1:20) * 3 + 7)),
  far_off = list(groups = list(1e9 + c(3, 8, 12, 5, 20, 7), 1e9 + c(1, 9, 8, 4, 11))),
  three = list(groups = list(c(3, 8, 12, 5, 20, 7, 9), c(1, 4, 6, 2, 10), c(5, 15, 11, 18, 25, 6, 14, 9))),
  five_tied = list(groups = list(c(1, 2, 2, 3, 1), c(2, 2, 3, 3), c(0, 1, 1, 1, 4, 4, 2), c(4, 4, 5, 3, 3, 2), c(0, 0, 1))),
  nearly_equal = list(groups = list(c(1, 2, 3, 4), c(1, 2, 3, 4), c(1, 2, 4, 3, 2)))
)
shared <- "../shared/data/change_classification/claus_2020.csv"
claus <- read.csv(shared)
arms <- function(outcome) {
  wide <- merge(claus[claus$time == 1, c("id", "treatment", outcome)], claus[claus$time == 4, c("id", outcome)], by = "id")
  change <- wide[[4]] - wide[[3]]
  lapply(c("TAU", "PA"), function(a) change[wide$treatment == a & !is.na(change)])
}
for (outcome in c("bdi", "shaps", "who", "hamd")) panels[[paste0("claus_", outcome)]] <- list(groups = arms(outcome))

two <- function(ref, grp, level = 0.95) {
  n <- length(grp); m <- length(ref)
  t <- t.test(grp, ref, conf.level = level)
  df <- n + m - 2
  pooled <- sqrt(((n - 1) * var(grp) + (m - 1) * var(ref)) / df)
  student <- t.test(grp, ref, var.equal = TRUE)$statistic
  root <- sqrt(1 / n + 1 / m)
  d <- (mean(grp) - mean(ref)) / pooled
  bounds <- c(nct_ncp(0.975, student, df), nct_ncp(0.025, student, df)) * root
  J <- exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
  test <- function(...) suppressWarnings(wilcox.test(grp, ref, ...))
  exact <- n < 50 && m < 50 && length(unique(c(grp, ref))) == n + m
  ties <- table(c(grp, ref))
  off <- unname(test()$statistic) - n * m / 2
  s <- sqrt(n * m / 12 * (n + m + 1 - sum(ties^3 - ties) / ((n + m) * (n + m - 1))))
  differences <- sort(outer(grp, ref, "-"))
  rank <- if (exact) qwilcox((1 - level) / 2, n, m)
          else ceiling(n * m / 2 - qnorm((1 + level) / 2) * sqrt(n * m * (n + m + 1) / 12) - 0.5)
  moses <- if (rank < 1) c(NA, NA) else differences[c(rank, n * m + 1 - rank)]
  if (exact && rank >= 1) { # the same as R's own, but for its rounding
    own <- wilcox.test(grp, ref, conf.int = TRUE, conf.level = level)
    stopifnot(all.equal(moses, as.numeric(own$conf.int)), all.equal(median(differences), unname(own$estimate)))
  }
  list(n = n, n_reference = m, difference = mean(grp) - mean(ref), lower = t$conf.int[1], upper = t$conf.int[2],
       t = unname(t$statistic), df = unname(t$parameter), p = t$p.value,
       d = d, d_lower = bounds[1], d_upper = bounds[2], g = J * d, g_lower = J * bounds[1], g_upper = J * bounds[2],
       u = unname(test()$statistic), superiority = mean(outer(grp, ref, ">") + outer(grp, ref, "==") / 2),
       z = off / s, z_p = test(exact = FALSE, correct = FALSE)$p.value,
       z_cc = (off - 0.5 * sign(off)) / s, z_cc_p = test(exact = FALSE, correct = TRUE)$p.value,
       exact_p = if (exact) test(exact = TRUE)$p.value else NA, u_p = test()$p.value,
       shift = median(differences), shift_lower = moses[1], shift_upper = moses[2])
}

several <- function(groups) {
  y <- unlist(groups); g <- factor(rep(seq_along(groups), lengths(groups)))
  a <- anova(lm(y ~ g)); ss <- a[["Sum Sq"]]; ms <- a[["Mean Sq"]]
  w <- if (all(tapply(y, g, var) > 0)) oneway.test(y ~ g) else NULL
  part <- function(x, i) if (is.null(x)) NA else unname(i(x))
  k <- kruskal.test(y, g)
  list(n = length(y), n_groups = length(groups), f = a[["F value"]][1], df1 = a$Df[1], df2 = a$Df[2], p = a[["Pr(>F)"]][1],
       eta_squared = ss[1] / sum(ss), omega_squared = (ss[1] - a$Df[1] * ms[2]) / (sum(ss) + ms[2]),
       welch_f = part(w, function(w) w$statistic), welch_df1 = part(w, function(w) w$parameter[1]),
       welch_df2 = part(w, function(w) w$parameter[2]), welch_p = part(w, function(w) w$p.value),
       h = unname(k$statistic), h_df = unname(k$parameter), h_p = k$p.value,
       epsilon_squared = unname(k$statistic) / (length(y) - 1))
}

one <- function(panel) {
  unit <- if (is.null(panel$unit)) 1 else panel$unit
  far <- if (mean(panel$groups[[1]]) > 1e6) 1e9 else 0 # centre first: R's own sums would lose digits
  real <- lapply(panel$groups, function(g) (g - far) / unit)
  out <- list(unit = unit, groups = lapply(panel$groups, as.numeric),
              pair = if (length(real) == 2) two(real[[1]], real[[2]]) else NA, all = several(real))
  out
}
answers <- lapply(panels, one)
for (name in grep("claus", names(answers), value = TRUE)) answers[[name]]$groups <- NULL
cat(json(answers), "\n")
