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

struct om_pack {
    size_t n;              /* answers */
    uint8_t *bits, *codes; /* per answer: how many bits; m + 1 */
    size_t bytes;          /* of a packed row */
};

/* For the answers of one occasion, `times` times over. Errors: OM_ERR_NOMEM. */
om_status om_pack_make(struct om_pack *pack, const struct om_panel *panel, size_t times,
                       struct om_error *err) OM_NODISCARD;
void om_pack_release(struct om_pack *pack);

/* code[where[i]] is answer i; none where that is OM_NOWHERE. */
void om_pack(const struct om_pack *pack, const uint8_t *code, const uint32_t *where, uint8_t *packed);
void om_pack_open(const struct om_pack *pack, const uint8_t *packed, uint8_t *code);

#endif
