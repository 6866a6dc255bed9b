/* Rows and columns with AVX2: a tile is two registers, and 32 answers of an item are one. */
#include "kernels/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

TARGET OM_INLINE __m256i
load(const uint8_t *bytes)
{
    return _mm256_loadu_si256((const __m256i_u *)bytes);
}

/* Writes the codes of half a tile of one row; not zero where a place needs a look. */
TARGET OM_INLINE __m256i
decode_half(const struct om_tile *tile, size_t from, const uint8_t *token, uint8_t *code)
{
    const __m256i look = _mm256_set1_epi8((char)OM_LOOK);
    __m256i t = load(token + from);
    __m256i c = _mm256_sub_epi8(t, load(tile->base + from));
    __m256i above = _mm256_sub_epi8(c, load(tile->low + from));
    __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(above, load(tile->span + from)), above);
    __m256i is_empty = _mm256_cmpeq_epi8(t, _mm256_setzero_si256());
    __m256i is_na = _mm256_cmpeq_epi8(t, _mm256_set1_epi8(OM_TOKEN_NA));
    __m256i other = _mm256_blendv_epi8(look, load(tile->empty + from), is_empty);
    other = _mm256_blendv_epi8(other, load(tile->na + from), is_na);
    c = _mm256_blendv_epi8(other, c, digit);
    _mm256_storeu_si256((__m256i_u *)(code + from), c);
    return _mm256_cmpeq_epi8(c, look);
}

TARGET void
om_decode_rows_avx2(const struct om_tile *tile, size_t n_tiles, const uint8_t *token, size_t n_fields,
                    size_t n, uint8_t *code, uint8_t *look)
{
    for (size_t r = 0; r < n; r++, token += n_fields) {
        __m256i odd = _mm256_setzero_si256();
        for (size_t t = 0; t < n_tiles; t++, code += OM_TILE)
            for (size_t half = 0; half < OM_TILE; half += OM_TILE / 2)
                odd = _mm256_or_si256(odd, decode_half(&tile[t], half, token + tile[t].field, code));
        look[r] = !_mm256_testz_si256(odd, odd);
    }
}

/* Two transpositions of 16 x 16 bytes at once, each in its 128-bit lane: bytes of row r and r + 8 side by
 * side, four times over. */
TARGET OM_INLINE void
transpose_half(const uint8_t *row, size_t stride, uint8_t *column, size_t step)
{
    __m256i a[16], b[16];
    for (size_t r = 0; r < 16; r++)
        a[r] = _mm256_loadu2_m128i((const __m128i_u *)(row + (16 + r) * stride),
                                   (const __m128i_u *)(row + r * stride));
    for (int pass = 0; pass < 4; pass++) {
        for (size_t r = 0; r < 8; r++) {
            b[2 * r] = _mm256_unpacklo_epi8(a[r], a[r + 8]);
            b[2 * r + 1] = _mm256_unpackhi_epi8(a[r], a[r + 8]);
        }
        for (size_t r = 0; r < 16; r++)
            a[r] = b[r];
    }
    for (size_t i = 0; i < 16; i++)
        _mm256_storeu_si256((__m256i_u *)(column + i * step), a[i]);
}

TARGET void
om_transpose_avx2(const uint8_t *row, size_t stride, uint8_t *column, size_t step)
{
    transpose_half(row, stride, column, step);
    transpose_half(row + 32 * stride, stride, column + 32, step);
}

enum { DOWN = 2, ACROSS = 4 };

/* The sums over the lanes of four accumulators of 16-bit pairs. */
TARGET OM_INLINE __m128i
sums_of_four(const __m256i sum[ACROSS])
{
    __m256i ab = _mm256_hadd_epi32(sum[0], sum[1]), cd = _mm256_hadd_epi32(sum[2], sum[3]);
    __m256i abcd = _mm256_hadd_epi32(ab, cd);
    return _mm_add_epi32(_mm256_castsi256_si128(abcd), _mm256_extracti128_si256(abcd, 1));
}

/* Adds the products of bytes, four of them to a lane of 32 bits. */
TARGET OM_INLINE __m256i
add_products(__m256i sum, __m256i x, __m256i y)
{
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, y), _mm256_set1_epi16(1)));
}

/*
 * Products of columns i .. i + DOWN with j .. j + ACROSS; those behind the last column are of the last one,
 * and left out in the end. A 16-bit lane holds two products of at most 119 x 119, less than 2^15; so it is
 * widened at every step.
 */
TARGET OM_INLINE void
add_rectangle(const uint8_t *const *column, size_t k, size_t n, size_t i, size_t j, int64_t *product)
{
    const uint8_t *down[DOWN], *across[ACROSS];
    __m256i sum[DOWN][ACROSS];
    for (size_t d = 0; d < DOWN; d++)
        down[d] = column[i + d < k ? i + d : k - 1];
    for (size_t e = 0; e < ACROSS; e++) {
        across[e] = column[j + e < k ? j + e : k - 1];
        for (size_t d = 0; d < DOWN; d++)
            sum[d][e] = _mm256_setzero_si256();
    }
    for (size_t r = 0; r < n; r += 32) {
        __m256i x[DOWN];
        for (size_t d = 0; d < DOWN; d++)
            x[d] = load(down[d] + r);
        for (size_t e = 0; e < ACROSS; e++) {
            __m256i y = load(across[e] + r);
            for (size_t d = 0; d < DOWN; d++)
                sum[d][e] = add_products(sum[d][e], x[d], y);
        }
    }
    for (size_t d = 0; d < DOWN && i + d < k; d++) {
        int64_t *row = product + (i + d) * (i + d + 1) / 2;
        int32_t four[ACROSS];
        _mm_storeu_si128((__m128i_u *)four, sums_of_four(sum[d]));
        for (size_t e = 0; e < ACROSS && j + e <= i + d; e++)
            row[j + e] += four[e];
    }
}

TARGET void
om_products_avx2(const uint8_t *const *column, size_t k, size_t n, int64_t *product)
{
    for (size_t i = 0; i < k; i += DOWN)
        for (size_t j = 0; j <= i + DOWN - 1 && j < k; j += ACROSS)
            add_rectangle(column, k, n, i, j, product);
}

TARGET void
om_with_total_avx2(const uint8_t *const *column, size_t k, size_t n, struct om_with_total *with)
{
    enum { STEPS = OM_COLUMN_ROWS / 32 };
    const __m256i ones = _mm256_set1_epi8(1), zero = _mm256_setzero_si256();
    __m256i total[STEPS] = {zero};
    for (size_t i = 0; i < k; i++)
        for (size_t s = 0; s < n / 32; s++)
            total[s] = _mm256_add_epi8(i > 0 ? total[s] : zero, load(column[i] + 32 * s));
    for (size_t i = 0; i < k; i++) {
        __m256i sum[ACROSS] = {zero, zero, zero, zero};
        for (size_t s = 0; s < n / 32; s++) {
            __m256i x = load(column[i] + 32 * s);
            sum[0] = add_products(sum[0], x, ones);
            sum[1] = add_products(sum[1], x, x);
            sum[2] = add_products(sum[2], total[s], x);
        }
        int32_t four[ACROSS];
        _mm_storeu_si128((__m128i_u *)four, sums_of_four(sum));
        with[i] = (struct om_with_total){four[0], four[1], four[2]};
    }
}

#endif
