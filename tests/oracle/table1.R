# Rscript tests/oracle/table1.R > tests/oracle/table1.json
# Standardised differences as Yang & Dalton (2012) write them: for categories with the covariance matrix of all but the
# first one, inverted by solve().
source("tests/oracle/json.R")

interval <- function(d, n, m) d + c(-1, 1) * qnorm(0.975) * sqrt((n + m) / (n * m) + d^2 / (2 * (n + m)))
numeric <- function(group, reference) {
  d <- (mean(group) - mean(reference)) / sqrt((var(group) + var(reference)) / 2)
  b <- interval(d, length(group), length(reference))
  list(group = group, reference = reference, d = d, lower = b[1], upper = b[2])
}
categories <- function(group, reference) {
  seen <- group + reference > 0
  p <- (group / sum(group))[seen]; q <- (reference / sum(reference))[seen]
  k <- seq_along(p)[-1]
  S <- -(outer(p, p) + outer(q, q)) / 2
  diag(S) <- (p * (1 - p) + q * (1 - q)) / 2
  d <- if (length(k)) sqrt(drop((p - q)[k] %*% solve(S[k, k, drop = FALSE]) %*% (p - q)[k])) else 0
  b <- interval(d, sum(group), sum(reference))
  list(group = group, reference = reference, d = d, lower = b[1], upper = b[2])
}
numbers <- list(numeric(c(34, 51, 28, 47, 62, 39), c(25, 33, 41, 29)), numeric(c(1, 2, 3, 4), c(4, 3, 2, 1)), numeric(c(5, 5, 5), c(4, 6, 9, 11)),
                numeric(c(70, 71, 72), c(20, 21, 23, 24, 22)))
counts <- list(categories(c(12, 30), c(20, 25)), categories(c(10, 20, 30, 4), c(15, 15, 20, 9)), categories(c(10, 20, 30), c(20, 40, 60)),
               categories(c(0, 5, 9, 0, 3), c(4, 0, 2, 0, 8)), categories(c(3, 0, 0), c(5, 0, 0)), categories(c(1, 99, 0), c(0, 1, 99)),
               categories(c(100, 1, 0, 0), c(0, 1, 50, 50)))

ages <- list(c(34, 51, 28, 47, 62, 39), c(25, 33, 41, 29), c(44, 44, 58, 37, 61, 70, 52))
y <- unlist(ages); g <- factor(rep(1:3, lengths(ages)))
pairwise <- combn(3, 2, function(i) abs(numeric(ages[[i[1]]], ages[[i[2]]])$d))
sex <- matrix(c(12, 30, 20, 25, 9, 31), 3, byrow = TRUE)
line <- list(ages = ages, persons = c(7, 4, 9), mean = mean(y), sd = sd(y), largest = max(pairwise),
             which = combn(3, 2)[, which.max(pairwise)] - 1, p = anova(lm(y ~ g))[["Pr(>F)"]][1], welch_p = oneway.test(y ~ g)$p.value,
             rank_p = kruskal.test(y, g)$p.value)
categorical <- list(count = as.numeric(t(sex)), largest = max(combn(3, 2, function(i) categories(sex[i[1], ], sex[i[2], ])$d)),
                    p = chisq.test(sex, correct = FALSE)$p.value, fisher = fisher.test(sex)$p.value)
cat(json(list(numbers = numbers, counts = counts, line = line, categorical = categorical)), "\n")
