#include <omstat/power.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/noncentral_t.h"
#include "stats/outcome.h"

#define WHY_ALPHA "alpha must lie between 0 and 1"
#define WHY_POWER "the power must lie between alpha and 1"

static double
power_of(double n, double d_z, double alpha)
{
    double df = n - 1, t = om_t_bound(1 - alpha, df), delta = fabs(d_z) * sqrt(n);
    return 1 - om_noncentral_t_cdf(t, df, delta) + om_noncentral_t_cdf(-t, df, delta);
}

static const char *
impossible(double power, double alpha)
{
    return !(alpha > 0 && alpha < 1) ? WHY_ALPHA : !(power > alpha && power < 1) ? WHY_POWER : NULL;
}

struct om_stat
om_power(uint64_t n, double d_z, double alpha)
{
    if (n < 2)
        return om_undefined(n ? OM_WHY_ONE : OM_WHY_EMPTY);
    if (!(alpha > 0 && alpha < 1))
        return om_undefined(WHY_ALPHA);
    if (!isfinite(d_z))
        return om_undefined("the effect must be a number");
    return om_defined(power_of((double)n, d_z, alpha));
}

/* Power grows with n: doubling finds a range, halving it the smallest. */
struct om_stat
om_power_n(double d_z, double power, double alpha)
{
    const double most = 0x1p52;
    const char *reason = impossible(power, alpha);
    if (reason)
        return om_undefined(reason);
    if (!isfinite(d_z) || d_z == 0)
        return om_undefined("an effect of 0 is never found");
    double low = 1, high = 2; /* not enough; perhaps enough */
    while (high < most && power_of(high, d_z, alpha) < power) {
        low = high;
        high *= 2;
    }
    if (high >= most)
        return om_undefined("the effect is too small for any number of people");
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        *(power_of(middle, d_z, alpha) < power ? &low : &high) = middle;
    }
    return om_defined(high);
}

struct om_stat
om_power_effect(uint64_t n, double power, double alpha)
{
    const char *reason = n < 2 ? (n ? OM_WHY_ONE : OM_WHY_EMPTY) : impossible(power, alpha);
    if (reason)
        return om_undefined(reason);
    double pairs = (double)n, low = 0, high = 1 / sqrt(pairs);
    while (power_of(pairs, high, alpha) < power && high < 0x1p500)
        high *= 2;
    for (int step = 0; step < 60 && low < high; step++) {
        double middle = low + (high - low) / 2;
        *(power_of(pairs, middle, alpha) < power ? &low : &high) = middle;
    }
    return om_defined(low + (high - low) / 2);
}
