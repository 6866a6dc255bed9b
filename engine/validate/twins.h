/*
 * Records of different ids whose answers have the same hash, found among very many.
 *
 * 16 bytes a form wait in a spool, dealt out by the hash, so that those that may be equal lie together. A
 * part is first sifted: what is left shares some bits with something else and is little enough to be sorted.
 */
#ifndef OM_VALIDATE_TWINS_H
#define OM_VALIDATE_TWINS_H

#include "io/spool.h"
#include "panel/notes.h"

enum { OM_TWIN_PARTS = 256, OM_TWIN_TOTALS = 4096 };

/* A form. */
struct om_twin {
    uint64_t hash; /* of its answers and occasion; part hash >> 56 of the spool is its place */
    uint32_t ordinal;
    uint32_t id : 20, total : 12; /* of the id, a hash; of the codes, the sum */
};

/* Notes every form whose answers an earlier record of another id has, with the first such record (code 213).
 * Only forms with totals that are rare are looked at. Forms of one hash come in the order of the records, and
 * of two threads' each all those of one piece of the input before those of the next. */
om_status om_twins_find(struct om_spool *spool, size_t threads, const bool rare[OM_TWIN_TOTALS],
                        struct om_notes *notes, struct om_error *err) OM_NODISCARD;

#endif
