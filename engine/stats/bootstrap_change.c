/* What is bootstrapped of a change: the mean, the median and d_z, all of the same replicates; and shares. */
#include <omstat/bootstrap.h>

#include <math.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/moments.h"
#include "stats/outcome.h"

enum { MEAN, MEDIAN, D_Z, STATISTICS };

/* An integer near the mean keeps the sums small. */
struct changes {
    const struct om_counts *counts;
    int64_t centre;
};

/* The value of rank k, from 0. */
static size_t
cell_at(const uint64_t *count, uint64_t k)
{
    size_t i = 0;
    for (uint64_t below = count[0]; below <= k; below += count[i])
        i++;
    return i;
}

static double
median(const struct om_counts *counts, const uint64_t *count, uint64_t n)
{
    double low = (double)counts->at[cell_at(count, (n - 1) / 2)].value;
    double high = (double)counts->at[cell_at(count, n / 2)].value;
    return (low + (high - low) / 2) / (double)counts->unit;
}

/* Without spread d_z is endless, but where nobody changed either it is 0. */
static double
d_z(double mean, double squares, uint64_t n)
{
    if (n < 2)
        return NAN;
    if (squares > 0)
        return mean / sqrt(squares / (double)(n - 1));
    return mean == 0 ? 0 : copysign(INFINITY, mean);
}

/* The sum is exact, so that equal means are equal numbers; the squares are those about the mean. */
static void
statistics(const void *context, const uint64_t *count, double *value)
{
    const struct changes *c = context;
    const struct om_count *at = c->counts->at;
    const double unit = (double)c->counts->unit;
    om_wide sum = 0;
    uint64_t n = 0;
    for (size_t i = 0; i < c->counts->n; i++) {
        sum += (om_wide)(at[i].value - c->centre) * (om_wide)count[i];
        n += count[i];
    }
    if (n == 0) {
        value[MEAN] = value[MEDIAN] = value[D_Z] = NAN;
        return;
    }
    double off = (double)sum / (double)n, squares = 0;
    for (size_t i = 0; i < c->counts->n; i++) {
        double from_mean = (double)(at[i].value - c->centre) - off;
        squares += from_mean * from_mean * (double)count[i];
    }
    bool flat = cell_at(count, 0) == cell_at(count, n - 1); /* not left to rounding */
    double mean = (double)c->centre + off;
    value[MEAN] = mean / unit;
    value[MEDIAN] = median(c->counts, count, n);
    value[D_Z] = d_z(mean, flat ? 0 : squares, n);
}

om_status
om_bootstrap_change(const struct om_counts *change, const struct om_bootstrap_plan *plan,
                    struct om_bootstrap_change *out, struct om_error *err)
{
    struct om_bootstrap each[STATISTICS];
    uint64_t *count = om_alloc(change->n + 1, sizeof *count);
    if (!count)
        return om_fail_memory(err);
    om_wide sum = 0;
    *out = (struct om_bootstrap_change){0};
    for (size_t i = 0; i < change->n; i++) {
        count[i] = change->at[i].count;
        sum += (om_wide)change->at[i].value * (om_wide)count[i];
        out->n += count[i];
    }
    struct changes context = {change, om_moments_centre(sum, out->n)};
    om_status status = om_bootstrap(count, change->n, statistics, &context, STATISTICS, plan, each, err);
    om_free(count);
    if (status != OM_OK)
        return status;
    out->mean = each[MEAN];
    out->median = each[MEDIAN];
    out->d_z = each[D_Z];
    return OM_OK;
}

static void
share(const void *context, const uint64_t *count, double *value)
{
    (void)context;
    *value = (double)count[0] / (double)(count[0] + count[1]);
}

om_status
om_bootstrap_share(uint64_t k, uint64_t n, const struct om_bootstrap_plan *plan, struct om_bootstrap *out,
                   struct om_error *err)
{
    const uint64_t count[] = {k, n - k};
    return om_bootstrap(count, 2, share, NULL, 1, plan, out, err);
}
