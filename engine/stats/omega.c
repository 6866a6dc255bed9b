/* McDonald (1999), Test Theory: a Unified Treatment, chapter 6: omega = (Sum of the loadings)^2 over the
 * variance of the total that the model implies. */
#include <omstat/reliability.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/item_spread.h"
#include "stats/one_factor.h"

static void
undefine(const char *reason, struct om_omega_result *out)
{
    out->omega = out->omega_standardized = out->chi2 = out->df = out->p = om_undefined(reason);
    for (size_t i = 0; i < out->k; i++)
        out->loading[i] = om_undefined(reason);
}

/* Omega of items with these standard deviations; their unique variance is what the factor leaves. */
static struct om_stat
omega_of(const double *loading, const double *sd, size_t k)
{
    double common = 0, unique = 0;
    for (size_t i = 0; i < k; i++) {
        common += sd[i] * loading[i];
        unique += sd[i] * sd[i] * (1 - loading[i] * loading[i]);
    }
    return om_defined(common * common / (common * common + unique));
}

/* The likelihood ratio against any covariances at all, with the factor of Bartlett (1950), British Journal of
 * Psychology (Statistical Section) 3, 77. */
static void
test_fit(double discrepancy, struct om_omega_result *out)
{
    double k = (double)out->k, df = k * (k - 3) / 2;
    double factor = (double)out->n - 1 - (2 * k + 5) / 6 - 2 / 3.0;
    out->df = om_defined(df);
    const char *why = df <= 0       ? "3 items always fit one factor"
                      : factor <= 0 ? "there are too few forms"
                                    : NULL;
    out->chi2 = out->p = om_undefined(why);
    if (why)
        return;
    out->chi2 = om_defined(factor * discrepancy);
    out->p = om_defined(om_chi2_p(out->chi2.value, df));
}

static const char *
why_not(const struct om_item_sums *sums)
{
    const char *few = om_item_too_few(sums);
    return few ? few : sums->k < 3 ? OM_WHY_THREE_ITEMS : om_item_any_flat(sums) ? OM_WHY_FLAT_ITEMS : NULL;
}

static om_status
fit(const struct om_item_sums *sums, struct om_one_factor *factor, struct om_error *err)
{
    const size_t k = sums->k;
    double *r = om_alloc(k * k, sizeof *r);
    if (!r)
        return om_fail_memory(err);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            r[i * k + j] = om_item_correlation(sums, i, j);
    om_status status = om_one_factor_fit(r, k, factor, err);
    om_free(r);
    return status;
}

om_status
om_omega(const struct om_item_sums *sums, struct om_omega_result *out, struct om_error *err)
{
    *out = (struct om_omega_result){.n = sums->n, .k = sums->k};
    double loading[OM_SUMS_ITEMS_MAX] = {0}, sd[OM_SUMS_ITEMS_MAX] = {0}, one[OM_SUMS_ITEMS_MAX] = {0};
    struct om_one_factor factor = {.loading = loading, .reason = why_not(sums)};
    if (!factor.reason)
        OM_TRY(fit(sums, &factor, err));
    if (factor.reason) {
        undefine(factor.reason, out);
        return OM_OK;
    }
    for (size_t i = 0; i < sums->k; i++) {
        sd[i] = sqrt((double)((long double)om_item_spread(sums, i, i) / om_item_divisor(sums)));
        one[i] = 1;
        out->loading[i] = om_defined(loading[i]);
    }
    out->omega = omega_of(loading, sd, sums->k);
    out->omega_standardized = omega_of(loading, one, sums->k);
    test_fit(factor.discrepancy, out);
    return OM_OK;
}
