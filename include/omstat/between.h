/*
 * Comparing groups of different people: means, ranks. docs/methods/between.md
 *
 * A group is the counts of its values; all groups of a call have one unit. Differences are group minus
 * reference. All p are two-sided. The counts of all groups may add up to 2^60, and the cost depends on the
 * number of different values alone. Groups without anybody are passed over. Undefined statistics are no
 * error: they carry their reason.
 */
#ifndef OMSTAT_BETWEEN_H
#define OMSTAT_BETWEEN_H

#include <stdbool.h>
#include <omstat/paired.h>
#include <omstat/stat.h>

/* Two groups whose variances may differ: Welch (1947), Biometrika 34, 28. Defined with two people or more in
 * each group and some variation in at least one. */
struct om_welch_result {
    uint64_t n, n_reference;
    struct om_stat difference;   /* of the means */
    struct om_interval interval; /* "welch-t" */
    struct om_stat t, df, p;
    struct om_effect d; /* difference / pooled sd (Cohen); "noncentral-t", df n + n_reference - 2 */
    struct om_effect g; /* J d (Hedges), J the exact gamma correction; "noncentral-t-scaled" */
};

/* Welch's test and effect sizes of group minus reference. What is not defined says so. */
OM_API void om_welch(const struct om_counts *group, const struct om_counts *reference, double level,
                     struct om_welch_result *out);

/* Means of two or more groups. `welch` lets the variances differ (Welch 1951, Biometrika 38, 330) and wants
 * two people or more and variation in every group; the classical F wants variation in one. */
struct om_f_test {
    struct om_stat f, df1, df2, p;
};
struct om_anova_result {
    uint64_t n;
    size_t n_groups; /* with anybody */
    struct om_f_test classical, welch;
    struct om_stat eta_squared;   /* SS between / SS total */
    struct om_stat omega_squared; /* (SS between - df1 MS within) / (SS total + MS within); may be below 0 */
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_anova(const struct om_counts *group, size_t n, struct om_anova_result *out,
                                       struct om_error *err);

/* The Mann-Whitney U test (Wilcoxon rank sum), mid-ranks for ties. */
struct om_mann_whitney_result {
    uint64_t n, n_reference;
    bool ties;
    struct om_stat u; /* pairs of one from each group with the group's value higher; equal ones half */
    struct om_stat superiority;  /* u / (n n_reference): P(group > reference) + P(equal) / 2 */
    struct om_stat z, z_p;       /* normal approximation, variance corrected for ties */
    struct om_stat z_cc, z_cc_p; /* the same with continuity correction */
    struct om_stat exact_p;      /* fewer than 50 in each group, no ties */
    struct om_stat p;            /* the one to report: exact_p where it is defined, else z_cc_p ... */
    const char *method;          /* ... and so "rank-sum-exact" or "rank-sum-normal-cc" */
    struct om_stat shift;        /* Hodges & Lehmann (1963): median of all differences group - reference */
    struct om_interval
        shift_interval; /* order statistics of these differences: "moses-exact", "moses-normal" */
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_mann_whitney(const struct om_counts *group,
                                              const struct om_counts *reference, double level,
                                              struct om_mann_whitney_result *out, struct om_error *err);

/* Kruskal & Wallis (1952), JASA 47, 583, corrected for ties. */
struct om_kruskal_result {
    uint64_t n;
    size_t n_groups; /* with anybody */
    struct om_stat h, df, p;
    struct om_stat epsilon_squared; /* h / (n - 1): the share of the variance of the ranks */
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_kruskal(const struct om_counts *group, size_t n,
                                         struct om_kruskal_result *out, struct om_error *err);

#endif
