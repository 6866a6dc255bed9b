#include <omstat/retest.h>

#include <math.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/margins.h"
#include "stats/moments.h"
#include "stats/outcome.h"

/* Twice the mid-rank of each value, counted from the middle of the ranks: integers that sum to 0. */
static int64_t *
doubled_ranks(const struct om_counts *counts, uint64_t n)
{
    int64_t *rank = om_alloc(counts->n + 1, sizeof *rank), below = 0;
    for (size_t i = 0; rank && i < counts->n; i++) {
        int64_t here = (int64_t)counts->at[i].count;
        rank[i] = 2 * below + here - (int64_t)n;
        below += here;
    }
    return rank;
}

static int64_t
rank_of(const struct om_counts *counts, const int64_t *rank, int64_t value)
{
    size_t low = 0, high = counts->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (counts->at[middle].value <= value)
            low = middle;
        else
            high = middle;
    }
    return rank[low];
}

static double
correlate(const struct om_pairs *pairs, const struct om_margins *margins, const int64_t *first,
          const int64_t *last)
{
    struct om_moments xx = {0}, yy = {0}, xy = {0};
    bool rising = true, falling = true;
    for (size_t i = 0; i < pairs->n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        int64_t x = rank_of(&margins->pre, first, cell->pre), y = rank_of(&margins->post, last, cell->post);
        om_moments_add(&xx, x, x, cell->count);
        om_moments_add(&yy, y, y, cell->count);
        om_moments_add(&xy, x, y, cell->count);
        rising &= i == 0 || cell->post > pairs->at[i - 1].post;
        falling &= i == 0 || cell->post < pairs->at[i - 1].post;
    }
    /* Found without rounding: each value goes with one other, in the same order or the reverse. */
    if (pairs->n == margins->pre.n && pairs->n == margins->post.n && (rising || falling))
        return rising ? 1 : -1;
    return (double)om_moments_correlation(om_moments_product(&xy), om_moments_product(&xx),
                                          om_moments_product(&yy));
}

static struct om_interval
bonett_wright(struct om_stat r, uint64_t n, double level)
{
    const char *why = r.reason                ? r.reason
                      : n < 4                 ? OM_WHY_BELOW_FOUR
                      : fabs(r.value) >= 1    ? OM_WHY_PERFECT
                      : om_level_valid(level) ? NULL
                                              : OM_WHY_LEVEL;
    if (why)
        return om_no_bounds(level, "bonett-wright", why);
    double z = atanh(r.value);
    double half = om_normal_bound(level) * sqrt((1 + r.value * r.value / 2) / (double)(n - 3));
    return om_bounds(tanh(z - half), tanh(z + half), level, "bonett-wright");
}

/* The ranks follow from the margins; `why` is the reason for no correlation, or NULL. */
static om_status
rank_and_correlate(const struct om_pairs *pairs, const struct om_margins *margins,
                   struct om_spearman_result *out, struct om_error *err)
{
    int64_t *first = doubled_ranks(&margins->pre, out->n), *last = doubled_ranks(&margins->post, out->n);
    bool fine = first && last;
    if (fine)
        out->correlation = om_defined(correlate(pairs, margins, first, last));
    om_free(first);
    om_free(last);
    return fine ? OM_OK : om_fail_memory(err);
}

om_status
om_spearman(const struct om_pairs *pairs, double level, struct om_spearman_result *out, struct om_error *err)
{
    struct om_margins margins;
    om_status status = om_margins_make(pairs, &margins, err);
    if (status != OM_OK)
        return status;
    *out = (struct om_spearman_result){0};
    for (size_t i = 0; i < pairs->n; i++)
        out->n += pairs->at[i].count;
    const char *why = out->n == 0                               ? OM_WHY_EMPTY
                      : out->n == 1                             ? OM_WHY_ONE
                      : margins.pre.n < 2 || margins.post.n < 2 ? OM_WHY_FLAT_OCCASION
                                                                : NULL;
    if (why)
        out->correlation = om_undefined(why);
    else
        status = rank_and_correlate(pairs, &margins, out, err);
    om_margins_release(&margins);
    out->interval = bonett_wright(out->correlation, out->n, level);
    return status;
}
