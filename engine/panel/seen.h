/*
 * Persons seen, to be asked for duplicates once all records have been read: a second record of a person and
 * occasion. In a wide panel all records are of the one occasion that is none.
 */
#ifndef OM_PANEL_SEEN_H
#define OM_PANEL_SEEN_H

#include "panel/persons.h"
#include "panel/places.h"

struct om_seen;

/* threads: that put records away. Errors: OM_ERR_NOMEM. */
om_status om_seen_new(const struct om_panel *panel, size_t threads, struct om_seen **out,
                      struct om_error *err) OM_NODISCARD;
void om_seen_free(struct om_seen *seen); /* accepts NULL */

/* While the block is joined: where its records stand. */
om_status om_seen_join(struct om_seen *seen, const struct om_record_block *block,
                       struct om_error *err) OM_NODISCARD;
/* Afterwards, on the thread that read it: whose they are. */
om_status om_seen_take(struct om_seen *seen, size_t thread, const struct om_record_block *block,
                       struct om_error *err) OM_NODISCARD;

/* After the last block: reports every record that repeats an earlier one, in order, and adds them to the
 * duplicates and to the records rejected. */
om_status om_seen_report(struct om_seen *seen, struct om_persons_count *count,
                         struct om_error *err) OM_NODISCARD;

#endif
