/*
 * Persons: the answers of each at the two occasions compared, in blocks.
 *
 * A wide panel is streamed: a record is a person. A long one, and files per occasion, are gathered by id
 * first; then the persons come out in the same blocks, so nothing after this point knows the layout.
 */
#ifndef OM_PANEL_PERSONS_H
#define OM_PANEL_PERSONS_H

#include "panel/panel.h"

/* n persons. code[which * panel->n_items + item] is a column of n answer bytes; which is 0 at the first
 * occasion compared and 1 at the last; every column is NULL at an occasion that is not compared. by[b *
 * OM_BLOCK + i] is the group of person i in column b. */
struct om_person_block {
    size_t n;
    const uint32_t *by;
    const uint8_t *const *code;
};

typedef om_status om_person_fn(void *context, const struct om_person_block *block, struct om_error *err);

struct om_persons_count {
    uint64_t read, scored, rejected, skipped; /* records */
    uint64_t duplicates;                      /* records of a person and occasion already seen */
    uint64_t persons;
    bool read_again; /* the rest counts for nothing: open the panel anew and call with again = true (ids.h) */
    int first, last; /* occasions compared, indices into panel->occasion; last is OM_NONE with one occasion */
};

typedef void om_panel_progress_fn(void *context, uint64_t done, uint64_t total);

/* Reads the whole panel and hands out every person once, in an order that is not part of the result. again is
 * false at the first try; see read_again. */
om_status om_persons_read(struct om_panel *panel, bool again, om_person_fn *consume, void *context,
                          om_panel_progress_fn *progress, void *progress_context,
                          struct om_persons_count *count, struct om_error *err) OM_NODISCARD;

/* The two occasions to compare, by --occasions or by their own order. Errors: OM_ERR_USAGE for one that is
 * not there, OM_ERR_PANEL when they have no order. */
om_status om_panel_compared(const struct om_panel *panel, int *first, int *last,
                            struct om_error *err) OM_NODISCARD;

/* Adds to the panel's reading which occasions there are and which are compared, where the columns did not
 * say. */
om_status om_panel_say_compared(struct om_panel *panel, int first, int last,
                                struct om_error *err) OM_NODISCARD;

#endif
