/*
 * The means of two are never listed: how many of the sums a + b are at most s is counted in one walk from
 * both ends of the values, and the k-th sum is found by halving the range of s.
 */
#include <omstat/nonparametric.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"
#include "stats/sign_flips.h"

/* Below this many changes the bounds come from the exact distribution, as R's do. */
enum { EXACT_BELOW = 50, EXACT_SUMS = EXACT_BELOW * (EXACT_BELOW - 1) / 2 + 1 };

#define EXACT  "signed-rank-exact"
#define NORMAL "signed-rank-normal"

static uint64_t
total_of(const struct om_counts *counts)
{
    uint64_t total = 0;
    for (size_t i = 0; i < counts->n; i++)
        total += counts->at[i].count;
    return total;
}

/* How many of the n (n + 1) / 2 sums of two are at most s. */
static om_wide
sums_up_to(const struct om_counts *change, uint64_t n, int64_t s)
{
    om_wide ordered = 0, doubled = 0;
    uint64_t partners = n; /* values b with a + b <= s: those of at[0 .. end) */
    size_t end = change->n;
    for (size_t i = 0; i < change->n; i++) {
        const struct om_count *a = &change->at[i];
        while (end > 0 && a->value + change->at[end - 1].value > s)
            partners -= change->at[--end].count;
        ordered += (om_wide)a->count * (om_wide)partners;
        doubled += 2 * a->value <= s ? (om_wide)a->count : 0;
    }
    return (ordered + doubled) / 2;
}

/* The k-th smallest sum, from 1. */
static int64_t
sum_at(const struct om_counts *change, uint64_t n, om_wide k)
{
    int64_t low = 2 * change->at[0].value, high = 2 * change->at[change->n - 1].value;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (sums_up_to(change, n, middle) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static double
mean_of_two(long double sum, int64_t unit)
{
    return (double)(sum / (2 * (long double)unit));
}

/* The smallest w for which P(W <= w) is above `tail`, W the signed-rank statistic of n without ties. */
static size_t
exact_rank(unsigned n, double tail)
{
    double p[EXACT_SUMS], spare[EXACT_SUMS], below = 0;
    struct om_count rank[EXACT_BELOW];
    for (unsigned i = 0; i < n; i++)
        rank[i] = (struct om_count){i + 1, 1};
    om_sign_flips_fill(rank, n, (size_t)n * (n + 1) / 2, p, spare);
    size_t w = 0;
    while (below + p[w] <= tail)
        below += p[w++];
    return w;
}

/* The same, W taken as normal, with a continuity correction. */
static om_wide
normal_rank(uint64_t n, double level)
{
    long double size = (long double)n, mean = size * (size + 1) / 4;
    long double sd = sqrtl(size * (size + 1) * (2 * size + 1) / 24);
    return (om_wide)ceill(mean - (long double)om_normal_bound(level) * sd - 0.5L);
}

static struct om_interval
interval(const struct om_counts *change, uint64_t n, double level)
{
    const char *method = n < EXACT_BELOW ? EXACT : NORMAL;
    if (!om_level_valid(level))
        return om_no_bounds(level, method, OM_WHY_LEVEL);
    double tail = (1 - level) / 2;
    om_wide rank = n < EXACT_BELOW ? (om_wide)exact_rank((unsigned)n, tail) : normal_rank(n, level);
    if (rank < 1)
        return om_no_bounds(level, method, "too few changes for an interval of this level");
    om_wide all = (om_wide)n * (om_wide)(n + 1) / 2;
    return om_bounds(mean_of_two(sum_at(change, n, rank), change->unit),
                     mean_of_two(sum_at(change, n, all + 1 - rank), change->unit), level, method);
}

void
om_hodges_lehmann(const struct om_counts *change, double level, struct om_hodges_lehmann_result *out)
{
    uint64_t n = total_of(change);
    *out = (struct om_hodges_lehmann_result){.n = n};
    if (n == 0) {
        out->estimate = om_undefined(OM_WHY_EMPTY);
        out->interval = om_no_bounds(level, EXACT, OM_WHY_EMPTY);
        return;
    }
    om_wide all = (om_wide)n * (om_wide)(n + 1) / 2;
    int64_t lower = sum_at(change, n, (all + 1) / 2), upper = sum_at(change, n, all / 2 + 1);
    out->estimate = om_defined(mean_of_two(((long double)lower + (long double)upper) / 2, change->unit));
    out->interval = interval(change, n, level);
}
