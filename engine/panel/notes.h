/*
 * What is wrong with records that were compared with others: noted by several threads as it is found, read in
 * the order of the records.
 *
 * There may be a note for every record, so they wait in a spool, in parts by the first seven bits of the
 * record's number: the parts follow each other as the records do, however many there are, and none has more
 * than a sixty-fourth of all numbers.
 */
#ifndef OM_PANEL_NOTES_H
#define OM_PANEL_NOTES_H

#include "panel/spec.h"

struct om_note {
    int code;                /* of a finding */
    int column;              /* where that matters; else 0 */
    uint64_t ordinal, first; /* of the record, and of the one it was compared with */
};

struct om_notes;

om_status om_notes_new(const struct om_panel_spec *spec, size_t threads, struct om_notes **out,
                       struct om_error *err) OM_NODISCARD;
void om_notes_free(struct om_notes *notes); /* accepts NULL */

/* Errors as om_spool_room. */
om_status om_notes_add(struct om_notes *notes, size_t thread, struct om_note note,
                       struct om_error *err) OM_NODISCARD;

/* All of them, by record, code and column. Empties the notes. Errors: OM_ERR_NOMEM, OM_ERR_IO, and those of
 * the function, which end it. */
typedef om_status om_note_fn(void *context, const struct om_note *note, struct om_error *err);
om_status om_notes_each(struct om_notes *notes, om_note_fn *each, void *context,
                        struct om_error *err) OM_NODISCARD;

/* Puts notes in that order. */
void om_notes_sort(struct om_note *note, size_t n);

#endif
