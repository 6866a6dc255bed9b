#include "analysis/rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/describe.h>

#include <stdio.h>

/* How many of the population have each level at one occasion. */
static uint64_t *
margin(const struct om_view *view, size_t which)
{
    uint64_t *count = om_calloc(om_view_scale(view)->scorer->n_levels, sizeof *count);
    for (size_t i = 0; count && i < view->n_cells; i++)
        if (om_view_includes(view, &view->cells[i]))
            count[which == 0 ? view->cells[i].first : view->cells[i].last] += view->cells[i].count;
    return count;
}

static uint64_t
sum_of(const uint64_t *count, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += count[i];
    return sum;
}

static om_status
rows_describe(struct om_view *view, const struct om_counts *counts, uint64_t n, struct om_error *err)
{
    struct om_description d;
    om_describe(counts, view->run->study->level, &d);
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
rows_describe_available(struct om_view *view, const struct om_counts *counts, uint64_t n,
                        struct om_error *err)
{
    static const char who[] = "everyone with a score at this occasion";
    struct om_description d;
    om_describe(counts, view->run->study->level, &d);
    OM_TRY(om_add_stat(view, "available.mean", &d.mean, &d.mean_interval, NULL, n, who, err));
    return om_add_stat(view, "available.sd", &d.sd, NULL, "n-1", n, who, err);
}

typedef om_status describe_fn(struct om_view *view, const struct om_counts *counts, uint64_t n,
                              struct om_error *err);

/* Describes the levels that occur, as exact values with their counts. */
static om_status
describe_margin(struct om_view *view, const uint64_t *count, uint64_t n, describe_fn *describe,
                struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    struct om_count *at = om_alloc(scorer->n_levels, sizeof *at);
    if (!at)
        return om_fail_memory(err);
    struct om_counts counts = {.at = at, .unit = scorer->unit};
    for (size_t i = 0; i < scorer->n_levels; i++)
        if (count[i])
            at[counts.n++] = (struct om_count){.value = scorer->level[i].value, .count = count[i]};
    om_status status = describe(view, &counts, n, err);
    om_free(at);
    return status;
}

static om_status
rows_bands(struct om_view *view, const uint64_t *count, uint64_t n, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    for (size_t b = 0; b < scale->info.scale->n_bands; b++) {
        char statistic[80];
        uint64_t k = 0;
        for (size_t i = 0; i < scale->scorer->n_levels; i++)
            k += scale->scorer->level[i].band == (int)b ? count[i] : 0;
        snprintf(statistic, sizeof statistic, "band.%s", scale->info.scale->band[b].id);
        OM_TRY(om_add_rate(view, statistic, k, n, NULL, err));
    }
    return OM_OK;
}

/* Words for a threshold: "cut-off 10", "cut-off 11 (above 10; a choice: none is published)". */
static void
describe_cutoff(char *note, size_t size, const struct om_cutoff *cutoff, struct om_fraction at)
{
    bool listed = cutoff && om_fraction_compare(cutoff->at, at) == 0;
    snprintf(note, size, "cut-off %.10g%s%s%s", om_fraction_value(at), listed && cutoff->label ? ": " : "",
             listed && cutoff->label ? cutoff->label : "",
             listed && cutoff->is_choice ? " (a choice: none is published)"
             : listed                    ? ""
                                         : " (set by the study)");
}

static om_status
rows_positive(struct om_view *view, const uint64_t *count, uint64_t n, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_scorer *scorer = scale->scorer;
    char note[200], statistic[80];
    uint64_t k = 0;
    if (!scorer->has_cutoff)
        return OM_OK;
    for (size_t i = 0; i < scorer->n_levels; i++)
        k += scorer->level[i].positive ? count[i] : 0;
    describe_cutoff(note, sizeof note, scale->info.cutoff, scorer->cutoff);
    OM_TRY(om_add_rate(view, "positive", k, n, note, err));
    for (size_t c = 0; c < scale->info.scale->n_cutoffs; c++) {
        const struct om_cutoff *other = &scale->info.scale->cutoff[c];
        if (other->is_default && !scale->info.cutoff_from_study)
            continue;
        k = 0;
        for (size_t i = 0; i < scorer->n_levels; i++)
            k += om_scorer_reaches(scorer, i, other->at) ? count[i] : 0;
        snprintf(statistic, sizeof statistic, "positive.%s", other->id);
        describe_cutoff(note, sizeof note, other, other->at);
        OM_TRY(om_add_rate(view, statistic, k, n, note, err));
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
    uint64_t n = 0, positive = 0;
    uint64_t *count = om_calloc(scale->scorer->n_levels, sizeof *count);
    if (!count)
        return om_fail_memory(err);
    for (size_t i = 0; i < view->n_cells; i++) {
        uint32_t level = which == 0 ? view->cells[i].first : view->cells[i].last;
        if (om_view_is_none(view, level))
            continue;
        count[level] += view->cells[i].count;
        n += view->cells[i].count;
        positive += scale->scorer->level[level].positive ? view->cells[i].count : 0;
    }
    om_status status = om_add_count(view, "available.n", n, view->group->persons, NULL, err);
    if (status == OM_OK && scale->numeric)
        status = describe_margin(view, count, n, rows_describe_available, err);
    if (status == OM_OK && scale->scorer->has_cutoff)
        status = om_add_rate(view, "available.positive", positive, n,
                             "everyone with a score at this occasion", err);
    om_free(count);
    return status;
}

om_status
om_rows_occasion(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    uint64_t *count = margin(view, which);
    if (!count)
        return om_fail_memory(err);
    uint64_t n = sum_of(count, scale->scorer->n_levels);
    view->row.occasion = view->occasion[which];
    om_status status = om_add_n(view, n, err);
    if (status == OM_OK && scale->numeric)
        status = describe_margin(view, count, n, rows_describe, err);
    if (status == OM_OK)
        status = rows_bands(view, count, n, err);
    if (status == OM_OK)
        status = rows_positive(view, count, n, err);
    if (status == OM_OK && view->population == OM_POPULATION_ALL)
        status = row_missing(view, which, err);
    if (status == OM_OK && view->population == OM_POPULATION_ALL && view->occasion[1])
        status = rows_available(view, which, err);
    om_free(count);
    return status;
}

om_status
om_rows_reliability(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_item_sums *sums = &view->group->sums[2 * view->scale + which];
    struct om_alpha_result alpha;
    om_alpha(sums, view->run->study->level, &alpha);
    view->row.occasion = view->occasion[which];
    OM_TRY(om_add_stat(view, "alpha", &alpha.alpha, &alpha.interval, NULL, sums->n, NULL, err));
    for (int family = 0; family < 2; family++)
        for (size_t i = 0; i < sums->k; i++) {
            char statistic[80];
            const char *item = scale->info.instrument->item[scale->scorer->item[i]].id;
            snprintf(statistic, sizeof statistic, "%s.%s", family ? "alpha_if_dropped" : "item_rest", item);
            OM_TRY(om_add_stat(view, statistic, family ? &alpha.alpha_if_dropped[i] : &alpha.item_rest[i],
                               NULL, NULL, sums->n, NULL, err));
        }
    return OM_OK;
}
