# Rscript tests/oracle/survival.R > tests/oracle/survival.json
# Kaplan-Meier curves and log-rank tests by the package survival, from counts of events and censored at times.
suppressPackageStartupMessages(library(survival))
source("tests/oracle/json.R")

people <- function(counts) do.call(rbind, lapply(seq_along(counts), function(g) with(counts[[g]], data.frame(
  group = g, time = c(rep(time, events), rep(time, censored)),
  status = rep(c(1, 0), c(sum(events), sum(censored)))))))

curve <- function(d, times, type, level) {
  s <- survfit(Surv(time, status) ~ 1, d, conf.type = type, conf.int = level)
  at <- match(times, s$time) # times at which nothing happened are not in s
  q <- quantile(s, 0.5)
  list(times = s$time, survival = s$surv, se = s$surv * s$std.err, lower = s$lower, upper = s$upper, n = s$n.risk,
       median = unname(q$quantile), median_lower = unname(q$lower), median_upper = unname(q$upper))
}

one <- function(counts) {
  d <- people(counts)
  out <- list(counts = lapply(counts, function(x) list(time = x$time, events = x$events, censored = x$censored)))
  out$curves <- lapply(seq_along(counts), function(g) list(
    loglog = curve(d[d$group == g, ], counts[[g]]$time, "log-log", 0.95),
    log = curve(d[d$group == g, ], counts[[g]]$time, "log", 0.9)))
  if (length(counts) > 1) {
    s <- survdiff(Surv(time, status) ~ group, d)
    df <- sum(s$exp > 0) - 1
    out$test <- list(observed = s$obs, expected = s$exp, chi2 = s$chisq, df = df,
                     p = pchisq(s$chisq, df, lower.tail = FALSE))
  }
  out
}
g <- function(time, events, censored) list(time = time, events = events, censored = censored)
# Freireich and others (1963), remission of leukaemia in weeks, placebo and 6-MP: the classical example
placebo <- c(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
mp <- c(6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
gone <- c(rep(1, 9), rep(0, 12))
weeks <- sort(unique(c(placebo, mp)))
count <- function(t, s, which) vapply(weeks, function(w) sum(t == w & s == which), 0)
cases <- list(
  freireich = list(g(weeks, count(placebo, rep(1, 21), 1), count(placebo, rep(1, 21), 0)),
                   g(weeks, count(mp, gone, 1), count(mp, gone, 0))),
  waves = list(g(0:4, c(0, 12, 7, 3, 1), c(5, 4, 2, 6, 20)), g(0:4, c(0, 5, 6, 2, 2), c(2, 3, 3, 1, 25)),
               g(0:4, c(0, 2, 1, 0, 4), c(1, 0, 2, 0, 11))),
  exactly_half = list(g(1:4, c(2, 0, 1, 1), c(0, 0, 0, 0)), g(1:4, c(1, 1, 0, 0), c(0, 0, 1, 1))),
  half_after_thirds = list(g(1:5, c(3, 3, 0, 2, 0), c(0, 0, 0, 0, 4)), g(1:5, c(1, 0, 0, 0, 0), c(5, 2, 1, 1, 0))),
  nobody_left = list(g(c(0, 2, 6, 12), c(0, 5, 5, 5), c(0, 0, 0, 0))),
  few_events = list(g(c(0, 2, 6, 12), c(0, 1, 0, 0), c(3, 10, 20, 30))),
  one_never_at_risk = list(g(0:3, c(0, 4, 2, 1), c(0, 1, 1, 5)), g(0:3, c(0, 1, 3, 3), c(0, 1, 1, 5)),
                           g(0:3, c(0, 0, 0, 0), c(7, 0, 0, 0))),
  large = list(g(1:6, c(900, 800, 650, 400, 300, 200), c(100, 120, 130, 90, 80, 500)),
               g(1:6, c(80, 95, 50, 30, 44, 20), c(10, 12, 30, 9, 8, 200)))
)
cat(json(lapply(cases, one)), "\n")
