#include "stats/pooled.h"

#include <stdlib.h>
#include "base/error.h"
#include "base/memory.h"

static int
by_value(const void *a, const void *b)
{
    const struct om_count *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Adds up neighbours of one value; n sorted cells. */
static size_t
merge(struct om_count *cell, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && cell[kept - 1].value == cell[i].value)
            cell[kept - 1].count += cell[i].count;
        else
            cell[kept++] = cell[i];
    }
    return kept;
}

static void
rank(struct om_pooled *pooled)
{
    for (size_t i = 0; i < pooled->n; i++) {
        uint64_t count = pooled->at[i].count;
        long double t = count;
        pooled->twice_rank[i] = 2 * (om_wide)pooled->total + (om_wide)count + 1;
        pooled->tie_cubes += t * t * t - t;
        pooled->total += count;
    }
}

om_status
om_pooled_make(const struct om_counts *sample, size_t n, struct om_pooled *out, struct om_error *err)
{
    size_t cells = 0;
    for (size_t s = 0; s < n; s++)
        cells += sample[s].n;
    *out = (struct om_pooled){.at = om_alloc(cells ? cells : 1, sizeof *out->at)};
    if (!out->at)
        return om_fail_memory(err);
    cells = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < sample[s].n; i++)
            out->at[cells++] = sample[s].at[i];
    qsort(out->at, cells, sizeof *out->at, by_value);
    out->n = merge(out->at, cells);
    out->twice_rank = om_alloc(out->n ? out->n : 1, sizeof *out->twice_rank);
    if (!out->twice_rank) {
        om_pooled_release(out);
        return om_fail_memory(err);
    }
    rank(out);
    return OM_OK;
}

void
om_pooled_release(struct om_pooled *pooled)
{
    om_free(pooled->at);
    om_free(pooled->twice_rank);
    *pooled = (struct om_pooled){0};
}

/* The values of the sample are among the pooled ones, and both ascend. */
om_wide
om_pooled_rank_sum(const struct om_pooled *pooled, const struct om_counts *sample)
{
    om_wide sum = 0;
    size_t p = 0;
    for (size_t i = 0; i < sample->n; i++) {
        while (pooled->at[p].value != sample->at[i].value)
            p++;
        sum += pooled->twice_rank[p] * (om_wide)sample->at[i].count;
    }
    return sum;
}
