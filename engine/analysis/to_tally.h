/* From a run to a tally: names first (to_tally.c), then counts (to_tally_counts.c). */
#ifndef OM_ANALYSIS_TO_TALLY_H
#define OM_ANALYSIS_TO_TALLY_H

#include "analysis/counted.h"

/* Where things of the tally are in the run. */
struct om_to_tally {
    const struct om_counted *counted;
    const struct om_run *run;
    struct om_tally *tally;
    size_t *scale; /* of the run, per scale of the tally */
    size_t by[OM_GROUPING_MAX], described[OM_GROUPING_MAX];
    uint32_t **described_value; /* per described column of the run: the tally's number of a value */
    size_t *group;              /* of the run, per group of the tally */
};

/* A level of a total as 16 m + p: the number m / 10^p with as few places as possible. */
int64_t om_to_tally_total(const struct om_scorer *scorer, size_t level);

/* All counts, once the names are there. Errors: OM_ERR_NOMEM. */
om_status om_to_tally_counts(const struct om_to_tally *c, struct om_error *err) OM_NODISCARD;

#endif
