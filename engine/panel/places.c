#include "panel/places.h"
#include "base/error.h"
#include "base/memory.h"

void
om_places_release(struct om_places *places)
{
    om_free(places->stretch);
    *places = (struct om_places){0};
}

/* Does a record follow on the line behind the last one? */
static bool
follows(const struct om_places *places, uint64_t ordinal, const struct om_record_place *place)
{
    if (places->n == 0)
        return false;
    const struct om_places_stretch *last = &places->stretch[places->n - 1];
    uint64_t since = ordinal - last->ordinal;
    return last->place.file == place->file && last->place.line + since == place->line &&
           last->place.number + since == place->number;
}

om_status
om_places_add(struct om_places *places, const struct om_record_block *block, struct om_error *err)
{
    for (size_t r = 0; r < block->n; r++) {
        struct om_record_place place = om_block_place(block, r);
        if (r > 0 && follows(places, block->ordinal + r, &place))
            continue;
        if (!om_grow(&places->stretch, &places->capacity, places->n, sizeof *places->stretch))
            return om_fail_memory(err);
        places->stretch[places->n++] =
            (struct om_places_stretch){.ordinal = block->ordinal + r, .place = place};
    }
    return OM_OK;
}

struct om_record_place
om_places_find(const struct om_places *places, uint64_t ordinal)
{
    size_t low = 0, high = places->n; /* the last stretch that begins at or before it */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (places->stretch[middle].ordinal <= ordinal)
            low = middle;
        else
            high = middle;
    }
    struct om_record_place place = places->stretch[low].place;
    place.behind = ordinal - places->stretch[low].ordinal;
    place.line += place.behind;
    place.number += place.behind;
    return place;
}
