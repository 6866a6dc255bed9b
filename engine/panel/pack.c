#include "panel/pack.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum { NO_ANSWERS = 4 };
/* State m + 1 + k stands for no_answer[k]. */
static const uint8_t no_answer[NO_ANSWERS] = {OM_CODE_BLANK, OM_CODE_DECLINED, OM_CODE_INVALID, OM_CODE_NA};

static uint8_t
bits_for(unsigned states)
{
    uint8_t bits = 1;
    while (1u << bits < states)
        bits++;
    return bits;
}

om_status
om_pack_make(struct om_pack *pack, const struct om_panel *panel, size_t times, struct om_error *err)
{
    *pack = (struct om_pack){.n = times * panel->n_items};
    pack->bits = om_calloc(pack->n, 1);
    pack->codes = om_calloc(pack->n, 1);
    if (!pack->bits || !pack->codes) {
        om_pack_release(pack);
        return om_fail_memory(err);
    }
    for (size_t i = 0; i < panel->n_instruments; i++) {
        const struct om_instrument *instrument = panel->instrument[i].instrument;
        for (size_t j = 0; j < instrument->n_items; j++) {
            size_t item = panel->instrument[i].item[j];
            unsigned codes = (unsigned)instrument->maximum + 1;
            uint8_t bits = bits_for(codes + (instrument->has_na ? NO_ANSWERS : NO_ANSWERS - 1));
            if (bits <= pack->bits[item])
                continue; /* a short form shares the columns of its parent */
            for (size_t t = 0; t < times; t++) {
                pack->bits[t * panel->n_items + item] = bits;
                pack->codes[t * panel->n_items + item] = (uint8_t)codes;
            }
        }
    }
    size_t bits = 0;
    for (size_t i = 0; i < pack->n; i++)
        bits += pack->bits[i];
    pack->bytes = (bits + 7) / 8;
    return OM_OK;
}

void
om_pack_release(struct om_pack *pack)
{
    om_free(pack->bits);
    om_free(pack->codes);
    *pack = (struct om_pack){0};
}

static unsigned
state_of(uint8_t code, unsigned codes, unsigned bits)
{
    if (code < codes)
        return code;
    unsigned k = code == OM_CODE_BLANK ? 0 : code == OM_CODE_DECLINED ? 1 : code == OM_CODE_NA ? 3 : 2;
    return codes + k < 1u << bits ? codes + k : codes + 2;
}

void
om_pack(const struct om_pack *pack, const uint8_t *code, const uint32_t *where, uint8_t *packed)
{
    uint64_t word = 0;
    unsigned held = 0;
    for (size_t i = 0; i < pack->n; i++) {
        uint8_t c = where[i] == OM_NOWHERE ? OM_CODE_BLANK : code[where[i]];
        word |= (uint64_t)state_of(c, pack->codes[i], pack->bits[i]) << held;
        held += pack->bits[i];
        while (held >= 8) {
            *packed++ = (uint8_t)word;
            word >>= 8;
            held -= 8;
        }
    }
    if (held > 0)
        *packed = (uint8_t)word;
}

void
om_pack_open(const struct om_pack *pack, const uint8_t *packed, uint8_t *code)
{
    uint64_t word = 0;
    unsigned held = 0;
    for (size_t i = 0; i < pack->n; i++) {
        while (held < pack->bits[i]) {
            word |= (uint64_t)*packed++ << held;
            held += 8;
        }
        unsigned state = (unsigned)(word & ((1u << pack->bits[i]) - 1));
        word >>= pack->bits[i];
        held -= pack->bits[i];
        code[i] = state < pack->codes[i] ? (uint8_t)state : no_answer[state - pack->codes[i]];
    }
}
