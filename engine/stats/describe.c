#include "stats/describe.h"

#include <math.h>
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"

/* The index of the value with this rank, counted from 0. rank < total. */
static size_t
index_at(const struct om_counts *counts, uint64_t rank)
{
    size_t i = 0;
    for (uint64_t below = 0; below + counts->at[i].count <= rank; i++)
        below += counts->at[i].count;
    return i;
}

/* Type 7 of Hyndman & Fan (1996). The rank is (n - 1) quarters / 4: a whole part and a number of quarters, so
 * the value between two neighbours is a quarter of an integer. */
static struct om_stat
quartile(const struct om_counts *counts, uint64_t n, unsigned quarters)
{
    if (n == 0)
        return om_undefined(OM_WHY_EMPTY);
    uint64_t rank = (n - 1) * quarters, whole = rank / 4, rest = rank % 4;
    int64_t low = counts->at[index_at(counts, whole)].value;
    int64_t high = rest ? counts->at[index_at(counts, whole + 1)].value : low;
    om_wide four_times = 4 * (om_wide)low + (om_wide)rest * ((om_wide)high - low);
    return om_defined((double)((long double)four_times / (4 * (long double)counts->unit)));
}

static double
t_bound(double level, double df, double unused)
{
    (void)unused;
    return om_t_bound(level, df);
}

static struct om_interval
t_interval(double mean, double se, uint64_t n, double level, const struct om_memo *memo)
{
    if (!om_level_valid(level))
        return om_no_bounds(level, "t", OM_WHY_LEVEL);
    if (!(se > 0))
        return om_no_bounds(level, "t", OM_WHY_CONSTANT);
    double half = om_memo_value(memo, OM_MEMO_T_BOUND, t_bound, level, (double)(n - 1), 0) * se;
    return om_bounds(mean - half, mean + half, level, "t");
}

static void
describe_spread(const struct om_moments *m, int64_t unit, double level, const struct om_memo *memo,
                struct om_description *out)
{
    if (m->n < 2) {
        const char *reason = m->n ? OM_WHY_ONE : OM_WHY_EMPTY;
        out->variance = out->sd = out->se = om_undefined(reason);
        out->mean_interval = om_no_bounds(level, "t", reason);
        return;
    }
    long double product = om_moments_product(m);
    out->variance = om_defined(om_moments_variance(product, m->n, unit));
    out->sd = om_defined(om_moments_sd(product, m->n, unit));
    out->se = om_defined(om_moments_se(product, m->n, unit));
    out->mean_interval = t_interval(out->mean.value, out->se.value, m->n, level, memo);
}

void
om_describe(const struct om_counts *counts, double level, struct om_description *out)
{
    om_describe_memo(counts, level, NULL, out);
}

void
om_describe_memo(const struct om_counts *counts, double level, const struct om_memo *memo,
                 struct om_description *out)
{
    struct om_moments m = om_moments_about(counts, om_moments_common_centre(counts, 1));
    *out = (struct om_description){.n = m.n};
    out->mean = m.n ? om_defined(om_moments_mean(&m, counts->unit)) : om_undefined(OM_WHY_EMPTY);
    describe_spread(&m, counts->unit, level, memo, out);
    out->min = quartile(counts, m.n, 0);
    out->q1 = quartile(counts, m.n, 1);
    out->median = quartile(counts, m.n, 2);
    out->q3 = quartile(counts, m.n, 3);
    out->max = quartile(counts, m.n, 4);
}
