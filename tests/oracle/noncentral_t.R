# Rscript tests/oracle/noncentral_t.R > tests/oracle/noncentral_t.json
source("tests/oracle/json.R")
source("tests/oracle/noncentral.R")
out <- list()
for (n in c(2, 3, 4, 10, 30, 100, 1000, 10000, 1e6, 1e7))
  for (d in c(0, 0.05, 0.3, 0.8, 1.5, 3))
    if (d * sqrt(n) < 2500) {
      t <- d * sqrt(n)
      out[[length(out) + 1]] <- list(n = n, t = t, lower = nct_ncp(0.975, t, n - 1), upper = nct_ncp(0.025, t, n - 1))
    }
cat(json(out), "\n")
