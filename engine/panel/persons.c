#include "panel/persons.h"
#include "panel/settle.h"
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
om_persons_where(const struct om_panel *panel, const int *slot, size_t n_slots, uint32_t ***where,
                 struct om_error *err)
{
    size_t n = panel->n_items;
    *where = om_calloc(panel->n_files, sizeof **where);
    if (!*where)
        return om_fail_memory(err);
    for (size_t f = 0; f < panel->n_files; f++) {
        uint32_t *at = (*where)[f] = om_alloc(n_slots * n, sizeof *at);
        if (!at)
            return om_fail_memory(err);
        for (size_t k = 0; k < n_slots; k++)
            for (size_t i = 0; i < n; i++)
                at[k * n + i] =
                    slot[k] == OM_NONE ? OM_NOWHERE : panel->file[f].form.where[(size_t)slot[k] * n + i];
    }
    return OM_OK;
}

void
om_persons_where_release(const struct om_panel *panel, uint32_t **where)
{
    for (size_t f = 0; where && f < panel->n_files; f++)
        om_free(where[f]);
    om_free(where);
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
    if (wide && (!ids || hopeful || policy == OM_DUPLICATES_ERROR))
        OM_TRY(om_persons_wide(&persons, ids, ids && !hopeful, err));
    else if (!wide && hopeful && ids && panel->n_files == 1)
        OM_TRY(om_persons_runs(&persons, err));
    else
        OM_TRY(om_persons_gather(&persons, err));
    if (!count->read_again && count->duplicates && policy == OM_DUPLICATES_ERROR)
        return om_fail_duplicates(panel, count->duplicates, err);
    return OM_OK;
}
