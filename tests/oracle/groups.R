# Rscript tests/oracle/groups.R > tests/oracle/groups.json
# The cohorts of data/evaluation_wide.csv compared, from the answers themselves: PHQ-9 totals of people with complete forms
# at both occasions. Cohort 1 is the reference, then cohort 3.
source("tests/oracle/json.R")
panel <- read.csv("data/evaluation_wide.csv", na.strings = c("", "NA"))
total <- function(occasion) rowSums(panel[paste0("phq9_", 1:9, "_", occasion)])
pre <- total("pre"); post <- total("post")
used <- !is.na(pre) & !is.na(post)
of <- function(who) {
  x <- pre[who]; y <- post[who]; d <- y - x; g <- factor(panel$cohort[who])
  common <- lm(y ~ g + x); f <- anova(lm(y ~ x), common); slopes <- anova(common, lm(y ~ g * x))
  a <- anova(lm(d ~ g)); w <- oneway.test(d ~ g); k <- kruskal.test(d, g)
  pair <- function(ref, other) {
    t <- t.test(d[g == other], d[g == ref]); u <- suppressWarnings(wilcox.test(d[g == other], d[g == ref]))
    again <- relevel(g, ref); m <- summary(lm(y ~ again + x))$coefficients[paste0("again", other), ]
    better <- d <= -5; tab <- table(g, better)[c(other, ref), c("TRUE", "FALSE")]
    list(difference = unname(t$estimate[1] - t$estimate[2]), lower = t$conf.int[1], upper = t$conf.int[2], p = t$p.value, u = unname(u$statistic),
         u_p = u$p.value, adjusted = unname(m[1]), adjusted_se = unname(m[2]), adjusted_p = unname(m[4]), exact = fisher.test(tab)$p.value,
         rate_difference = tab[1, 1] / sum(tab[1, ]) - tab[2, 1] / sum(tab[2, ]))
  }
  improved <- table(g, d <= -5); positive <- table(g, y >= 10)
  list(n = length(d), f = a[["F value"]][1], p = a[["Pr(>F)"]][1], welch_p = w$p.value, h_p = k$p.value,
       ancova_f = f$F[2], ancova_p = f[["Pr(>F)"]][2], slope = unname(coef(common)["x"]), slopes_p = slopes[["Pr(>F)"]][2],
       means = as.numeric(predict(common, data.frame(g = levels(g), x = mean(x)))),
       improved_p = suppressWarnings(chisq.test(improved))$p.value, improved_exact = fisher.test(improved)$p.value,
       improved_trend = prop.trend.test(improved[, "TRUE"], rowSums(improved), 0:2)$p.value,
       positive_p = suppressWarnings(chisq.test(positive))$p.value, two_one = pair("1", "2"), three_one = pair("1", "3"), one_three = pair("3", "1"))
}
cat(json(list(all = of(used), positive = of(used & pre >= 10))), "\n")
