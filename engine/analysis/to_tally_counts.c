/* The counts of a run, as lists of cells in the order of a tally. */
#include "analysis/to_tally.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/joint.h>
#include <stdlib.h>
#include <string.h>

static int
compare_codes(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int
compare_cells(const void *a, const void *b)
{
    const struct om_tally_cell *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* Makes a list of n cells at most, of which those with a count are kept. */
static om_status
put_cells(struct om_tally_cells *out, const struct om_tally_cell *cell, size_t n, struct om_error *err)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        used += cell[i].count > 0;
    if (used == 0)
        return OM_OK;
    out->at = om_alloc(used, sizeof *out->at);
    if (!out->at)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        if (cell[i].count)
            out->at[out->n++] = cell[i];
    qsort(out->at, out->n, sizeof *out->at, compare_cells);
    return OM_OK;
}

/* A table of the run; to_tally says what its levels are in the tally. */
static om_status
put_table(const struct om_crosstab *table, const uint32_t *to_tally, struct om_tally_cells *out,
          struct om_error *err)
{
    struct om_cell *from = NULL;
    size_t n = 0;
    OM_TRY(om_crosstab_cells(table, &from, &n, err));
    struct om_tally_cell *cell = om_alloc(n + 1, sizeof *cell);
    for (size_t i = 0; cell && i < n; i++)
        cell[i] = (struct om_tally_cell){to_tally[from[i].first], to_tally[from[i].last], from[i].count};
    om_status status = cell ? put_cells(out, cell, n, err) : om_fail_memory(err);
    om_free(cell);
    om_free(from);
    return status;
}

/* Scores: none is 0, levels follow. Safety: no form is 0, no usable answer 1, levels follow. n: numbers. */
static uint32_t *
level_map(const struct om_to_tally *c, size_t s, size_t before)
{
    const struct om_scorer *scorer = c->run->scale[c->scale[s]].scorer;
    const struct om_tally_scale *scale = &c->tally->scale[s];
    const size_t n = scorer->n_levels;
    uint32_t *map = om_alloc(n + 2, sizeof *map);
    for (size_t l = 0; map && l < n; l++) {
        size_t place = l;
        if (scale->is_total) {
            int64_t code = om_to_tally_total(scorer, l);
            const int64_t *at = bsearch(&code, scale->value, scale->n_values, sizeof code, compare_codes);
            place = (size_t)(at - scale->value);
        }
        map[l] = (uint32_t)(place + before);
    }
    if (map) {
        map[n] = (uint32_t)before - 1;
        map[n + 1] = 0;
    }
    return map;
}

static om_status
put_tables(const struct om_to_tally *c, size_t s, struct om_error *err)
{
    uint32_t *scores = level_map(c, s, 1), *states = level_map(c, s, 2);
    om_status status = scores && states ? OM_OK : om_fail_memory(err);
    const bool safety = c->run->scale[c->scale[s]].safety && !c->tally->scale[s].is_total;
    for (size_t g = 0; g < c->tally->n_groups && status == OM_OK; g++) {
        const struct om_run_group *group = &c->run->group[c->group[g]];
        status =
            put_table(&group->table[c->scale[s]], scores, om_tally_at(c->tally, OM_TALLY_SCORES, g, s), err);
        if (status == OM_OK && safety)
            status = put_table(&group->safety[c->scale[s]], states,
                               om_tally_at(c->tally, OM_TALLY_SAFETY, g, s), err);
    }
    om_free(scores);
    om_free(states);
    return status;
}

/* Products, sums and forms as one triangle: the forms are an item more that is 1 on each of them. */
static om_status
put_sums(const struct om_item_sums *sums, struct om_tally_cells *out, struct om_error *err)
{
    struct om_tally_cell cell[(OM_SUMS_ITEMS_MAX + 1) * (OM_SUMS_ITEMS_MAX + 2) / 2];
    size_t n = 0, k = sums->k;
    if (sums->n == 0)
        return OM_OK;
    for (uint32_t i = 0; i < k; i++)
        for (uint32_t j = 0; j <= i; j++, n++)
            cell[n] = (struct om_tally_cell){i, j, (uint64_t)sums->product[n]};
    for (uint32_t i = 0; i < k; i++)
        cell[n++] = (struct om_tally_cell){(uint32_t)k, i, (uint64_t)sums->sum[i]};
    cell[n++] = (struct om_tally_cell){(uint32_t)k, (uint32_t)k, sums->n};
    return put_cells(out, cell, n, err);
}

/* Of subject i: forms without each item, and forms. */
static om_status
put_items(const struct om_to_tally *c, const struct om_run_group *group, size_t i, struct om_tally_cells *out,
          struct om_error *err)
{
    const struct om_run_scale *scale = &c->run->scale[c->scale[i / 2]];
    struct om_tally_cell cell[OM_ITEMS_MAX + 1];
    if (!scale->counts_items)
        return OM_OK;
    const uint64_t *items = group->items + om_run_items(scale, i % 2);
    const uint32_t k = (uint32_t)scale->info.instrument->n_items;
    for (uint32_t j = 0; j <= k; j++)
        cell[j] = (struct om_tally_cell){j, 0, items[j]};
    return put_cells(out, cell, k + 1, err);
}

static om_status
put_described(const struct om_to_tally *c, const struct om_run_group *group, size_t g, size_t d,
              struct om_error *err)
{
    const struct om_value_counts *counts = group->described ? &group->described[c->described[d]] : NULL;
    size_t n = counts ? counts->n : 0;
    struct om_tally_cell *cell = om_alloc(n + 1, sizeof *cell);
    if (!cell)
        return om_fail_memory(err);
    for (size_t v = 0; v < n; v++) {
        uint32_t number = counts->count[v] ? c->described_value[d][v] : 0;
        cell[v] = (struct om_tally_cell){number, 0, counts->count[v]};
    }
    om_status status = put_cells(om_tally_at(c->tally, OM_TALLY_DESCRIBED, g, d), cell, n, err);
    om_free(cell);
    return status;
}

static om_status
put_group(const struct om_to_tally *c, size_t g, struct om_error *err)
{
    const struct om_run_group *group = &c->run->group[c->group[g]];
    struct om_tally *tally = c->tally;
    const struct om_tally_cell persons[] = {{OM_TALLY_ALL, 0, group->persons},
                                            {OM_TALLY_ALONE, 0, group->without_partner}};
    OM_TRY(put_cells(om_tally_at(tally, OM_TALLY_PERSONS, g, 0), persons, 2, err));
    for (size_t d = 0; d < tally->described.n; d++)
        OM_TRY(put_described(c, group, g, d, err));
    for (size_t i = 0; i < 2 * tally->n_scales; i++)
        if (c->run->scale[c->scale[i / 2]].has_alpha)
            OM_TRY(put_sums(&group->sums[2 * c->scale[i / 2] + i % 2],
                            om_tally_at(tally, OM_TALLY_SUMS, g, i), err));
    for (size_t i = 0; i < 2 * tally->n_scales; i++)
        OM_TRY(put_items(c, group, i, om_tally_at(tally, OM_TALLY_ITEMS, g, i), err));
    struct om_tally_cell state[OM_JOINT_STATES];
    for (uint32_t i = 0; i < OM_JOINT_STATES && tally->has[OM_TALLY_JOINT]; i++)
        state[i] = (struct om_tally_cell){i, 0, group->joint[i]};
    return tally->has[OM_TALLY_JOINT]
               ? put_cells(om_tally_at(tally, OM_TALLY_JOINT, g, 0), state, OM_JOINT_STATES, err)
               : OM_OK;
}

static om_status
put_findings(const struct om_to_tally *c, struct om_error *err)
{
    const struct om_findings *findings = c->counted->findings;
    struct om_tally *tally = c->tally;
    struct om_tally_cell *cell = om_calloc(tally->n_findings + 1, sizeof *cell);
    if (!cell)
        return om_fail_memory(err);
    for (size_t i = 0; i < om_findings_groups(findings); i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        for (uint32_t k = 0; k < tally->n_findings; k++) {
            const struct om_tally_finding *one = &tally->finding[k];
            if (one->severity == group->first[0].severity && one->code == (uint32_t)group->first[0].code &&
                strcmp(one->column, group->first[0].column) == 0)
                cell[k] = (struct om_tally_cell){k, 0, cell[k].count + group->count};
        }
    }
    om_status status = put_cells(om_tally_at(tally, OM_TALLY_FINDINGS, 0, 0), cell, tally->n_findings, err);
    om_free(cell);
    return status;
}

om_status
om_to_tally_counts(const struct om_to_tally *c, struct om_error *err)
{
    const struct om_persons_count *count = &c->run->count;
    const struct om_tally_cell records[] = {{OM_TALLY_READ, 0, count->read},
                                            {OM_TALLY_SCORED, 0, count->scored},
                                            {OM_TALLY_REJECTED, 0, count->rejected},
                                            {OM_TALLY_SKIPPED, 0, count->skipped},
                                            {OM_TALLY_TWICE, 0, count->duplicates}};
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++)
        c->tally->has[kind] = kind != OM_TALLY_JOINT || c->run->has_joint;
    OM_TRY(om_tally_make_lists(c->tally, err));
    OM_TRY(put_cells(om_tally_at(c->tally, OM_TALLY_RECORDS, 0, 0), records, 5, err));
    OM_TRY(put_findings(c, err));
    for (size_t s = 0; s < c->tally->n_scales; s++)
        OM_TRY(put_tables(c, s, err));
    for (size_t g = 0; g < c->tally->n_groups; g++)
        OM_TRY(put_group(c, g, err));
    return OM_OK;
}
