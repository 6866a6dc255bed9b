/*
 * Where the n-th record of all inputs stands. Records mostly follow each other line by line, so only the
 * places where they do not are kept: file ends, blank lines, records of several lines; and the first record
 * of every block, so that no byte offset is far to seek.
 */
#ifndef OM_PANEL_PLACES_H
#define OM_PANEL_PLACES_H

#include "panel/panel.h"

struct om_places {
    struct om_places_stretch {
        uint64_t ordinal; /* of its first record */
        struct om_record_place place;
    } * stretch;
    size_t n, capacity;
};

/* Adds the records of a joined block, rejected ones too. */
om_status om_places_add(struct om_places *places, const struct om_record_block *block,
                        struct om_error *err) OM_NODISCARD;
/* Its byte offset is that of a record of the same block before it (place.behind). */
struct om_record_place om_places_find(const struct om_places *places, uint64_t ordinal);
void om_places_release(struct om_places *places);

/* The first byte of the record, from the file's first; its lines are read again where only those of another
 * record are known. OM_OFFSET_UNKNOWN where they cannot be: in pipes, compressed files, other encodings. */
uint64_t om_panel_offset(const struct om_panel *panel, const struct om_record_place *place);

#endif
