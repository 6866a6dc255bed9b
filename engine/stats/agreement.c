#include <omstat/agreement.h>

#include <math.h>
#include <stdbool.h>
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"

static const char WHY_ONE_CLASS[] = "everybody is in one and the same class by both";
static const char WHY_NO_SPREAD[] = "kappa has no sampling variance in this table";
static const char METHOD[] = "fleiss-cohen-everitt";

struct table {
    const uint64_t *count;
    size_t k;
    om_wide n, agree, chance; /* chance: Sum of row total x column total */
    om_wide row[OM_AGREEMENT_CLASSES_MAX], column[OM_AGREEMENT_CLASSES_MAX];
};

static struct table
table_of(const uint64_t *count, size_t k)
{
    struct table t = {.count = count, .k = k};
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            uint64_t c = count[i * k + j];
            t.row[i] += c;
            t.column[j] += c;
            t.n += c;
            t.agree += i == j ? c : 0;
        }
    for (size_t i = 0; i < k; i++)
        t.chance += t.row[i] * t.column[i];
    return t;
}

/* The share of a cell, as counted, or as the margins alone would make it. */
static long double
share_of(const struct table *t, size_t i, size_t j, bool by_chance)
{
    if (by_chance)
        return (long double)(t->row[i] * t->column[j]) / (long double)(t->n * t->n);
    return (long double)t->count[i * t->k + j] / (long double)t->n;
}

/* Kappa is smooth in the shares of the cells; its derivative by that of cell (i, j) is w / (1 - pe)^2 with
 * w = [i = j] (1 - pe) - (1 - po) (column share of i + row share of j). So its variance is that of w over the
 * cells, by n (1 - pe)^4: equation 13, and with the shares and the po that chance would give equation 14. As
 * a sum of squares it loses no digits and is never negative. */
static double
standard_error(const struct table *t, bool by_chance)
{
    const long double n = (long double)t->n, rounding = 1e-30L;
    const long double rest_e = (long double)(t->n * t->n - t->chance) / (n * n); /* 1 - pe */
    const long double rest_o = by_chance ? rest_e : (long double)(t->n - t->agree) / n;
    const long double pe = 1 - rest_e, po = 1 - rest_o, mean = po * rest_e - 2 * pe * rest_o;
    long double sum = 0;
    for (size_t i = 0; i < t->k; i++)
        for (size_t j = 0; j < t->k; j++) {
            long double w = (i == j ? rest_e : 0) - rest_o * (long double)(t->column[i] + t->row[j]) / n;
            sum += share_of(t, i, j, by_chance) * (w - mean) * (w - mean);
        }
    return sum < rounding * rest_e * rest_e ? 0 : (double)(sqrtl(sum / n) / (rest_e * rest_e));
}

static void
test_kappa(const struct table *t, struct om_agreement_result *out)
{
    double se = standard_error(t, true);
    if (!(se > 0)) {
        out->se_null = out->z = out->p = om_undefined(WHY_NO_SPREAD);
        return;
    }
    out->se_null = om_defined(se);
    out->z = om_defined(out->kappa.value / se);
    out->p = om_defined(om_normal_p(out->z.value));
}

static struct om_interval
kappa_interval(double kappa, double se, double level)
{
    if (!om_level_valid(level))
        return om_no_bounds(level, METHOD, OM_WHY_LEVEL);
    if (!(se > 0))
        return om_no_bounds(level, METHOD, WHY_NO_SPREAD);
    double half = om_normal_bound(level) * se;
    return om_bounds(fmax(-1, kappa - half), fmin(1, kappa + half), level, METHOD);
}

static void
undefined_kappa(const char *reason, double level, struct om_agreement_result *out)
{
    out->kappa = out->se = out->se_null = out->z = out->p = om_undefined(reason);
    out->interval = om_no_bounds(level, METHOD, reason);
}

void
om_agreement(const uint64_t *count, size_t k, double level, struct om_agreement_result *out)
{
    const struct table t = table_of(count, k);
    *out = (struct om_agreement_result){.n = (uint64_t)t.n, .agree = (uint64_t)t.agree};
    if (t.n == 0) {
        out->observed = out->expected = om_undefined(OM_WHY_EMPTY);
        undefined_kappa(OM_WHY_EMPTY, level, out);
        return;
    }
    const om_wide square = t.n * t.n, beyond = square - t.chance;
    out->observed = om_defined((double)((long double)t.agree / (long double)t.n));
    out->expected = om_defined((double)((long double)t.chance / (long double)square));
    if (beyond == 0) {
        undefined_kappa(WHY_ONE_CLASS, level, out);
        return;
    }
    out->kappa = om_defined((double)((long double)(t.n * t.agree - t.chance) / (long double)beyond));
    out->se = om_defined(standard_error(&t, false));
    out->interval = kappa_interval(out->kappa.value, out->se.value, level);
    test_kappa(&t, out);
}
