# Rscript tests/oracle/describe.R > tests/oracle/describe.json
source("tests/oracle/json.R")
values <- list(
  one_to_four = c(1, 2, 3, 4),       # quartile ranks with a remainder of 3, 2 and 1 quarters
  one_to_five = 1:5,                 # whole ranks
  six = c(0, 1, 1, 7, 20, 27), seven = c(27, 3, 3, 3, 9, 0, 1),
  two = c(4, 9), skewed = c(0, 0, 0, 0, 0, 0, 1, 27), negative = c(-13, -2, 0, 5, -13, 8, -40),
  halves = c(1, 4, 4, 9, 15, 22, 3), hundredths = c(150, 9050, 333, 2718, 10000))
units <- c(halves = 2, hundredths = 100)
one <- function(name) {
  unit <- if (name %in% names(units)) units[[name]] else 1
  x <- values[[name]] / unit
  ci <- function(level) t.test(x, conf.level = level)$conf.int
  q <- unname(quantile(x, c(0, 1, 2, 3, 4) / 4, type = 7))
  list(unit = unit, x = values[[name]], expect = list(
    n = length(x), mean = mean(x), variance = var(x), sd = sd(x), se = sd(x) / sqrt(length(x)),
    min = q[1], q1 = q[2], median = q[3], q3 = q[4], max = q[5],
    lower_95 = ci(0.95)[1], upper_95 = ci(0.95)[2], lower_80 = ci(0.8)[1], upper_80 = ci(0.8)[2]))
}
names <- setNames(names(values), names(values))
cat(json(lapply(names, one)), "\n")
