/*
 * Table 1 of a paper: who is in each group, and how much the groups differ. docs/methods/table1.md
 *
 * A group is the counts of its values; all groups of a call have one unit. Undefined statistics are no error:
 * they carry their reason.
 */
#ifndef OMSTAT_TABLE1_H
#define OMSTAT_TABLE1_H

#include <omstat/between.h>
#include <omstat/describe.h>
#include <omstat/rates.h>

/* A standardised difference, group minus reference. */
struct om_smd {
    struct om_stat estimate;
    struct om_interval interval; /* "normal": estimate -+ z sqrt(1/n + 1/n' + estimate^2 / (2 (n + n'))) */
};

/* Of a number: (mean - mean') / sqrt((variance + variance') / 2). Austin (2009), Stat Med 28, 3083. Wants two
 * people or more in each group. */
OM_API void om_smd_numeric(const struct om_counts *group, const struct om_counts *reference, double level,
                           struct om_smd *out);

/* Of categories, from the two groups' counts of each: the length of the vector of differences between shares,
 * in units of its mean covariance matrix, never below 0. Yang & Dalton (2012), SAS Global Forum 335. With two
 * categories it is the size of (p - p') / sqrt((p (1 - p) + p' (1 - p')) / 2). Undefined when the groups
 * share no category. */
OM_API void om_smd_categories(const uint64_t *group, const uint64_t *reference, size_t categories,
                              double level, struct om_smd *out);

/* The largest size of a standardised difference among all pairs of groups, and which pair it is; pairs
 * without one are passed over. The cost grows with the square of n. */
struct om_smd_largest {
    struct om_stat size;
    size_t one, other; /* indices; one < other */
};

/* Of numbers, one distribution a group. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_smd_numeric_largest(const struct om_counts *group, size_t n,
                                                     struct om_smd_largest *out, struct om_error *err);
/* One row a group. */
OM_API void om_smd_categories_largest(const struct om_table *table, struct om_smd_largest *out);

/* One column of Table 1. */
struct om_numeric_column {
    uint64_t persons, missing; /* missing = persons without a value */
    struct om_description of;  /* those with one; its n is persons - missing */
};

/* A number such as age by group. */
struct om_numeric_line {
    struct om_numeric_column all;    /* the groups together */
    struct om_numeric_column *group; /* the n columns given */
    struct om_smd_largest largest;
    struct om_anova_result means; /* with two groups `welch` is Welch's t test: F = t^2 */
    struct om_kruskal_result
        ranks; /* with two groups the Mann-Whitney test without continuity correction: H = z^2 */
};

/* persons[g] is everybody of group g, no fewer than have a value; column has room for n and becomes
 * out->group. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_table1_numeric(const struct om_counts *group, const uint64_t *persons,
                                                size_t n, double level, struct om_numeric_column *column,
                                                struct om_numeric_line *out, struct om_error *err);

/* A group variable such as sex, by group. The share of category c in group g is table.count[g * columns + c]
 * of known(g) = the sum of the row; its interval is om_proportion's. */
struct om_category_line {
    uint64_t known; /* all rows together: persons - missing */
    struct om_smd_largest largest;
    struct om_chi_square_result chi_square;
    struct om_stat fisher_p; /* exact; undefined for large tables */
};

/* One row a group, one column a category; missing values are not in the table. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_table1_categories(const struct om_table *table, struct om_category_line *out,
                                                   struct om_error *err);

#endif
