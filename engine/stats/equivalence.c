#include <omstat/equivalence.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"

/* 2 (0.95) - 1 is to be 0.9, not a rounding error less. */
static double
inner_level(double level)
{
    return round((2 * level - 1) * 1e12) / 1e12;
}

static struct om_interval
inner_interval(double mean, double se, double df, double level)
{
    double inner = inner_level(level);
    if (!om_level_valid(inner))
        return om_no_bounds(inner, "t", "the level must lie between 0.5 and 1");
    double half = om_t_bound(inner, df) * se;
    return om_bounds(mean - half, mean + half, inner, "t");
}

void
om_equivalence(const struct om_paired_result *paired, double bound, double level,
               struct om_equivalence_result *out)
{
    const char *reason = paired->t.reason ? paired->t.reason : bound > 0 ? NULL : "the bound must be above 0";
    if (reason) {
        struct om_stat none = om_undefined(reason);
        *out = (struct om_equivalence_result){none, none, none,
                                              none, none, om_no_bounds(inner_level(level), "t", reason)};
        return;
    }
    double mean = paired->mean_change.value, se = paired->se_change.value, df = paired->df.value;
    double below = (mean + bound) / se, above = (mean - bound) / se;
    out->lower_t = om_defined(below);
    out->upper_t = om_defined(above);
    out->lower_p = om_defined(om_t_upper(below, df));
    out->upper_p = om_defined(om_t_upper(-above, df));
    out->p = om_defined(fmax(out->lower_p.value, out->upper_p.value));
    out->interval = inner_interval(mean, se, df, level);
}
