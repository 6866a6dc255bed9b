/*
 * Disclosure control of counts: which rows of a table can be shown. docs/methods/disclosure.md
 *
 * A count is small when it is above 0 and below a threshold. Rows (groups of persons) are put together into
 * blocks until no class of any block is small. What is then published is a function of the counts of the
 * blocks: rows that are a block of their own, and the sum of all. So whatever is added or subtracted, what
 * comes out is again a number of persons of whole blocks and classes, and none of these is small. Of a row
 * within a larger block nothing can be learned but what the block allows: any of its classes may hold nobody
 * or everybody of that class.
 */
#ifndef OM_STATS_PROTECT_H
#define OM_STATS_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* block[row]: a number below n_rows, the same for rows that are together. */
struct om_blocks {
    size_t *block;
    size_t n_rows;
};

#define OM_BLOCKS_EMPTY ((struct om_blocks){0})

/* Each row a block of its own; release it. Errors: OM_ERR_NOMEM. */
om_status om_blocks_init(struct om_blocks *blocks, size_t n_rows, struct om_error *err) OM_NODISCARD;
om_status om_blocks_copy(struct om_blocks *to, const struct om_blocks *from,
                         struct om_error *err) OM_NODISCARD;
void om_blocks_release(struct om_blocks *blocks);

/* alone[row]: is the row a block of its own, and so can be shown? Errors: OM_ERR_NOMEM. */
om_status om_blocks_alone(const struct om_blocks *blocks, bool *alone, struct om_error *err) OM_NODISCARD;

static inline bool
om_count_is_small(uint64_t count, uint64_t below)
{
    return count > 0 && count < below;
}

/* Puts rows together until no class of a block is small: count[row * classes + class]. Blocks with a small
 * class are joined first, then the smallest one by size[row] that has anybody in it is taken in as long as
 * that is needed. A row of never_alone (may be NULL) is joined to another with anybody in it in any case.
 * *possible is
 * false, and the blocks are as they were, when even all rows together have a small class: then the sum cannot
 * be published either. Errors: OM_ERR_NOMEM. */
om_status om_blocks_protect(struct om_blocks *blocks, const uint64_t *count, size_t classes,
                            const uint64_t *size, const bool *never_alone, uint64_t below, bool *possible,
                            struct om_error *err) OM_NODISCARD;

#endif
