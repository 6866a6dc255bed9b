# Rscript tests/oracle/waves.R [SHARED] > tests/oracle/waves.json
# Friedman's test (base R), sudden gains and times to events (written out here from their definitions), and who is
# still there. Scores are integers, -999 is none. SHARED is the reference collection (sgdata): what it gives is
# stored, its data are not.
source("tests/oracle/json.R")
RNGkind("Mersenne-Twister", "Inversion", "Rejection")

rows <- function(seed, n, k, top = 27, fall = 1, missing = 0.15, step = 0) {
  set.seed(seed)
  level <- sample(10:top, n, TRUE)
  y <- t(vapply(seq_len(n), function(i) {
    jump <- if (runif(1) < step) sample(2:(k - 1), 1) else k + 1
    round(level[i] - fall * (0:(k - 1)) - 10 * (seq_len(k) >= jump) + rnorm(k, 0, 2))
  }, numeric(k)))
  y[] <- pmin(pmax(y, 0), 40)
  y[runif(length(y)) < missing] <- NA
  y
}
ties <- function(seed, n, k, values) { set.seed(seed); matrix(sample(values, n * k, TRUE), n) }

friedman <- function(y) {
  y <- y[complete.cases(y), , drop = FALSE]
  f <- friedman.test(y)
  r <- t(apply(y, 1, rank)); k <- ncol(y); j <- seq_len(k)
  L <- sum(j * colSums(r))
  # mean and variance over all orders of each row's ranks, as a linear rank statistic has them
  mu <- nrow(y) * k * (k + 1)^2 / 4
  v <- sum(apply(r, 1, function(x) sum((x - mean(x))^2) * sum((j - mean(j))^2) / (k - 1)))
  list(n = nrow(y), chi2 = unname(f$statistic), df = unname(f$parameter), p = f$p.value,
       w = unname(f$statistic) / (nrow(y) * (k - 1)), page_l = L, page_z = (L - mu) / sqrt(v), page_p = 2 * pnorm(-abs((L - mu) / sqrt(v))))
}

# Tang & DeRubeis (1999): the three criteria, one person and one interval at a time
steps <- function(x, cut, share, critical, alpha, sign) {
  n <- length(x); out <- NULL; looked <- 0
  for (i in 1:(n - 1)) {
    before <- x[max(1, i - 2):i]; after <- x[(i + 1):min(n, i + 3)]
    if (is.na(x[i]) || is.na(x[i + 1]) || sum(!is.na(before)) < 2 || sum(!is.na(after)) < 2) next
    looked <- looked + 1
    before <- before[!is.na(before)]; after <- after[!is.na(after)]
    df <- length(before) + length(after) - 2
    pooled <- sqrt(((length(before) - 1) * var(before) + (length(after) - 1) * var(after)) / df)
    crit <- if (is.na(critical)) qt(1 - alpha / 2, df) else critical
    change <- sign * (x[i] - x[i + 1])
    if (change > 0 && change >= cut && change >= share * abs(x[i]) && sign * (mean(before) - mean(after)) > crit * pooled) {
      rest <- if (i + 2 <= n) x[(i + 2):n] else numeric(0)
      out <- rbind(out, c(i - 1, change, as.numeric(any(sign * (rest - (x[i] + x[i + 1]) / 2) >= 0, na.rm = TRUE))))
    }
  }
  list(looked = looked, found = out)
}
gains <- function(y, cut, share = 0.25, critical = NA, alpha = 0.05) {
  kind <- function(sign) {
    all <- lapply(seq_len(nrow(y)), function(i) steps(y[i, ], cut, share, critical, alpha, sign))
    found <- do.call(rbind, lapply(seq_along(all), function(i) if (!is.null(all[[i]]$found)) cbind(i - 1, all[[i]]$found)))
    if (is.null(found)) found <- matrix(0, 0, 4)
    list(persons = length(unique(found[, 1])), steps = nrow(found), reversed = sum(found[, 4]),
         reversed_persons = length(unique(found[found[, 4] == 1, 1])), mean_size = if (nrow(found)) mean(found[, 3]) else 0,
         row = as.list(found[, 1]), from = as.list(found[, 2]))
  }
  looked <- vapply(seq_len(nrow(y)), function(i) steps(y[i, ], cut, share, critical, alpha, 1)$looked, 0)
  list(cut = cut, critical = if (is.na(critical)) 0 else critical, alpha = alpha, persons = sum(looked > 0), intervals = sum(looked),
       gain = kind(1), loss = kind(-1))
}

# First occasion at which the rule holds against the first score; lower is better
events <- function(y, holds, at_risk = function(x) TRUE, confirmed = FALSE) {
  k <- ncol(y); e <- numeric(k); cens <- numeric(k); without <- 0; never <- 0
  for (i in seq_len(nrow(y))) {
    x <- y[i, ]
    if (all(is.na(x))) next
    if (is.na(x[1])) { without <- without + 1; next }
    if (!at_risk(x[1])) { never <- never + 1; next }
    seen <- which(!is.na(x))
    yes <- vapply(seen, function(j) j > 1 && holds(x[1], x[j]), TRUE)
    if (confirmed) yes <- yes & c(yes[-1], FALSE)
    if (any(yes)) e[seen[which(yes)[1]]] <- e[seen[which(yes)[1]]] + 1
    else cens[max(seen)] <- cens[max(seen)] + 1
  }
  list(events = e, censored = cens, without_first = without, not_at_risk = never)
}

present <- function(y) {
  has <- !is.na(y); k <- ncol(y); some <- rowSums(has) > 0
  mono <- apply(has, 1, function(h) h[1] && !all(h) && all(diff(h) <= 0))
  list(n = colSums(has), retained = colSums(has & has[, 1]), last_seen = tabulate(apply(has[some, ], 1, function(h) max(which(h))), k),
       persons = sum(some), complete = sum(rowSums(has) == k), monotone = sum(mono),
       intermittent = sum(some & !mono & rowSums(has) < k), first = sum(has[, 1]),
       mean = colMeans(y, na.rm = TRUE), sd = apply(y, 2, sd, na.rm = TRUE))
}

one <- function(y) {
  z <- y; z[is.na(z)] <- -999
  list(y = lapply(seq_len(nrow(z)), function(i) z[i, ]), unit = 1, time = seq_len(ncol(z)) - 1, group = rep(0, nrow(z)),
       friedman = friedman(y), present = present(y),
       gains = list(adjusted = gains(y, 7), fixed = gains(y, 5, critical = 2.776), strict = gains(y, 7, alpha = 0.01)),
       events = list(shift = events(y, function(a, b) a - b >= 5), percent = events(y, function(a, b) a - b >= a / 2, function(a) a > 0),
                     remission = events(y, function(a, b) b < 5, function(a) a >= 5),
                     worse = events(y, function(a, b) b - a >= 5),
                     worse_confirmed = events(y, function(a, b) b - a >= 5, confirmed = TRUE),
                     percent_confirmed = events(y, function(a, b) a - b >= a / 2, function(a) a > 0, TRUE)))
}
drop_out <- function(y, seed) { set.seed(seed); at <- sample(seq_len(ncol(y) + 3), nrow(y), TRUE); y[col(y) > at] <- NA; y }
cases <- list(
  sessions = rows(1, 60, 12, fall = 0.8, step = 0.5), short = rows(2, 40, 4, fall = 3), worse = rows(3, 50, 8, top = 20, fall = -1, step = 0.3),
  dropping = drop_out(rows(4, 80, 6, fall = 2, missing = 0.05, step = 0.4), 4), tied = ties(5, 30, 4, 0:3), few = ties(6, 5, 3, 0:9),
  zeros = rows(7, 60, 5, top = 12, fall = 3, missing = 0.1), two = ties(8, 25, 2, 0:5)
)
result <- lapply(cases, one)
shared <- commandArgs(TRUE)
shared <- if (length(shared)) shared[1] else "../shared"
sg <- as.matrix(read.csv(file.path(shared, "data/session_series/sgdata.csv"))[, paste0("bdi_s", 1:12)])
result$sgdata <- one(sg)[c("gains", "events", "present", "friedman")]
claus <- read.csv(file.path(shared, "data/change_classification/claus_2020.csv"))
bdi <- reshape(claus[, c("id", "treatment", "time", "bdi")], idvar = c("id", "treatment"), timevar = "time", direction = "wide")
y <- as.matrix(bdi[, 3:6])
arm <- function(rule, name) do.call(rbind, lapply(c("PA", "TAU"), function(a) {
  e <- do.call(events, c(list(y[bdi$treatment == a, ]), rule))
  data.frame(arm = a, time = c(rep(0:3, e$events), rep(0:3, e$censored)), status = rep(1:0, c(sum(e$events), sum(e$censored))))
}))
half <- arm(list(function(a, b) a - b >= a / 2, function(a) a > 0))
curve <- survival::survfit(survival::Surv(time, status) ~ 1, half, conf.type = "log-log")
test <- survival::survdiff(survival::Surv(time, status) ~ arm, half)
result$claus <- list(friedman = friedman(y), present = present(y), survival = curve$surv[curve$time > 0],
  lower = curve$lower[curve$time > 0], upper = curve$upper[curve$time > 0], logrank = test$chisq,
  logrank_p = pchisq(test$chisq, 1, lower.tail = FALSE), expected = test$exp)
cat(json(result), "\n")
