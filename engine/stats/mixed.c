/*
 * The mixed model of growth: what is reported of the fit, in the time of the data.
 *
 * Degrees of freedom after Satterthwaite (1946), as in Kuznetsova, Brockhoff & Christensen (2017), J Stat
 * Softw 82(13): 2 v^2 / (g' A g), v the variance of the effect, g its derivatives by theta and the log of the
 * variance of the error, A twice the inverse of the second derivatives of the REML criterion by these.
 */
#include <omstat/mixed.h>

#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/growth.h"
#include "stats/outcome.h"
#include "stats/trajectory.h"
#include <omstat/waves.h>

#define WHY_ONE_TIME    "a group has scores at one occasion only"
#define WHY_NO_REPEATS  "no group has two people with scores at two occasions"
#define WHY_NO_ERROR    "everyone's scores lie on a straight line, or nobody has three"
#define WHY_NOT_FOUND   "the search for the best fit did not settle"
#define WHY_FIRST_GROUP "this is the group the others are compared with"
#define WHY_ONE_GROUP   "there is one group"
#define WHY_NO_SPREAD   "no variation between persons"

/* The fit, in standard time. */
struct fit {
    struct om_growth_data data;
    struct om_growth_theta theta;
    int rank;
    struct om_growth_line *line; /* owned; per group */
    struct om_growth_look look;
    double variance;
    double curvature[4][4]; /* of the criterion, by theta and log variance */
};

/* An estimate, its variance, and the derivatives of that by theta and log variance. */
struct effect {
    double estimate, variance, gradient[4];
};

static const char *
not_identified(const struct om_growth_data *data)
{
    bool repeated = false, lines = data->scale > 0;
    if (data->n == 0)
        return OM_WHY_EMPTY;
    for (size_t g = 0; g < data->n_groups; g++) {
        struct om_symmetric2 zz = {0};
        for (size_t i = 0; i < data->n_cells; i++)
            if (data->cell[i].group == g) {
                zz.aa += data->cell[i].n * data->cell[i].zz.aa;
                zz.ab += data->cell[i].n * data->cell[i].zz.ab;
                zz.bb += data->cell[i].n * data->cell[i].zz.bb;
            }
        lines = lines && zz.aa * zz.bb - zz.ab * zz.ab > 1e-12 * zz.aa * zz.aa;
        repeated |= data->group[g].repeated > 1;
    }
    return !lines                                    ? WHY_ONE_TIME
           : !repeated                               ? WHY_NO_REPEATS
           : !(data->within > 1e-12 * data->squares) ? WHY_NO_ERROR
                                                     : NULL;
}

/* Second derivatives by theta with the variance fixed, mixed ones, and by the log of the variance. Elements
 * of theta that a singular fit is without take no part. */
static void
find_curvature(struct fit *fit)
{
    double inner[3][3];
    om_growth_curvature(&fit->data, &fit->theta, fit->variance, fit->line, inner);
    om_growth_look(&fit->data, &fit->theta, 0, fit->line, &fit->look);
    for (size_t j = 0; j < 3; j++) {
        for (size_t k = 0; k < 3; k++)
            fit->curvature[j][k] = inner[j][k];
        fit->curvature[j][3] = fit->curvature[3][j] = -fit->look.residual_gradient[j] / fit->variance;
    }
    fit->curvature[3][3] = fit->look.residual / fit->variance;
    const size_t present = fit->rank == 2 ? 3 : fit->rank == 1 ? 2 : 0;
    for (size_t j = present; j < 3; j++)
        for (size_t k = 0; k < 4; k++)
            fit->curvature[j][k] = fit->curvature[k][j] = j == k;
}

/* weight' (line of the group), weight in standard time. */
static struct effect
effect_of(const struct fit *fit, size_t group, struct om_vector2 weight)
{
    const struct om_growth_line *line = &fit->line[group];
    const struct om_vector2 w = om_symmetric2_times(&line->inverse, &weight);
    const struct om_vector2 start = fit->data.group[group].line;
    const struct om_symmetric2 d = om_growth_covariance(&fit->theta);
    struct effect out = {.estimate =
                             weight.a * (start.a + line->line.a) + weight.b * (start.b + line->line.b),
                         .variance = fit->variance * (weight.a * w.a + weight.b * w.b)};
    struct om_symmetric2 slope = {0};
    for (size_t i = 0; i < fit->data.n_cells; i++) {
        const struct om_growth_cell *cell = &fit->data.cell[i];
        if (cell->group != group)
            continue;
        const struct om_growth_weight v = om_growth_weigh(&cell->zz, &d);
        const struct om_vector2 gw = om_symmetric2_times(&v.precision, &w);
        slope.aa += cell->n * gw.a * gw.a;
        slope.ab += cell->n * gw.a * gw.b;
        slope.bb += cell->n * gw.b * gw.b;
    }
    om_growth_by_theta(&slope, &fit->theta, out.gradient);
    for (size_t k = 0; k < 3; k++)
        out.gradient[k] *= fit->variance;
    out.gradient[3] = out.variance;
    return out;
}

static struct effect
difference(const struct effect *a, const struct effect *b)
{
    struct effect out = {.estimate = a->estimate - b->estimate, .variance = a->variance + b->variance};
    for (size_t k = 0; k < 4; k++)
        out.gradient[k] = a->gradient[k] + b->gradient[k];
    return out;
}

static struct om_fixed_effect
no_effect(double level, const char *reason)
{
    const struct om_stat none = om_undefined(reason);
    return (struct om_fixed_effect){none, none, none,
                                    none, none, om_no_bounds(level, "t-satterthwaite", reason)};
}

static struct om_fixed_effect
test(const struct fit *fit, const struct effect *effect, double level)
{
    double m[4][4], solved[4], spread = 0;
    memcpy(m, fit->curvature, sizeof m);
    struct om_fixed_effect out = no_effect(level, WHY_NOT_FOUND);
    const double se = sqrt(effect->variance);
    out.estimate = om_defined(effect->estimate);
    out.se = om_defined(se);
    if (!om_solve_small(4, m, effect->gradient, solved))
        return out;
    for (size_t k = 0; k < 4; k++)
        spread += 2 * effect->gradient[k] * solved[k];
    const double df = 2 * effect->variance * effect->variance / spread;
    out.df = om_defined(df);
    out.t = om_defined(effect->estimate / se);
    out.p = om_defined(om_t_p(out.t.value, df));
    out.interval = om_no_bounds(level, "t-satterthwaite", OM_WHY_LEVEL);
    if (om_level_valid(level)) {
        const double half = om_t_bound(level, df) * se;
        out.interval = om_bounds(effect->estimate - half, effect->estimate + half, level, "t-satterthwaite");
    }
    return out;
}

/* That all groups have one slope: the weighted sum of squares of the slopes about their weighted mean. */
static void
test_slopes(const struct effect *slope, size_t n_groups, struct om_mixed_result *out)
{
    double weights = 0, mean = 0, chi2 = 0;
    if (n_groups < 2) {
        out->slopes_chi2 = out->slopes_df = out->slopes_p = om_undefined(WHY_ONE_GROUP);
        return;
    }
    for (size_t g = 0; g < n_groups; g++) {
        weights += 1 / slope[g].variance;
        mean += slope[g].estimate / slope[g].variance;
    }
    mean /= weights;
    for (size_t g = 0; g < n_groups; g++)
        chi2 += (slope[g].estimate - mean) * (slope[g].estimate - mean) / slope[g].variance;
    out->slopes_chi2 = om_defined(chi2);
    out->slopes_df = om_defined((double)(n_groups - 1));
    out->slopes_p = om_defined(om_chi2_p(chi2, (double)(n_groups - 1)));
}

static om_status
report_lines(const struct fit *fit, double level, struct om_mixed_group *group, struct om_mixed_result *out,
             struct om_error *err)
{
    const size_t n = fit->data.n_groups;
    const double scale = fit->data.scale;
    const struct om_vector2 at_zero = {1, -fit->data.centre / scale}, per_time = {0, 1 / scale};
    struct effect *effect = om_alloc(n, 2 * sizeof *effect);
    if (!effect)
        return om_fail_memory(err);
    struct effect *slope = effect + n;
    for (size_t g = 0; g < n; g++) {
        effect[g] = effect_of(fit, g, at_zero);
        slope[g] = effect_of(fit, g, per_time);
        const struct effect apart = difference(&effect[g], &effect[0]),
                            steeper = difference(&slope[g], &slope[0]);
        group[g] = (struct om_mixed_group){
            .n = fit->data.group[g].n,
            .intercept = test(fit, &effect[g], level),
            .slope = test(fit, &slope[g], level),
            .intercept_difference = g ? test(fit, &apart, level) : no_effect(level, WHY_FIRST_GROUP),
            .slope_difference = g ? test(fit, &steeper, level) : no_effect(level, WHY_FIRST_GROUP)};
    }
    test_slopes(slope, n, out);
    om_free(effect);
    return OM_OK;
}

static void
report_variances(const struct fit *fit, struct om_mixed_result *out)
{
    const struct om_symmetric2 d = om_growth_covariance(&fit->theta);
    const double s = fit->data.scale, m = fit->data.centre / s, v = fit->variance;
    const double x = fit->theta.at[0] - m * fit->theta.at[1],
                 y = m * fit->theta.at[2];       /* no cancellation of */
    const double variance = v * (x * x + y * y); /* squares */
    out->covariance[0] = variance;
    out->covariance[1] = v * (d.ab - m * d.bb) / s;
    out->covariance[2] = v * d.bb / (s * s);
    out->variance = v;
    out->singular = fit->rank < 2;
    out->residual_sd = om_defined(sqrt(v));
    out->intercept_sd = om_defined(sqrt(out->covariance[0]));
    out->slope_sd = om_defined(sqrt(out->covariance[2]));
    const double sds = out->intercept_sd.value * out->slope_sd.value;
    out->correlation = !(sds > 0)       ? om_undefined(WHY_NO_SPREAD)
                       : fit->rank == 1 ? om_defined(out->covariance[1] < 0 ? -1 : 1)
                                        : om_defined(out->covariance[1] / sds);
    const double shift = 2 * (double)fit->data.n_groups * log(s); /* of log|X'V^-1 X|, from standard time */
    out->reml = om_defined(fit->look.criterion + shift);
}

static void
set_undefined(struct om_mixed_group *group, size_t n_groups, double level, const char *reason,
              struct om_mixed_result *out)
{
    const struct om_fixed_effect none = no_effect(level, reason);
    const struct om_stat nothing = om_undefined(reason);
    for (size_t g = 0; g < n_groups; g++) {
        const uint64_t n = group[g].n;
        group[g] = (struct om_mixed_group){n, none, none, none, none};
    }
    out->reason = reason;
    out->reml = out->intercept_sd = out->slope_sd = out->correlation = out->residual_sd = nothing;
    out->slopes_chi2 = out->slopes_df = out->slopes_p = nothing;
}

static om_status
fit_and_report(struct fit *fit, double level, struct om_mixed_group *group, struct om_mixed_result *out,
               struct om_error *err)
{
    const struct om_growth_data *data = &fit->data;
    for (size_t g = 0; g < data->n_groups; g++)
        group[g].n = data->group[g].n;
    *out = (struct om_mixed_result){.n = data->n, .n_scores = data->n_scores};
    const char *reason = not_identified(data);
    if (!reason && !om_growth_minimise(data, &fit->theta, &fit->rank, fit->line))
        reason = WHY_NOT_FOUND;
    if (reason) {
        set_undefined(group, data->n_groups, level, reason, out);
        return OM_OK;
    }
    om_growth_look(data, &fit->theta, 0, fit->line, &fit->look);
    fit->variance = fit->look.residual / ((double)data->n_scores - 2 * (double)data->n_groups);
    find_curvature(fit);
    report_variances(fit, out);
    return report_lines(fit, level, group, out, err);
}

static om_status
check(const struct om_trajectories *t, size_t n_groups, struct om_error *err)
{
    if (n_groups == 0)
        return om_fail(err, OM_ERR_INVALID, "a mixed model needs a group");
    for (size_t g = 0; g < n_groups; g++) {
        OM_TRY(om_trajectories_check(&t[g], err));
        bool same = t[g].n_occasions == t[0].n_occasions && t[g].unit == t[0].unit;
        for (size_t k = 0; same && k < t[0].n_occasions; k++)
            same = t[g].time[k] == t[0].time[k];
        if (!same)
            return om_fail(err, OM_ERR_INVALID, "the groups of a mixed model need the same times and unit");
    }
    return OM_OK;
}

om_status
om_mixed(const struct om_trajectories *trajectories, size_t n_groups, size_t min_scores, double level,
         struct om_mixed_group *group, struct om_mixed_result *out, struct om_error *err)
{
    OM_TRY(check(trajectories, n_groups, err));
    struct fit fit = {0};
    OM_TRY(om_growth_reduce(trajectories, n_groups, min_scores, &fit.data, err));
    fit.line = om_alloc(n_groups, sizeof *fit.line);
    om_status status = fit.line ? fit_and_report(&fit, level, group, out, err) : om_fail_memory(err);
    om_free(fit.line);
    om_growth_release(&fit.data);
    return status;
}

void
om_mixed_person(const struct om_mixed_result *fit, const struct om_mixed_group *group,
                const struct om_trajectories *t, const int32_t *row, struct om_growth *out)
{
    const double v = fit->variance;
    const struct om_symmetric2 d = {fit->covariance[0] / v, fit->covariance[1] / v, fit->covariance[2] / v};
    struct om_symmetric2 zz = {0};
    struct om_vector2 off = {0}; /* Z' (y - X beta) */
    for (size_t k = 0; k < t->n_occasions; k++) {
        if (row[k] == OM_NO_SCORE)
            continue;
        const double time = t->time[k];
        const double residual = (double)row[k] / (double)t->unit - group->intercept.estimate.value -
                                group->slope.estimate.value * time;
        zz.aa += 1;
        zz.ab += time;
        zz.bb += time * time;
        off.a += residual;
        off.b += residual * time;
    }
    const struct om_growth_weight w = om_growth_weigh(&zz, &d);
    const struct om_vector2 weighted = om_square2_times(&w.shrink, &off);
    const struct om_vector2 mode = om_symmetric2_times(&d, &weighted);
    *out = (struct om_growth){.intercept = mode.a,
                              .slope = mode.b,
                              .intercept_sd = sqrt(fmax(0, v * (d.aa * w.shrink.aa + d.ab * w.shrink.ba))),
                              .slope_sd = sqrt(fmax(0, v * (d.ab * w.shrink.ab + d.bb * w.shrink.bb)))};
}
