/* Family `mixed`: growth over the occasions, by a mixed model with a line for every person. */
#include "analysis/compare.h"
#include "analysis/follow.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"

#include <omstat/mixed.h>

#include <math.h>
#include <stdio.h>

enum { HLM_SCORES = 3 };

/* One effect: the estimate with its interval, and what they come from. */
static om_status
rows_effect(struct om_view *view, const char *effect, const struct om_fixed_effect *fixed, uint64_t n,
            const char *note, struct om_error *err)
{
    char name[48];
    const struct {
        const char *part;
        const struct om_stat *stat;
        const char *method;
    } all[] = {{"se", &fixed->se, "reml"},
               {"df", &fixed->df, "satterthwaite"},
               {"t", &fixed->t, "reml"},
               {"p", &fixed->p, "t-satterthwaite"}};
    snprintf(name, sizeof name, "mixed.%s", effect);
    OM_TRY(om_add_stat(view, name, &fixed->estimate, &fixed->interval, "reml", n, note, err));
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        snprintf(name, sizeof name, "mixed.%s.%s", effect, all[i].part);
        OM_TRY(om_add_stat(view, name, all[i].stat, NULL, all[i].method, n, NULL, err));
    }
    return OM_OK;
}

static om_status
rows_variances(struct om_view *view, const struct om_mixed_result *fit, struct om_error *err)
{
    const char *note = fit->singular ? "singular fit: no variation between persons in some direction" : NULL;
    const struct {
        const char *statistic;
        const struct om_stat *stat;
    } all[] = {{"mixed.intercept_sd", &fit->intercept_sd},
               {"mixed.slope_sd", &fit->slope_sd},
               {"mixed.correlation", &fit->correlation},
               {"mixed.residual_sd", &fit->residual_sd},
               {"mixed.reml", &fit->reml}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        OM_TRY(om_add_stat(view, all[i].statistic, all[i].stat, NULL, "reml", fit->n, note, err));
    return OM_OK;
}

/* --- classes by the slope of each person ---------------------------------------------------------------- */

/* Hierarchical linear modelling: who differs from the slope of the group by more than the level allows. Only
 * of people with three scores, for whom the model is fitted again. */
static om_status
rows_classes(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    struct om_mixed_group group;
    struct om_mixed_result fit;
    uint64_t better = 0, worse = 0;
    const double level = view->run->study->level, bound = om_normal_bound(level);
    const int sign = om_view_scale(view)->info.scale->direction == OM_HIGHER_WORSE ? -1 : 1;
    OM_TRY(om_mixed(&follow->rows, 1, HLM_SCORES, level, &group, &fit, err));
    for (size_t i = 0; i < follow->rows.n && !fit.reason; i++) {
        const int32_t *row = om_trajectory(&follow->rows, i);
        struct om_growth person;
        size_t scores = 0;
        for (size_t k = 0; k < follow->rows.n_occasions; k++)
            scores += row[k] != OM_NO_SCORE;
        if (scores < HLM_SCORES)
            continue;
        om_mixed_person(&fit, &group, &follow->rows, row, &person);
        better += sign * person.slope > bound * person.slope_sd ? follow->count[i] : 0;
        worse += sign * person.slope < -bound * person.slope_sd ? follow->count[i] : 0;
    }
    const uint64_t n = fit.reason ? 0 : fit.n;
    const char *note =
        fit.reason ? fit.reason : "against the slope of the group, of people with three scores";
    view->row.rule = "hlm";
    OM_TRY(om_add_rate(view, "class.improved", better, n, note, err));
    OM_TRY(om_add_rate(view, "class.unchanged", n - better - worse, n, note, err));
    OM_TRY(om_add_rate(view, "class.deteriorated", worse, n, note, err));
    view->row.rule = "";
    return OM_OK;
}

static om_status
rows_mixed(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    struct om_mixed_group group;
    struct om_mixed_result fit;
    OM_TRY(om_mixed(&follow->rows, 1, 1, view->run->study->level, &group, &fit, err));
    view->row.occasion = "";
    const struct om_stat scores = {(double)fit.n_scores, NULL};
    OM_TRY(om_add_stat(view, "mixed.scores", &scores, NULL, NULL, fit.n, NULL, err));
    OM_TRY(rows_effect(view, "intercept", &group.intercept, fit.n, NULL, err));
    OM_TRY(rows_effect(view, "slope", &group.slope, fit.n, NULL, err));
    OM_TRY(rows_variances(view, &fit, err));
    return rows_classes(view, follow, err);
}

om_status
om_rows_mixed(struct om_view *view, struct om_error *err)
{
    return om_follow_rows(view, rows_mixed, err);
}

/* --- the groups ----------------------------------------------------------------------------------------- */

/* The model has the reference first, then the others in their order. */
static size_t
place_of(size_t group, size_t reference)
{
    return group == reference ? 0 : group < reference ? group + 1 : group;
}

static om_status
rows_pair(struct om_view *view, size_t group, size_t reference, void *context, struct om_error *err)
{
    const struct om_mixed_group *of = (const struct om_mixed_group *)context + place_of(group, reference);
    view->row.occasion = "";
    OM_TRY(rows_effect(view, "intercept_difference", &of->intercept_difference, of->n, NULL, err));
    return rows_effect(view, "slope_difference", &of->slope_difference, of->n, NULL, err);
}

static om_status
rows_differences(struct om_comparison *comparison, struct om_mixed_group *group,
                 const struct om_mixed_result *fit, struct om_error *err)
{
    OM_TRY(om_compare_pairs(comparison, rows_pair, group, err));
    struct om_view *whole = &comparison->whole;
    const char *joint = "one model for all groups";
    whole->row.occasion = "";
    OM_TRY(om_add_stat(whole, "mixed.slopes.statistic", &fit->slopes_chi2, NULL, "wald", fit->n, joint, err));
    OM_TRY(om_add_stat(whole, "mixed.slopes.df", &fit->slopes_df, NULL, "wald", fit->n, NULL, err));
    OM_TRY(om_add_stat(whole, "mixed.slopes.p", &fit->slopes_p, NULL, "wald", fit->n, NULL, err));
    return om_add_stat(whole, "mixed.slopes.reml", &fit->reml, NULL, "reml", fit->n, joint, err);
}

static om_status
fit_groups(struct om_comparison *comparison, const struct om_follow_groups *groups,
           struct om_trajectories *rows, struct om_mixed_group *group, struct om_error *err)
{
    struct om_mixed_result fit;
    for (size_t g = 0; g < groups->n; g++)
        rows[place_of(g, comparison->reference)] = groups->one[g].rows;
    OM_TRY(om_mixed(rows, groups->n, 1, comparison->whole.run->study->level, group, &fit, err));
    return rows_differences(comparison, group, &fit, err);
}

om_status
om_compare_mixed(struct om_comparison *comparison, struct om_error *err)
{
    struct om_follow_groups groups;
    bool any;
    OM_TRY(om_follow_all(comparison, &groups, &any, err));
    if (!any)
        return OM_OK;
    struct om_trajectories *rows = om_alloc(groups.n, sizeof *rows);
    struct om_mixed_group *group = om_alloc(groups.n, sizeof *group);
    om_status status =
        rows && group ? fit_groups(comparison, &groups, rows, group, err) : om_fail_memory(err);
    om_free(rows);
    om_free(group);
    om_follow_all_end(&groups);
    return status;
}
