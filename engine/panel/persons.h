/*
 * Persons: the answers of each at the occasions kept, in blocks. Slot 0 is the first occasion compared, slot
 * 1 the last; a study of every occasion (spec->every_occasion) has the others behind them.
 *
 * Where the ids ascend, the input is streamed: a wide record is a person, and so are the records of a long
 * panel that follow each other under one id. Otherwise the records are put away first (store.h). The persons
 * come out in the same blocks, so nothing after this point knows the layout.
 */
#ifndef OM_PANEL_PERSONS_H
#define OM_PANEL_PERSONS_H

#include "panel/flow.h"

/* n persons. The answer of person i to an item at slot k is code[row[i] * stride + where[k * panel->n_items +
 * item]], and blank where that is OM_NOWHERE; a total begins at total_where[k * panel->n_totals + total]
 * likewise. by[b * by_step + i] is the person's group in column b. */
struct om_person_block {
    size_t n;
    const uint32_t *row;
    const uint8_t *code;
    size_t stride;
    const uint32_t *where, *total_where;
    size_t n_slots; /* 1 with one occasion; else 2 or more */
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
    int slot[OM_OCCASIONS_MAX]; /* the occasion of each slot: first, last, then the others in their order */
    size_t n_slots;
};

/* Reads the whole panel and hands out every person once, in an order that is not part of the result. again is
 * false at the first try; see read_again. Uses om_flow_threads(panel) threads at most. */
om_status om_persons_read(struct om_panel *panel, bool again, om_person_fn *consume, void *context,
                          om_panel_progress_fn *progress, void *progress_context,
                          struct om_persons_count *count, struct om_error *err) OM_NODISCARD;

/* All occasions in their order: the names --occasions lists, or every one there is. order has room for
 * OM_OCCASIONS_MAX. Errors as om_panel_compared. */
om_status om_panel_order_occasions(const struct om_panel *panel, int *order, size_t *n,
                                   struct om_error *err) OM_NODISCARD;

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

/* Where the answers and the totals at some occasions of a record are, per file: item[file][k * n_items +
 * item] and total[file][k * n_totals + total] for occasion slot[k]. */
struct om_persons_where {
    uint32_t **item, **total;
};
/* The caller releases it, also on failure. Errors: OM_ERR_NOMEM. */
om_status om_persons_where(const struct om_panel *panel, const int *slot, size_t n_slots,
                           struct om_persons_where *where, struct om_error *err) OM_NODISCARD;
void om_persons_where_release(const struct om_panel *panel, struct om_persons_where *where);

/* The slot of the k-th occasion in time, of n. */
static inline size_t
om_slot_in_time(size_t k, size_t n)
{
    return k == 0 ? 0 : k + 1 == n ? 1 : k + 1;
}

/* Settles count->first, last and the slots from the occasions there are. Errors as om_panel_compared. */
om_status om_persons_slots(const struct om_panel *panel, struct om_persons_count *count,
                           struct om_error *err) OM_NODISCARD;

/* A record a person. With `keep` the ids are put away and compared at the end; without, they must ascend. */
om_status om_persons_wide(struct om_persons *persons, bool check, bool keep,
                          struct om_error *err) OM_NODISCARD;
/* The records of a person follow each other in one file. */
om_status om_persons_runs(struct om_persons *persons, struct om_error *err) OM_NODISCARD;
/* Any order. */
om_status om_persons_gather(struct om_persons *persons, struct om_error *err) OM_NODISCARD;

#endif
