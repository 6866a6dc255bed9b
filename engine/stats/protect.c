#include "stats/protect.h"

#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_blocks_init(struct om_blocks *blocks, size_t n_rows, struct om_error *err)
{
    *blocks = (struct om_blocks){om_alloc(n_rows, sizeof *blocks->block), n_rows};
    if (!blocks->block)
        return om_fail_memory(err);
    for (size_t r = 0; r < n_rows; r++)
        blocks->block[r] = r;
    return OM_OK;
}

om_status
om_blocks_copy(struct om_blocks *to, const struct om_blocks *from, struct om_error *err)
{
    OM_TRY(om_blocks_init(to, from->n_rows, err));
    memcpy(to->block, from->block, from->n_rows * sizeof *to->block);
    return OM_OK;
}

void
om_blocks_release(struct om_blocks *blocks)
{
    om_free(blocks->block);
    *blocks = OM_BLOCKS_EMPTY;
}

om_status
om_blocks_alone(const struct om_blocks *blocks, bool *alone, struct om_error *err)
{
    size_t *rows = om_calloc(blocks->n_rows, sizeof *rows);
    if (!rows)
        return om_fail_memory(err);
    for (size_t r = 0; r < blocks->n_rows; r++)
        rows[blocks->block[r]]++;
    for (size_t r = 0; r < blocks->n_rows; r++)
        alone[r] = rows[blocks->block[r]] == 1;
    om_free(rows);
    return OM_OK;
}

/* The blocks of a table, each with its sums; what has been joined to another has no rows any more. */
struct joining {
    size_t *into;  /* block: the one it has been joined to, or itself */
    uint64_t *sum; /* [block * classes + class] */
    uint64_t *size;
    bool *lonely; /* must be joined to another, and has not been */
    size_t n, classes;
    uint64_t below;
};

static bool
must_grow(const struct joining *joining, size_t block)
{
    if (joining->lonely[block])
        return true;
    for (size_t c = 0; c < joining->classes; c++)
        if (om_count_is_small(joining->sum[block * joining->classes + c], joining->below))
            return true;
    return false;
}

static bool
has_anybody(const struct joining *joining, size_t block)
{
    for (size_t c = 0; c < joining->classes; c++)
        if (joining->sum[block * joining->classes + c] > 0)
            return true;
    return false;
}

static void
join(struct joining *joining, size_t block, size_t to)
{
    for (size_t c = 0; c < joining->classes; c++) {
        joining->sum[to * joining->classes + c] += joining->sum[block * joining->classes + c];
        joining->sum[block * joining->classes + c] = 0;
    }
    joining->size[to] += joining->size[block];
    joining->size[block] = 0;
    joining->lonely[block] = joining->lonely[to] = false;
    joining->into[block] = to;
}

/* The smallest block with anybody in it apart from one, the first of equals; n when there is none. */
static size_t
smallest_but(const struct joining *joining, size_t but)
{
    size_t found = joining->n;
    for (size_t b = 0; b < joining->n; b++)
        if (b != but && has_anybody(joining, b) &&
            (found == joining->n || joining->size[b] < joining->size[found]))
            found = b;
    return found;
}

/* All blocks with a small class become one, which then grows until it has none. */
static void
join_small(struct joining *joining)
{
    size_t one = joining->n;
    for (size_t b = 0; b < joining->n; b++) {
        if (!must_grow(joining, b))
            continue;
        if (one == joining->n)
            one = b;
        else
            join(joining, b, one);
    }
    while (one < joining->n && must_grow(joining, one)) {
        size_t next = smallest_but(joining, one);
        if (next == joining->n)
            break; /* everybody is in it */
        join(joining, next, one);
    }
}

static void
sum_blocks(struct joining *joining, const struct om_blocks *blocks, const uint64_t *count,
           const uint64_t *size, const bool *never_alone)
{
    size_t *rows = joining->into; /* of each block, for now */
    for (size_t r = 0; r < joining->n; r++) {
        const size_t b = blocks->block[r];
        rows[b]++;
        joining->lonely[b] = rows[b] == 1 && never_alone && never_alone[r];
        joining->size[b] += size[r];
        for (size_t c = 0; c < joining->classes; c++)
            joining->sum[b * joining->classes + c] += count[r * joining->classes + c];
    }
    for (size_t b = 0; b < joining->n; b++)
        joining->into[b] = b;
}

static bool
total_is_small(const uint64_t *count, size_t rows, size_t classes, uint64_t below)
{
    for (size_t c = 0; c < classes; c++) {
        uint64_t sum = 0;
        for (size_t r = 0; r < rows; r++)
            sum += count[r * classes + c];
        if (om_count_is_small(sum, below))
            return true;
    }
    return false;
}

om_status
om_blocks_protect(struct om_blocks *blocks, const uint64_t *count, size_t classes, const uint64_t *size,
                  const bool *never_alone, uint64_t below, bool *possible, struct om_error *err)
{
    const size_t n = blocks->n_rows;
    *possible = !total_is_small(count, n, classes, below);
    if (!*possible)
        return OM_OK;
    struct joining joining = {.into = om_calloc(n, sizeof *joining.into),
                              .sum = om_calloc(n * classes, sizeof *joining.sum),
                              .size = om_calloc(n, sizeof *joining.size),
                              .lonely = om_calloc(n, sizeof *joining.lonely),
                              .n = n,
                              .classes = classes,
                              .below = below};
    om_status status = OM_OK;
    if (joining.into && joining.sum && joining.size && joining.lonely) {
        sum_blocks(&joining, blocks, count, size, never_alone);
        join_small(&joining);
        for (size_t r = 0; r < n; r++)
            blocks->block[r] = joining.into[blocks->block[r]];
    } else {
        status = om_fail_memory(err);
    }
    om_free(joining.into);
    om_free(joining.sum);
    om_free(joining.size);
    om_free(joining.lonely);
    return status;
}
