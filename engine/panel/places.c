#include "panel/places.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

enum { BLOCK = 64, LONGEST = 40 }; /* stretches of a block; bytes of a stretch */

void
om_places_release(struct om_places *places)
{
    om_free(places->block);
    om_buffer_release(&places->bytes);
    *places = (struct om_places){0};
}

/* --- a stretch in bytes --------------------------------------------------------------------------------- */

/* Seven bits a byte, the lowest first; the highest bit says that more follow. */
static size_t
put_number(uint8_t *to, uint64_t number)
{
    size_t n = 0;
    for (; number >= 0x80; number >>= 7)
        to[n++] = (uint8_t)(number | 0x80);
    to[n++] = (uint8_t)number;
    return n;
}

static uint64_t
get_number(const uint8_t **from)
{
    uint64_t number = 0;
    unsigned shift = 0;
    for (; **from & 0x80; shift += 7)
        number |= (uint64_t)(*(*from)++ & 0x7f) << shift;
    return number | (uint64_t)(*(*from)++) << shift;
}

/* Differences are taken as they are, and wrap where one is below 0. */
static size_t
put_stretch(uint8_t *to, const struct om_places_stretch *before, const struct om_places_stretch *stretch)
{
    const uint64_t since = stretch->ordinal - before->ordinal;
    size_t n = put_number(to, since);
    n += put_number(to + n, stretch->place.line - before->place.line - since);
    n += put_number(to + n, stretch->place.number - before->place.number - since);
    return n + put_number(to + n, stretch->place.byte_offset - before->place.byte_offset);
}

/* Turns the stretch before into the next one. */
static void
get_stretch(const uint8_t **from, struct om_places_stretch *stretch)
{
    const uint64_t since = get_number(from);
    stretch->ordinal += since;
    stretch->place.line += since + get_number(from);
    stretch->place.number += since + get_number(from);
    stretch->place.byte_offset += get_number(from);
}

/* --- adding --------------------------------------------------------------------------------------------- */

static om_status
start_block(struct om_places *places, const struct om_places_stretch *stretch, struct om_error *err)
{
    if (!om_grow(&places->block, &places->block_capacity, places->n_blocks, sizeof *places->block))
        return om_fail_memory(err);
    places->block[places->n_blocks++] =
        (struct om_places_block){.first = *stretch, .n = 1, .at = places->bytes.length};
    return OM_OK;
}

om_status
om_places_append(struct om_places *places, const struct om_places_stretch *stretch, struct om_error *err)
{
    struct om_places_block *block = places->n_blocks ? &places->block[places->n_blocks - 1] : NULL;
    if (!block || block->n == BLOCK || places->last.place.file != stretch->place.file) {
        OM_TRY(start_block(places, stretch, err));
    } else {
        uint8_t bytes[LONGEST];
        om_buffer_add(&places->bytes, bytes, put_stretch(bytes, &places->last, stretch));
        if (!om_buffer_ok(&places->bytes))
            return om_fail_memory(err);
        block->n++;
    }
    places->last = *stretch;
    return OM_OK;
}

/* Does a record follow on the line behind the last one? */
static bool
follows(const struct om_places *places, uint64_t ordinal, const struct om_record_place *place)
{
    const struct om_places_stretch *last = &places->last;
    const uint64_t since = ordinal - last->ordinal;
    return places->n_blocks > 0 && last->place.file == place->file &&
           last->place.line + since == place->line && last->place.number + since == place->number;
}

om_status
om_places_add(struct om_places *places, const struct om_record_block *block, struct om_error *err)
{
    for (size_t r = 0; r < block->n; r++) {
        struct om_places_stretch stretch = {.ordinal = block->ordinal + r, .place = om_block_place(block, r)};
        if (r == 0 || !follows(places, stretch.ordinal, &stretch.place))
            OM_TRY(om_places_append(places, &stretch, err));
    }
    return OM_OK;
}

/* --- finding -------------------------------------------------------------------------------------------- */

static const uint8_t *
bytes_of(const struct om_places *places, size_t b)
{
    return (const uint8_t *)om_buffer_string(&places->bytes) + places->block[b].at;
}

om_status
om_places_list(const struct om_places *places, struct om_places_stretch **out, size_t *n,
               struct om_error *err)
{
    size_t all = 0;
    *n = 0;
    for (size_t b = 0; b < places->n_blocks; b++)
        all += places->block[b].n;
    *out = om_alloc(all, sizeof **out);
    if (!*out)
        return om_fail_memory(err);
    for (size_t b = 0; b < places->n_blocks; b++) {
        struct om_places_stretch stretch = places->block[b].first;
        const uint8_t *from = bytes_of(places, b);
        (*out)[(*n)++] = stretch;
        for (size_t i = 1; i < places->block[b].n; i++) {
            get_stretch(&from, &stretch);
            (*out)[(*n)++] = stretch;
        }
    }
    return OM_OK;
}

/* The last stretch that begins at or before the record. */
static struct om_places_stretch
find_stretch(const struct om_places *places, uint64_t ordinal)
{
    size_t low = 0, high = places->n_blocks;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (places->block[middle].first.ordinal <= ordinal)
            low = middle;
        else
            high = middle;
    }
    struct om_places_stretch found = places->block[low].first, next = found;
    const uint8_t *from = bytes_of(places, low);
    for (size_t i = 1; i < places->block[low].n && next.ordinal <= ordinal; i++) {
        found = next;
        get_stretch(&from, &next);
    }
    return next.ordinal <= ordinal ? next : found;
}

struct om_record_place
om_places_find(const struct om_places *places, uint64_t ordinal)
{
    const struct om_places_stretch stretch = find_stretch(places, ordinal);
    struct om_record_place place = stretch.place;
    place.behind = ordinal - stretch.ordinal;
    place.line += place.behind;
    place.number += place.behind;
    return place;
}
