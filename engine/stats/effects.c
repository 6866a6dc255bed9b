#include <omstat/effects.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/effect.h"
#include "stats/outcome.h"

#define FIRST_FLAT "the values of the first occasion are all equal"

/* The spread of the first occasion under the mean change. Defined without d_z too, as d_av is. */
static struct om_effect
effect_before(const struct om_paired_result *r)
{
    double level = r->d_z.interval.level;
    if (r->sd_pre.reason)
        return om_no_effect(r->sd_pre.reason, level);
    if (!(r->sd_pre.value > 0))
        return om_no_effect(FIRST_FLAT, level);
    struct om_effect out = om_effect_scaled(&r->d_z, r->sd_change.value / r->sd_pre.value);
    out.estimate = om_defined(r->mean_change.value / r->sd_pre.value);
    return out;
}

/* estimate -+ z sqrt(variance) */
static struct om_interval
normal(struct om_stat estimate, struct om_stat variance, double level, const char *method)
{
    const char *reason = estimate.reason          ? estimate.reason
                         : variance.reason        ? variance.reason
                         : !(variance.value > 0)  ? OM_WHY_SAME_CHANGE
                         : !om_level_valid(level) ? OM_WHY_LEVEL
                                                  : NULL;
    if (reason)
        return om_no_bounds(level, method, reason);
    double half = om_normal_bound(level) * sqrt(variance.value);
    return om_bounds(estimate.value - half, estimate.value + half, level, method);
}

/* 2 (1 - r), or why there is none. */
static struct om_stat
twice_rest(const struct om_paired_result *r)
{
    return r->correlation.reason ? r->correlation : om_defined(2 * (1 - r->correlation.value));
}

/* unit_variance is that of an effect of 0 in a sample of one: 1 for d_z, 2 (1 - r) for d_rm and d_b. */
static struct om_interval
large_sample(const struct om_effect *d, struct om_stat unit_variance, uint64_t n, const char *method)
{
    struct om_stat variance = unit_variance;
    if (!variance.reason && !d->estimate.reason)
        variance.value = (unit_variance.value + d->estimate.value * d->estimate.value / 2) / (double)n;
    return normal(d->estimate, variance, d->interval.level, method);
}

/*
 * d = M / s, s the mean of two sds. With normal scores var(s1) = s1^2 / 2 df, cov(s1, s2) = r^2 s1 s2 / 2 df,
 * and M and s are independent, so var(d) = var(M) / s^2 + d^2 var(s) / s^2.
 */
static struct om_interval
delta_method(const struct om_paired_result *r)
{
    struct om_stat variance = r->correlation;
    if (!variance.reason && !r->d_av.estimate.reason) {
        double a = r->sd_pre.value, b = r->sd_post.value, mean = (a + b) / 2, n = (double)r->n;
        double rr = r->correlation.value * r->correlation.value, d = r->d_av.estimate.value;
        double of_change = r->sd_change.value * r->sd_change.value / n;
        double of_sd = (a * a + b * b + 2 * rr * a * b) / (8 * (n - 1));
        variance = om_defined((of_change + d * d * of_sd) / (mean * mean));
    }
    return normal(r->d_av.estimate, variance, r->d_av.interval.level, "normal-delta");
}

static struct om_interval
corrected(const struct om_interval *d, uint64_t n)
{
    struct om_interval out = *d;
    if (out.reason)
        return out;
    if (n < 3)
        return om_no_bounds(d->level, d->method, OM_WHY_TWO);
    double j = om_hedges_j((double)(n - 1));
    out.lower *= j;
    out.upper *= j;
    return out;
}

static struct om_effect
common_language(const struct om_effect *d)
{
    struct om_effect out = *d;
    if (!d->estimate.reason)
        out.estimate = om_defined(om_normal_cdf(d->estimate.value));
    if (!d->interval.reason) {
        out.interval.lower = om_normal_cdf(d->interval.lower);
        out.interval.upper = om_normal_cdf(d->interval.upper);
    }
    return out;
}

void
om_effects(const struct om_paired_result *r, struct om_effects_result *out)
{
    static const char gibbons[] = "normal-gibbons", becker[] = "normal-becker";
    out->d_b = effect_before(r);
    out->g_b = om_effect_corrected(&out->d_b, r->n);
    out->g_rm = om_effect_corrected(&r->d_rm, r->n);
    out->d_z_normal = large_sample(&r->d_z, om_defined(1), r->n, gibbons);
    out->d_rm_normal = large_sample(&r->d_rm, twice_rest(r), r->n, becker);
    out->d_b_normal = large_sample(&out->d_b, twice_rest(r), r->n, becker);
    out->d_av_normal = delta_method(r);
    out->g_z_normal = corrected(&out->d_z_normal, r->n);
    out->g_rm_normal = corrected(&out->d_rm_normal, r->n);
    out->g_b_normal = corrected(&out->d_b_normal, r->n);
    out->g_av_normal = corrected(&out->d_av_normal, r->n);
    out->common_language = common_language(&r->d_z);
}

struct om_interval
om_rank_biserial_interval(struct om_stat r, uint64_t n_used, double level)
{
    static const char method[] = "fisher-z";
    const char *reason = r.reason                 ? r.reason
                         : fabs(r.value) >= 1     ? "all changes go the same way"
                         : !om_level_valid(level) ? OM_WHY_LEVEL
                                                  : NULL;
    if (reason)
        return om_no_bounds(level, method, reason);
    double n = (double)n_used, z = atanh(r.value);
    double half = om_normal_bound(level) * sqrt((4 * n + 2) / (3 * n * (n + 1)));
    return om_bounds(tanh(z - half), tanh(z + half), level, method);
}
