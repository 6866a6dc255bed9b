/* Scales that arrive as totals: their levels are the values that turn up, known when all persons have been
 * counted. Until then every share numbers them as it sees them. */
#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/total.h"

om_status
om_run_total_number(const struct om_run *run, struct om_run_share *share, size_t index, uint64_t total,
                    uint16_t *level, struct om_error *err)
{
    const struct om_run_scale *scale = &run->scale[index];
    uint32_t number = om_dictionary_add(&share->total[index], (const char *)&total, sizeof total, NULL);
    if (number == OM_DICTIONARY_FULL)
        return om_fail_memory(err);
    if (number >= OM_LEVELS_MAX) {
        om_fail(err, OM_ERR_PANEL, "%s has more than %d different totals", scale->info.instrument->name,
                OM_LEVELS_MAX);
        om_hint(err, "round them, or check that the column holds scores");
        return OM_ERR_PANEL;
    }
    *level = (uint16_t)number;
    return OM_OK;
}

om_status
om_run_total_levels(const struct om_run *run, struct om_run_share *share, size_t scale, size_t slot,
                    const uint8_t *code, size_t n, uint16_t *level, uint8_t *present, struct om_error *err)
{
    const struct om_run_scale *at = &run->scale[scale];
    uint32_t where =
        slot < share->n_slots ? share->total_at[slot * run->panel->n_totals + at->panel->total] : OM_NOWHERE;
    for (size_t r = 0; r < n; r++) {
        uint64_t total = where == OM_NOWHERE ? om_total_none(OM_CODE_BLANK)
                                             : om_total_at(code + r * share->turn.stride + where);
        present[r] = total != om_total_none(OM_CODE_BLANK);
        level[r] = OM_LEVELS_MAX;
        if (om_total_is_number(total))
            OM_TRY(om_run_total_number(run, share, scale, total, &level[r], err));
    }
    return OM_OK;
}

/* --- when all have been seen --------------------------------------------------------------------------- */

static uint64_t
total_of(const struct om_dictionary *seen, uint32_t number)
{
    return om_total_at((const uint8_t *)om_dictionary_text(seen, number));
}

static om_status
make_scorer(struct om_run *run, size_t scale, struct om_error *err)
{
    struct om_run_scale *at = &run->scale[scale];
    size_t n = 0;
    for (size_t t = 0; t < run->n_shares; t++)
        n += run->share[t].total[scale].n;
    struct om_fraction *value = om_alloc(n + 1, sizeof *value);
    if (!value)
        return om_fail_memory(err);
    n = 0;
    for (size_t t = 0; t < run->n_shares; t++)
        for (uint32_t i = 0; i < run->share[t].total[scale].n; i++)
            value[n++] = om_total_value(total_of(&run->share[t].total[scale], i));
    const struct om_fraction *cutoff = at->info.cutoff_at.den ? &at->info.cutoff_at : NULL;
    om_status status = om_scorer_of_totals(at->info.instrument, cutoff, value, n, &at->scorer, err);
    om_free(value);
    return status;
}

/* The share's numbers to levels; the last entry is "none". */
static uint16_t *
make_map(const struct om_scorer *scorer, const struct om_dictionary *seen)
{
    uint16_t *level = om_alloc(OM_LEVELS_MAX + 1, sizeof *level);
    for (uint32_t i = 0; level && i < seen->n; i++)
        level[i] = (uint16_t)om_scorer_find(scorer, om_total_value(total_of(seen, i)));
    if (level)
        level[OM_LEVELS_MAX] = (uint16_t)scorer->n_levels;
    return level;
}

static om_status
settle_table(struct om_crosstab *table, const uint16_t *level, size_t n_levels, struct om_error *err)
{
    struct om_crosstab settled;
    struct om_cell *cells = NULL;
    size_t n = 0;
    om_crosstab_init(&settled, n_levels);
    OM_TRY(om_crosstab_cells(table, &cells, &n, err));
    om_status status = OM_OK;
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = om_crosstab_add(&settled, level[cells[i].first], level[cells[i].last], cells[i].count, err);
    om_free(cells);
    om_crosstab_release(table);
    *table = settled;
    return status;
}

static om_status
settle_share(const struct om_run *run, struct om_run_share *share, size_t scale, struct om_error *err)
{
    const struct om_scorer *scorer = run->scale[scale].scorer;
    uint16_t *level = make_map(scorer, &share->total[scale]);
    if (!level)
        return om_fail_memory(err);
    om_status status = OM_OK;
    for (size_t g = 0; g < share->n_groups && status == OM_OK; g++)
        status = settle_table(&share->group[g].table[scale], level, scorer->n_levels, err);
    for (size_t g = 0; g < share->n_groups && status == OM_OK; g++)
        om_wave_rows_map(&share->group[g].waves[scale], level);
    for (size_t g = 0; g < share->n_groups && status == OM_OK; g++) /* nobody is in it */
        om_crosstab_init(&share->group[g].safety[scale], scorer->n_levels + 1);
    om_free(level);
    return status;
}

om_status
om_run_settle_totals(struct om_run *run, struct om_error *err)
{
    for (size_t s = 0; s < run->n_scales; s++) {
        if (!run->scale[s].is_total)
            continue;
        OM_TRY(make_scorer(run, s, err));
        for (size_t t = 0; t < run->n_shares; t++)
            OM_TRY(settle_share(run, &run->share[t], s, err));
    }
    return OM_OK;
}
