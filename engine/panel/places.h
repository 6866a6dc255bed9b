/*
 * Where the n-th record of all inputs stands. Records mostly follow each other line by line, so only the
 * places where they do not are kept: file ends, blank lines, records of several lines; and the first record
 * of every block, so that no byte offset is far to seek. There may be one for each record; then they take
 * about six bytes each.
 */
#ifndef OM_PANEL_PLACES_H
#define OM_PANEL_PLACES_H

#include "panel/panel.h"
#include "base/buffer.h"

/* Records that follow each other line by line, from this one on. */
struct om_places_stretch {
    uint64_t ordinal; /* of its first record */
    struct om_record_place place;
};

/* Every so many stretches one is kept as it is; behind it, by how much the next differ from those before
 * them: records since, lines and records left out, bytes since, each in as many bytes as it needs. */
struct om_places {
    struct om_places_block {
        struct om_places_stretch first;
        size_t n, at; /* stretches; where the others begin in `bytes` */
    } * block;
    size_t n_blocks, block_capacity;
    struct om_places_stretch last;
    struct om_buffer bytes;
};

/* Adds the records of a joined block, rejected ones too. */
om_status om_places_add(struct om_places *places, const struct om_record_block *block,
                        struct om_error *err) OM_NODISCARD;
/* Its byte offset is that of a record of the same block before it (place.behind). */
struct om_record_place om_places_find(const struct om_places *places, uint64_t ordinal);
/* Adds a stretch behind all others. Errors: OM_ERR_NOMEM. */
om_status om_places_append(struct om_places *places, const struct om_places_stretch *stretch,
                           struct om_error *err) OM_NODISCARD;
/* All of them, in an array to be freed with om_free. Errors: OM_ERR_NOMEM. */
om_status om_places_list(const struct om_places *places, struct om_places_stretch **out, size_t *n,
                         struct om_error *err) OM_NODISCARD;
void om_places_release(struct om_places *places);

/* The first byte of the record, from the file's first; its lines are read again where only those of another
 * record are known. OM_OFFSET_UNKNOWN where they cannot be: in pipes, compressed files, other encodings. */
uint64_t om_panel_offset(const struct om_panel *panel, const struct om_record_place *place);

#endif
