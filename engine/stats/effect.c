#include "stats/effect.h"

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"

#define EXACT  "noncentral-t"
#define SCALED "noncentral-t-scaled"

static struct om_effect
no_effect(const char *reason, double level, const char *method)
{
    return (struct om_effect){om_undefined(reason), om_no_bounds(level, method, reason)};
}

struct om_effect
om_no_effect(const char *reason, double level)
{
    return no_effect(reason, level, SCALED);
}

struct om_effect
om_effect_scaled(const struct om_effect *d, double factor)
{
    struct om_effect out = {d->estimate, d->interval};
    out.interval.method = SCALED;
    if (!out.estimate.reason)
        out.estimate = om_defined(out.estimate.value * factor);
    if (!out.interval.reason)
        out.interval =
            om_bounds(d->interval.lower * factor, d->interval.upper * factor, d->interval.level, SCALED);
    return out;
}

struct om_effect
om_effect_from_t(double d, double root, double t, double df, double level, const struct om_memo *memo)
{
    struct om_effect out = {om_defined(d), om_no_bounds(level, EXACT, OM_WHY_LEVEL)};
    if (om_level_valid(level)) {
        struct om_delta_bounds delta = om_noncentral_t_bounds((1 - level) / 2, t, df, memo);
        out.interval = om_bounds(delta.lower / root, delta.upper / root, level, EXACT);
    }
    return out;
}

static struct om_effect
effect_z(const struct om_paired_result *r, double level, const struct om_memo *memo)
{
    if (r->t.reason)
        return no_effect(r->t.reason, level, EXACT);
    return om_effect_from_t(r->mean_change.value / r->sd_change.value, sqrt((double)r->n), r->t.value,
                            r->df.value, level, memo);
}

/* Defined without d_z too, when everybody changed by the same amount; then it has no interval. */
static struct om_effect
effect_av(const struct om_paired_result *r, double level)
{
    if (r->sd_pre.reason)
        return om_no_effect(r->sd_pre.reason, level);
    double sd_av = (r->sd_pre.value + r->sd_post.value) / 2;
    if (!(sd_av > 0))
        return om_no_effect(OM_WHY_FLAT_BOTH, level);
    struct om_effect out = om_effect_scaled(&r->d_z, r->sd_change.value / sd_av);
    out.estimate = om_defined(r->mean_change.value / sd_av);
    return out;
}

static struct om_effect
effect_rm(const struct om_paired_result *r, double level, double twice_rest)
{
    const char *reason = r->correlation.reason    ? r->correlation.reason
                         : r->d_z.estimate.reason ? r->d_z.estimate.reason
                         : twice_rest > 0         ? NULL
                                                  : OM_WHY_PERFECT_RM;
    return reason ? om_no_effect(reason, level) : om_effect_scaled(&r->d_z, sqrt(twice_rest));
}

/* The correction needs a gamma function at (df - 1) / 2. */
struct om_effect
om_effect_corrected(const struct om_effect *d, uint64_t n)
{
    if (d->estimate.reason || n > 2)
        return om_effect_scaled(d, n > 2 ? om_hedges_j((double)(n - 1)) : 1);
    return om_no_effect(OM_WHY_TWO, d->interval.level);
}

void
om_effect_sizes(double level, double twice_rest, const struct om_memo *memo, struct om_paired_result *out)
{
    out->d_z = effect_z(out, level, memo);
    out->d_av = effect_av(out, level);
    out->d_rm = effect_rm(out, level, twice_rest);
    out->g_z = om_effect_corrected(&out->d_z, out->n);
    out->g_av = om_effect_corrected(&out->d_av, out->n);
}
