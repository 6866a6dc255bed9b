#include "stats/proportion.h"

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"

/* Wilson (1927), JASA 22, 209: the roots of the score equation, (n + z^2) p^2 - (2k + z^2) p + k^2 / n = 0.
 * The upper one is a sum of positive parts; the lower one follows from the product of the two, so nothing
 * cancels. */
static void
wilson(double k, double n, double z, double *lower, double *upper)
{
    double sum = k + z * z / 2 + z * sqrt(k * ((n - k) / n) + z * z / 4);
    *lower = k * (k / n) / sum;
    *upper = k < n ? sum / (n + z * z) : 1;
}

/* Clopper & Pearson (1934), Biometrika 26, 404. */
static void
clopper_pearson(double k, double n, double tail, double *lower, double *upper)
{
    if (k > 0)
        *lower = om_beta_quantile(tail, k, n - k + 1);
    if (k < n)
        *upper = om_beta_quantile(1 - tail, k + 1, n - k);
}

/* Why there is no interval, or NULL. */
static const char *
why_not(uint64_t k, uint64_t n, double level)
{
    return n == 0                  ? OM_WHY_EMPTY
           : k > n                 ? "the part is larger than the whole"
           : om_level_valid(level) ? NULL
                                   : OM_WHY_LEVEL;
}

void
om_proportion_wilson(uint64_t k, uint64_t n, double level, double z, struct om_interval *out)
{
    static const char name[] = "wilson";
    const char *reason = why_not(k, n, level);
    double lower = 0, upper = 1;
    if (!reason)
        wilson((double)k, (double)n, z, &lower, &upper);
    *out = reason ? om_no_bounds(level, name, reason) : om_bounds(lower, upper, level, name);
}

void
om_proportion(uint64_t k, uint64_t n, double level, enum om_proportion_method method, struct om_interval *out)
{
    static const char name[] = "clopper-pearson";
    if (method == OM_PROPORTION_WILSON) {
        om_proportion_wilson(k, n, level, om_level_valid(level) ? om_normal_bound(level) : 0, out);
        return;
    }
    const char *reason = why_not(k, n, level);
    double lower = 0, upper = 1;
    if (!reason)
        clopper_pearson((double)k, (double)n, (1 - level) / 2, &lower, &upper);
    *out = reason ? om_no_bounds(level, name, reason) : om_bounds(lower, upper, level, name);
}
