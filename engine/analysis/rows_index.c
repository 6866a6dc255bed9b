/* What an index of reliable change is made of, and how much hangs on its reliability. */
#include "analysis/kept.h"
#include "base/error.h"
#include "stats/outcome.h"

#include <math.h>

static om_status
add(struct om_view *view, const char *statistic, double value, const char *method, const char *note,
    struct om_error *err)
{
    const struct om_stat stat = om_defined(value);
    return om_add_stat(view, statistic, &stat, NULL, method, om_view_scale(view)->norms.pairs, note, err);
}

/* With the interval of alpha where it is the sample's own. */
static om_status
rows_reliability(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_scale_norms *norms = &om_view_scale(view)->norms;
    uint64_t n = norms->alpha.reason ? norms->pairs : norms->forms;
    OM_TRY(om_add_stat(view, "reliability", &norms->people.reliability, &norms->alpha, NULL, n,
                       norms->reliability.text, err));
    if (rule->id == OM_RULE_NK)
        return om_add_stat(view, "reliability_post", &norms->people.reliability_post, NULL, NULL, n,
                           norms->reliability.text, err);
    return OM_OK;
}

/* The denominator under its own name, and what else the index has that others do not. */
static om_status
rows_own(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_change_index *index = &rule->change.index;
    const struct om_scale_norms *norms = &om_view_scale(view)->norms;
    switch (rule->id) {
    case OM_RULE_JT:
        OM_TRY(add(view, "s_diff", index->se, "sqrt(2) sem", NULL, err));
        return add(view, "points", index->critical * index->se, "critical_value s_diff",
                   "a change of more points is reliable", err);
    case OM_RULE_HLL:
        OM_TRY(add(view, "m_post", norms->people.mean_post.value, NULL, "the sample", err));
        return add(view, "se_prediction", index->se, "sd sqrt(1-r^2)", NULL, err);
    case OM_RULE_GLN:
        return add(view, "se_prediction", index->se, "sd sqrt(1-r^2)", NULL, err);
    case OM_RULE_NK:
        return add(view, "se_difference", index->se, "sd sqrt(r^2(1-r)+1-r_post)", NULL, err);
    case OM_RULE_HA:
        return add(view, "r_dd", index->r_dd, "1-2 sem^2/var", NULL, err);
    default:
        return OM_OK;
    }
}

/* Over the people of the view. */
static om_status
rows_spread(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    const double unit = (double)scorer->unit;
    long double sum = 0, squares = 0;
    double low = INFINITY, high = -INFINITY;
    uint64_t n = 0;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        double value =
            om_change_index_of(&rule->change.index, (double)scorer->level[cell->first].value / unit,
                               (double)scorer->level[cell->last].value / unit);
        sum += (long double)value * cell->count;
        squares += (long double)value * value * cell->count;
        low = fmin(low, value);
        high = fmax(high, value);
        n += cell->count;
    }
    if (n == 0)
        return OM_OK;
    double mean = (double)(sum / n), rms = (double)sqrtl(squares / n);
    if (fabs(mean) < 1e-12 * rms) /* HLL: 0 by its definition, but for what rounding leaves */
        mean = 0;
    const struct {
        const char *statistic;
        double value;
    } rows[] = {{"index.mean", mean}, {"index.rms", rms}, {"index.min", low}, {"index.max", high}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct om_stat stat = om_defined(rows[i].value);
        OM_TRY(om_add_stat(view, rows[i].statistic, &stat, NULL, om_rule_id(rule->id), n, NULL, err));
    }
    return OM_OK;
}

static om_status
rows_cutoff(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_change_cutoff *cutoff = &rule->change.cutoff;
    const struct om_stat at = {cutoff->at, cutoff->reason};
    return om_add_stat(view, "cutoff", &at, NULL, om_cutoff_id(cutoff->kind),
                       om_view_scale(view)->norms.pairs, rule->note, err);
}

static om_status
rows_quantities(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_change_index *index = &rule->change.index;
    if (om_rule_is_index(rule->id)) {
        OM_TRY(rows_reliability(view, rule, err));
        if (index->reason)
            return OM_OK;
        OM_TRY(add(view, "sem", index->sem, "sd sqrt(1-r)", om_view_scale(view)->norms.sd.text, err));
        OM_TRY(rows_own(view, rule, err));
        OM_TRY(add(view, "critical_value", index->critical, "normal", NULL, err));
        OM_TRY(rows_spread(view, rule, err));
    }
    return rule->id == OM_RULE_ANCHOR ? OM_OK : rows_cutoff(view, rule, err);
}

/* --- how many classes hang on alpha -------------------------------------------------------------------- */

/* Whose class is another one at either end of the interval of alpha. */
static om_status
rows_flips(struct om_view *view, const struct om_class_rule *rule, const struct om_turned_rule *turned,
           struct om_error *err)
{
    const struct om_class_rule *low = &turned->low, *high = &turned->high;
    uint64_t k = 0, n = 0;
    const char *reason = om_class_why_not(low) ? om_class_why_not(low) : om_class_why_not(high);
    if (reason) {
        const struct om_stat none = om_undefined(reason);
        return om_add_stat(view, "flips", &none, NULL, NULL, 0, NULL, err);
    }
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        enum om_change_class class_ = om_class_of(view, rule, cell->first, cell->last);
        bool flips = om_class_of(view, low, cell->first, cell->last) != class_ ||
                     om_class_of(view, high, cell->first, cell->last) != class_;
        k += flips ? cell->count : 0;
        n += cell->count;
    }
    return om_add_rate(view, "flips", k, n, turned->note, err);
}

/* What holds for everyone stands once: with the first population that is reported, of the first group. */
static bool
is_first(const struct om_view *view)
{
    return view->group == &view->run->group[0] &&
           (view->population == OM_POPULATION_ALL || !view->run->study->populations[OM_POPULATION_ALL]);
}

om_status
om_rows_index(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct om_turned_rule *turned = view->kept->scale[view->scale].turned[rule->id];
    if (rule->id < OM_RULE_JT)
        return OM_OK;
    if (turned)
        OM_TRY(rows_flips(view, rule, turned, err));
    return is_first(view) ? rows_quantities(view, rule, err) : OM_OK;
}
