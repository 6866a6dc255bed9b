/* Small things that several processes tell each other while they read a panel (<omstat/exchange.h>). */
#ifndef OM_PANEL_SHARED_H
#define OM_PANEL_SHARED_H

#include "panel/panel.h"

#include <omstat/exchange.h>

/* What every process has to say, in order of rank, valid until the next exchange. from has room for
 * exchange->size. Errors as swap. */
om_status om_share_bytes(const struct om_exchange *exchange, om_status status, const void *bytes,
                         size_t length, struct om_parcel *from, struct om_error *err) OM_NODISCARD;

/* The same, but only rank 0 gets anything; from is then zeroed elsewhere. */
om_status om_share_bytes_with_first(const struct om_exchange *exchange, om_status status, const void *bytes,
                                    size_t length, struct om_parcel *from, struct om_error *err) OM_NODISCARD;

/* Makes places those of the records of all processes, as they are in the files, at rank 0; at others they are
 * none. The old ones stay as they are, and are not released. before: records of processes of lower rank.
 * Errors as swap. */
struct om_places;
om_status om_share_places(const struct om_panel *panel, struct om_places *places, uint64_t before,
                          struct om_error *err) OM_NODISCARD;

/* The sum of a number over all processes, and over those of lower rank (may be NULL). exchange may be NULL.
 */
om_status om_share_sum(const struct om_exchange *exchange, om_status status, uint64_t number, uint64_t *sum,
                       uint64_t *before, struct om_error *err) OM_NODISCARD;

/* Gives the occasions and the values of the --by columns the same numbers in all processes: those that one
 * process would give them. occasion and by_value, per column, get the new number of each; the caller frees
 * them with om_free, also on failure. Errors: as swap; OM_ERR_USAGE for too many groups, OM_ERR_PANEL for too
 * many occasions. */
struct om_shared_numbers {
    uint32_t *occasion;
    uint32_t *by[OM_BY_MAX];
};
om_status om_share_numbers(struct om_panel *panel, struct om_shared_numbers *out,
                           struct om_error *err) OM_NODISCARD;
void om_shared_numbers_release(struct om_shared_numbers *numbers);

/* Would the ids of all parts, one behind the other, ascend? ascending: those of this part do, and no two are
 * the same.
 */
struct om_last_id;
om_status om_share_order(const struct om_exchange *exchange, const struct om_last_id *first,
                         const struct om_last_id *last, bool ascending, bool *all,
                         struct om_error *err) OM_NODISCARD;

#endif
