/* Which rows there are, and in which order: groups, then scales, then populations; comparisons of the groups,
 * and what is said about all rows, last. */
#include "analysis/compare.h"
#include "analysis/joint.h"
#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

static om_status
rows_families(struct om_view *view, struct om_error *err)
{
    for (size_t f = 0; om_families[f].id; f++) {
        if (!om_family_asked(view->run->study, f) || !om_families[f].view)
            continue;
        view->row.family = om_families[f].id;
        view->row.occasion = view->row.rule = "";
        OM_TRY(om_families[f].view(view, err));
    }
    view->row.family = "";
    return OM_OK;
}

static om_status
rows_population(struct om_view *view, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    for (size_t which = 0; which < 2 && view->occasion[which]; which++) {
        OM_TRY(om_rows_occasion(view, which, err));
        if (scale->counts_items && view->population == OM_POPULATION_ALL)
            OM_TRY(om_rows_items(view, which, err));
        if (scale->has_alpha && view->population == OM_POPULATION_ALL)
            OM_TRY(om_rows_reliability(view, which, err));
    }
    if (view->occasion[1]) {
        OM_TRY(om_rows_change(view, err));
        OM_TRY(om_rows_rules(view, err));
    }
    return rows_families(view, err);
}

static void
set_population(struct om_view *view, enum om_population population)
{
    view->population = population;
    view->row.population = population == OM_POPULATION_ALL ? "all" : "positive";
}

static bool
has_population(const struct om_view *view, enum om_population population)
{
    return view->run->study->populations[population] &&
           (population == OM_POPULATION_ALL || om_view_scale(view)->scorer->has_cutoff);
}

/* The view of everyone in a group; the caller frees its cells. */
static om_status
open_view(struct om_analysis *analysis, const struct om_run *run, size_t group, size_t scale,
          const struct om_kept *kept, struct om_view *view, struct om_error *err)
{
    *view = (struct om_view){.run = run,
                             .group = &run->group[group],
                             .scale = scale,
                             .occasion = {analysis->first, analysis->last},
                             .kept = kept,
                             .results = &analysis->results,
                             .row = {.group = run->group[group].name,
                                     .instrument = run->scale[scale].info.instrument->id,
                                     .scale = run->scale[scale].info.scale->id,
                                     .occasion = "",
                                     .rule = "",
                                     .family = ""}};
    set_population(view, OM_POPULATION_ALL);
    return om_crosstab_cells(&view->group->table[scale], &view->cells, &view->n_cells, err);
}

static om_status
rows_scale(struct om_view *view, struct om_person_ledger *ledger, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    if (scale->is_main)
        OM_TRY(om_rows_ledger(view, ledger, err));
    if (scale->safety)
        OM_TRY(om_rows_safety(view, err));
    for (int p = 0; p < 2; p++) {
        if (!has_population(view, (enum om_population)p))
            continue;
        set_population(view, (enum om_population)p);
        OM_TRY(rows_population(view, err));
    }
    return OM_OK;
}

/* What several scales come to together stands behind them. */
static om_status
rows_joint(struct om_analysis *analysis, const struct om_run *run, size_t group, const struct om_kept *kept,
           struct om_error *err)
{
    struct om_view view = {.run = run,
                           .group = &run->group[group],
                           .occasion = {analysis->first, analysis->last},
                           .kept = kept,
                           .results = &analysis->results,
                           .row = {.group = run->group[group].name, .family = ""}};
    return om_rows_joint(&view, err);
}

static om_status
rows_groups(struct om_analysis *analysis, const struct om_run *run, const struct om_kept *kept,
            struct om_error *err)
{
    for (size_t g = 0; g < run->n_groups; g++) {
        for (size_t s = 0; s < run->n_scales; s++) {
            struct om_view view;
            OM_TRY(open_view(analysis, run, g, s, kept, &view, err));
            om_status status = rows_scale(&view, &analysis->ledger[analysis->n_ledger], err);
            om_free(view.cells);
            if (status != OM_OK)
                return status;
            analysis->n_ledger += run->scale[s].is_main;
        }
        OM_TRY(rows_joint(analysis, run, g, kept, err));
    }
    return OM_OK;
}

/* --- comparisons of the groups ------------------------------------------------------------------------- */

static om_status
compare_population(struct om_comparison *comparison, struct om_view *one, enum om_population population,
                   struct om_error *err)
{
    struct om_view *whole = &comparison->whole;
    set_population(whole, population);
    for (size_t g = 0; g < comparison->n; g++)
        set_population(&one[g], population);
    for (size_t f = 0; om_families[f].id; f++) {
        if (!om_family_asked(whole->run->study, f) || !om_families[f].compare)
            continue;
        whole->row.family = om_families[f].id;
        whole->row.group = whole->group->name;
        whole->row.occasion = whole->row.rule = "";
        OM_TRY(om_families[f].compare(comparison, err));
    }
    return OM_OK;
}

static om_status
compare_scale(struct om_analysis *analysis, const struct om_run *run, size_t scale, size_t reference,
              const struct om_kept *kept, struct om_view *view, struct om_error *err)
{
    size_t opened = 0;
    om_status status = OM_OK;
    for (; opened < run->n_groups && status == OM_OK; opened++)
        status = open_view(analysis, run, opened, scale, kept, &view[opened], err);
    struct om_comparison comparison = {
        .whole = view[0], .one = view + 1, .n = run->n_groups - 1, .reference = reference};
    for (int p = 0; p < 2 && status == OM_OK; p++)
        if (has_population(&view[0], (enum om_population)p))
            status = compare_population(&comparison, view + 1, (enum om_population)p, err);
    for (size_t g = 0; g < opened; g++)
        om_free(view[g].cells);
    return status;
}

static bool
compares(const struct om_study *study)
{
    for (size_t f = 0; om_families[f].id; f++)
        if (om_family_asked(study, f) && om_families[f].compare)
            return true;
    return false;
}

static om_status
rows_comparisons(struct om_analysis *analysis, const struct om_run *run, size_t reference,
                 const struct om_kept *kept, struct om_error *err)
{
    if (!compares(run->study) || run->n_groups < 3) /* "all" and two more */
        return OM_OK;
    struct om_view *view = om_calloc(run->n_groups, sizeof *view);
    if (!view)
        return om_fail_memory(err);
    om_status status = OM_OK;
    for (size_t s = 0; s < run->n_scales && status == OM_OK; s++)
        status = compare_scale(analysis, run, s, reference, kept, view, err);
    om_free(view);
    return status;
}

static om_status
finish_rows(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    for (size_t f = 0; om_families[f].id; f++)
        if (om_family_asked(run->study, f) && om_families[f].finish)
            OM_TRY(om_families[f].finish(analysis, run, err));
    return OM_OK;
}

om_status
om_rows_all(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    size_t reference;
    struct om_kept kept;
    OM_TRY(
        om_find_reference(run, compares(run->study) || run->study->panel.described.n > 0, &reference, err));
    om_status status = om_kept_init(&kept, run, err);
    if (status == OM_OK)
        status = om_rows_table1(run, reference, &kept, &analysis->results, err);
    if (status == OM_OK)
        status = rows_groups(analysis, run, &kept, err);
    if (status == OM_OK)
        status = rows_comparisons(analysis, run, reference, &kept, err);
    if (status == OM_OK)
        status = finish_rows(analysis, run, err);
    om_kept_release(&kept);
    return status;
}
