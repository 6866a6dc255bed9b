#include "panel/settle.h"
#include "panel/shard.h"
#include "panel/shared.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
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

/* --- notes and counts ----------------------------------------------------------------------------------- */

om_status
om_settling_new(const struct om_panel *panel, size_t threads, struct om_settling **out, struct om_error *err)
{
    struct om_settling *settling = om_calloc(threads, sizeof *settling);
    struct om_notes *notes = NULL;
    om_status status = settling ? om_notes_new(panel->spec, threads, &notes, err) : om_fail_memory(err);
    if (status != OM_OK || !settling) {
        om_free(settling);
        return status;
    }
    for (size_t t = 0; t < threads; t++)
        settling[t] = (struct om_settling){.panel = panel, .notes = notes, .thread = t};
    *out = settling;
    return OM_OK;
}

void
om_settling_free(struct om_settling *settling)
{
    if (!settling)
        return;
    om_notes_free(settling->notes);
    om_free(settling);
}

static om_status
add_note(const struct om_settling *s, struct om_note note, struct om_error *err)
{
    return om_notes_add(s->notes, s->thread, note, err);
}

/* --- one person ----------------------------------------------------------------------------------------- */

/* A second record of the same person and occasion: the policy decides. */
static om_status
take_duplicate(struct om_settling *s, struct om_sheet *old, const struct om_sheet *sheet,
               struct om_error *err)
{
    struct om_note note = {.code = 140, .ordinal = sheet->ordinal, .first = old->ordinal};
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
    return add_note(s, note, err);
}

om_status
om_settle_add(struct om_settling *s, struct om_sheet *sheet, size_t *n, const struct om_sheet *one,
              size_t *at, struct om_error *err)
{
    size_t k = 0;
    while (k < *n && sheet[k].occasion != one->occasion)
        k++;
    if (k == *n) {
        sheet[(*n)++] = *one;
        *at = k;
        return OM_OK;
    }
    *at = s->panel->spec->duplicates == OM_DUPLICATES_LAST ? k : OM_SHEET_NONE;
    return take_duplicate(s, &sheet[k], one, err);
}

om_status
om_settle_between(struct om_settling *s, const struct om_sheet *sheet, size_t n, bool *drop,
                  struct om_error *err)
{
    struct {
        size_t first, last;
    } of[OM_SHEETS_MAX];
    size_t n_of = 0;
    memset(drop, 0, n * sizeof *drop);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < n_of && sheet[of[k].first].occasion != sheet[i].occasion)
            k++;
        if (k == n_of) {
            of[n_of].first = of[n_of].last = i;
            n_of++;
            continue;
        }
        const size_t between = of[k].last;
        of[k].last = i;
        if (between == of[k].first)
            continue;
        drop[between] = true;
        s->duplicates++;
        s->rejected++;
        const struct om_note note = {
            .code = 140, .ordinal = sheet[between].ordinal, .first = sheet[of[k].first].ordinal};
        OM_TRY(add_note(s, note, err));
    }
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
    struct om_note note = {.code = 143, .column = (int)b};
    if (!other || b >= s->panel->spec->by.n) /* what is only described may change: people grow older */
        return OM_OK;
    note.ordinal = other->ordinal;
    return add_note(s, note, err);
}

om_status
om_settle(struct om_settling *s, const struct om_sheet *sheet, size_t n, struct om_settled *out,
          struct om_error *err)
{
    bool wide = s->panel->layout == OM_LAYOUT_WIDE;
    out->alive = false;
    for (size_t k = 0; k < s->n_slots; k++)
        out->code[k] = NULL;
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

static void
report_note(const struct om_panel *panel, const struct om_note *note, const struct om_places *places)
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

/* Notes, and where the records they are about stand. */
struct report {
    const struct om_panel *panel;
    const struct om_places *places;
    struct om_note *note; /* of all processes */
    size_t n, capacity;
};

static om_status
report_one(void *context, const struct om_note *note, struct om_error *err)
{
    const struct report *report = context;
    (void)err;
    report_note(report->panel, note, report->places);
    return OM_OK;
}

static om_status
keep_one(void *context, const struct om_note *note, struct om_error *err)
{
    struct report *report = context;
    if (!om_grow(&report->note, &report->capacity, report->n, sizeof *report->note))
        return om_fail_memory(err);
    report->note[report->n++] = *note;
    return OM_OK;
}

/* The notes of all processes, to rank 0. */
static om_status
share_notes(struct report *report, struct om_error *err)
{
    const struct om_exchange *exchange = report->panel->spec->exchange;
    struct om_parcel *from = om_calloc(exchange->size, sizeof *from);
    if (!from)
        return om_exchange_agree(exchange, om_fail_memory(err), err);
    om_status status =
        om_share_bytes_with_first(exchange, OM_OK, report->note, report->n * sizeof *report->note, from, err);
    report->n = 0;
    for (size_t r = 0; r < exchange->size && status == OM_OK; r++)
        for (size_t at = 0; at < from[r].length && status == OM_OK; at += sizeof(struct om_note)) {
            struct om_note note;
            memcpy(&note, (const char *)from[r].bytes + at, sizeof note);
            status = keep_one(report, &note, err);
        }
    om_free(from);
    return status;
}

/* The notes of all processes and the places of their records go to rank 0, which reports them. */
static om_status
report_shared(struct report *report, struct om_notes *notes, uint64_t before, struct om_error *err)
{
    struct om_places everywhere = *report->places; /* those of this process, then of all */
    uint64_t all;
    om_status status = om_notes_each(notes, keep_one, report, err);
    status = om_share_sum(report->panel->spec->exchange, status, report->n, &all, NULL, err);
    if (status != OM_OK || all == 0)
        return status;
    status = om_share_places(report->panel, &everywhere, before, err);
    if (status == OM_OK)
        status = share_notes(report, err);
    if (status == OM_OK)
        om_notes_sort(report->note, report->n);
    for (size_t i = 0; i < report->n && status == OM_OK; i++)
        report_note(report->panel, &report->note[i], &everywhere);
    om_places_release(&everywhere);
    return status;
}

om_status
om_settle_report(const struct om_panel *panel, struct om_settling *settling, size_t threads,
                 const struct om_places *places, uint64_t before, struct om_persons_count *count,
                 struct om_error *err)
{
    struct report report = {.panel = panel, .places = places};
    for (size_t t = 0; t < threads; t++) {
        count->scored += settling[t].scored;
        count->skipped += settling[t].skipped;
        count->rejected += settling[t].rejected;
        count->duplicates += settling[t].duplicates;
        count->persons += settling[t].persons;
    }
    const om_status status = panel->spec->exchange ? report_shared(&report, settling->notes, before, err)
                                                   : om_notes_each(settling->notes, report_one, &report, err);
    om_free(report.note);
    return status;
}
