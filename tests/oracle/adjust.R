# Rscript tests/oracle/adjust.R > tests/oracle/adjust.json
source("tests/oracle/json.R")
sets <- list(c(0.01, 0.02, 0.03, 0.04, 0.05), c(0.04, 0.001, 0.2, 0.04, 0.9, 0.0001), c(0.5, 0.5, 0.5), 0.03, c(1, 0, 0.7, 1e-300),
             c(0.0021, 0.0125, 0.2, 0.009, 0.049, 0.011, 0.013, 0.6), (1:40)^2 / 1700, rev((1:40)^2 / 1700))
cat(json(lapply(sets, function(p) list(p = as.list(p), holm = as.list(p.adjust(p, "holm")), bh = as.list(p.adjust(p, "BH"))))), "\n")
