#include "panel/persons.h"
#include "panel/gather.h"
#include "panel/ids.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

struct stream {
    struct om_panel *panel;
    om_person_fn *consume;
    void *context;
    struct om_persons_count *count;
    const uint8_t **code; /* columns of the two occasions compared */
    struct om_ids ids;
};

/* Points at the code columns of the block for the two occasions; an occasion that is not there has none. */
static void
point_at_columns(struct stream *s)
{
    const struct om_panel *panel = s->panel;
    int slot[2] = {s->count->first, s->count->last};
    for (size_t which = 0; which < 2; which++)
        for (size_t i = 0; i < panel->n_items; i++)
            s->code[which * panel->n_items + i] =
                slot[which] == OM_NONE
                    ? NULL
                    : panel->block->code + ((size_t)slot[which] * panel->n_items + i) * OM_BLOCK;
}

/* Rejects a record whose person was seen before. */
static om_status
check_duplicate(struct stream *s, const struct om_record_block *block, struct om_record_row *row,
                struct om_error *err)
{
    enum om_id_answer answer;
    struct om_record_place place = {0};
    OM_TRY(om_ids_check(&s->ids, row, block->file, &answer, &place, err));
    if (answer == OM_ID_LOST)
        s->count->read_again = true;
    if (answer != OM_ID_SEEN)
        return OM_OK;
    om_report_duplicate(s->panel, block->file, row, &place);
    s->count->duplicates++;
    row->rejected = true;
    return OM_OK;
}

/* Closes the gaps that rejected records leave in every column. */
static size_t
compact(struct om_panel *panel, struct om_record_block *block)
{
    size_t keep[OM_BLOCK], n = 0;
    for (size_t r = 0; r < block->n; r++)
        if (!block->row[r].rejected)
            keep[n++] = r;
    if (n == block->n)
        return n;
    for (size_t b = 0; b < panel->spec->by.n; b++)
        for (size_t i = 0; i < n; i++)
            block->by[b * OM_BLOCK + i] = block->by[b * OM_BLOCK + keep[i]];
    for (size_t c = 0; c < panel->n_slots * panel->n_items; c++)
        for (size_t i = 0; i < n; i++)
            block->code[c * OM_BLOCK + i] = block->code[c * OM_BLOCK + keep[i]];
    return n;
}

static om_status
stream_block(struct stream *s, struct om_error *err)
{
    struct om_record_block *block = s->panel->block;
    if (s->panel->file[block->file].id != OM_NONE)
        for (size_t r = 0; r < block->n; r++)
            if (!block->row[r].rejected)
                OM_TRY(check_duplicate(s, block, &block->row[r], err));
    struct om_person_block persons = {.n = compact(s->panel, block), .by = block->by, .code = s->code};
    s->count->read += block->n;
    s->count->scored += persons.n;
    s->count->rejected += block->n - persons.n;
    s->count->persons += persons.n;
    return persons.n ? s->consume(s->context, &persons, err) : OM_OK;
}

static om_status
stream_wide(struct stream *s, om_panel_progress_fn *progress, void *progress_context, struct om_error *err)
{
    s->code = om_calloc(2 * s->panel->n_items, sizeof *s->code);
    if (!s->code)
        return om_fail_memory(err);
    point_at_columns(s);
    const struct om_record_block *block;
    om_status status;
    while ((status = om_panel_next(s->panel, &block, err)) == OM_OK && block->n > 0 &&
           !s->count->read_again) {
        status = stream_block(s, err);
        if (status != OM_OK)
            break;
        if (progress)
            progress(progress_context, om_panel_bytes_read(s->panel), om_panel_bytes_total(s->panel));
    }
    om_free(s->code);
    om_ids_release(&s->ids);
    return status;
}

/* Can duplicates be told at all? Only where every record has an id. */
static bool
has_ids(const struct om_panel *panel)
{
    for (size_t i = 0; i < panel->n_files; i++)
        if (panel->file[i].id == OM_NONE)
            return false;
    return true;
}

/* Is every input a file that can be opened again? */
static bool
is_repeatable(const struct om_panel *panel)
{
    for (size_t i = 0; i < panel->n_files; i++)
        if (om_csv_bytes_total(panel->file[i].reader) == 0 || strcmp(panel->file[i].path, "-") == 0)
            return false;
    return true;
}

om_status
om_persons_read(struct om_panel *panel, bool again, om_person_fn *consume, void *context,
                om_panel_progress_fn *progress, void *progress_context, struct om_persons_count *count,
                struct om_error *err)
{
    enum om_duplicates policy = panel->spec->duplicates;
    *count = (struct om_persons_count){.last = OM_NONE};
    /* A wide panel can be streamed unless a later record may take an earlier one away. */
    bool later_counts = policy == OM_DUPLICATES_LAST || policy == OM_DUPLICATES_REJECT;
    if (panel->layout == OM_LAYOUT_LONG || (later_counts && has_ids(panel))) {
        OM_TRY(om_gather(panel, consume, context, progress, progress_context, count, err));
    } else {
        OM_TRY(om_panel_compared(panel, &count->first, &count->last, err));
        struct stream s = {.panel = panel,
                           .consume = consume,
                           .context = context,
                           .count = count,
                           .ids = {.may_forget = !again && is_repeatable(panel)}};
        OM_TRY(stream_wide(&s, progress, progress_context, err));
    }
    if (!count->read_again && count->duplicates && policy == OM_DUPLICATES_ERROR)
        return om_fail_duplicates(panel, count->duplicates, err);
    return OM_OK;
}
