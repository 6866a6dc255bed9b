#include <omstat/retest.h>

#include <math.h>
#include <omstat/describe.h>
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/outcome.h"

struct om_stat
om_sem(struct om_stat sd, struct om_stat reliability)
{
    if (sd.reason)
        return sd;
    if (reliability.reason)
        return reliability;
    if (reliability.value < 0)
        return om_undefined("the reliability is below 0");
    return om_defined(sd.value * sqrt(1 - reliability.value));
}

void
om_measurement_error(struct om_stat sem, uint64_t n, double level, struct om_measurement_error *out)
{
    const char *why = sem.reason               ? sem.reason
                      : n == 0                 ? OM_WHY_EMPTY
                      : !om_level_valid(level) ? OM_WHY_LEVEL
                                               : NULL;
    *out = (struct om_measurement_error){sem, om_undefined(why), om_undefined(why)};
    if (why)
        return;
    out->sdc = om_defined(om_normal_bound(level) * M_SQRT2 * sem.value);
    out->sdc_group = om_defined(out->sdc.value / sqrt((double)n));
}

/* --- limits of agreement ------------------------------------------------------------------------------- */

/* The variance of bias -+ z sd is sd^2 (1 / n + z^2 / (2 (n - 1))), nearly. */
static void
find_limits(const struct om_description *change, double level, struct om_limits_result *out)
{
    double n = (double)change->n, z = om_normal_bound(level), sd = change->sd.value;
    double half = om_t_bound(level, n - 1) * sd * sqrt(1 / n + z * z / (2 * (n - 1)));
    double lower = change->mean.value - z * sd, upper = change->mean.value + z * sd;
    out->lower = om_defined(lower);
    out->upper = om_defined(upper);
    if (!(sd > 0)) {
        out->lower_interval = out->upper_interval = om_no_bounds(level, "bland-altman", OM_WHY_SAME_CHANGE);
        return;
    }
    out->lower_interval = om_bounds(lower - half, lower + half, level, "bland-altman");
    out->upper_interval = om_bounds(upper - half, upper + half, level, "bland-altman");
}

om_status
om_limits(const struct om_pairs *pairs, double level, struct om_limits_result *out, struct om_error *err)
{
    struct om_margins margins;
    struct om_description change;
    om_status status = om_margins_make(pairs, &margins, err);
    if (status != OM_OK)
        return status;
    om_describe(&margins.change, level, &change);
    om_margins_release(&margins);
    *out = (struct om_limits_result){
        .n = change.n, .bias = change.mean, .bias_interval = change.mean_interval, .sd = change.sd};
    const char *why = change.sd.reason ? change.sd.reason : om_level_valid(level) ? NULL : OM_WHY_LEVEL;
    if (why) {
        out->lower = out->upper = om_undefined(why);
        out->lower_interval = out->upper_interval = om_no_bounds(level, "bland-altman", why);
    } else
        find_limits(&change, level, out);
    return OM_OK;
}
