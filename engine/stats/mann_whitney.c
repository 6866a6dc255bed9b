#include <omstat/between.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"
#include "stats/pooled.h"
#include "stats/shift.h"

enum { EXACT_MAX = 49, EXACT_SUMS = EXACT_MAX * EXACT_MAX / 2 + 1 };

/* How many of the `all` equally likely arrangements give each U up to half of its largest value. */
struct exact {
    om_wide ways[EXACT_SUMS], all;
    unsigned top;
};

/* The Gaussian binomial coefficient as a series in q: the product over i of (1 - q^(n+i)) / (1 - q^i). m and
 * n at most EXACT_MAX, so everything is below 2^127. */
static void
count_arrangements(unsigned m, unsigned n, struct exact *e)
{
    *e = (struct exact){.ways = {1}, .all = 1, .top = m * n / 2};
    for (unsigned i = 1; i <= m; i++) {
        e->all = e->all * (n + i) / i;
        for (unsigned u = e->top; u >= n + i; u--)
            e->ways[u] -= e->ways[u - n - i];
        for (unsigned u = i; u <= e->top; u++)
            e->ways[u] += e->ways[u - i];
    }
}

/* P(U <= u), u at most e->top. */
static double
exact_cdf(const struct exact *e, uint64_t u)
{
    om_wide sum = 0;
    for (uint64_t i = 0; i <= u; i++)
        sum += e->ways[i];
    return (double)((long double)sum / (long double)e->all);
}

/* The smallest u with P(U <= u) >= tail. The allowance is that of R, for a tail such as 0.05 that is itself
 * rounded. */
static uint64_t
exact_quantile(const struct exact *e, double tail)
{
    om_wide sum = e->ways[0];
    uint64_t u = 0;
    while (u < e->top && (double)((long double)sum / (long double)e->all) + 10 * 0x1p-52 < tail)
        sum += e->ways[++u];
    return u;
}

static void
normal_tests(const struct om_pooled *pooled, om_wide twice_off, struct om_mann_whitney_result *out)
{
    long double n = pooled->total, pairs = (long double)out->n * (long double)out->n_reference;
    double sd = (double)sqrtl(pairs / 12 * ((n + 1) - pooled->tie_cubes / (n * (n - 1))));
    double off = (double)((long double)twice_off / 2);
    double corrected = off > 0 ? off - 0.5 : off < 0 ? off + 0.5 : 0;
    out->z = om_defined(off / sd);
    out->z_p = om_defined(om_normal_p(off / sd));
    out->z_cc = om_defined(corrected / sd);
    out->z_cc_p = om_defined(om_normal_p(corrected / sd));
}

static struct om_interval
shift_interval(const struct om_counts *group, const struct om_counts *reference, om_wide rank, double level,
               const char *method)
{
    om_wide pairs = om_shift_pairs(group, reference);
    if (!om_level_valid(level))
        return om_no_bounds(level, method, OM_WHY_LEVEL);
    if (rank < 1)
        return om_no_bounds(level, method, "too few persons for an interval of this level");
    double unit = (double)group->unit;
    return om_bounds((double)om_shift_at(group, reference, rank) / unit,
                     (double)om_shift_at(group, reference, pairs + 1 - rank) / unit, level, method);
}

static void
exact_test(const struct om_counts *group, const struct om_counts *reference, uint64_t u, double level,
           struct om_mann_whitney_result *out)
{
    struct exact e;
    uint64_t pairs = out->n * out->n_reference;
    count_arrangements((unsigned)out->n, (unsigned)out->n_reference, &e);
    out->exact_p = out->p = om_defined(fmin(1, 2 * exact_cdf(&e, u < pairs - u ? u : pairs - u)));
    out->method = "rank-sum-exact";
    out->shift_interval =
        shift_interval(group, reference, (om_wide)exact_quantile(&e, (1 - level) / 2), level, "moses-exact");
}

/* The rank that the exact one tends to, from the normal distribution with continuity correction. */
static om_wide
normal_rank(const struct om_mann_whitney_result *r, double level)
{
    long double m = r->n, n = r->n_reference;
    if (!om_level_valid(level))
        return 0;
    return (om_wide)ceill(m * n / 2 - (long double)om_normal_bound(level) * sqrtl(m * n * (m + n + 1) / 12) -
                          0.5L);
}

static void
undefined(const char *reason, double level, struct om_mann_whitney_result *out)
{
    out->u = out->superiority = out->z = out->z_p = out->z_cc = out->z_cc_p = out->exact_p = out->p =
        out->shift = om_undefined(reason);
    out->shift_interval = om_no_bounds(level, "moses-normal", reason);
}

static void
compare(const struct om_counts *group, const struct om_counts *reference, const struct om_pooled *pooled,
        double level, struct om_mann_whitney_result *out)
{
    om_wide n = (om_wide)out->n, pairs = n * (om_wide)out->n_reference;
    om_wide twice_u = om_pooled_rank_sum(pooled, group) - n * (n + 1);
    out->u = om_defined((double)((long double)twice_u / 2));
    out->superiority = om_defined((double)((long double)twice_u / (2 * (long double)pairs)));
    out->shift = om_defined(
        (double)((long double)om_shift_twice_median(group, reference) / (2 * (long double)group->unit)));
    if (pooled->n < 2) {
        out->z = out->z_p = out->z_cc = out->z_cc_p = out->exact_p = out->p = om_undefined(OM_WHY_CONSTANT);
        out->shift_interval = om_no_bounds(level, "moses-normal", OM_WHY_CONSTANT);
        return;
    }
    normal_tests(pooled, twice_u - pairs, out);
    out->p = out->z_cc_p;
    if (out->n <= EXACT_MAX && out->n_reference <= EXACT_MAX && !out->ties) {
        exact_test(group, reference, (uint64_t)(twice_u / 2), level, out);
        return;
    }
    out->exact_p = om_undefined(out->ties ? "some values are equal: the exact distribution does not apply"
                                          : "50 or more in a group: the normal approximation serves");
    out->shift_interval = shift_interval(group, reference, normal_rank(out, level), level, "moses-normal");
}

om_status
om_mann_whitney(const struct om_counts *group, const struct om_counts *reference, double level,
                struct om_mann_whitney_result *out, struct om_error *err)
{
    const struct om_counts both[2] = {*group, *reference};
    struct om_pooled pooled;
    om_status status = om_pooled_make(both, 2, &pooled, err);
    if (status != OM_OK)
        return status;
    uint64_t n = 0;
    for (size_t i = 0; i < group->n; i++)
        n += group->at[i].count;
    *out = (struct om_mann_whitney_result){.n = n,
                                           .n_reference = pooled.total - n,
                                           .ties = pooled.n < pooled.total,
                                           .method = "rank-sum-normal-cc"};
    if (out->n == 0 || out->n_reference == 0)
        undefined(pooled.total ? OM_WHY_EMPTY_GROUP : OM_WHY_EMPTY, level, out);
    else
        compare(group, reference, &pooled, level, out);
    om_pooled_release(&pooled);
    return OM_OK;
}
