#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

#include "stats/describe.h"
#include "stats/reliability.h"

#include <string.h>

/* The scores of one occasion that occur, ascending, with their counts. */
struct margin {
    struct om_count *at; /* owned */
    uint32_t *level;     /* of each; in the same memory */
    size_t n_levels;
    uint64_t n; /* people */
};

/* Of the population; or of everyone with a score at this occasion. The caller frees margin->at. */
static om_status
take_margin(const struct om_view *view, size_t which, bool everyone, struct margin *margin,
            struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    const size_t n_levels = scorer->n_levels;
    *margin = (struct margin){
        .at = om_alloc(n_levels, sizeof *margin->at + sizeof(uint64_t) + sizeof *margin->level)};
    if (!margin->at)
        return om_fail_memory(err);
    uint64_t *count = (uint64_t *)(margin->at + n_levels);
    margin->level = (uint32_t *)(count + n_levels);
    memset(count, 0, n_levels * sizeof *count);
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        uint32_t level = which == 0 ? cell->first : cell->last;
        if (everyone ? !om_view_is_none(view, level) : om_view_includes(view, cell))
            count[level] += cell->count;
    }
    for (size_t level = 0; level < n_levels; level++)
        if (count[level]) {
            margin->at[margin->n_levels] = (struct om_count){scorer->level[level].value, count[level]};
            margin->level[margin->n_levels++] = (uint32_t)level;
            margin->n += count[level];
        }
    return OM_OK;
}

static void
describe(const struct om_view *view, const struct margin *margin, struct om_description *out)
{
    const struct om_counts counts = {margin->at, margin->n_levels, om_view_scale(view)->scorer->unit};
    om_describe_memo(&counts, view->run->study->level, &view->kept->memo, out);
}

static om_status
rows_describe(struct om_view *view, const struct margin *margin, struct om_error *err)
{
    const uint64_t n = margin->n;
    struct om_description d;
    describe(view, margin, &d);
    OM_TRY(om_add_stat(view, "mean", &d.mean, &d.mean_interval, NULL, n, NULL, err));
    OM_TRY(om_add_stat(view, "sd", &d.sd, NULL, "n-1", n, NULL, err));
    OM_TRY(om_add_stat(view, "se", &d.se, NULL, "sd/sqrt(n)", n, NULL, err));
    OM_TRY(om_add_stat(view, "median", &d.median, NULL, "type-7", n, NULL, err));
    OM_TRY(om_add_stat(view, "q1", &d.q1, NULL, "type-7", n, NULL, err));
    OM_TRY(om_add_stat(view, "q3", &d.q3, NULL, "type-7", n, NULL, err));
    OM_TRY(om_add_stat(view, "min", &d.min, NULL, NULL, n, NULL, err));
    return om_add_stat(view, "max", &d.max, NULL, NULL, n, NULL, err);
}

static om_status
rows_describe_available(struct om_view *view, const struct margin *margin, struct om_error *err)
{
    static const char who[] = "everyone with a score at this occasion";
    struct om_description d;
    describe(view, margin, &d);
    OM_TRY(om_add_stat(view, "available.mean", &d.mean, &d.mean_interval, NULL, margin->n, who, err));
    return om_add_stat(view, "available.sd", &d.sd, NULL, "n-1", margin->n, who, err);
}

static om_status
rows_bands(struct om_view *view, const struct margin *margin, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    for (size_t b = 0; b < scale->info.scale->n_bands; b++) {
        uint64_t k = 0;
        for (size_t i = 0; i < margin->n_levels; i++)
            k += scale->scorer->level[margin->level[i]].band == (int)b ? margin->at[i].count : 0;
        OM_TRY(om_add_rate(view, om_view_name(view, "band", scale->info.scale->band[b].id), k, margin->n,
                           NULL, err));
    }
    return OM_OK;
}

static uint64_t
count_positive(const struct om_view *view, const struct margin *margin)
{
    const struct om_level *level = om_view_scale(view)->scorer->level;
    uint64_t k = 0;
    for (size_t i = 0; i < margin->n_levels; i++)
        k += level[margin->level[i]].positive ? margin->at[i].count : 0;
    return k;
}

static om_status
rows_positive(struct om_view *view, const struct margin *margin, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_scorer *scorer = scale->scorer;
    const struct om_kept_scale *kept = &view->kept->scale[view->scale];
    if (!scorer->has_cutoff)
        return OM_OK;
    OM_TRY(om_add_rate(view, "positive", count_positive(view, margin), margin->n, kept->cutoff_note[0], err));
    for (size_t c = 0; c < scale->info.scale->n_cutoffs; c++) {
        const struct om_cutoff *other = &scale->info.scale->cutoff[c];
        if (other->is_default && !scale->info.cutoff_from_study)
            continue;
        uint64_t k = 0;
        for (size_t i = 0; i < margin->n_levels; i++)
            k += kept->reaches[c * scorer->n_levels + margin->level[i]] ? margin->at[i].count : 0;
        OM_TRY(om_add_rate(view, om_view_name(view, "positive", other->id), k, margin->n,
                           kept->cutoff_note[c + 1], err));
    }
    return OM_OK;
}

/* Persons of the group without a score at this occasion. */
static om_status
row_missing(struct om_view *view, size_t which, struct om_error *err)
{
    uint64_t k = 0;
    for (size_t i = 0; i < view->n_cells; i++)
        if (om_view_is_none(view, which == 0 ? view->cells[i].first : view->cells[i].last))
            k += view->cells[i].count;
    return om_add_count(view, "missing", k, view->group->persons, NULL, err);
}

/* Everyone with a score at this occasion, whether or not there is one at the other: the people a baseline
 * table describes. With one occasion that is the population itself. */
static om_status
rows_available(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    struct margin margin;
    OM_TRY(take_margin(view, which, true, &margin, err));
    om_status status = om_add_count(view, "available.n", margin.n, view->group->persons, NULL, err);
    if (status == OM_OK && scale->numeric)
        status = rows_describe_available(view, &margin, err);
    if (status == OM_OK && scale->scorer->has_cutoff)
        status = om_add_rate(view, "available.positive", count_positive(view, &margin), margin.n,
                             "everyone with a score at this occasion", err);
    om_free(margin.at);
    return status;
}

om_status
om_rows_occasion(struct om_view *view, size_t which, struct om_error *err)
{
    struct margin margin;
    OM_TRY(take_margin(view, which, false, &margin, err));
    view->row.occasion = view->occasion[which];
    om_status status = om_add_n(view, margin.n, err);
    if (status == OM_OK && om_view_scale(view)->numeric)
        status = rows_describe(view, &margin, err);
    if (status == OM_OK)
        status = rows_bands(view, &margin, err);
    if (status == OM_OK)
        status = rows_positive(view, &margin, err);
    if (status == OM_OK && view->population == OM_POPULATION_ALL)
        status = row_missing(view, which, err);
    if (status == OM_OK && view->population == OM_POPULATION_ALL && view->occasion[1])
        status = rows_available(view, which, err);
    om_free(margin.at);
    return status;
}

om_status
om_rows_items(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_instrument *instrument = scale->info.instrument;
    const uint64_t *items = view->group->items + om_run_items(scale, which);
    view->row.occasion = view->occasion[which];
    for (size_t i = 0; i < instrument->n_items; i++)
        OM_TRY(om_add_rate(view, om_view_name(view, "item_missing", instrument->item[i].id), items[i],
                           items[instrument->n_items],
                           "forms of the instrument without an answer to the item", err));
    return OM_OK;
}

om_status
om_rows_reliability(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_item_sums *sums = &view->group->sums[2 * view->scale + which];
    struct om_alpha_result alpha;
    om_alpha_memo(sums, view->run->study->level, &view->kept->memo, &alpha);
    view->row.occasion = view->occasion[which];
    OM_TRY(om_add_stat(view, "alpha", &alpha.alpha, &alpha.interval, NULL, sums->n, NULL, err));
    for (int family = 0; family < 2; family++)
        for (size_t i = 0; i < sums->k; i++) {
            const char *item = scale->info.instrument->item[scale->scorer->item[i]].id;
            OM_TRY(om_add_stat(view, om_view_name(view, family ? "alpha_if_dropped" : "item_rest", item),
                               family ? &alpha.alpha_if_dropped[i] : &alpha.item_rest[i], NULL, NULL, sums->n,
                               NULL, err));
        }
    return OM_OK;
}
