# p of published tests at both ends of what their statistic was rounded from: tests/oracle/claims_p.json.
#   Rscript tests/oracle/claims_p.R > tests/oracle/claims_p.json
p <- function(kind, x, df, df2) switch(kind,
  t = 2 * pt(-abs(x), df), z = 2 * pnorm(-abs(x)), chi2 = pchisq(x, df, lower.tail = FALSE),
  f = pf(x, df, df2, lower.tail = FALSE),
  r = cor_p(x, df))
cor_p <- function(r, df) 2 * pt(-abs(r * sqrt(df / (1 - r^2))), df)
cases <- list(
  list("t", "2.10", 39, 0), list("t", "-5.6", 39, 0), list("t", "0.00", 12, 0), list("t", "12.345", 3.7, 0),
  list("z", "1.96", 1, 0), list("z", "-0.3", 1, 0), list("chi2", "10.83", 1, 0), list("chi2", "3.2", 4, 0),
  list("f", "4.03", 2, 91), list("f", "0.9", 3, 17), list("r", ".38", 48, 0), list("r", "-.912", 10, 0))
out <- sapply(cases, function(case) {
  text <- case[[2]]
  decimals <- nchar(sub("^[^.]*\\.", "", text))
  half <- 10^-decimals / 2
  x <- abs(as.numeric(text))
  near <- if (x < half) 0 else x - half
  sprintf('{"kind": "%s", "text": "%s", "df": %g, "df2": %g, "low": %.17g, "high": %.17g}', case[[1]], text, case[[3]],
          case[[4]], p(case[[1]], x + half, case[[3]], case[[4]]), p(case[[1]], near, case[[3]], case[[4]]))
})
cat("[\n", paste(out, collapse = ",\n"), "\n]\n", sep = "")
