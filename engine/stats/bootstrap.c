#include <omstat/bootstrap.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"
#include "stats/random.h"

#define PERCENTILE "bootstrap-percentile"
#define BCA        "bootstrap-bca"

#define WHY_NO_VALUE  "the statistic has no value in some replicates"
#define WHY_ENDLESS   "too many replicates have no spread"
#define WHY_ONE_VALUE "all replicates are equal"
#define WHY_ONE_SIDE  "all replicates lie on one side of the estimate"

/* --- from replicates to intervals ---------------------------------------------------------------------- */

static int
ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Type 7, of sorted values; where it falls between two infinite ones it is infinite too. */
static double
quantile(const double *value, size_t n, double p)
{
    double rank = p * (double)(n - 1), whole = floor(rank);
    size_t i = (size_t)whole;
    if (i + 1 >= n)
        return value[n - 1];
    return rank == whole || value[i] == value[i + 1] ? value[i]
                                                     : value[i] + (rank - whole) * (value[i + 1] - value[i]);
}

static struct om_interval
between(const double *value, size_t n, double low, double high, double level, const char *method)
{
    double lower = quantile(value, n, low), upper = quantile(value, n, high);
    if (!isfinite(lower) || !isfinite(upper))
        return om_no_bounds(level, method, WHY_ENDLESS);
    return om_bounds(lower, upper, level, method);
}

/* The share of replicates below the estimate, those equal to it counted half. */
static double
share_below(const double *value, size_t n, double estimate)
{
    size_t twice = 0;
    for (size_t i = 0; i < n; i++)
        twice += value[i] < estimate ? 2 : value[i] == estimate;
    return (double)twice / (2 * (double)n);
}

/* Efron (1987): the percentiles moved by the bias z0, and stretched by the acceleration. */
static struct om_interval
bca(const double *value, size_t n, double estimate, double acceleration, double level)
{
    double below = share_below(value, n, estimate);
    if (below <= 0 || below >= 1)
        return om_no_bounds(level, BCA, WHY_ONE_SIDE);
    double bias = om_normal_quantile(below), z = om_normal_bound(level);
    double low = bias + (bias - z) / (1 - acceleration * (bias - z));
    double high = bias + (bias + z) / (1 - acceleration * (bias + z));
    return between(value, n, om_normal_cdf(low), om_normal_cdf(high), level, BCA);
}

static struct om_stat
spread(const double *value, size_t n)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        mean += value[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        squares += (value[i] - mean) * (value[i] - mean);
    return isfinite(squares) ? om_defined(sqrt(squares / (double)(n - 1))) : om_undefined(WHY_ENDLESS);
}

static void
no_intervals(const char *reason, double level, struct om_bootstrap *out)
{
    out->se = om_undefined(reason);
    out->percentile = om_no_bounds(level, PERCENTILE, reason);
    out->bca = om_no_bounds(level, BCA, reason);
}

void
om_bootstrap_intervals(double *value, size_t n, double estimate, double acceleration, double level,
                       struct om_bootstrap *out)
{
    const char *reason = n < 2 ? "at least 2 replicates are needed" : NULL;
    for (size_t i = 0; i < n && !reason; i++)
        reason = isnan(value[i]) ? WHY_NO_VALUE : NULL;
    out->estimate = om_defined(estimate);
    if (reason) {
        no_intervals(reason, level, out);
        return;
    }
    qsort(value, n, sizeof *value, ascending);
    if (value[0] == value[n - 1]) {
        no_intervals(WHY_ONE_VALUE, level, out);
        return;
    }
    out->se = spread(value, n);
    if (!om_level_valid(level)) {
        out->percentile = om_no_bounds(level, PERCENTILE, OM_WHY_LEVEL);
        out->bca = om_no_bounds(level, BCA, OM_WHY_LEVEL);
        return;
    }
    out->percentile = between(value, n, (1 - level) / 2, (1 + level) / 2, level, PERCENTILE);
    out->bca = bca(value, n, estimate, acceleration, level);
}

/* --- from a table to replicates ------------------------------------------------------------------------ */

struct work {
    const uint64_t *count;
    size_t n_cells, n_statistics;
    uint64_t n;
    om_bootstrap_fn *fn;
    const void *context;
    const struct om_bootstrap_plan *plan;
    uint64_t *drawn;   /* n_cells */
    double *left_out;  /* n_cells x n_statistics: without one person of the cell */
    double *replicate; /* n_statistics x replicates */
    double *value;     /* n_statistics */
};

/* The skewness of the jackknife values, over 6 sqrt(n). No variation among them: 0. */
static double
acceleration(const struct work *w, size_t statistic)
{
    const double *value = w->left_out + statistic;
    double mean = 0, squares = 0, cubes = 0;
    for (size_t i = 0; i < w->n_cells; i++)
        mean += value[i * w->n_statistics] * ((double)w->count[i] / (double)w->n);
    for (size_t i = 0; i < w->n_cells; i++) {
        double off = mean - value[i * w->n_statistics];
        squares += off * off * (double)w->count[i];
        cubes += off * off * off * (double)w->count[i];
    }
    double a = cubes / (6 * squares * sqrt(squares));
    return isfinite(a) ? a : 0;
}

static void
jackknife(const struct work *w)
{
    memcpy(w->drawn, w->count, w->n_cells * sizeof *w->drawn);
    for (size_t i = 0; i < w->n_cells; i++) {
        const uint64_t one = w->count[i] > 0; /* nobody can be left out of an empty cell; it has no weight */
        w->drawn[i] -= one;
        w->fn(w->context, w->drawn, &w->left_out[i * w->n_statistics]);
        w->drawn[i] += one;
    }
}

static void
resample(const struct work *w)
{
    struct om_random random = {w->plan->seed};
    for (size_t r = 0; r < w->plan->replicates; r++) {
        om_random_multinomial(&random, w->count, w->n_cells, w->n, w->drawn);
        w->fn(w->context, w->drawn, w->value);
        for (size_t s = 0; s < w->n_statistics; s++)
            w->replicate[s * w->plan->replicates + r] = w->value[s];
    }
}

static void
summarise(const struct work *w, struct om_bootstrap *out)
{
    w->fn(w->context, w->count, w->value);
    for (size_t s = 0; s < w->n_statistics; s++) {
        if (isfinite(w->value[s]))
            om_bootstrap_intervals(&w->replicate[s * w->plan->replicates], w->plan->replicates, w->value[s],
                                   acceleration(w, s), w->plan->level, &out[s]);
        else {
            out[s].estimate = om_undefined("the statistic has no value");
            no_intervals("the statistic has no value", w->plan->level, &out[s]);
        }
    }
}

om_status
om_bootstrap(const uint64_t *count, size_t n_cells, om_bootstrap_fn *fn, const void *context,
             size_t n_statistics, const struct om_bootstrap_plan *plan, struct om_bootstrap *out,
             struct om_error *err)
{
    struct work w = {count,
                     n_cells,
                     n_statistics,
                     0,
                     fn,
                     context,
                     plan,
                     om_alloc(n_cells + 1, sizeof *w.drawn),
                     om_alloc(n_cells * n_statistics + 1, sizeof *w.left_out),
                     om_alloc(plan->replicates * n_statistics + 1, sizeof *w.replicate),
                     om_alloc(n_statistics + 1, sizeof *w.value)};
    bool ready = w.drawn && w.left_out && w.replicate && w.value;
    for (size_t i = 0; i < n_cells; i++)
        w.n += count[i];
    if (ready && w.n > 0) {
        jackknife(&w);
        resample(&w);
        summarise(&w, out);
    }
    for (size_t s = 0; s < n_statistics && w.n == 0; s++) {
        out[s].estimate = om_undefined(OM_WHY_EMPTY);
        no_intervals(OM_WHY_EMPTY, plan->level, &out[s]);
    }
    om_free(w.drawn);
    om_free(w.left_out);
    om_free(w.replicate);
    om_free(w.value);
    return ready ? OM_OK : om_fail_memory(err);
}
