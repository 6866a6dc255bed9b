/*
 * Persons: the answers of each at the two occasions compared, in blocks.
 *
 * Where the ids ascend, the input is streamed: a wide record is a person, and so are the records of a long
 * panel that follow each other under one id. Otherwise the records are put away first (store.h). The persons
 * come out in the same blocks, so nothing after this point knows the layout.
 */
#ifndef OM_PANEL_PERSONS_H
#define OM_PANEL_PERSONS_H

#include "panel/flow.h"

/* n persons. The answer of person i to an item at the first (which = 0) or last occasion compared is
 * code[row[i] * stride + where[which * panel->n_items + item]], and blank where that is OM_NOWHERE. by[b *
 * by_step + i] is the person's group in column b. */
struct om_person_block {
    size_t n;
    const uint32_t *row;
    const uint8_t *code;
    size_t stride;
    const uint32_t *where;
    bool has_last; /* two occasions are compared */
    const uint32_t *by;
    size_t by_step;
};

/* Takes persons from one of several threads, each with a number of its own. */
typedef om_status om_person_fn(void *context, size_t thread, const struct om_person_block *block,
                               struct om_error *err);

struct om_persons_count {
    uint64_t read, scored, rejected, skipped; /* records */
    uint64_t duplicates;                      /* records of a person and occasion already seen */
    uint64_t persons;
    bool read_again; /* the rest counts for nothing: open the panel anew and call with again = true */
    int first, last; /* occasions compared, indices into panel->occasion; last is OM_NONE with one occasion */
};

/* Reads the whole panel and hands out every person once, in an order that is not part of the result. again is
 * false at the first try; see read_again. Uses om_flow_threads(panel) threads at most. */
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

/* --- the three ways (persons.c chooses) --- */

/* Everything a way of reading needs. */
struct om_persons {
    struct om_panel *panel;
    size_t threads;
    om_person_fn *consume;
    void *context;
    struct om_flow_user user; /* with the progress function */
    struct om_persons_count *count;
};

/* Where the answers at some occasions of a record are, per file: (*where)[file][k * n_items + item] for
 * slot[k], OM_NOWHERE where slot[k] is OM_NONE. The caller releases it, also on failure. Errors:
 * OM_ERR_NOMEM. */
om_status om_persons_where(const struct om_panel *panel, const int *slot, size_t n_slots, uint32_t ***where,
                           struct om_error *err) OM_NODISCARD;
void om_persons_where_release(const struct om_panel *panel, uint32_t **where);

/* A record a person. With `keep` the ids are put away and compared at the end; without, they must ascend. */
om_status om_persons_wide(struct om_persons *persons, bool check, bool keep,
                          struct om_error *err) OM_NODISCARD;
/* The records of a person follow each other in one file. */
om_status om_persons_runs(struct om_persons *persons, struct om_error *err) OM_NODISCARD;
/* Any order. */
om_status om_persons_gather(struct om_persons *persons, struct om_error *err) OM_NODISCARD;

#endif
