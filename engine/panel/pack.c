#include "panel/pack.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Behind the codes: blank, declined, invalid, and "does not apply" where there is such an answer. */
enum { BLANK, DECLINED, INVALID, NA, GROUP = 8 };

struct item {
    uint32_t answer;
    uint8_t codes, bits, has_na;
};

static struct item
describe(const struct om_instrument *instrument, size_t answer)
{
    struct item item = {.answer = (uint32_t)answer,
                        .codes = (uint8_t)(instrument->maximum + 1),
                        .bits = 1,
                        .has_na = instrument->has_na};
    while (1u << item.bits < item.codes + (item.has_na ? NA + 1u : NA))
        item.bits++;
    return item;
}

/* A short form shares the columns of its parent, and the codes: what is there already will do, unless it is
 * too small. */
static void
find_items(const struct om_panel *panel, size_t times, struct item *item)
{
    for (size_t i = 0; i < panel->n_instruments; i++)
        for (size_t j = 0; j < panel->instrument[i].instrument->n_items; j++)
            for (size_t t = 0; t < times; t++) {
                size_t answer = t * panel->n_items + panel->instrument[i].item[j];
                struct item here = describe(panel->instrument[i].instrument, answer);
                if (item[answer].bits < here.bits)
                    item[answer] = here;
            }
}

static int
fewer_bits_first(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->bits != y->bits)
        return x->bits < y->bits ? -1 : 1;
    return (x->answer > y->answer) - (x->answer < y->answer);
}

static void
lay_out(struct om_pack *pack, struct item *item)
{
    size_t bits = 0;
    pack->in_order = true;
    if (pack->n)
        qsort(item, pack->n, sizeof *item, fewer_bits_first);
    for (size_t i = 0; i < pack->n; i++) {
        struct om_pack_group *group = pack->n_groups ? &pack->group[pack->n_groups - 1] : NULL;
        pack->order[i] = item[i].answer;
        pack->in_order &= item[i].answer == i;
        pack->codes[i] = item[i].codes;
        pack->has_na[i] = item[i].has_na;
        bits += item[i].bits;
        if (!group || group->items == GROUP || group->bits != item[i].bits)
            pack->group[pack->n_groups++] = (struct om_pack_group){.bits = item[i].bits, .items = 1};
        else
            group->items++;
    }
    pack->bytes = (bits + 7) / 8;
}

om_status
om_pack_make(struct om_pack *pack, const struct om_panel *panel, size_t times, struct om_error *err)
{
    size_t n = times * panel->n_items;
    struct item *item = om_calloc(n + 1, sizeof *item);
    *pack = (struct om_pack){.n = n};
    pack->order = om_calloc(n + 1, sizeof *pack->order);
    pack->codes = om_calloc(n + OM_PACK_STEP, 1);
    pack->has_na = om_calloc(n + OM_PACK_STEP, 1);
    pack->group = om_calloc(n + 1, sizeof *pack->group);
    bool fits = item && pack->order && pack->codes && pack->has_na && pack->group && n <= OM_PACK_MAX;
    if (fits) {
        find_items(panel, times, item);
        lay_out(pack, item);
    } else {
        om_pack_release(pack);
    }
    om_free(item);
    return fits ? OM_OK : om_fail_memory(err);
}

void
om_pack_release(struct om_pack *pack)
{
    om_free(pack->order);
    om_free(pack->codes);
    om_free(pack->has_na);
    om_free(pack->group);
    *pack = (struct om_pack){0};
}

/* Eight answers at once, in a register all the way: by way of memory, each row would wait for its own stores.
 */
typedef uint8_t eight __attribute__((vector_size(GROUP)));

static eight
load_eight(const uint8_t *bytes)
{
    eight x;
    memcpy(&x, bytes, sizeof x);
    return x;
}

/* x where the mask is all ones, y where it is 0. */
static eight
choose(eight mask, eight x, eight y)
{
    return (x & mask) | (y & ~mask);
}

static uint64_t
codes_to_states(eight code, eight codes, eight has_na)
{
    eight other = INVALID + ((eight)(code == OM_CODE_BLANK) & (uint8_t)(BLANK - INVALID)) +
                  ((eight)(code == OM_CODE_DECLINED) & (uint8_t)(DECLINED - INVALID)) +
                  ((eight)(code == OM_CODE_NA) & has_na);
    eight state = choose((eight)(code < codes), code, codes + other);
    uint64_t word;
    memcpy(&word, &state, sizeof word);
    return word;
}

static eight
states_to_codes(uint64_t word, eight codes)
{
    eight state, invalid = {0};
    memcpy(&state, &word, sizeof state);
    invalid += OM_CODE_INVALID;
    eight other = state - codes, none = invalid;
    none = choose((eight)(other == BLANK), invalid - (uint8_t)(OM_CODE_INVALID - OM_CODE_BLANK), none);
    none = choose((eight)(other == DECLINED), invalid - (uint8_t)(OM_CODE_INVALID - OM_CODE_DECLINED), none);
    none = choose((eight)(other == NA), invalid - (uint8_t)(OM_CODE_INVALID - OM_CODE_NA), none);
    return choose((eight)(state < codes), state, none);
}

static const uint64_t BYTES = UINT64_C(0x00ff00ff00ff00ff), PAIRS = UINT64_C(0x0000ffff0000ffff),
                      HALF = UINT64_C(0xffffffff);

static uint64_t
join_eight(uint64_t x, unsigned bits)
{
    x = (x & BYTES) | (x >> 8 & BYTES) << bits;
    x = (x & PAIRS) | (x >> 16 & PAIRS) << 2 * bits;
    return (x & HALF) | (x >> 32) << 4 * bits;
}

static uint64_t
part_eight(uint64_t x, unsigned bits)
{
    const uint64_t one = (UINT64_C(1) << bits) - 1, two = (UINT64_C(1) << 2 * bits) - 1,
                   four = (UINT64_C(1) << 4 * bits) - 1;
    x = (x & four) | (x >> 4 * bits & four) << 32;
    x = (x & two * (1 + (UINT64_C(1) << 32))) | (x >> 2 * bits & two * (1 + (UINT64_C(1) << 32))) << 16;
    return (x & one * UINT64_C(0x0001000100010001)) | (x >> bits & one * UINT64_C(0x0001000100010001)) << 8;
}

struct om_pack_form
om_pack_form(const struct om_pack *pack, const uint32_t *where)
{
    struct om_pack_form form = {.where = where, .straight = pack->n ? where[pack->order[0]] : OM_NOWHERE};
    for (size_t i = 0; i < pack->n; i++)
        if (where[pack->order[i]] == OM_NOWHERE || where[pack->order[i]] != form.straight + i)
            form.straight = OM_NOWHERE;
    return form;
}

/* The codes in the order of the groups; `room` is used where they do not lie so. */
static const uint8_t *
in_order(const struct om_pack *pack, const struct om_pack_form *form, const uint8_t *code, uint8_t *room)
{
    if (form->straight != OM_NOWHERE)
        return code + form->straight;
    for (size_t i = 0; i < pack->n; i++) {
        uint32_t at = form->where[pack->order[i]];
        room[i] = at == OM_NOWHERE ? OM_CODE_BLANK : code[at];
    }
    return room;
}

void
om_pack(const struct om_pack *pack, const struct om_pack_form *form, const uint8_t *code, uint8_t *packed,
        struct om_pack_room *room)
{
    uint64_t word = 0;
    unsigned held = 0;
    size_t left = pack->bytes, i = 0;
    const uint8_t *from = in_order(pack, form, code, room->code);
    for (size_t g = 0; g < pack->n_groups; g++) {
        unsigned bits = pack->group[g].bits, items = pack->group[g].items, size = bits * items;
        uint64_t states =
            codes_to_states(load_eight(from + i), load_eight(pack->codes + i), load_eight(pack->has_na + i));
        if (items < GROUP)
            states &= (UINT64_C(1) << 8 * items) - 1;
        states = join_eight(states, bits);
        word |= states << held;
        held += size;
        i += items;
        if (held < 64)
            continue;
        memcpy(packed, &word, sizeof word);
        packed += sizeof word;
        left -= sizeof word;
        held -= 64;
        word = held ? states >> (size - held) : 0;
    }
    memcpy(packed, &word, left);
}

void
om_pack_open(const struct om_pack *pack, const uint8_t *packed, uint8_t *code, struct om_pack_room *room)
{
    uint8_t *to = pack->in_order ? code : room->code;
    size_t at = 0, i = 0; /* bits and answers taken */
    for (size_t g = 0; g < pack->n_groups; g++) {
        unsigned bits = pack->group[g].bits, shift = at % 8;
        uint64_t word, next;
        memcpy(&word, packed + at / 8, sizeof word);
        next = packed[at / 8 + sizeof word];
        word = word >> shift | (shift ? next << (64 - shift) : 0);
        eight codes = states_to_codes(part_eight(word, bits), load_eight(pack->codes + i));
        memcpy(to + i, &codes, sizeof codes);
        i += pack->group[g].items;
        at += bits * pack->group[g].items;
    }
    for (size_t k = 0; k < pack->n && !pack->in_order; k++)
        code[pack->order[k]] = room->code[k];
}
