#include <omstat/proportion.h>

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

void
om_proportion(uint64_t k, uint64_t n, double level, enum om_proportion_method method, struct om_interval *out)
{
    int exact = method == OM_PROPORTION_CLOPPER_PEARSON;
    const char *name = exact ? "clopper-pearson" : "wilson";
    const char *reason = n == 0                  ? OM_WHY_EMPTY
                         : k > n                 ? "the part is larger than the whole"
                         : om_level_valid(level) ? NULL
                                                 : OM_WHY_LEVEL;
    if (reason) {
        *out = om_no_bounds(level, name, reason);
        return;
    }
    double lower = 0, upper = 1;
    if (exact)
        clopper_pearson((double)k, (double)n, (1 - level) / 2, &lower, &upper);
    else
        wilson((double)k, (double)n, om_normal_bound(level), &lower, &upper);
    *out = om_bounds(lower, upper, level, name);
}
