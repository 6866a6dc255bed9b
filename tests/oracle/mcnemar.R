# Rscript tests/oracle/mcnemar.R > tests/oracle/mcnemar.json
source("tests/oracle/json.R")
out <- list()
for (bc in list(c(0, 1), c(1, 0), c(1, 1), c(0, 6), c(5, 4), c(4, 5), c(10, 2), c(27, 10), c(150, 86), c(50, 50), c(3, 200),
    c(10100, 9900))) {
  b <- bc[1]; c <- bc[2]
  table <- matrix(c(40, c, b, 70), 2)
  plain <- mcnemar.test(table, correct = FALSE); cc <- mcnemar.test(table)
  out[[length(out) + 1]] <- list(b = b, c = c, chi2 = unname(plain$statistic), p = plain$p.value,
    chi2_cc = unname(cc$statistic), cc_p = cc$p.value, exact_p = binom.test(b, b + c)$p.value)
}
cat(json(out), "\n")
