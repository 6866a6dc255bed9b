/*
 * Analysis of covariance: groups compared at the last occasion, with the first one held equal.
 *
 *     post = group + slope * pre + error, the same slope in every group
 *
 * All of it comes from sums of squares and products within groups and between them, which are integers: no
 * equations are solved, and no digit depends on the processor. docs/methods/ancova.md
 */
#ifndef OMSTAT_ANCOVA_H
#define OMSTAT_ANCOVA_H

#include <omstat/stat.h>

/* An estimate with its standard error and the t test of 0. */
struct om_coefficient {
    struct om_stat estimate, se, t, p;
    struct om_interval interval; /* "t", df of the residual */
};

struct om_ancova_result {
    uint64_t n;
    size_t n_groups;             /* with anybody */
    struct om_stat grand_mean;   /* of pre: where the groups are compared */
    struct om_coefficient slope; /* of post on pre within groups */
    struct om_stat residual_sd;
    struct om_stat df;                                         /* of the residual: n - n_groups - 1 */
    struct om_stat f, f_df, p;                                 /* the groups, pre held equal */
    struct om_stat partial_eta_squared;                        /* SS groups / (SS groups + SS residual) */
    struct om_stat slopes_f, slopes_df1, slopes_df2, slopes_p; /* are the slopes of the groups equal? */
};

/* One group of an analysis. */
struct om_adjusted {
    uint64_t n;
    struct om_coefficient
        mean; /* of post at the grand mean of pre; t and p have no use here and are undefined */
    struct om_coefficient
        difference; /* from the adjusted mean of the reference; undefined for the reference */
};

/* group[n] have one unit; the counts of all may add up to 2^60. `reference` is one of them, by index.
 * adjusted has room for n, or is NULL. Errors: OM_ERR_NOMEM. Undefined statistics are no error: they carry
 * their reason. */
OM_API OM_NODISCARD om_status om_ancova(const struct om_pairs *group, size_t n, size_t reference,
                                        double level, struct om_ancova_result *out,
                                        struct om_adjusted *adjusted, struct om_error *err);

#endif
