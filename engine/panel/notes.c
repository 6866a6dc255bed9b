#include "panel/notes.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS = 64, STEP_BITS = 6, PARTS = (64 - STEP_BITS + 1) * STEPS };

struct om_notes {
    struct om_spool *spool;
};

om_status
om_notes_new(const struct om_panel_spec *spec, size_t threads, struct om_notes **out, struct om_error *err)
{
    struct om_notes *notes = om_calloc(1, sizeof *notes);
    if (!notes)
        return om_fail_memory(err);
    const struct om_spool_spec of = om_spec_spool(spec, PARTS, threads, OM_WAITING_NOTES);
    om_status status = om_spool_new(&of, &notes->spool, err);
    if (status == OM_OK)
        *out = notes;
    else
        om_notes_free(notes);
    return status;
}

void
om_notes_free(struct om_notes *notes)
{
    if (!notes)
        return;
    om_spool_free(notes->spool);
    om_free(notes);
}

/* Never less for a larger number: 64 parts for each power of two. */
static size_t
part_of(uint64_t ordinal)
{
    if (ordinal < STEPS)
        return (size_t)ordinal;
    const unsigned shift = 63 - (unsigned)__builtin_clzll(ordinal) - STEP_BITS;
    return shift * STEPS + (size_t)(ordinal >> shift);
}

om_status
om_notes_add(struct om_notes *notes, size_t thread, struct om_note note, struct om_error *err)
{
    uint8_t *at = NULL;
    OM_TRY(om_spool_room(notes->spool, thread, part_of(note.ordinal), sizeof note, &at, err));
    memcpy(at, &note, sizeof note);
    return OM_OK;
}

static int
compare_notes(const void *a, const void *b)
{
    const struct om_note *x = a, *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return x->code != y->code ? x->code - y->code : x->column - y->column;
}

void
om_notes_sort(struct om_note *note, size_t n)
{
    if (n > 1)
        qsort(note, n, sizeof *note, compare_notes);
}

static om_status
each_of_part(struct om_notes *notes, size_t part, om_note_fn *each, void *context, struct om_error *err)
{
    const size_t n = (size_t)om_spool_bytes(notes->spool, part) / sizeof(struct om_note);
    if (n == 0)
        return OM_OK;
    struct om_note *note = om_alloc(n, sizeof *note);
    if (!note)
        return om_fail_memory(err);
    om_status status = om_spool_take(notes->spool, part, (uint8_t *)note, err);
    if (status == OM_OK)
        om_notes_sort(note, n);
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = each(context, &note[i], err);
    om_free(note);
    return status;
}

om_status
om_notes_each(struct om_notes *notes, om_note_fn *each, void *context, struct om_error *err)
{
    for (size_t part = 0; part < PARTS; part++)
        OM_TRY(each_of_part(notes, part, each, context, err));
    return OM_OK;
}
