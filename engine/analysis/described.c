/* Columns about the persons that are counted in each group: sex, age, profession. */
#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static size_t
columns(const struct om_run *run)
{
    return run->study->panel.described.n;
}

/* Room for the counts of n values. */
static om_status
reserve(struct om_value_counts *counts, size_t n, struct om_error *err)
{
    if (n <= counts->n)
        return OM_OK;
    size_t larger = counts->n ? 2 * counts->n : 8;
    while (larger < n)
        larger *= 2;
    uint64_t *count = om_realloc(counts->count, larger, sizeof *count);
    if (!count)
        return om_fail_memory(err);
    memset(count + counts->n, 0, (larger - counts->n) * sizeof *count);
    *counts = (struct om_value_counts){count, larger};
    return OM_OK;
}

static om_status
make_columns(const struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    if (!group->described)
        group->described = om_calloc(columns(run) + 1, sizeof *group->described);
    return group->described ? OM_OK : om_fail_memory(err);
}

om_status
om_run_add_described(const struct om_run *run, struct om_run_group *group, size_t column, uint32_t value,
                     uint64_t count, struct om_error *err)
{
    OM_TRY(make_columns(run, group, err));
    OM_TRY(reserve(&group->described[column], (size_t)value + 1, err));
    group->described[column].count[value] += count;
    return OM_OK;
}

om_status
om_run_count_described(const struct om_run *run, struct om_run_group *group,
                       const struct om_person_block *block, size_t i, struct om_error *err)
{
    size_t n_by = run->study->panel.by.n;
    OM_TRY(make_columns(run, group, err));
    for (size_t d = 0; d < columns(run); d++) {
        uint32_t value = block->by[(n_by + d) * block->by_step + i];
        OM_TRY(reserve(&group->described[d], (size_t)value + 1, err));
        group->described[d].count[value]++;
    }
    return OM_OK;
}

om_status
om_run_merge_described(const struct om_run *run, struct om_run_group *into, const struct om_run_group *from,
                       struct om_error *err)
{
    OM_TRY(make_columns(run, into, err));
    for (size_t d = 0; from->described && d < columns(run); d++) {
        OM_TRY(reserve(&into->described[d], from->described[d].n, err));
        for (size_t v = 0; v < from->described[d].n; v++)
            into->described[d].count[v] += from->described[d].count[v];
    }
    return OM_OK;
}

void
om_run_release_described(const struct om_run *run, struct om_run_group *group)
{
    for (size_t d = 0; group->described && d < columns(run); d++)
        om_free(group->described[d].count);
    om_free(group->described);
}
