# data.table: fread with typed columns.  usage: data_table.R FILE wide|long THREADS
arguments <- commandArgs(TRUE)
suppressPackageStartupMessages(library(data.table))
setDTthreads(as.integer(arguments[3]))

names <- c("phq9", "gad7", "pcl5", "bipf")
n_items <- c(9, 7, 20, 7)
cutoff <- c(10, 10, 33, 11)
wide <- arguments[2] == "wide"
items <- function(m, suffix) paste0(names[m], "_", seq_len(n_items[m]), suffix)

suffixes <- if (wide) c("_pre", "_post") else ""
text <- c(if (!wide) c("id", "occasion"), unlist(lapply(suffixes, function(s) items(4, s))))
panel <- fread(arguments[1], na.strings = "", showProgress = FALSE, colClasses = list(character = text),
               drop = if (wide) "id")

# B-IPF: NA in the file is the text "NA" (does not apply); an empty cell is blank.
kind <- c(0:6, "NA")
value <- c(0:6, 0)
score <- function(m, suffix) {
    cells <- panel[, items(m, suffix), with = FALSE]
    if (m < 4) return(Reduce(`+`, cells))
    answered <- Reduce(`+`, lapply(cells, function(x) x != "NA"))
    total <- Reduce(`+`, lapply(cells, function(x) value[chmatch(x, kind)]))
    fifelse(answered > 0, 100 * total / (6 * answered), NA_real_)
}

scores <- function(suffix) {
    values <- lapply(1:4, score, suffix)
    setattr(values, "names", names)
    setDT(values)
}
if (wide) {
    pre <- scores("_pre")
    post <- scores("_post")
    cohort <- panel$cohort
} else {
    forms <- cbind(panel[, .(id, cohort, occasion)], scores(""))
    both <- merge(forms[occasion == "pre"], forms[occasion == "post"], by = "id")
    pre <- both[, paste0(names, ".x"), with = FALSE]
    post <- both[, paste0(names, ".y"), with = FALSE]
    cohort <- both$cohort.x
}

result <- rbindlist(lapply(1:4, function(m) {
    person <- data.table(cohort, pre = pre[[m]], post = post[[m]])[!is.na(pre) & !is.na(post)]
    person[, change := post - pre][, positive := as.integer(pre >= cutoff[m])]
    person[, improved := positive * (change <= -5 + 1e-9)]
    sums <- person[, .(n = .N, mean_pre = mean(pre), mean_post = mean(post), sd_change = sd(change),
                       positive = mean(positive), improved = mean(improved)), by = cohort]
    sums[, improved := improved / positive]
    sums[, .(cohort, instrument = names[m], n, mean_pre, mean_post, sd_change, positive, improved)]
}))
fwrite(result)
