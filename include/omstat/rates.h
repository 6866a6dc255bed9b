/*
 * Comparing rates between groups of different people. docs/methods/rates.md
 *
 * A rate is k of n. Undefined statistics are no error: they carry their reason.
 */
#ifndef OMSTAT_RATES_H
#define OMSTAT_RATES_H

#include <omstat/paired.h>
#include <omstat/stat.h>

struct om_rate {
    uint64_t k, n; /* k <= n < 2^53 */
};

/* The number needed to treat is 1 / difference: below 0 it is a number needed to harm. Where the interval of
 * the difference holds 0, that of the number needed to treat goes through infinity and has two ends instead
 * of two bounds: from `benefit` people for one more, through infinity, to `harm` people for one fewer (Altman
 * 1998, BMJ 317, 1309). */
struct om_number_needed {
    struct om_stat estimate;
    struct om_interval interval;  /* "altman"; undefined when it goes through infinity, and then: */
    struct om_stat benefit, harm; /* both above 0; defined only then */
};

/* All are rate against reference. */
struct om_rates_result {
    struct om_effect
        difference;         /* "newcombe": hybrid score, method 10 of Newcombe (1998), Stat Med 17, 873 */
    struct om_effect ratio; /* "katz-log": Katz et al. (1978), Biometrics 34, 469 */
    struct om_effect odds_ratio; /* "woolf-log": Woolf (1955), Ann Hum Genet 19, 251 */
    struct om_number_needed needed;
};

/* Rate against reference, with intervals of this level. */
OM_API void om_compare_rates(struct om_rate rate, struct om_rate reference, double level,
                             struct om_rates_result *out);

/* Counts by two characteristics, row after row. Rows and columns that are empty are passed over. There may be
 * many rows; the cost grows with the square of the columns. */
struct om_table {
    const uint64_t *count; /* borrowed; [row * columns + column]; all together below 2^53 */
    size_t rows, columns;
};

struct om_chi_square_result {
    uint64_t n;
    struct om_stat chi2, df, p;         /* Pearson, without correction */
    struct om_stat yates_chi2, yates_p; /* with Yates' correction; two rows and columns only */
    struct om_stat smallest_expected;   /* the approximation is poor when this is below 5 */
};

/* Pearson's test of independence. */
OM_API void om_chi_square(const struct om_table *table, struct om_chi_square_result *out);

/* Fisher's exact test: the probability of all tables with these margins that are no more probable than this
 * one. Two rows and columns: any counts. More: undefined when there are too many tables to go through (about
 * a million steps). Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_fisher(const struct om_table *table, struct om_stat *p,
                                        struct om_error *err);

/* Cochran (1954), Armitage (1955): do the rates rise or fall with the place of the group, 0 ... n - 1? z is
 * positive when they rise. */
struct om_trend_result {
    struct om_stat z, p;
};

/* Of n groups in their order. */
OM_API void om_trend(const struct om_rate *group, size_t n, struct om_trend_result *out);

#endif
