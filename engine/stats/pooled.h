/* Several samples as one, and its ranks. */
#ifndef OM_STATS_POOLED_H
#define OM_STATS_POOLED_H

#include <omstat/stat.h>
#include "stats/moments.h"

/* The values of all samples together, ascending, with twice their mid-ranks, which are integers. */
struct om_pooled {
    struct om_count *at;
    om_wide *twice_rank;
    size_t n;
    uint64_t total;
    long double tie_cubes; /* sum over values of t^3 - t */
};

/* Errors: OM_ERR_NOMEM. On success the caller releases. */
OM_NODISCARD om_status om_pooled_make(const struct om_counts *sample, size_t n, struct om_pooled *out,
                                      struct om_error *err);
void om_pooled_release(struct om_pooled *pooled);

/* Twice the sum of the ranks of one of the samples. */
om_wide om_pooled_rank_sum(const struct om_pooled *pooled, const struct om_counts *sample);

#endif
