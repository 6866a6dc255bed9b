#include "panel/persons.h"
#include "panel/settle.h"
#include "panel/shared.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

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
om_persons_slots(const struct om_panel *panel, struct om_persons_count *count, struct om_error *err)
{
    OM_TRY(om_panel_compared(panel, &count->first, &count->last, err));
    count->n_slots = 0;
    count->slot[count->n_slots++] = count->first;
    if (count->last == OM_NONE)
        return OM_OK;
    count->slot[count->n_slots++] = count->last;
    if (!panel->spec->every_occasion)
        return OM_OK;
    int order[OM_OCCASIONS_MAX];
    size_t n = 0;
    OM_TRY(om_panel_order_occasions(panel, order, &n, err));
    for (size_t k = 1; k + 1 < n; k++) /* those between the first and the last */
        count->slot[count->n_slots++] = order[k];
    return OM_OK;
}

/* The entries of `from`, which has n a slot, for the slots given. */
static uint32_t *
pick_slots(const uint32_t *from, size_t n, const int *slot, size_t n_slots)
{
    uint32_t *at = om_alloc(n_slots * n + 1, sizeof *at);
    for (size_t k = 0; at && k < n_slots; k++)
        if (n)
            memcpy(at + k * n, from + (size_t)slot[k] * n, n * sizeof *at);
    return at;
}

om_status
om_persons_where(const struct om_panel *panel, const int *slot, size_t n_slots,
                 struct om_persons_where *where, struct om_error *err)
{
    where->item = om_calloc(panel->n_files, sizeof *where->item);
    where->total = om_calloc(panel->n_files, sizeof *where->total);
    if (!where->item || !where->total)
        return om_fail_memory(err);
    for (size_t f = 0; f < panel->n_files; f++) {
        const struct om_form *form = &panel->file[f].form;
        where->item[f] = pick_slots(form->where, panel->n_items, slot, n_slots);
        where->total[f] = pick_slots(form->total_where, panel->n_totals, slot, n_slots);
        if (!where->item[f] || !where->total[f])
            return om_fail_memory(err);
    }
    return OM_OK;
}

void
om_persons_where_release(const struct om_panel *panel, struct om_persons_where *where)
{
    for (size_t f = 0; f < panel->n_files; f++) {
        if (where->item)
            om_free(where->item[f]);
        if (where->total)
            om_free(where->total[f]);
    }
    om_free(where->item);
    om_free(where->total);
    *where = (struct om_persons_where){0};
}

om_status
om_persons_read(struct om_panel *panel, bool again, om_person_fn *consume, void *context,
                om_panel_progress_fn *progress, void *progress_context, struct om_persons_count *count,
                struct om_error *err)
{
    struct om_persons persons = {.panel = panel,
                                 .threads = om_flow_threads(panel),
                                 .consume = consume,
                                 .context = context,
                                 .user = {.progress = progress, .progress_context = progress_context},
                                 .count = count};
    enum om_duplicates policy = panel->spec->duplicates;
    bool wide = panel->layout == OM_LAYOUT_WIDE, ids = om_panel_has_ids(panel);
    bool hopeful = !again && is_repeatable(panel); /* as if the ids ascended; if not, once more */
    *count = (struct om_persons_count){.last = OM_NONE};
    const struct om_exchange *exchange = panel->spec->exchange;
    uint64_t duplicates;
    om_status status;
    if (wide && (!ids || hopeful || policy == OM_DUPLICATES_ERROR))
        status = om_persons_wide(&persons, ids, ids && !hopeful, err);
    else if (!wide && hopeful && ids && panel->n_files == 1 && !panel->spec->every_occasion && !exchange)
        status = om_persons_runs(&persons, err);
    else
        status = om_persons_gather(&persons, err);
    OM_TRY(om_share_sum(exchange, status, count->duplicates, &duplicates, NULL, err));
    if (!count->read_again && duplicates && policy == OM_DUPLICATES_ERROR)
        return om_fail_duplicates(panel, duplicates, err);
    return OM_OK;
}
