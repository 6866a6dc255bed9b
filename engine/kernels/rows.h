/*
 * From rows of tokens to columns of answers.
 *
 *   tokens, a row a record          2 P 1 3 2 . 0 ...         (scan.h)
 *     decode                        by what each column's tokens mean
 *   codes, a row a record           1 3 2 x 0 ...             one byte an answer, 64 columns a tile
 *     transpose                     any rows that belong together, 16 columns at a time
 *   codes, a column an item         1 1 0 3 ...               what scoring reads (columns.h)
 *
 * Rows are what records are made of and what is dealt out to groups; columns are what is quick to count.
 * Codes of 0x80 and above are no answers (see <omstat/instrument.h>).
 */
#ifndef OM_KERNELS_ROWS_H
#define OM_KERNELS_ROWS_H

#include <stddef.h>
#include <stdint.h>

enum {
    OM_TILE = 64,      /* columns in a tile */
    OM_LANE = 16,      /* columns transposed together */
    OM_ROWS_STEP = 64, /* rows transposed together */
    OM_LOOK = 0xff,    /* the token does not say: look at the field itself */
};

/*
 * OM_TILE neighbouring fields of a record, and what their tokens mean. In place i a token t is the code
 * t - base[i] where that lies from low[i] to low[i] + span[i]; an empty field is empty[i] and the letters NA
 * are na[i], both perhaps OM_LOOK; everything else is OM_LOOK. Fields that are of no interest mean anything.
 */
struct om_tile {
    uint8_t base[OM_TILE], low[OM_TILE], span[OM_TILE];
    uint8_t empty[OM_TILE], na[OM_TILE];
    size_t field; /* the first one */
};

/* Row r has its tokens at token + r * n_fields and gets its codes at code + r * n_tiles * OM_TILE. look[r]
 * becomes 1 where one of them is OM_LOOK, else 0. Up to OM_TILE tokens behind the last row are read. */
typedef void om_decode_rows_function(const struct om_tile *tile, size_t n_tiles, const uint8_t *token,
                                     size_t n_fields, size_t n, uint8_t *code, uint8_t *look);

/* Rows r < OM_ROWS_STEP at row + r * stride: their bytes i < OM_LANE become
 * column[i * step .. i * step + OM_ROWS_STEP). */
typedef void om_transpose_function(const uint8_t *row, size_t stride, uint8_t *column, size_t step);

#endif
