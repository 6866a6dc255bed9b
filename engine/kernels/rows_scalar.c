/* Rows and columns in plain C: the definition of what the vector kernels do, and what runs where there are
 * none. */
#include "kernels/kernels.h"

void
om_decode_rows_scalar(const struct om_tile *tile, size_t n_tiles, const uint8_t *token, size_t n_fields,
                      size_t n, uint8_t *code, uint8_t *look)
{
    for (size_t r = 0; r < n; r++, token += n_fields) {
        uint8_t odd = 0;
        for (size_t t = 0; t < n_tiles; t++, code += OM_TILE) {
            const struct om_tile *at = &tile[t];
            const uint8_t *from = token + at->field;
            for (size_t i = 0; i < OM_TILE; i++) {
                uint8_t c = (uint8_t)(from[i] - at->base[i]);
                c = (uint8_t)(c - at->low[i]) <= at->span[i] ? c
                    : from[i] == OM_TOKEN_EMPTY              ? at->empty[i]
                    : from[i] == OM_TOKEN_NA                 ? at->na[i]
                                                             : OM_LOOK;
                odd |= c == OM_LOOK;
                code[i] = c;
            }
        }
        look[r] = odd;
    }
}

void
om_transpose_scalar(const uint8_t *row, size_t stride, uint8_t *column, size_t step)
{
    for (size_t r = 0; r < OM_ROWS_STEP; r++)
        for (size_t i = 0; i < OM_LANE; i++)
            column[i * step + r] = row[r * stride + i];
}

void
om_products_scalar(const uint8_t *const *column, size_t k, size_t n, int64_t *product)
{
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++) {
            int32_t sum = 0; /* 2^17 rows of 119 x 119 fit */
            for (size_t r = 0; r < n; r++)
                sum += column[i][r] * column[j][r];
            *product++ += sum;
        }
}

void
om_with_total_scalar(const uint8_t *const *column, size_t k, size_t n, struct om_with_total *with)
{
    uint8_t total[OM_COLUMN_ROWS] = {0};
    for (size_t i = 0; i < k; i++)
        for (size_t r = 0; r < n; r++)
            total[r] = (uint8_t)(total[r] + column[i][r]);
    for (size_t i = 0; i < k; i++) {
        int32_t sum = 0, square = 0, product = 0;
        for (size_t r = 0; r < n; r++) {
            sum += column[i][r];
            square += column[i][r] * column[i][r];
            product += column[i][r] * total[r];
        }
        with[i] = (struct om_with_total){sum, square, product};
    }
}
