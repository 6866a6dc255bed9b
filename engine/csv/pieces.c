#include "csv/pieces.h"
#include "base/error.h"
#include "base/memory.h"

/* A record that has begun: the writer puts a delimiter before every field. */
struct om_csv_writer
om_csv_piece_begin(struct om_csv_pieces *pieces)
{
    return (struct om_csv_writer){.out = &pieces->text, .n_fields = 1};
}

om_status
om_csv_piece_end(struct om_csv_pieces *pieces, struct om_error *err)
{
    char *behind = om_buffer_room(&pieces->text, OM_CSV_PIECE);
    if (!behind || !om_grow(&pieces->piece, &pieces->capacity, pieces->n, sizeof *pieces->piece))
        return om_fail_memory(err);
    memset(behind, 0, OM_CSV_PIECE);
    struct om_csv_piece piece = {.at = pieces->end, .length = pieces->text.length - pieces->end};
    pieces->end = pieces->text.length;
    if (piece.length > pieces->longest)
        pieces->longest = piece.length;
    pieces->piece[pieces->n++] = piece;
    return OM_OK;
}

om_status
om_csv_piece_add(struct om_csv_pieces *pieces, const char *bytes, size_t length, bool guard,
                 struct om_error *err)
{
    struct om_csv_writer writer = om_csv_piece_begin(pieces);
    writer.formula_guard = guard;
    om_csv_write_bytes(&writer, bytes, length);
    return om_csv_piece_end(pieces, err);
}

void
om_csv_pieces_release(struct om_csv_pieces *pieces)
{
    om_buffer_release(&pieces->text);
    om_free(pieces->piece);
    *pieces = (struct om_csv_pieces){0};
}

char *
om_csv_put_first(const char *bytes, size_t length, bool guard, char *out)
{
    const bool formula = guard && om_csv_is_formula(bytes, length);
    if (!om_csv_needs_quotes(bytes, length, ',')) {
        if (formula)
            *out++ = '\'';
        memcpy(out, bytes, length);
        return out + length;
    }
    *out++ = '"';
    if (formula)
        *out++ = '\'';
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '"')
            *out++ = '"';
        *out++ = bytes[i];
    }
    *out++ = '"';
    return out;
}
