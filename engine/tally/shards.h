/* The history of a tally: which shards are in it, and which were taken out again. */
#ifndef OM_TALLY_SHARDS_H
#define OM_TALLY_SHARDS_H

#include "tally/tally.h"

/* The shards of the sum. out has none yet. Errors: OM_ERR_PANEL when an input is in both, OM_ERR_NOMEM. */
om_status om_tally_add_shards(const struct om_tally *one, const struct om_tally *two, struct om_tally *out,
                              struct om_error *err) OM_NODISCARD;
/* The shards of the difference; those of `part` are noted as taken out. Errors: OM_ERR_PANEL when they are
 * not in `from`, OM_ERR_NOMEM. */
om_status om_tally_remove_shards(const struct om_tally *from, const struct om_tally *part,
                                 struct om_tally *out, struct om_error *err) OM_NODISCARD;

#endif
