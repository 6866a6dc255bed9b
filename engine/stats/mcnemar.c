#include <omstat/paired.h>

#include "stats/dist.h"
#include "stats/outcome.h"

static double
chi2(uint64_t distance, uint64_t discordant)
{
    long double d = distance;
    return (double)(d * d / (long double)discordant);
}

/* The correction never turns round a difference: with b = c it leaves 0, where (|b - c| - 1)^2 would be 1. */
void
om_mcnemar(uint64_t b, uint64_t c, struct om_mcnemar_result *out)
{
    uint64_t discordant = b + c, smaller = b < c ? b : c, distance = discordant - 2 * smaller;
    if (discordant == 0) {
        struct om_stat none = om_undefined("nobody changed status");
        *out = (struct om_mcnemar_result){none, none, none, none, none};
        return;
    }
    double plain = chi2(distance, discordant), corrected = chi2(distance ? distance - 1 : 0, discordant);
    out->chi2 = om_defined(plain);
    out->p = om_defined(om_chi2_1_p(plain));
    out->chi2_cc = om_defined(corrected);
    out->cc_p = om_defined(om_chi2_1_p(corrected));
    out->exact_p = om_defined(om_binomial_half_p(smaller, discordant));
}
