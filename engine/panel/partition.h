/*
 * One part of the persons: those whose id has a hash that falls to it. All records of a person are in one
 * part, in whatever files they are; records that have no id are in the first.
 */
#ifndef OM_PANEL_PARTITION_H
#define OM_PANEL_PARTITION_H

#include "panel/worker.h"

/* Drops the rows of the block that are of other parts, and what was found in them. Errors: OM_ERR_NOMEM. */
om_status om_worker_drop_others(struct om_worker *worker, struct om_error *err) OM_NODISCARD;

#endif
