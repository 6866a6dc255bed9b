/*
 * Records as read, many at a time: what one piece of an input comes to.
 *
 *   row[r]                         who, when, where
 *   by[b][r]                       the group, by its number among the values of that column
 *   code + r * stride + where[t]   the answer to target t = slot * n_items + item
 *
 * Rows are as long as what the files need (form.h); where[t] is OM_NOWHERE when the file has no such column.
 * Numbers of groups and occasions are those of the reader of the piece until the block is joined to those
 * before it; then by_index and occasion_index lead to the panel's.
 */
#ifndef OM_PANEL_BLOCK_H
#define OM_PANEL_BLOCK_H

#include "csv/reader.h"
#include "panel/spec.h"

enum { OM_NOWHERE = UINT32_MAX };

/* A record. Places count from the start of the piece. */
struct om_record_row {
    const char *id; /* trimmed; "" when the file has no id column */
    uint32_t id_length;
    uint32_t line, number, byte_offset;
    int occasion; /* long panels: see above; OM_NONE in a wide one */
    bool rejected;
};

struct om_record_block {
    size_t n, capacity;
    size_t file;
    struct om_record_row *row;
    uint32_t *by[OM_BY_MAX];
    uint8_t *code;
    size_t stride, widest; /* of this file; of any file */
    const uint32_t *where;
    struct om_field *kept; /* of each row, the text of the columns that are kept (panel.h): n_kept a row */
    size_t n_kept, most_kept;
    size_t n_rejected;
    int order; /* of the ids: enum om_order (order.h) */

    /* From here on: known once the block is joined. */
    uint64_t line, number, byte_offset; /* to be added to those of a row */
    uint64_t ordinal;                   /* records of all inputs before the block */
    const uint32_t *by_index[OM_BY_MAX];
    const uint32_t
        *occasion_index; /* NULL where the file has no such column: all records have the one index */
};

/* The group of a record in one --by column, as an index into panel->by_value. */
static inline uint32_t
om_block_by(const struct om_record_block *block, size_t b, size_t r)
{
    return block->by_index[b][block->by[b][r]];
}

/* The occasion of a record of a long panel, as an index into panel->occasion. */
static inline int
om_block_occasion(const struct om_record_block *block, size_t r)
{
    int occasion = block->row[r].occasion;
    return block->occasion_index ? (int)block->occasion_index[occasion] : occasion;
}

/* Makes room for n records in all, of which the first block->n are kept. */
om_status om_block_reserve(struct om_record_block *block, size_t n, size_t n_by,
                           struct om_error *err) OM_NODISCARD;
void om_block_release(struct om_record_block *block);

#endif
