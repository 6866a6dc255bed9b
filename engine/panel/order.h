/* Ids in order: shorter first, then by bytes (9, 10; P0009, P0010). Ids that ascend are all different, and
 * who has seen the last one has seen them all: nothing needs to be remembered. */
#ifndef OM_PANEL_ORDER_H
#define OM_PANEL_ORDER_H

#include "panel/block.h"

#include <string.h>

enum om_order {
    OM_ORDER_NONE,
    OM_ORDER_RUNS,      /* never descending: the records of a person follow each other */
    OM_ORDER_ASCENDING, /* and no two are the same */
};

static inline int
om_id_compare(const char *a, size_t m, const char *b, size_t n)
{
    return m != n ? (m > n) - (m < n) : memcmp(a, b, n);
}

static inline bool
om_id_equal(const struct om_record_row *a, const struct om_record_row *b)
{
    return a->id_length == b->id_length && memcmp(a->id, b->id, a->id_length) == 0;
}

/* The order of the block's records that are not rejected. */
enum om_order om_block_order(const struct om_record_block *block);

/* The last id that was seen, over all blocks so far. */
struct om_last_id {
    char *text; /* NULL: none yet */
    size_t length, capacity;
};

/* The order of the last id and the first of the block; remembers the block's last one. order is that of the
 * block. Errors: OM_ERR_NOMEM. */
om_status om_last_id_pass(struct om_last_id *last, const struct om_record_block *block, enum om_order *order,
                          struct om_error *err) OM_NODISCARD;
/* Remembers the first id of all blocks, in one that is not used for anything else. Errors: OM_ERR_NOMEM. */
om_status om_first_id_note(struct om_last_id *first, const struct om_record_block *block,
                           struct om_error *err) OM_NODISCARD;
void om_last_id_release(struct om_last_id *last);

#endif
