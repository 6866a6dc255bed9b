/*
 * Scores of persons at every occasion, as processes hand them to the first one. A tally has no rows of
 * persons, so these travel beside it, for a report that follows at once.
 *
 *   rank r: rows of its persons, equal ones together -> bytes -> rank 0: one row a person, as if it had
 * counted them
 *
 * Rows are put together and sorted again when all are there, so nothing depends on who counted whom.
 */
#ifndef OM_ANALYSIS_FOLLOWED_H
#define OM_ANALYSIS_FOLLOWED_H

#include "analysis/counted.h"

/* The rows of a finished run. A buffer that has failed says so. */
void om_followed_put(const struct om_run *run, struct om_buffer *out);
/* Adds the rows of all processes to the first share of a run of the same study. by_value: of each --by
 * column, the values; new ones are added. Errors: OM_ERR_NOMEM, OM_ERR_PANEL for too many totals,
 * OM_ERR_USAGE for too many groups. */
om_status om_followed_take(struct om_run *run, struct om_dictionary *by_value,
                           const struct om_followed *followed, struct om_error *err) OM_NODISCARD;

#endif
