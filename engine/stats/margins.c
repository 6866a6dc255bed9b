#include "stats/margins.h"

#include <stdlib.h>
#include "base/error.h"
#include "base/memory.h"

static int
by_value(const void *a, const void *b)
{
    const struct om_count *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Sorts the n cells and adds up those of one value: the counts as the rest of the layer wants them. */
static struct om_counts
gather(struct om_count *cells, size_t n, int64_t unit)
{
    size_t kept = 0;
    if (n)
        qsort(cells, n, sizeof *cells, by_value);
    for (size_t i = 0; i < n; i++) {
        if (kept && cells[kept - 1].value == cells[i].value)
            cells[kept - 1].count += cells[i].count;
        else
            cells[kept++] = cells[i];
    }
    return (struct om_counts){cells, kept, unit};
}

om_status
om_margins_make(const struct om_pairs *pairs, struct om_margins *out, struct om_error *err)
{
    size_t n = pairs->n;
    struct om_count *pre = om_alloc(n ? n : 1, 3 * sizeof *pre);
    if (!pre)
        return om_fail_memory(err);
    struct om_count *post = pre + n, *change = post + n;
    for (size_t i = 0; i < n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        pre[i] = (struct om_count){cell->pre, cell->count};
        post[i] = (struct om_count){cell->post, cell->count};
        change[i] = (struct om_count){cell->post - cell->pre, cell->count};
    }
    *out = (struct om_margins){gather(pre, n, pairs->unit), gather(post, n, pairs->unit),
                               gather(change, n, pairs->unit), pre};
    return OM_OK;
}

void
om_margins_release(struct om_margins *margins)
{
    om_free(margins->memory);
    *margins = (struct om_margins){0};
}
