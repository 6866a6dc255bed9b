#include "stats/power.h"

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

/* Power grows with n: doubling finds a range, halving it the smallest. Infinite where 2^52 are too few. */
static double
smallest_n(double d_z, double power, double alpha)
{
    const double most = 0x1p52;
    double low = 1, high = 2; /* not enough; perhaps enough */
    while (high < most && power_of(high, d_z, alpha) < power) {
        low = high;
        high *= 2;
    }
    if (high >= most)
        return INFINITY;
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        *(power_of(middle, d_z, alpha) < power ? &low : &high) = middle;
    }
    return high;
}

static double
smallest_effect(double n, double power, double alpha)
{
    double low = 0, high = 1 / sqrt(n);
    while (power_of(n, high, alpha) < power && high < 0x1p500)
        high *= 2;
    for (int step = 0; step < 60 && low < high; step++) {
        double middle = low + (high - low) / 2;
        *(power_of(n, middle, alpha) < power ? &low : &high) = middle;
    }
    return low + (high - low) / 2;
}

static const char *
impossible(double power, double alpha)
{
    return !(alpha > 0 && alpha < 1) ? WHY_ALPHA : !(power > alpha && power < 1) ? WHY_POWER : NULL;
}

struct om_stat
om_power_memo(uint64_t n, double d_z, double alpha, const struct om_memo *memo)
{
    if (n < 2)
        return om_undefined(n ? OM_WHY_ONE : OM_WHY_EMPTY);
    if (!(alpha > 0 && alpha < 1))
        return om_undefined(WHY_ALPHA);
    if (!isfinite(d_z))
        return om_undefined("the effect must be a number");
    return om_defined(om_memo_value(memo, OM_MEMO_POWER, power_of, (double)n, d_z, alpha));
}

struct om_stat
om_power_n_memo(double d_z, double power, double alpha, const struct om_memo *memo)
{
    const char *reason = impossible(power, alpha);
    if (reason)
        return om_undefined(reason);
    if (!isfinite(d_z) || d_z == 0)
        return om_undefined("an effect of 0 is never found");
    double n = om_memo_value(memo, OM_MEMO_POWER_N, smallest_n, d_z, power, alpha);
    return isfinite(n) ? om_defined(n) : om_undefined("the effect is too small for any number of people");
}

struct om_stat
om_power_effect_memo(uint64_t n, double power, double alpha, const struct om_memo *memo)
{
    const char *reason = n < 2 ? (n ? OM_WHY_ONE : OM_WHY_EMPTY) : impossible(power, alpha);
    if (reason)
        return om_undefined(reason);
    return om_defined(om_memo_value(memo, OM_MEMO_POWER_EFFECT, smallest_effect, (double)n, power, alpha));
}

struct om_stat
om_power(uint64_t n, double d_z, double alpha)
{
    return om_power_memo(n, d_z, alpha, NULL);
}

struct om_stat
om_power_n(double d_z, double power, double alpha)
{
    return om_power_n_memo(d_z, power, alpha, NULL);
}

struct om_stat
om_power_effect(uint64_t n, double power, double alpha)
{
    return om_power_effect_memo(n, power, alpha, NULL);
}
