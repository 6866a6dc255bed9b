/*
 * Pieces of records: fields written once, copied into many records.
 *
 * A piece is a run of fields as the writer writes them, each behind its delimiter. Make all the pieces that
 * may be wanted, then put records together: copying a short piece is one copy of a fixed size, which costs
 * far less than formatting or looking for quotes again.
 *
 *     struct om_csv_writer writer = om_csv_piece_begin(&pieces);
 *     om_csv_write_integer(&writer, 9), om_csv_write_text(&writer, "mild");
 *     om_csv_piece_end(&pieces, err);                                        the next one: ",9,mild"
 *     ...
 *     end = om_csv_put(&pieces, 0, end);
 */
#ifndef OM_CSV_PIECES_H
#define OM_CSV_PIECES_H

#include "csv/writer.h"

#include <stddef.h>
#include <string.h>

enum { OM_CSV_PIECE = 32 }; /* bytes copied whatever the length */

struct om_csv_piece {
    size_t at, length;
};

struct om_csv_pieces {
    struct om_buffer text; /* with OM_CSV_PIECE bytes behind it that may be read */
    struct om_csv_piece *piece;
    size_t n, capacity;
    size_t end;     /* of the last piece in text */
    size_t longest; /* length of the longest piece */
};

struct om_csv_writer om_csv_piece_begin(struct om_csv_pieces *pieces);
/* Errors: OM_ERR_NOMEM. */
OM_NODISCARD om_status om_csv_piece_end(struct om_csv_pieces *pieces, struct om_error *err);

/* A piece of one field. guard: an apostrophe before a formula. */
OM_NODISCARD om_status om_csv_piece_add(struct om_csv_pieces *pieces, const char *bytes, size_t length,
                                        bool guard, struct om_error *err);

void om_csv_pieces_release(struct om_csv_pieces *pieces);

/* Writes a piece to `out` and returns its end; OM_CSV_PIECE bytes behind that may be overwritten. */
static inline char *
om_csv_put(const struct om_csv_pieces *pieces, size_t index, char *out)
{
    struct om_csv_piece piece = pieces->piece[index];
    const char *text = pieces->text.data + piece.at;
    memcpy(out, text, OM_CSV_PIECE);
    if (piece.length > OM_CSV_PIECE)
        memcpy(out + OM_CSV_PIECE, text + OM_CSV_PIECE, piece.length - OM_CSV_PIECE);
    return out + piece.length;
}

/* Bytes that a field of so many can take: quotes around it, an apostrophe, every byte a quote doubled. */
static inline size_t
om_csv_field_room(size_t length)
{
    return 2 * length + 3;
}

/* Writes the first field of a comma-separated record, within om_csv_field_room; returns its end. */
char *om_csv_put_first(const char *bytes, size_t length, bool guard, char *out);

#endif
