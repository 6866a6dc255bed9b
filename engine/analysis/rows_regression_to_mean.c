/* Regression to the mean beside the observed change of those who screened positive. */
#include "analysis/classes.h"
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/outcome.h"

#include <omstat/paired.h>
#include <omstat/regression_to_mean.h>

static const char why_estimate[] = "an estimate: as if the panel were the population, with the same mean and "
                                   "spread at both occasions; a treatment that "
                                   "helps some more than others lowers the correlation, which makes it too "
                                   "large; a panel of people who were selected "
                                   "before makes it too small";

/* The correlation of two occasions without treatment, and where it is from. */
static om_status
find_correlation(const struct om_view *view, const struct om_pairs *everyone, struct om_stat *r,
                 const char **method, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_study *study = view->run->study;
    const struct om_fraction *own =
        scale->is_main ? om_study_rtm_correlation(study, scale->info.instrument) : NULL;
    if (own) {
        *r = om_defined(om_fraction_value(*own));
        *method = "study";
    } else if (study->rtm_alpha) {
        struct om_alpha_result alpha;
        om_alpha(&view->group->sums[2 * view->scale], study->level, &alpha);
        *r = scale->has_alpha ? alpha.alpha : om_undefined("the scale has no alpha");
        *method = "alpha";
    } else {
        struct om_paired_result paired;
        OM_TRY(om_paired(everyone, study->level, &paired, err));
        *r = paired.correlation;
        *method = "pearson";
    }
    return OM_OK;
}

static om_status
rows_estimate(struct om_view *view, const struct om_rtm_estimate *estimate, const char *const names[3],
              const char *method, uint64_t n, struct om_error *err)
{
    OM_TRY(om_add_stat(view, names[0], &estimate->expected, NULL, method, n, why_estimate, err));
    OM_TRY(om_add_stat(view, names[1], &estimate->beyond, NULL, method, n, "observed minus expected", err));
    return om_add_stat(view, names[2], &estimate->share, NULL, method, n,
                       "expected change as a share of the observed one", err);
}

static om_status
rows_pairs(struct om_view *view, const struct om_pairs *everyone, const struct om_pairs *selected,
           struct om_error *err)
{
    static const char *const linear[] = {"rtm.expected", "rtm.beyond", "rtm.share"};
    static const char *const normal[] = {"rtm_normal.expected", "rtm_normal.beyond", "rtm_normal.share"};
    const struct om_run_scale *scale = om_view_scale(view);
    struct om_rtm_selection selection = {.cutoff = om_fraction_value(scale->scorer->cutoff),
                                         .low = scale->info.scale->direction == OM_HIGHER_BETTER};
    struct om_rtm_result rtm;
    const char *method = "";
    OM_TRY(find_correlation(view, everyone, &selection.correlation, &method, err));
    OM_TRY(om_regression_to_mean(everyone, selected, &selection, &rtm, err));
    OM_TRY(om_add_stat(view, "rtm.observed", &rtm.observed, NULL, "mean-change", rtm.n_selected,
                       "mean change of those screening positive at first", err));
    OM_TRY(om_add_stat(view, "rtm.correlation", &selection.correlation, NULL, method, rtm.n,
                       "of the two occasions, as used here", err));
    OM_TRY(rows_estimate(view, &rtm.linear, linear, "linear", rtm.n_selected, err));
    return rows_estimate(view, &rtm.normal, normal, "normal-theory", rtm.n_selected, err);
}

om_status
om_rows_regression_to_mean(struct om_view *view, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    if (!view->occasion[1] || view->population != OM_POPULATION_POSITIVE || !om_class_has_points(scale))
        return OM_OK;
    struct om_view everyone = *view;
    struct om_pair_count *at[2] = {NULL, NULL};
    struct om_pairs all, positive;
    everyone.population = OM_POPULATION_ALL;
    view->row.occasion = "change";
    om_status status = om_view_pairs(&everyone, &at[0], &all, err);
    if (status == OM_OK)
        status = om_view_pairs(view, &at[1], &positive, err);
    if (status == OM_OK)
        status = rows_pairs(view, &all, &positive, err);
    om_free(at[0]);
    om_free(at[1]);
    return status;
}
