# Rscript tests/oracle/ancova.R > tests/oracle/ancova.json
# Post on pre and group, as lm has it; adjusted means are predictions at the grand mean of pre. The first group is the
# reference. Of the published trial (beside the checkout, ../shared) only the answers are kept.
source("tests/oracle/json.R")

panels <- list(
  two = list(pre = list(c(10, 14, 9, 20, 17, 12), c(15, 18, 11, 22, 13, 19, 16)), post = list(c(8, 12, 9, 15, 14, 7), c(7, 9, 6, 14, 5, 10, 9))),
  three_halves = list(unit = 2, pre = list(c(31, 24, 9, 40, 17), c(22, 35, 18, 30), c(12, 40, 27, 33, 21)),
                      post = list(c(22, 25, 4, 28, 18), c(15, 20, 9, 12), c(11, 30, 30, 25, 10))),
  with_single = list(pre = list(c(5, 9, 14, 3), 8, c(6, 7, 13, 10)), post = list(c(4, 10, 9, 3), 5, c(2, 4, 7, 7))),
  flat_pre_in_one = list(pre = list(c(5, 9, 14, 3), c(8, 8, 8), c(6, 7, 13, 10)), post = list(c(4, 10, 9, 3), c(5, 7, 4), c(2, 4, 7, 7))),
  far_apart = list(pre = list(c(1, 2, 3, 4, 5), c(101, 102, 103, 104, 106)), post = list(c(2, 2, 4, 3, 5), c(52, 53, 52, 55, 54))),
  near_line = list(pre = list(c(1, 2, 3, 4, 500), c(3, 5, 9, 700)), post = list(c(1, 2, 3, 5, 500), c(4, 6, 10, 701))),
  far_off = list(pre = list(1e9 + c(3, 8, 12, 5, 20), 1e9 + c(1, 9, 8, 4)), post = list(1e9 + c(1, 9, 8, 4, 11), 1e9 + c(0, 5, 4, 4))),
  three_people = list(pre = list(c(1, 4), 3), post = list(c(2, 3), 9)),
  four_people = list(pre = list(c(1, 4), c(3, 9)), post = list(c(2, 3), c(9, 4)))
)
claus <- read.csv("../shared/data/change_classification/claus_2020.csv")
arms <- function(outcome) {
  wide <- merge(claus[claus$time == 1, c("id", "treatment", outcome)], claus[claus$time == 4, c("id", outcome)], by = "id")
  wide <- wide[!is.na(wide[[3]]) & !is.na(wide[[4]]), ]
  by <- function(i) lapply(c("TAU", "PA"), function(a) wide[[i]][wide$treatment == a])
  list(pre = by(3), post = by(4))
}
for (outcome in c("bdi", "shaps", "who", "hamd")) panels[[paste0("claus_", outcome)]] <- arms(outcome)

one <- function(panel) {
  unit <- if (is.null(panel$unit)) 1 else panel$unit
  far <- if (mean(panel$pre[[1]]) > 1e6) 1e9 else 0
  x <- (unlist(panel$pre) - far) / unit; y <- (unlist(panel$post) - far) / unit
  g <- factor(rep(seq_along(panel$pre), lengths(panel$pre)))
  common <- lm(y ~ g + x); own <- lm(y ~ g * x); none <- lm(y ~ x)
  df <- df.residual(common); s <- summary(common); ss <- anova(none, common)[["Sum of Sq"]][2]
  f <- anova(none, common); h <- anova(common, own)
  at <- data.frame(g = levels(g), x = mean(x))
  means <- if (df > 0) predict(common, at, se.fit = TRUE) else list(fit = predict(common, at), se.fit = rep(NA, nlevels(g)))
  t <- if (df > 0) qt(0.975, df) else NA
  effects <- if (df > 0) s$coefficients[paste0("g", levels(g)[-1]), , drop = FALSE] else cbind(coef(common)[paste0("g", levels(g)[-1])], NA, NA, NA)
  slope <- if (df > 0) s$coefficients["x", ] else c(coef(common)["x"], NA, NA, NA)
  df2 <- df.residual(own); slopes <- df > df2 && df2 > 0 && nrow(h) == 2
  column <- function(i) unname(as.numeric(effects[, i]))
  list(unit = unit, pre = lapply(panel$pre, as.numeric), post = lapply(panel$post, as.numeric), n = length(y), grand_mean = mean(x) + far,
       slope = unname(slope[1]), slope_se = unname(slope[2]), slope_t = unname(slope[3]), slope_p = unname(slope[4]),
       slope_lower = unname(slope[1] - t * slope[2]), slope_upper = unname(slope[1] + t * slope[2]),
       sd = if (df > 0) s$sigma else NA, df = if (df > 0) df else NA, f = if (df > 0) f$F[2] else NA, f_df = if (df > 0) f$Df[2] else NA,
       p = if (df > 0) f[["Pr(>F)"]][2] else NA, eta = if (df > 0) ss / (ss + deviance(common)) else NA,
       slopes_f = if (slopes) h$F[2] else NA, slopes_df1 = if (slopes) h$Df[2] else NA, slopes_df2 = if (slopes) df2 else NA,
       slopes_p = if (slopes) h[["Pr(>F)"]][2] else NA,
       mean = as.numeric(means$fit) + far, se = as.numeric(means$se.fit), lower = as.numeric(means$fit - t * means$se.fit) + far,
       upper = as.numeric(means$fit + t * means$se.fit) + far,
       difference = column(1), d_se = column(2), d_t = column(3), d_p = column(4), d_lower = column(1) - t * column(2), d_upper = column(1) + t * column(2))
}
answers <- lapply(panels, one)
for (name in grep("claus", names(answers), value = TRUE)) answers[[name]]$pre <- answers[[name]]$post <- NULL
# a vector of one number must stay a list
as_lists <- function(a) { for (k in c("mean", "se", "lower", "upper", "difference", "d_se", "d_t", "d_p", "d_lower", "d_upper")) a[[k]] <- as.list(a[[k]]); for (k in c("pre", "post")) if (!is.null(a[[k]])) a[[k]] <- lapply(a[[k]], as.list); a }
cat(json(lapply(answers, as_lists)), "\n")
