/*
 * Bootstrap intervals by resampling the cells of a table instead of the people in it: drawing n persons with
 * replacement and counting them gives cells that are multinomial, and a multinomial is drawn cell by cell in
 * a time that does not depend on n. docs/methods/bootstrap.md
 */
#ifndef OMSTAT_BOOTSTRAP_H
#define OMSTAT_BOOTSTRAP_H

#include <omstat/stat.h>

struct om_bootstrap_plan {
    size_t replicates; /* 10000; at least 2 */
    uint64_t seed;     /* the same seed gives the same numbers on every machine */
    double level;
};

struct om_bootstrap {
    struct om_stat estimate;
    struct om_stat se;             /* standard deviation of the replicates */
    struct om_interval percentile; /* "bootstrap-percentile" */
    struct om_interval bca; /* "bootstrap-bca": Efron (1987), J. American Statistical Association 82, 171 */
};

/*
 * Computes n statistics of a table into value[0..n): count has what each cell holds this time. An infinite
 * value keeps its place in the order of the replicates; NAN says that there is none. Pure.
 */
typedef void om_bootstrap_fn(const void *context, const uint64_t *count, double *value);

/* Resamples a table of n_cells counts, their sum n <= 2^60, and fills out[0..n_statistics). The jackknife
 * behind BCa leaves out one person of each cell, weighted with the people there. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_bootstrap(const uint64_t *count, size_t n_cells, om_bootstrap_fn *fn,
                                           const void *context, size_t n_statistics,
                                           const struct om_bootstrap_plan *plan, struct om_bootstrap *out,
                                           struct om_error *err);

/* The intervals that replicates give, as om_bootstrap makes them. value[0..n) is sorted in place;
 * acceleration is that of BCa. Quantiles are type 7. */
OM_API void om_bootstrap_intervals(double *value, size_t n, double estimate, double acceleration,
                                   double level, struct om_bootstrap *out);

/* Of counts of changes. */
struct om_bootstrap_change {
    uint64_t n;
    struct om_bootstrap mean, median, d_z;
};
/* Bootstraps mean, median and d_z of the changes. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_bootstrap_change(const struct om_counts *change,
                                                  const struct om_bootstrap_plan *plan,
                                                  struct om_bootstrap_change *out, struct om_error *err);

/* Of a share, k of n. */
OM_API OM_NODISCARD om_status om_bootstrap_share(uint64_t k, uint64_t n, const struct om_bootstrap_plan *plan,
                                                 struct om_bootstrap *out, struct om_error *err);

#endif
