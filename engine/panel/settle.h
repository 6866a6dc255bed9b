/*
 * What the records of one person come to: which one counts at each occasion, and the person's groups.
 *
 * Pure but for what it writes down: duplicates and changes of group, to be reported in the order of the
 * records once all persons are settled.
 */
#ifndef OM_PANEL_SETTLE_H
#define OM_PANEL_SETTLE_H

#include "panel/notes.h"
#include "panel/persons.h"
#include "panel/places.h"

/* One record of a person. */
struct om_sheet {
    uint64_t ordinal;    /* of the record among all */
    int occasion;        /* the panel's number */
    const uint32_t *by;  /* the panel's number of the value in each --by column */
    const uint8_t *code; /* in any form: only handed on */
    bool dead;           /* it does not count */
};

/* The counts and notes of one thread. */
struct om_settling {
    const struct om_panel *panel;
    const int *slot; /* borrowed: the occasions kept; the first two are those compared */
    size_t n_slots;
    struct om_notes *notes; /* borrowed: of all threads */
    size_t thread;          /* this one's number */
    uint64_t scored, skipped, rejected, duplicates, persons;
};

struct om_settled {
    bool alive;
    const uint8_t *code[OM_OCCASIONS_MAX]; /* of the record at each slot; NULL: none */
    uint32_t by[OM_BY_MAX];
};

enum {
    OM_SHEETS_MAX = OM_OCCASIONS_MAX + 1, /* of a person: one an occasion */
    OM_SHEET_NONE = OM_SHEETS_MAX,
};

/* Takes one more record of a person, whose records come in their order. sheet[0 .. *n) are those kept so far,
 * one an occasion. *at is where the record is now, new or in the place of another one, or OM_SHEET_NONE: a
 * duplicate that does not count. Errors: OM_ERR_NOMEM. */
om_status om_settle_add(struct om_settling *settling, struct om_sheet *sheet, size_t *n,
                        const struct om_sheet *one, size_t *at, struct om_error *err) OM_NODISCARD;

/* What they come to, once all were added. Errors: OM_ERR_NOMEM. */
om_status om_settle(struct om_settling *settling, const struct om_sheet *sheet, size_t n,
                    struct om_settled *out, struct om_error *err) OM_NODISCARD;

/* Records of a person in their order, and more to come: those between the first and the last of an occasion
 * are duplicates whatever comes, and whatever the policy. Notes them; drop[i] says which. */
om_status om_settle_between(struct om_settling *settling, const struct om_sheet *sheet, size_t n, bool *drop,
                            struct om_error *err) OM_NODISCARD;

/* One a thread, to be released by om_settling_free; slots are given later. Errors: OM_ERR_NOMEM. */
om_status om_settling_new(const struct om_panel *panel, size_t threads, struct om_settling **out,
                          struct om_error *err) OM_NODISCARD;
void om_settling_free(struct om_settling *settling); /* accepts NULL */

/* Adds up the counts of all threads, and reports what they noted in the order of the records. With other
 * processes all call it, and rank 0 reports what all of them noted; `before` is how many records those of
 * lower rank have read, and places are those of this one. */
om_status om_settle_report(const struct om_panel *panel, struct om_settling *settling, size_t threads,
                           const struct om_places *places, uint64_t before, struct om_persons_count *count,
                           struct om_error *err) OM_NODISCARD;

/* The message for too many records of a person and occasion; returns OM_ERR_DATA. */
om_status om_fail_duplicates(const struct om_panel *panel, uint64_t n, struct om_error *err);
void om_report_duplicate(const struct om_panel *panel, const struct om_record_place *place,
                         const struct om_record_place *first);

#endif
