/* From what checks saw to findings. */
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

void
om_exam_skip(struct om_exam *exam, int code, const char *reason)
{
    enum om_severity severity = OM_WARNING;
    if (om_spec_severity(exam->panel->spec, code, &severity)) /* what is switched off needs no excuse */
        exam->skip(exam->skip_context, code, reason);
}

bool
om_exam_is_error(const struct om_exam *exam, int code)
{
    enum om_severity severity = OM_WARNING;
    return om_spec_severity(exam->panel->spec, code, &severity) && severity >= OM_BAD;
}

/* --- records -------------------------------------------------------------------------------------------- */

/* They come nearly in order: each is put where it belongs from behind. */
static om_status
put(struct om_hits *hits, uint64_t ordinal, struct om_error *err)
{
    size_t at = hits->n;
    if (!hits->every && hits->n == OM_FINDINGS_KEPT) {
        if (ordinal > hits->ordinal[hits->n - 1])
            return OM_OK;
        hits->n--;
        at--;
    }
    if (!om_grow(&hits->ordinal, &hits->capacity, hits->n, sizeof *hits->ordinal))
        return om_fail_memory(err);
    for (; at > 0 && hits->ordinal[at - 1] > ordinal; at--)
        hits->ordinal[at] = hits->ordinal[at - 1];
    hits->ordinal[at] = ordinal;
    hits->n++;
    return OM_OK;
}

om_status
om_hits_add(struct om_hits *hits, uint64_t ordinal, struct om_error *err)
{
    hits->count++;
    return put(hits, ordinal, err);
}

om_status
om_hits_join(struct om_hits *to, const struct om_hits *from, struct om_error *err)
{
    struct om_hits both = {.every = to->every, .count = to->count + from->count};
    size_t a = 0, b = 0;
    while ((a < to->n || b < from->n) && (both.every || both.n < OM_FINDINGS_KEPT)) {
        bool first = b == from->n || (a < to->n && to->ordinal[a] < from->ordinal[b]);
        if (!om_grow(&both.ordinal, &both.capacity, both.n, sizeof *both.ordinal)) {
            om_hits_release(&both);
            return om_fail_memory(err);
        }
        both.ordinal[both.n++] = first ? to->ordinal[a++] : from->ordinal[b++];
    }
    om_hits_release(to);
    *to = both;
    return OM_OK;
}

void
om_hits_release(struct om_hits *hits)
{
    om_free(hits->ordinal);
    *hits = (struct om_hits){.every = hits->every};
}

/* --- places --------------------------------------------------------------------------------------------- */

size_t
om_exam_slot(const struct om_exam *exam, int occasion)
{
    return exam->panel->layout == OM_LAYOUT_WIDE ? (size_t)occasion : 0;
}

bool
om_exam_item(const struct om_exam *exam, int occasion, size_t instrument, size_t item,
             struct om_exam_column *out)
{
    const struct om_panel *panel = exam->panel;
    const size_t target =
        om_exam_slot(exam, occasion) * panel->n_items + panel->instrument[instrument].item[item];
    for (size_t f = 0; f < panel->n_files; f++) {
        const struct om_panel_file *file = &panel->file[f];
        if (file->fixed_occasion != OM_NONE && occasion != OM_NONE && file->fixed_occasion != occasion)
            continue;
        for (size_t k = 0; k < file->n_cells; k++)
            if (file->cell[k].target == target) {
                *out = (struct om_exam_column){f, (int)file->cell[k].column};
                return true;
            }
    }
    return false;
}

const char *
om_exam_name(const struct om_exam *exam, int occasion, size_t instrument, char text[128])
{
    const struct om_panel *panel = exam->panel;
    const char *name = panel->instrument[instrument].instrument->name, *at = panel->occasion.at[occasion];
    snprintf(text, 128, *at ? "%.60s at %.40s" : "%.60s", name, at);
    return text;
}

/* --- findings ------------------------------------------------------------------------------------------- */

void
om_exam_report(const struct om_exam *exam, int code, enum om_severity severity, struct om_exam_column at,
               const char *message, const char *hint)
{
    const struct om_record_place header = {.file = at.file, .line = 1, .number = 1}; /* names the column */
    om_panel_fault(
        exam->panel,
        (struct om_fault){
            .code = code, .severity = severity, .column = at.column, .message = message, .hint = hint},
        at.file, at.column == OM_NONE ? NULL : &header);
}

void
om_exam_report_hits(const struct om_exam *exam, int code, struct om_exam_column at,
                    const struct om_hits *hits, const char *message, const char *hint)
{
    const struct om_fault fault = {
        .code = code, .severity = OM_WARNING, .column = at.column, .message = message, .hint = hint};
    for (uint64_t i = 0; i < hits->count; i++) { /* those behind the ones kept are only counted */
        struct om_record_place place =
            om_places_find(&exam->places, hits->ordinal[i < hits->n ? i : hits->n - 1]);
        om_panel_fault(exam->panel, fault, place.file, &place);
    }
}
