#include <omstat/reliability.h>

#include <math.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/item_spread.h"
#include "stats/symmetric.h"

/* --- the items ----------------------------------------------------------------------------------------- */

/* n^2 times: the variance of the total, the sum of the items' variances, and the covariances squared. */
struct whole {
    om_wide total, items;
    long double squares; /* of the covariances of two different items, each once */
    long double correlations;
};

static struct whole
find_whole(const struct om_item_sums *s, bool correlate)
{
    struct whole whole = {0};
    for (size_t i = 0; i < s->k; i++) {
        whole.items += om_item_spread(s, i, i);
        for (size_t j = 0; j < i; j++) {
            om_wide c = om_item_spread(s, i, j);
            whole.total += 2 * c;
            whole.squares += (long double)c * (long double)c;
            whole.correlations += correlate ? (long double)om_item_correlation(s, i, j) : 0;
        }
    }
    whole.total += whole.items;
    return whole;
}

static void
describe_items(const struct om_item_sums *s, struct om_items_result *out)
{
    const char *few = om_item_too_few(s);
    for (size_t i = 0; i < s->k; i++) {
        out->mean[i] = s->n ? om_defined((double)s->sum[i] / (double)s->n) : om_undefined(OM_WHY_EMPTY);
        out->sd[i] =
            few ? om_undefined(few)
                : om_defined((double)sqrtl((long double)om_item_spread(s, i, i) / om_item_divisor(s)));
    }
}

/* Alpha from the mean correlation: k r / (1 + (k - 1) r). */
static struct om_stat
standardized(struct om_stat correlation, size_t k)
{
    if (correlation.reason)
        return correlation;
    double up = (double)k * correlation.value, down = 1 + (double)(k - 1) * correlation.value;
    return down > 0 ? om_defined(up / down) : om_undefined(OM_WHY_FLAT_TOTAL);
}

/* 1 - items / total + sqrt(k / (k - 1) Sum of c^2 over all ordered pairs) / total. */
static struct om_stat
lambda2_of(const struct whole *whole, size_t k)
{
    long double share = (long double)k / (long double)(k - 1);
    long double total = (long double)whole->total, joint = (long double)(whole->total - whole->items);
    return om_defined((double)((joint + sqrtl(share * 2 * whole->squares)) / total));
}

/* 1 - (what the other items do not tell of each item) / total; that is 1 over the diagonal of the inverse. */
static om_status
lambda6_of(const struct om_item_sums *s, const struct whole *whole, struct om_stat *out, struct om_error *err)
{
    const size_t k = s->k;
    double *a = om_alloc(2 * k * k, sizeof *a);
    if (!a)
        return om_fail_memory(err);
    double *inverse = a + k * k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            a[i * k + j] = om_item_correlation(s, i, j);
    if (om_cholesky(a, k, 1e-10)) {
        om_cholesky_inverse(a, k, inverse);
        long double own = 0;
        for (size_t i = 0; i < k; i++)
            own += (long double)om_item_spread(s, i, i) / (long double)inverse[i * k + i];
        *out = om_defined((double)(1 - own / (long double)whole->total));
    } else
        *out = om_undefined(OM_WHY_DEPENDENT);
    om_free(a);
    return OM_OK;
}

om_status
om_items(const struct om_item_sums *sums, struct om_items_result *out, struct om_error *err)
{
    *out = (struct om_items_result){.n = sums->n, .k = sums->k};
    describe_items(sums, out);
    const char *why = om_item_too_few(sums);
    out->total_sd = om_undefined(why ? why : sums->k == 0 ? "there are no items" : NULL);
    if (!why && sums->k < 2)
        why = OM_WHY_TWO_ITEMS;
    out->correlation = out->alpha_standardized = out->lambda2 = out->lambda6 = om_undefined(why);
    bool flat = om_item_any_flat(sums);
    struct whole whole = find_whole(sums, !flat);
    if (!out->total_sd.reason)
        out->total_sd = om_defined((double)sqrtl((long double)whole.total / om_item_divisor(sums)));
    if (why)
        return OM_OK;
    const size_t pairs = sums->k * (sums->k - 1) / 2;
    out->correlation = flat ? om_undefined(OM_WHY_FLAT_ITEMS)
                            : om_defined((double)(whole.correlations / (long double)pairs));
    out->alpha_standardized = standardized(out->correlation, sums->k);
    if (whole.total <= 0) {
        out->lambda2 = out->lambda6 = om_undefined(OM_WHY_FLAT_TOTAL);
        return OM_OK;
    }
    out->lambda2 = lambda2_of(&whole, sums->k);
    if (flat) {
        out->lambda6 = om_undefined(OM_WHY_FLAT_ITEMS);
        return OM_OK;
    }
    return lambda6_of(sums, &whole, &out->lambda6, err);
}

/* --- halves -------------------------------------------------------------------------------------------- */

/* n^2 times the variances of the odd and the even half, and their covariance. */
static void
find_halves(const struct om_item_sums *s, om_wide variance[2], om_wide *joint)
{
    variance[0] = variance[1] = *joint = 0;
    for (size_t i = 0; i < s->k; i++)
        for (size_t j = 0; j <= i; j++) {
            om_wide c = om_item_spread(s, i, j);
            if (i % 2 != j % 2)
                *joint += c;
            else
                variance[i % 2] += i == j ? c : 2 * c;
        }
}

/* Spearman and Brown's 2 r / (1 + r), for halves of p and q = 1 - p of the length by Horst (1951),
 * Educational and Psychological Measurement 11, 603: the root of p q (1 - r^2) x^2 + r^2 x - r^2 = 0. */
static struct om_stat
horst(double r, double p)
{
    double weight = 2 * p * (1 - p) * (1 - r * r), square = r * r;
    if (r <= 0)
        return om_undefined("the halves do not correlate positively");
    /* The root in a form in which nothing cancels: 2 r^2 / (r^2 + sqrt(r^4 + 4 p q r^2 (1 - r^2))). */
    return om_defined(2 * square / (square + sqrt(square * square + 2 * weight * square)));
}

void
om_split_half(const struct om_item_sums *sums, struct om_split_half_result *out)
{
    *out = (struct om_split_half_result){.n = sums->n, .k = sums->k};
    om_wide variance[2], joint;
    find_halves(sums, variance, &joint);
    om_wide total = variance[0] + variance[1] + 2 * joint;
    const char *few = om_item_too_few(sums);
    const char *why = few ? few : sums->k < 2 ? OM_WHY_TWO_ITEMS : NULL;
    out->guttman = why          ? om_undefined(why)
                   : total <= 0 ? om_undefined(OM_WHY_FLAT_TOTAL)
                                : om_defined((double)((long double)(4 * joint) / (long double)total));
    if (!why && (variance[0] <= 0 || variance[1] <= 0))
        why = "the sum of one half is the same on every form";
    out->correlation = out->spearman_brown = out->horst = om_undefined(why);
    if (why)
        return;
    double r = (double)om_moments_correlation((long double)joint, (long double)variance[0],
                                              (long double)variance[1]);
    out->correlation = om_defined(r);
    out->spearman_brown =
        r > -1 ? om_defined(2 * r / (1 + r)) : om_undefined("the correlation of the halves is -1");
    const size_t odd = (sums->k + 1) / 2;
    out->horst = horst(r, (double)odd / (double)sums->k);
}
