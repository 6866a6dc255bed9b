/*
 * Has this person been seen before?
 *
 * Ids in ascending order (shorter first, then by bytes: 9, 10; P0009, P0010) prove themselves unique as they
 * pass, against nothing but the id before. So a panel in order needs no memory for its persons. The first
 * OM_IDS_KEPT ids are remembered all the same: a panel without an order shows it early, and from then on
 * every id is remembered. Only where the order breaks later is it too late, and the input has to be read
 * again with every id remembered from the start.
 */
#ifndef OM_PANEL_IDS_H
#define OM_PANEL_IDS_H

#include "panel/panel.h"

enum { OM_IDS_KEPT = 65536 };

struct om_ids {
    bool may_forget; /* set by the caller: the input can be read again */
    bool forgot;
    bool unordered;
    char *last; /* the id before; its order is known while !unordered */
    size_t last_length, last_capacity;
    struct om_dictionary kept;
    struct om_record_place *place; /* of each id kept: where it was first */
    size_t place_capacity;
};

enum om_id_answer {
    OM_ID_NEW,
    OM_ID_SEEN, /* *place says where */
    OM_ID_LOST, /* not to be told any more: read again with may_forget false */
};

om_status om_ids_check(struct om_ids *ids, const struct om_record_row *row, size_t file,
                       enum om_id_answer *answer, struct om_record_place *place,
                       struct om_error *err) OM_NODISCARD;
void om_ids_release(struct om_ids *ids);

#endif
