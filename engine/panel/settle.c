#include "panel/settle.h"
#include "panel/shard.h"
#include "panel/shared.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- messages ------------------------------------------------------------------------------------------- */

void
om_report_duplicate(const struct om_panel *panel, const struct om_record_place *place,
                    const struct om_record_place *first_read)
{
    const struct om_record_place at = om_panel_place(panel, *first_read), *first = &at;
    char message[400];
    snprintf(message, sizeof message, "the same person%s as in record %llu (line %llu)%s%.200s",
             panel->layout == OM_LAYOUT_LONG ? " and occasion" : "", (unsigned long long)first->number,
             (unsigned long long)first->line, first->file != place->file ? " of " : "",
             first->file != place->file ? panel->file[first->file].path : "");
    /* Once the policy has said which of them counts, it is no error any more. */
    bool settled = panel->spec->duplicates != OM_DUPLICATES_ERROR;
    bool wide = panel->layout == OM_LAYOUT_WIDE && panel->n_slots == 1; /* perhaps of one occasion a record */
    om_panel_fault(
        panel,
        (struct om_fault){.code = 140,
                          .severity = settled ? OM_WARNING : OM_BAD,
                          .column = panel->file[place->file].id,
                          .message = message,
                          .hint = wide ? "mend the data; or say which column tells the occasions apart "
                                         "(--occasion-column), or which record counts (--duplicates)"
                                       : "mend the data, or say which counts: --duplicates first, last or "
                                         "reject-all"},
        place->file, place);
}

om_status
om_fail_duplicates(const struct om_panel *panel, uint64_t n, struct om_error *err)
{
    bool wide = panel->layout == OM_LAYOUT_WIDE;
    om_fail(err, OM_ERR_DATA, "OM140 %llu record%s a person%s already seen", (unsigned long long)n,
            n == 1 ? " repeats" : "s repeat", wide ? "" : " and occasion");
    om_hint(err, "mend the data, or say which counts: --duplicates first, last or reject-all");
    return OM_ERR_DATA;
}

om_status
om_settle_note(struct om_settling *settling, struct om_settle_note note, struct om_error *err)
{
    if (!om_grow(&settling->note, &settling->note_capacity, settling->n_notes, sizeof *settling->note))
        return om_fail_memory(err);
    settling->note[settling->n_notes++] = note;
    return OM_OK;
}

/* --- one person ----------------------------------------------------------------------------------------- */

static int
by_ordinal(const void *a, const void *b)
{
    const struct om_sheet *x = a, *y = b;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* A second record of the same person and occasion: the policy decides. */
static om_status
take_duplicate(struct om_settling *s, struct om_sheet *old, struct om_sheet *sheet, struct om_error *err)
{
    struct om_settle_note note = {.code = 140, .ordinal = sheet->ordinal, .first = old->ordinal};
    s->duplicates++;
    s->rejected++;
    switch (s->panel->spec->duplicates) {
    case OM_DUPLICATES_LAST:
        old->code = sheet->code;
        old->by = sheet->by;
        break;
    case OM_DUPLICATES_REJECT:
        s->rejected += !old->dead;
        old->dead = true;
        break;
    case OM_DUPLICATES_ERROR:
    case OM_DUPLICATES_FIRST:
        break;
    }
    return om_settle_note(s, note, err);
}

/* Keeps one sheet an occasion, in the order of the records; returns how many are left. */
static om_status
drop_duplicates(struct om_settling *s, struct om_sheet *sheet, size_t *n, struct om_error *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        size_t k = 0;
        while (k < kept && sheet[k].occasion != sheet[i].occasion)
            k++;
        if (k < kept)
            OM_TRY(take_duplicate(s, &sheet[k], &sheet[i], err));
        else
            sheet[kept++] = sheet[i];
    }
    *n = kept;
    return OM_OK;
}

/* 0 for the first occasion compared, 1 for the last, 2 for any other. */
static int
rank_of(const struct om_settling *s, int occasion)
{
    for (int k = 0; k < 2 && (size_t)k < s->n_slots; k++)
        if (s->slot[k] == occasion)
            return k;
    return 2;
}

/* Is sheet a to be asked for the group before sheet b? The first occasion, the last, then the others by name.
 */
static bool
asked_before(const struct om_settling *s, const struct om_sheet *a, const struct om_sheet *b)
{
    int rank_a = rank_of(s, a->occasion), rank_b = rank_of(s, b->occasion);
    if (rank_a != rank_b || rank_a < 2)
        return rank_a < rank_b;
    char *const *name = s->panel->occasion.at;
    return om_natural_compare(name[a->occasion], name[b->occasion]) < 0;
}

/* The group in one --by column: that of the first occasion that gives one. */
static om_status
settle_group(struct om_settling *s, const struct om_sheet *sheet, size_t n, size_t b, uint32_t *group,
             struct om_error *err)
{
    const struct om_sheet *best = NULL, *other = NULL;
    for (size_t i = 0; i < n; i++)
        if (!sheet[i].dead && sheet[i].by[b] != 0 && (!best || asked_before(s, &sheet[i], best)))
            best = &sheet[i];
    for (size_t i = 0; i < n && best; i++)
        if (!sheet[i].dead && sheet[i].by[b] != 0 && sheet[i].by[b] != best->by[b])
            other = &sheet[i];
    *group = best ? best->by[b] : 0;
    struct om_settle_note note = {.code = 143, .column = (int)b};
    if (!other || b >= s->panel->spec->by.n) /* what is only described may change: people grow older */
        return OM_OK;
    note.ordinal = other->ordinal;
    return om_settle_note(s, note, err);
}

om_status
om_settle(struct om_settling *s, struct om_sheet *sheet, size_t n, struct om_settled *out,
          struct om_error *err)
{
    bool wide = s->panel->layout == OM_LAYOUT_WIDE, sorted = true;
    out->alive = false;
    for (size_t k = 0; k < s->n_slots; k++)
        out->code[k] = NULL;
    for (size_t i = 1; i < n; i++)
        sorted &= sheet[i - 1].ordinal < sheet[i].ordinal;
    if (!sorted)
        qsort(sheet, n, sizeof *sheet, by_ordinal);
    OM_TRY(drop_duplicates(s, sheet, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (sheet[i].dead)
            continue;
        out->alive = true;
        bool kept = false;
        for (size_t k = 0; k < s->n_slots; k++)
            if (wide || sheet[i].occasion == s->slot[k]) {
                out->code[k] = sheet[i].code;
                kept = true;
            }
        s->scored += kept;
        s->skipped += !kept;
    }
    s->persons += out->alive;
    for (size_t b = 0; b < s->panel->n_by && out->alive; b++)
        OM_TRY(settle_group(s, sheet, n, b, &out->by[b], err));
    return OM_OK;
}

/* --- all persons ---------------------------------------------------------------------------------------- */

static int
compare_notes(const void *a, const void *b)
{
    const struct om_settle_note *x = a, *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return x->code != y->code ? x->code - y->code : x->column - y->column;
}

static void
report_note(const struct om_panel *panel, const struct om_settle_note *note, const struct om_places *places)
{
    struct om_record_place place = om_places_find(places, note->ordinal);
    if (note->code == 140) {
        struct om_record_place first = om_places_find(places, note->first);
        om_report_duplicate(panel, &place, &first);
        return;
    }
    om_panel_fault(panel,
                   (struct om_fault){.code = note->code,
                                     .severity = OM_WARNING,
                                     .column = panel->file[place.file].by[note->column],
                                     .message = "the person's group is not the same at every occasion",
                                     .hint = "the group at the first occasion is used"},
                   place.file, &place);
}

/* The notes of all processes and the places of their records, to rank 0. */
static om_status
share_notes(const struct om_panel *panel, om_status status, struct om_settling *all, struct om_places *places,
            uint64_t before, struct om_error *err)
{
    const struct om_exchange *exchange = panel->spec->exchange;
    uint64_t notes;
    OM_TRY(om_share_sum(exchange, status, all->n_notes, &notes, NULL, err));
    if (notes == 0)
        return OM_OK;
    OM_TRY(om_share_places(panel, places, before, err));
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    if (!from)
        return om_exchange_agree(exchange, om_fail_memory(err), err);
    status =
        om_share_bytes_with_first(exchange, OM_OK, all->note, all->n_notes * sizeof *all->note, from, err);
    all->n_notes = 0;
    for (size_t r = 0; r < exchange->size && status == OM_OK; r++)
        for (size_t at = 0; at < from[r].length && status == OM_OK; at += sizeof(struct om_settle_note)) {
            struct om_settle_note note;
            memcpy(&note, (const char *)from[r].bytes + at, sizeof note);
            status = om_settle_note(all, note, err);
        }
    om_free(from);
    return status;
}

om_status
om_settle_report(const struct om_panel *panel, struct om_settling *settling, size_t threads,
                 const struct om_places *places, uint64_t before, struct om_persons_count *count,
                 struct om_error *err)
{
    struct om_settling all = {0};
    struct om_places everywhere = *places;
    om_status status = OM_OK;
    for (size_t t = 0; t < threads; t++) {
        count->scored += settling[t].scored;
        count->skipped += settling[t].skipped;
        count->rejected += settling[t].rejected;
        count->duplicates += settling[t].duplicates;
        count->persons += settling[t].persons;
        for (size_t i = 0; i < settling[t].n_notes && status == OM_OK; i++)
            status = om_settle_note(&all, settling[t].note[i], err);
    }
    if (panel->spec->exchange)
        status = share_notes(panel, status, &all, &everywhere, before, err);
    if (all.n_notes > 1)
        qsort(all.note, all.n_notes, sizeof *all.note, compare_notes);
    for (size_t i = 0; i < all.n_notes && status == OM_OK; i++)
        report_note(panel, &all.note[i], &everywhere);
    if (everywhere.stretch != places->stretch)
        om_places_release(&everywhere);
    om_free(all.note);
    return status;
}
