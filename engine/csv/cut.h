/*
 * Cuts an input into pieces that several threads can read at the same time.
 *
 *   input   |-- A ---------------|-- A+S -------------|-- A+2S ------ ...      regions of one size
 *   pieces  [first ........LF)[............LF)[............LF)                 moved to the next line end
 *
 * A piece begins behind an LF, which is nearly always where a record begins. Where it is not, because the LF
 * stands within quotes, the piece before ends with an unfinished record; who joins the pieces sees that, and
 * reads this one again with the unfinished bytes in front (reader.h: tail).
 *
 * A regular file is read at any place by all threads at once. Everything else (pipes, compressed data) is
 * read in order and cut behind the last LF of what came.
 */
#ifndef OM_CSV_CUT_H
#define OM_CSV_CUT_H

#include "io/digest.h"
#include "io/source.h"

enum {
    OM_CUT_SIZE = 256 * 1024, /* bytes of a piece, about */
    OM_CUT_REACH = 4 * 1024,  /* how far behind a region its last line may end */
};

/* A piece, in a buffer that is used again for the next one. */
struct om_piece {
    char *buffer;
    size_t capacity;
    char *bytes; /* in the buffer */
    size_t length;
    bool last;       /* of the input */
    uint64_t offset; /* anywhere: of its region */
    uint64_t taken;  /* of the input as it is stored, up to and with this piece */
    const char *region;
    size_t n_region; /* bytes that the digest has not seen */
};

struct om_cut {
    struct om_input *source;  /* borrowed */
    struct om_digest *digest; /* borrowed */
    size_t size;
    bool anywhere; /* the source can be read at any place */
    uint64_t base; /* anywhere: where the first region begins */
    uint64_t next; /* anywhere: where the next one does */
    uint64_t end;  /* anywhere: of the last one */
    bool ended;
    uint64_t passed; /* of the input as it is stored */
    char *rest;      /* in order: what is left behind the last LF */
    size_t n_rest, rest_capacity;
};

/* Takes the source over behind what was read from it. size: bytes of a region, at least 1. */
void om_cut_open(struct om_cut *cut, struct om_input *source, struct om_digest *digest, size_t size);
/* The same for a part of a source that can be read at any place: bytes [from, to), both where a record
 * begins. */
void om_cut_open_part(struct om_cut *cut, struct om_input *source, struct om_digest *digest, size_t size,
                      uint64_t from, uint64_t to);
void om_cut_close(struct om_cut *cut); /* a zeroed one is fine */
void om_piece_release(struct om_piece *piece);

/* The next piece, in two steps. Claims come one at a time and set the order; cut->ended says that there are
 * none left. Reads may overlap. Errors as om_input_read. */
om_status om_cut_claim(struct om_cut *cut, struct om_piece *piece, struct om_error *err) OM_NODISCARD;
om_status om_cut_read(const struct om_cut *cut, struct om_piece *piece, struct om_error *err) OM_NODISCARD;

/* Once for each piece, in their order: shows it to the digest. After the last one: is the file as it was? */
om_status om_cut_pass(struct om_cut *cut, const struct om_piece *piece, struct om_error *err) OM_NODISCARD;

#endif
