/* Means of groups of different people: Welch's t test, analysis of variance. */
#include <omstat/between.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/effect.h"
#include "stats/moments.h"
#include "stats/outcome.h"

/* --- two groups ---------------------------------------------------------------------------------------- */

/* The squared standard error of a mean, in squared units. n > 1. */
static long double
error_of(const struct om_moments *m, long double product)
{
    long double n = m->n;
    return product / (n * n * (n - 1));
}

static void
test_difference(const struct om_moments *a, const struct om_moments *b, int64_t unit, double level,
                struct om_welch_result *out)
{
    long double ea = error_of(a, om_moments_product(a)), eb = error_of(b, om_moments_product(b));
    long double sum = ea + eb;
    if (!(sum > 0)) {
        out->t = out->df = out->p = om_undefined(OM_WHY_FLAT_GROUPS);
        out->interval = om_no_bounds(level, "welch-t", OM_WHY_FLAT_GROUPS);
        return;
    }
    double se = (double)(sqrtl(sum) / (long double)unit), difference = out->difference.value;
    double df = (double)(sum * sum / (ea * ea / (long double)(a->n - 1) + eb * eb / (long double)(b->n - 1)));
    out->t = om_defined(difference / se);
    out->df = om_defined(df);
    out->p = om_defined(om_t_p(out->t.value, df));
    if (om_level_valid(level)) {
        double half = om_t_bound(level, df) * se;
        out->interval = om_bounds(difference - half, difference + half, level, "welch-t");
    } else
        out->interval = om_no_bounds(level, "welch-t", OM_WHY_LEVEL);
}

static void
standardise(const struct om_moments *a, const struct om_moments *b, int64_t unit, double level,
            struct om_welch_result *out)
{
    long double df = (long double)a->n + (long double)b->n - 2;
    long double within =
        om_moments_product(a) / (long double)a->n + om_moments_product(b) / (long double)b->n;
    if (!(within > 0)) {
        out->d = om_no_effect(OM_WHY_FLAT_GROUPS, level);
        out->g = om_no_effect(OM_WHY_FLAT_GROUPS, level);
        return;
    }
    double sd = (double)(sqrtl(within / df) / (long double)unit);
    double root = 1 / sqrt(1 / (double)a->n + 1 / (double)b->n), d = out->difference.value / sd;
    out->d = om_effect_from_t(d, root, d * root, (double)df, level, NULL);
    out->g = om_effect_scaled(&out->d, om_hedges_j((double)df));
}

void
om_welch(const struct om_counts *group, const struct om_counts *reference, double level,
         struct om_welch_result *out)
{
    const struct om_counts both[2] = {*group, *reference};
    int64_t centre = om_moments_common_centre(both, 2);
    struct om_moments a = om_moments_about(group, centre), b = om_moments_about(reference, centre);
    *out = (struct om_welch_result){.n = a.n, .n_reference = b.n};
    const char *reason = a.n == 0 || b.n == 0 ? OM_WHY_EMPTY_GROUP : NULL;
    if (reason)
        out->difference = om_undefined(reason);
    else
        out->difference =
            om_defined((double)(om_cross(a.x, (om_wide)b.n, b.x, (om_wide)a.n) /
                                ((long double)a.n * (long double)b.n * (long double)group->unit)));
    if (!reason && (a.n < 2 || b.n < 2))
        reason = OM_WHY_SMALL_GROUP;
    if (reason) {
        out->t = out->df = out->p = om_undefined(reason);
        out->interval = om_no_bounds(level, "welch-t", reason);
        out->d = om_no_effect(reason, level);
        out->g = om_no_effect(reason, level);
        return;
    }
    test_difference(&a, &b, group->unit, level, out);
    standardise(&a, &b, group->unit, level, out);
}

/* --- several groups ------------------------------------------------------------------------------------ */

static struct om_f_test
no_test(const char *reason)
{
    struct om_stat none = om_undefined(reason);
    return (struct om_f_test){none, none, none, none};
}

static struct om_f_test
f_test(long double f, long double df1, long double df2)
{
    return (struct om_f_test){om_defined((double)f), om_defined((double)df1), om_defined((double)df2),
                              om_defined(om_f_p((double)f, (double)df1, (double)df2))};
}

/* All in units; F and the shares have none. */
static void
classical(const struct om_moments *m, size_t k, struct om_anova_result *out)
{
    om_wide sum = 0;
    long double within = 0, between = 0, n = out->n;
    for (size_t i = 0; i < k; i++)
        sum += m[i].x;
    for (size_t i = 0; i < k; i++) {
        long double size = m[i].n, off = om_cross((om_wide)out->n, m[i].x, (om_wide)m[i].n, sum) / n;
        within += om_moments_product(&m[i]) / size;
        between += off * off / size;
    }
    if (!(within + between > 0)) {
        out->classical = no_test(OM_WHY_CONSTANT);
        out->eta_squared = out->omega_squared = om_undefined(OM_WHY_CONSTANT);
        return;
    }
    out->eta_squared = om_defined((double)(between / (within + between)));
    if (out->n == k || !(within > 0)) {
        const char *reason = out->n == k ? "no group has two persons" : OM_WHY_FLAT_GROUPS;
        out->classical = no_test(reason);
        out->omega_squared = om_undefined(reason);
        return;
    }
    long double df1 = k - 1, df2 = n - (long double)k, error = within / df2;
    out->classical = f_test(between / df1 / error, df1, df2);
    out->omega_squared = om_defined((double)((between - df1 * error) / (within + between + error)));
}

static struct om_f_test
welch_anova(const struct om_moments *m, size_t k)
{
    long double weight = 0, weighted = 0, spread = 0, lambda = 0, groups = k;
    for (size_t i = 0; i < k; i++) {
        if (m[i].n < 2)
            return no_test(OM_WHY_SMALL_GROUP);
        long double error = error_of(&m[i], om_moments_product(&m[i]));
        if (!(error > 0))
            return no_test(OM_WHY_FLAT_GROUP);
        weight += 1 / error;
        weighted += (long double)m[i].x / (long double)m[i].n / error;
    }
    for (size_t i = 0; i < k; i++) {
        long double error = error_of(&m[i], om_moments_product(&m[i])), rest = 1 - 1 / (error * weight);
        long double off = (long double)m[i].x / (long double)m[i].n - weighted / weight;
        spread += off * off / error;
        lambda += rest * rest / (long double)(m[i].n - 1);
    }
    lambda /= groups * groups - 1;
    return f_test(spread / (groups - 1) / (1 + 2 * (groups - 2) * lambda), groups - 1, 1 / (3 * lambda));
}

om_status
om_anova(const struct om_counts *group, size_t n, struct om_anova_result *out, struct om_error *err)
{
    struct om_moments *m = om_alloc(n ? n : 1, sizeof *m);
    if (!m)
        return om_fail_memory(err);
    *out = (struct om_anova_result){0};
    int64_t centre = om_moments_common_centre(group, n);
    for (size_t i = 0; i < n; i++) {
        struct om_moments one = om_moments_about(&group[i], centre);
        out->n += one.n;
        if (one.n > 0)
            m[out->n_groups++] = one;
    }
    if (out->n_groups < 2) {
        const char *reason = out->n ? OM_WHY_ONE_GROUP : OM_WHY_EMPTY;
        out->classical = out->welch = no_test(reason);
        out->eta_squared = out->omega_squared = om_undefined(reason);
    } else {
        classical(m, out->n_groups, out);
        out->welch = welch_anova(m, out->n_groups);
    }
    om_free(m);
    return OM_OK;
}
