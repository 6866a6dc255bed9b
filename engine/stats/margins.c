#include "stats/margins.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"

static int
by_value(const void *a, const void *b)
{
    const struct om_count *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* A small sample has few values, for which qsort is slow. */
static void
sort_by_value(struct om_count *cells, size_t n)
{
    enum { FEW = 48 };
    if (n > FEW) {
        qsort(cells, n, sizeof *cells, by_value);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        struct om_count cell = cells[i];
        size_t at = i;
        for (; at > 0 && cells[at - 1].value > cell.value; at--)
            cells[at] = cells[at - 1];
        cells[at] = cell;
    }
}

/* The cell of a value among the first *kept, or a new one. slot holds indices + 1 of a power of two places.
 */
static struct om_count *
cell_of(struct om_count *cells, size_t *kept, int64_t value, uint32_t *slot, size_t n_slots)
{
    size_t i = (size_t)((uint64_t)value * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (n_slots - 1);
    while (slot[i] && cells[slot[i] - 1].value != value)
        i = (i + 1) & (n_slots - 1);
    if (!slot[i]) {
        cells[*kept] = (struct om_count){value, 0};
        slot[i] = (uint32_t)++ * kept;
    }
    return &cells[slot[i] - 1];
}

/* Adds up the n cells of one value and sorts what is left: the counts as the rest of the layer wants them.
 * There are far fewer values than cells. */
static struct om_counts
gather(struct om_count *cells, size_t n, int64_t unit, uint32_t *slot, size_t n_slots)
{
    size_t kept = 0;
    memset(slot, 0, n_slots * sizeof *slot);
    for (size_t i = 0; i < n; i++) {
        struct om_count next = cells[i]; /* cells up to kept <= i are written */
        cell_of(cells, &kept, next.value, slot, n_slots)->count += next.count;
    }
    sort_by_value(cells, kept);
    return (struct om_counts){cells, kept, unit};
}

/* A power of two places, at most half of them taken. */
static size_t
slots_for(size_t n)
{
    size_t n_slots = 16;
    while (n_slots < 2 * n)
        n_slots *= 2;
    return n_slots;
}

om_status
om_counts_gather(struct om_count *cells, size_t n, int64_t unit, struct om_counts *out, struct om_error *err)
{
    size_t n_slots = slots_for(n);
    uint32_t *slot = om_alloc(n_slots, sizeof *slot);
    if (!slot)
        return om_fail_memory(err);
    *out = gather(cells, n, unit, slot, n_slots);
    om_free(slot);
    return OM_OK;
}

om_status
om_margins_make(const struct om_pairs *pairs, struct om_margins *out, struct om_error *err)
{
    size_t n = pairs->n, n_slots = slots_for(n);
    struct om_count *pre = om_alloc(n ? n : 1, 3 * sizeof *pre);
    uint32_t *slot = om_alloc(n_slots, sizeof *slot);
    if (!pre || !slot) {
        om_free(pre);
        om_free(slot);
        return om_fail_memory(err);
    }
    struct om_count *post = pre + n, *change = post + n;
    for (size_t i = 0; i < n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        pre[i] = (struct om_count){cell->pre, cell->count};
        post[i] = (struct om_count){cell->post, cell->count};
        change[i] = (struct om_count){cell->post - cell->pre, cell->count};
    }
    *out = (struct om_margins){gather(pre, n, pairs->unit, slot, n_slots),
                               gather(post, n, pairs->unit, slot, n_slots),
                               gather(change, n, pairs->unit, slot, n_slots), pre};
    om_free(slot);
    return OM_OK;
}

void
om_margins_release(struct om_margins *margins)
{
    om_free(margins->memory);
    *margins = (struct om_margins){0};
}
