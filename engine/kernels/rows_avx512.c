/* Rows and columns with AVX-512: a tile is one register, and 64 answers of an item are one register. */
#include "kernels/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define TARGET                                                                                               \
    __attribute__((                                                                                          \
        target("avx2,bmi,bmi2,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,avx512vnni")))

TARGET OM_INLINE __m512i
load(const uint8_t *bytes)
{
    return _mm512_loadu_si512(bytes);
}

/* Writes the codes of one tile of one row; the places that need a look. */
TARGET OM_INLINE __mmask64
decode_tile(const struct om_tile *tile, const uint8_t *token, uint8_t *code)
{
    const __m512i one = _mm512_set1_epi8(1), look = _mm512_set1_epi8((char)OM_LOOK);
    __m512i t = load(token);
    __m512i c = _mm512_sub_epi8(t, load(tile->base));
    __mmask64 digit =
        _mm512_cmple_epu8_mask(_mm512_sub_epi8(c, load(tile->low)), _mm512_loadu_si512(tile->span));
    __m512i other = _mm512_mask_mov_epi8(look, _mm512_testn_epi8_mask(t, t), load(tile->empty));
    other = _mm512_mask_mov_epi8(other, _mm512_cmpeq_epi8_mask(t, one), load(tile->na));
    c = _mm512_mask_mov_epi8(other, digit, c);
    _mm512_storeu_si512(code, c);
    return _mm512_cmpeq_epi8_mask(c, look);
}

TARGET void
om_decode_rows_avx512(const struct om_tile *tile, size_t n_tiles, const uint8_t *token, size_t n_fields,
                      size_t n, uint8_t *code, uint8_t *look)
{
    for (size_t r = 0; r < n; r++, token += n_fields) {
        __mmask64 odd = 0;
        for (size_t t = 0; t < n_tiles; t++, code += OM_TILE)
            odd |= decode_tile(&tile[t], token + tile[t].field, code);
        look[r] = odd != 0;
    }
}

/* 16 bytes of each of four rows that lie 16 rows apart. */
TARGET OM_INLINE __m512i
load_lanes(const uint8_t *row, size_t stride)
{
    __m512i lanes = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i_u *)row));
    lanes = _mm512_inserti32x4(lanes, _mm_loadu_si128((const __m128i_u *)(row + 16 * stride)), 1);
    lanes = _mm512_inserti32x4(lanes, _mm_loadu_si128((const __m128i_u *)(row + 32 * stride)), 2);
    return _mm512_inserti32x4(lanes, _mm_loadu_si128((const __m128i_u *)(row + 48 * stride)), 3);
}

/* Four transpositions of 16 x 16 bytes at once, each in its 128-bit lane: bytes of row r and r + 8 side by
 * side, four times over. */
TARGET void
om_transpose_avx512(const uint8_t *row, size_t stride, uint8_t *column, size_t step)
{
    __m512i a[16], b[16];
    for (size_t r = 0; r < 16; r++)
        a[r] = load_lanes(row + r * stride, stride);
    for (int pass = 0; pass < 4; pass++) {
        for (size_t r = 0; r < 8; r++) {
            b[2 * r] = _mm512_unpacklo_epi8(a[r], a[r + 8]);
            b[2 * r + 1] = _mm512_unpackhi_epi8(a[r], a[r + 8]);
        }
        for (size_t r = 0; r < 16; r++)
            a[r] = b[r];
    }
    for (size_t i = 0; i < 16; i++)
        _mm512_storeu_si512(column + i * step, a[i]);
}

/* Adds the sums over the lanes of four accumulators to where `to` points. */
TARGET OM_INLINE __m128i
sums_of_four(__m512i a, __m512i b, __m512i c, __m512i d)
{
    __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
    __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
    __m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
    __m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd), _mm512_extracti64x4_epi64(abcd, 1));
    return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

enum { SIDE = 4 };

/* Products of columns i .. i + SIDE with j .. j + SIDE; those behind the last column are of the last one, and
 * left out in the end. */
TARGET OM_INLINE void
add_square(const uint8_t *const *column, size_t k, size_t n, size_t i, size_t j, int64_t *product)
{
    const uint8_t *down[SIDE], *across[SIDE];
    __m512i sum[SIDE][SIDE];
    for (size_t d = 0; d < SIDE; d++) {
        down[d] = column[i + d < k ? i + d : k - 1];
        across[d] = column[j + d < k ? j + d : k - 1];
        for (size_t e = 0; e < SIDE; e++)
            sum[d][e] = _mm512_setzero_si512();
    }
    for (size_t r = 0; r < n; r += OM_COLUMN_STEP) {
        __m512i y[SIDE];
        for (size_t e = 0; e < SIDE; e++)
            y[e] = load(across[e] + r);
        for (size_t d = 0; d < SIDE; d++) {
            __m512i x = load(down[d] + r);
            for (size_t e = 0; e < SIDE; e++)
                sum[d][e] = _mm512_dpbusd_epi32(sum[d][e], x, y[e]);
        }
    }
    for (size_t d = 0; d < SIDE && i + d < k; d++) {
        int64_t *row = product + (i + d) * (i + d + 1) / 2 + j;
        size_t some = i + d < j + SIDE ? i + d + 1 - j : SIDE; /* j <= i: at least one */
        __m256i four = _mm256_cvtepi32_epi64(sums_of_four(sum[d][0], sum[d][1], sum[d][2], sum[d][3]));
        __mmask8 in = (__mmask8)((1u << some) - 1);
        _mm256_mask_storeu_epi64(row, in, _mm256_add_epi64(four, _mm256_maskz_loadu_epi64(in, row)));
    }
}

TARGET void
om_products_avx512(const uint8_t *const *column, size_t k, size_t n, int64_t *product)
{
    for (size_t i = 0; i < k; i += SIDE)
        for (size_t j = 0; j <= i; j += SIDE)
            add_square(column, k, n, i, j, product);
}

TARGET void
om_with_total_avx512(const uint8_t *const *column, size_t k, size_t n, struct om_with_total *with)
{
    enum { STEPS = OM_COLUMN_ROWS / 64 };
    const __m512i ones = _mm512_set1_epi8(1), zero = _mm512_setzero_si512();
    __m512i total[STEPS] = {zero};
    for (size_t i = 0; i < k; i++)
        for (size_t s = 0; s < n / 64; s++)
            total[s] = _mm512_add_epi8(i > 0 ? total[s] : zero, load(column[i] + 64 * s));
    for (size_t i = 0; i < k; i++) {
        __m512i sum = zero, square = zero, product = zero;
        for (size_t s = 0; s < n / 64; s++) {
            __m512i x = load(column[i] + 64 * s);
            sum = _mm512_dpbusd_epi32(sum, x, ones);
            square = _mm512_dpbusd_epi32(square, x, x);
            product = _mm512_dpbusd_epi32(product, total[s], x);
        }
        int32_t four[4];
        _mm_storeu_si128((__m128i_u *)four, sums_of_four(sum, square, product, zero));
        with[i] = (struct om_with_total){four[0], four[1], four[2]};
    }
}

#endif
