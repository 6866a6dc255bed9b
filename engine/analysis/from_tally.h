/*
 * From a tally to a run: may it be asked that (tally_ask.c), its instruments and what is said about it
 * (from_tally.c), its counts (from_tally_counts.c).
 */
#ifndef OM_ANALYSIS_FROM_TALLY_H
#define OM_ANALYSIS_FROM_TALLY_H

#include "analysis/counted.h"

/* Where things of the run are in the tally. */
struct om_from_tally {
    const struct om_study *study; /* as it was asked for */
    const struct om_tally *tally;
    const char *name;
    struct om_counted *out;
    size_t by[OM_GROUPING_MAX],
        described[OM_GROUPING_MAX]; /* columns of the tally, as the study orders them */
    size_t *scale;                  /* of the tally, per scale of the run */
    bool has_rows;                  /* persons at every occasion come with it */
};

/* Does what the study asks agree with the tally? Finds its columns, and turns off in `own` what counts cannot
 * give. Errors: OM_ERR_USAGE, OM_ERR_DEFINITION, OM_ERR_NOMEM. */
om_status om_from_tally_ask(struct om_from_tally *c, struct om_study *own, struct om_error *err) OM_NODISCARD;

/* All counts to the run, as if one share had counted them. Errors: OM_ERR_PANEL when they are none that its
 * instruments can have, OM_ERR_USAGE for too many groups, OM_ERR_NOMEM. */
om_status om_from_tally_counts(const struct om_from_tally *c, struct om_error *err) OM_NODISCARD;

#endif
