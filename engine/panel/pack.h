/*
 * Answers in few bits, for records that have to wait for others.
 *
 * An item of an instrument with codes up to m has m + 1 states and those of no answer: blank, declined,
 * invalid and, where the instrument offers it, "does not apply"; PHQ-9 takes 3 bits an item, B-IPF 4.
 * Elsewhere "does not apply" is no answer that is allowed and comes back as invalid: no scale can tell.
 */
#ifndef OM_PANEL_PACK_H
#define OM_PANEL_PACK_H

#include "panel/panel.h"

/*
 * Eight items of the same number of bits are put together at once, in steps that double what is together:
 *
 *   .......a .......b .......c .......d ...     bytes
 *   ............. ab .............. cd ...      two items, 2 * bits
 *   ............................. abcd ...      four
 *
 * and the groups follow each other without a gap, those of items of fewer bits first.
 */
struct om_pack {
    size_t n;                /* answers */
    size_t bytes;            /* of a packed row */
    uint32_t *order;         /* [position]: which answer */
    bool in_order;           /* position i is answer i */
    uint8_t *codes, *has_na; /* [position]: codes from 0 to codes - 1; does NA have a state? */
    struct om_pack_group {
        uint8_t bits, items;
    } * group;
    size_t n_groups;
};

enum { OM_PACK_MAX = 4096 }; /* answers in a record, at most */

/* For the answers of one occasion, `times` times over. Errors: OM_ERR_NOMEM, also for too many of them. */
om_status om_pack_make(struct om_pack *pack, const struct om_panel *panel, size_t times,
                       struct om_error *err) OM_NODISCARD;
void om_pack_release(struct om_pack *pack);

/* Where the answers of a row are. */
struct om_pack_form {
    const uint32_t *where; /* borrowed: per answer its byte, or OM_NOWHERE: a blank */
    uint32_t straight;     /* where the first one is, when the others follow it in order; else OM_NOWHERE */
};
struct om_pack_form om_pack_form(const struct om_pack *pack, const uint32_t *where);

/* Both read and write in steps of OM_PACK_STEP answers: so many bytes more can be read behind the codes of a
 * row, and so many written behind those that are opened. */
enum { OM_PACK_STEP = 16 };

/* What one thread needs for either; it holds nothing between calls. */
struct om_pack_room {
    uint8_t code[OM_PACK_MAX + OM_PACK_STEP];
};

void om_pack(const struct om_pack *pack, const struct om_pack_form *form, const uint8_t *code,
             uint8_t *packed, struct om_pack_room *room);

/* 16 bytes behind the packed row may be read. */
void om_pack_open(const struct om_pack *pack, const uint8_t *packed, uint8_t *code,
                  struct om_pack_room *room);

#endif
