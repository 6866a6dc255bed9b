/* The family `reliability`: of everyone, since the sums of items are. */
#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/retest.h>

#include "stats/reliability.h"

#include <stdio.h>

/* The sums of the items at one occasion. */
static const struct om_item_sums *
sums_of(const struct om_view *view, size_t which)
{
    return &view->group->sums[2 * view->scale + which];
}

/* One row for each item: `family`.<item>. */
static om_status
rows_of_items(struct om_view *view, const char *family, const struct om_stat *stat, size_t k,
              const char *method, uint64_t n, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    for (size_t i = 0; i < k; i++) {
        OM_TRY(om_add_stat(
            view, om_view_name(view, family, scale->info.instrument->item[scale->scorer->item[i]].id),
            &stat[i], NULL, method, n, NULL, err));
    }
    return OM_OK;
}

/* --- the items ----------------------------------------------------------------------------------------- */

static om_status
rows_items(struct om_view *view, const struct om_item_sums *sums, struct om_stat *total_sd,
           struct om_error *err)
{
    struct om_items_result r;
    OM_TRY(om_items(sums, &r, err));
    *total_sd = r.total_sd;
    OM_TRY(rows_of_items(view, "item_mean", r.mean, r.k, "", r.n, err));
    OM_TRY(rows_of_items(view, "item_sd", r.sd, r.k, "n-1", r.n, err));
    OM_TRY(om_add_stat(view, "item_correlation.mean", &r.correlation, NULL, "pearson", r.n, NULL, err));
    OM_TRY(om_add_stat(view, "alpha.standardized", &r.alpha_standardized, NULL, "mean-correlation", r.n, NULL,
                       err));
    OM_TRY(om_add_stat(view, "guttman.lambda2", &r.lambda2, NULL, "covariance", r.n, NULL, err));
    return om_add_stat(view, "guttman.lambda6", &r.lambda6, NULL, "covariance", r.n, NULL, err);
}

static om_status
rows_split_half(struct om_view *view, const struct om_item_sums *sums, struct om_error *err)
{
    static const char method[] = "odd-even";
    struct om_split_half_result r;
    om_split_half(sums, &r);
    OM_TRY(om_add_stat(view, "split_half.correlation", &r.correlation, NULL, method, r.n, NULL, err));
    OM_TRY(om_add_stat(view, "split_half.spearman_brown", &r.spearman_brown, NULL, method, r.n, NULL, err));
    OM_TRY(om_add_stat(view, "split_half.horst", &r.horst, NULL, method, r.n, NULL, err));
    return om_add_stat(view, "split_half.guttman", &r.guttman, NULL, method, r.n, NULL, err);
}

static om_status
rows_omega(struct om_view *view, const struct om_omega_result *r, struct om_error *err)
{
    static const char method[] = "one-factor-ml";
    OM_TRY(om_add_stat(view, "omega", &r->omega, NULL, method, r->n, NULL, err));
    OM_TRY(om_add_stat(view, "omega.standardized", &r->omega_standardized, NULL, method, r->n, NULL, err));
    OM_TRY(rows_of_items(view, "loading", r->loading, r->k, method, r->n, err));
    OM_TRY(om_add_stat(view, "one_factor.statistic", &r->chi2, NULL, "bartlett", r->n, NULL, err));
    OM_TRY(om_add_stat(view, "one_factor.df", &r->df, NULL, "bartlett", r->n, NULL, err));
    return om_add_stat(view, "one_factor.p", &r->p, NULL, "bartlett", r->n, NULL, err);
}

/* --- measurement error --------------------------------------------------------------------------------- */

/* sem.<of>, sdc.<of>, sdc_group.<of>: in points of the scale. */
static om_status
rows_error(struct om_view *view, const char *of, const char *method, struct om_stat sem, uint64_t n,
           struct om_error *err)
{
    struct om_measurement_error e;
    om_measurement_error(sem, n, view->run->study->level, &e);
    const struct {
        const char *name, *method;
        const struct om_stat *stat;
    } rows[] = {{"sem", method, &e.sem},
                {"sdc", "z*sqrt(2)*sem", &e.sdc},
                {"sdc_group", "sdc/sqrt(n)", &e.sdc_group}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OM_TRY(om_add_stat(view, om_view_name(view, rows[i].name, of), rows[i].stat, NULL, rows[i].method, n,
                           NULL, err));
    }
    return OM_OK;
}

/* Points of the scale for a point of the sum of its items: less than 1 for a mean, more for a percentage. */
static double
points_per_sum(const struct om_run_scale *scale)
{
    const struct om_scorer *scorer = scale->scorer;
    const struct om_instrument *instrument = scale->info.instrument;
    double range = (double)(scorer->level[scorer->n_levels - 1].value - scorer->level[0].value);
    double sum = (double)(instrument->maximum - instrument->minimum) * (double)scale->info.scale->n_items;
    return range / (double)scorer->unit / sum;
}

static om_status
rows_form(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_item_sums *sums = sums_of(view, which);
    struct om_stat sd;
    struct om_alpha_result alpha;
    struct om_interval bootstrap;
    struct om_omega_result omega;
    om_alpha_memo(sums, view->run->study->level, &view->kept->memo, &alpha);
    OM_TRY(om_alpha_bootstrap(sums, view->run->study->level, &bootstrap, err));
    OM_TRY(om_omega(sums, &omega, err));
    view->row.occasion = view->occasion[which];
    OM_TRY(rows_items(view, sums, &sd, err));
    OM_TRY(om_add_stat(view, "alpha.bootstrap", &alpha.alpha, &bootstrap, NULL, sums->n, NULL, err));
    OM_TRY(rows_split_half(view, sums, err));
    OM_TRY(rows_omega(view, &omega, err));
    sd.value *= points_per_sum(om_view_scale(view));
    OM_TRY(rows_error(view, "alpha", "sd*sqrt(1-alpha)", om_sem(sd, alpha.alpha), sums->n, err));
    return rows_error(view, "omega", "sd*sqrt(1-omega)", om_sem(sd, omega.omega), sums->n, err);
}

/* --- floor and ceiling --------------------------------------------------------------------------------- */

/* Terwee et al. (2007), Journal of Clinical Epidemiology 60, 34: an effect when above 15 % of the people have
 * the lowest or the highest score there is. */
static om_status
row_extreme(struct om_view *view, size_t which, const char *statistic, struct om_fraction score,
            struct om_error *err)
{
    const size_t level = om_scorer_find(om_view_scale(view)->scorer, score);
    uint64_t k = 0, n = 0;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        n += cell->count;
        k += (which == 0 ? cell->first : cell->last) == level ? cell->count : 0;
    }
    char note[80];
    snprintf(note, sizeof note, "score %.10g%s", om_fraction_value(score),
             20 * k > 3 * n ? "; above 15 %" : "");
    return om_add_rate(view, statistic, k, n, note, err);
}

/* Not of a total whose range nobody gave. */
static om_status
rows_extremes(struct om_view *view, size_t which, struct om_error *err)
{
    const struct om_scale *scale = om_view_scale(view)->info.scale;
    if (scale->open_range)
        return OM_OK;
    view->row.occasion = view->occasion[which];
    OM_TRY(row_extreme(view, which, "floor", scale->minimum, err));
    return row_extreme(view, which, "ceiling", scale->maximum, err);
}

/* --- two occasions ------------------------------------------------------------------------------------- */

static om_status
rows_icc(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    struct om_two_way squares;
    struct om_icc_result r;
    om_two_way(pairs, &squares);
    om_icc(&squares, view->run->study->level, &r);
    OM_TRY(om_add_stat(view, "icc.2_1", &r.agreement, &r.agreement_interval, NULL, r.n, NULL, err));
    OM_TRY(om_add_stat(view, "icc.3_1", &r.consistency, &r.consistency_interval, NULL, r.n, NULL, err));
    OM_TRY(rows_error(view, "agreement", "anova-agreement", r.sem_agreement, r.n, err));
    return rows_error(view, "consistency", "anova-consistency", r.sem_consistency, r.n, err);
}

static om_status
rows_limits(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    struct om_limits_result r;
    OM_TRY(om_limits(pairs, view->run->study->level, &r, err));
    OM_TRY(om_add_stat(view, "bland_altman.bias", &r.bias, &r.bias_interval, NULL, r.n, NULL, err));
    OM_TRY(om_add_stat(view, "bland_altman.sd", &r.sd, NULL, "n-1", r.n, NULL, err));
    OM_TRY(om_add_stat(view, "bland_altman.lower", &r.lower, &r.lower_interval, NULL, r.n, NULL, err));
    return om_add_stat(view, "bland_altman.upper", &r.upper, &r.upper_interval, NULL, r.n, NULL, err);
}

static om_status
rows_spearman(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    struct om_spearman_result r;
    OM_TRY(om_spearman(pairs, view->run->study->level, &r, err));
    return om_add_stat(view, "spearman", &r.correlation, &r.interval, NULL, r.n, NULL, err);
}

static om_status
rows_retest(struct om_view *view, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    view->row.occasion = "change";
    OM_TRY(om_view_pairs(view, &at, &pairs, err));
    om_status status = rows_icc(view, &pairs, err);
    if (status == OM_OK)
        status = rows_limits(view, &pairs, err);
    if (status == OM_OK)
        status = rows_spearman(view, &pairs, err);
    om_free(at);
    return status;
}

om_status
om_rows_structure(struct om_view *view, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    if (view->population != OM_POPULATION_ALL || !scale->numeric)
        return OM_OK;
    for (size_t which = 0; which < 2 && view->occasion[which]; which++) {
        OM_TRY(rows_extremes(view, which, err));
        if (scale->has_alpha)
            OM_TRY(rows_form(view, which, err));
    }
    return view->occasion[1] ? rows_retest(view, err) : OM_OK;
}
