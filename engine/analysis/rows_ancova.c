/* Family `ancova`: the scores at the last occasion, with those at the first one held equal. */
#include "analysis/compare.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/ancova.h>

#define ADD(statistic, stat, interval, method, n)                                                            \
    OM_TRY(om_add_stat(view, (statistic), (stat), (interval), (method), (n), NULL, err))

#define METHOD "ancova"

static om_status
rows_model(struct om_view *view, const struct om_ancova_result *a, struct om_error *err)
{
    ADD("ancova.statistic", &a->f, NULL, METHOD, a->n);
    ADD("ancova.df1", &a->f_df, NULL, METHOD, a->n);
    ADD("ancova.df2", &a->df, NULL, METHOD, a->n);
    ADD("ancova.p", &a->p, NULL, METHOD, a->n);
    ADD("ancova.partial_eta_squared", &a->partial_eta_squared, NULL, METHOD, a->n);
    ADD("ancova.slope", &a->slope.estimate, &a->slope.interval, METHOD, a->n);
    ADD("ancova.slope_se", &a->slope.se, NULL, METHOD, a->n);
    ADD("ancova.slope_p", &a->slope.p, NULL, METHOD, a->n);
    ADD("ancova.residual_sd", &a->residual_sd, NULL, METHOD, a->n);
    ADD("ancova.slopes_statistic", &a->slopes_f, NULL, "equal-slopes", a->n);
    ADD("ancova.slopes_df1", &a->slopes_df1, NULL, "equal-slopes", a->n);
    ADD("ancova.slopes_df2", &a->slopes_df2, NULL, "equal-slopes", a->n);
    ADD("ancova.slopes_p", &a->slopes_p, NULL, "equal-slopes", a->n);
    return OM_OK;
}

/* In the rows of each group itself. */
static om_status
rows_means(struct om_comparison *comparison, const struct om_adjusted *adjusted, struct om_error *err)
{
    struct om_view *view = &comparison->whole;
    const char *everybody = view->row.group;
    om_status status = OM_OK;
    for (size_t g = 0; g < comparison->n && status == OM_OK; g++) {
        const struct om_adjusted *a = &adjusted[g];
        view->row.group = comparison->one[g].group->name;
        status =
            om_add_stat(view, "ancova.mean", &a->mean.estimate, &a->mean.interval, METHOD, a->n, NULL, err);
        if (status == OM_OK)
            status = om_add_stat(view, "ancova.mean_se", &a->mean.se, NULL, METHOD, a->n, NULL, err);
    }
    view->row.group = everybody;
    return status;
}

struct fitted {
    const struct om_adjusted *adjusted;
    bool own_p; /* with two groups ancova.p is the p of the only difference */
};

static om_status
rows_pair(struct om_view *view, size_t group, size_t reference, void *context, struct om_error *err)
{
    const struct fitted *fitted = context;
    const struct om_adjusted *a = &fitted->adjusted[group];
    const struct om_coefficient *d = &a->difference;
    uint64_t n = a->n + fitted->adjusted[reference].n;
    ADD("ancova.difference", &d->estimate, &d->interval, METHOD, n);
    ADD("ancova.difference_se", &d->se, NULL, METHOD, n);
    if (fitted->own_p) {
        ADD("ancova.difference.statistic", &d->t, NULL, METHOD, n);
        ADD("ancova.difference.p", &d->p, NULL, METHOD, n);
    }
    return OM_OK;
}

static om_status
rows_fit(struct om_comparison *comparison, const struct om_pairs *group, struct om_adjusted *adjusted,
         struct om_error *err)
{
    struct om_view *view = &comparison->whole;
    struct om_ancova_result result;
    struct fitted fitted = {adjusted, comparison->n > 2};
    OM_TRY(om_ancova(group, comparison->n, comparison->reference, view->run->study->level, &result, adjusted,
                     err));
    view->row.occasion = view->occasion[1];
    OM_TRY(rows_model(view, &result, err));
    OM_TRY(rows_means(comparison, adjusted, err));
    return om_compare_pairs(comparison, rows_pair, &fitted, err);
}

/* The pairs of each group; cell[g] is to be freed whatever happens. */
static om_status
rows_groups(struct om_comparison *comparison, struct om_pairs *group, struct om_pair_count **cell,
            struct om_adjusted *adjusted, struct om_error *err)
{
    for (size_t g = 0; g < comparison->n; g++)
        OM_TRY(om_view_pairs(&comparison->one[g], &cell[g], &group[g], err));
    return rows_fit(comparison, group, adjusted, err);
}

om_status
om_compare_ancova(struct om_comparison *comparison, struct om_error *err)
{
    const struct om_view *whole = &comparison->whole;
    if (!om_view_scale(whole)->numeric || !whole->occasion[1])
        return OM_OK;
    struct om_pairs *group = om_calloc(comparison->n, sizeof *group);
    struct om_pair_count **cell = om_calloc(comparison->n, sizeof *cell);
    struct om_adjusted *adjusted = om_alloc(comparison->n, sizeof *adjusted);
    om_status status;
    if (group && cell && adjusted)
        status = rows_groups(comparison, group, cell, adjusted, err);
    else
        status = om_fail_memory(err);
    for (size_t g = 0; cell && g < comparison->n; g++)
        om_free(cell[g]);
    om_free(group);
    om_free(cell);
    om_free(adjusted);
    return status;
}
