/* The scanner with AVX2: a block is two registers. No instruction puts chosen bytes together: scan_order.h.
 */
#include "kernels/kernels.h"

#if defined(__x86_64__)

#include "kernels/scan_bits.h"
#include "kernels/scan_order.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul")))

TARGET OM_INLINE uint64_t
odd_quotes(uint64_t quote)
{
    __m128i mask = _mm_set_epi64x(0, (int64_t)quote);
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(mask, _mm_set1_epi8(-1), 0));
}

TARGET OM_INLINE __m256i
load(const uint8_t *bytes)
{
    return _mm256_loadu_si256((const __m256i_u *)bytes);
}

TARGET OM_INLINE uint64_t
bits_of(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

/* A byte of ones for every bit that is set. */
TARGET OM_INLINE __m256i
bytes_of(uint32_t bits)
{
    const __m256i byte = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit = _mm256_set1_epi64x((int64_t)0x8040201008040201);
    __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32((int)bits), byte);
    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, bit), bit);
}

/* Which bytes of half a block are which. */
struct half {
    __m256i delimiter, lf, cr, quote;
};

TARGET OM_INLINE struct half
look(const uint8_t *bytes, __m256i delimiter)
{
    __m256i block = load(bytes);
    return (struct half){
        .delimiter = _mm256_cmpeq_epi8(block, delimiter),
        .lf = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\n')),
        .cr = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('\r')),
        .quote = _mm256_cmpeq_epi8(block, _mm256_set1_epi8('"')),
    };
}

/* Tokens of the fields that end in half a block; bytes that end none give anything. last and next_to_last
 * are, for the end of a field at byte i, the last two bytes of its text. length_k: the text has k bytes, if
 * no shorter length is given. */
TARGET OM_INLINE __m256i
tokens(__m256i length_0, __m256i length_1, __m256i length_2, __m256i last, __m256i next_to_last)
{
    __m256i one = _mm256_and_si256(length_1, _mm256_cmpgt_epi8(last, _mm256_set1_epi8(' ')));
    __m256i na = _mm256_and_si256(_mm256_cmpeq_epi8(last, _mm256_set1_epi8('A')),
                                  _mm256_cmpeq_epi8(next_to_last, _mm256_set1_epi8('N')));
    /* ODD, and one less for NA */
    __m256i longer = _mm256_add_epi8(_mm256_set1_epi8(OM_TOKEN_ODD), _mm256_and_si256(na, length_2));
    return _mm256_andnot_si256(length_0, _mm256_blendv_epi8(longer, last, one));
}

/* is and was: boundaries of this half of a block and of the one before. */
TARGET OM_INLINE __m256i
tokens_plain(const uint8_t *bytes, __m256i is, __m256i was)
{
    __m256i middle = _mm256_permute2x128_si256(was, is, 0x21);
    return tokens(_mm256_alignr_epi8(is, middle, 15), _mm256_alignr_epi8(is, middle, 14),
                  _mm256_alignr_epi8(is, middle, 13), load(bytes - 1), load(bytes - 2));
}

/* With the quotes the field has two bytes more, and its text ends a byte earlier. */
TARGET OM_INLINE __m256i
tokens_quoted(const uint8_t *bytes, const struct om_scan_bits *bits, unsigned from)
{
    __m256i closed = bytes_of((uint32_t)(bits->closed >> from));
    __m256i length[3];
    for (unsigned k = 0; k < 3; k++) {
        uint64_t mask = (bits->closed & bits->behind[k + 2]) | (~bits->closed & bits->behind[k]);
        length[k] = bytes_of((uint32_t)(mask >> from));
    }
    __m256i back2 = load(bytes - 2);
    return tokens(length[0], length[1], length[2], _mm256_blendv_epi8(load(bytes - 1), back2, closed),
                  _mm256_blendv_epi8(back2, load(bytes - 3), closed));
}

/* Writes the tokens whose bits are set, one behind the other. */
TARGET OM_INLINE void
put_tokens(uint8_t *to, __m256i low, __m256i high, uint64_t separator)
{
    uint8_t token[OM_SCAN_BLOCK];
    _mm256_storeu_si256((__m256i_u *)token, low);
    _mm256_storeu_si256((__m256i_u *)(token + 32), high);
    uint64_t before = om_scan_count_before(separator);
    for (unsigned i = 0; i < 8; i++) {
        __m128i eight = _mm_loadl_epi64((const __m128i_u *)(token + 8 * i));
        __m128i chosen = _mm_loadl_epi64((const __m128i_u *)&om_scan_order[separator >> 8 * i & 0xff]);
        _mm_storel_epi64((__m128i_u *)(to + (before >> 8 * i & 0xff)), _mm_shuffle_epi8(eight, chosen));
    }
}

TARGET OM_INLINE void
scan_blocks(struct om_scan *scan, const uint8_t *bytes, size_t n, const bool quoted)
{
    struct om_scan s = *scan;
    const __m256i delimiter = _mm256_set1_epi8((char)s.delimiter);
    __m256i was = bytes_of((uint32_t)(s.boundary >> 32));
    for (; n && s.stop == OM_SCAN_NO_STOP; n--, bytes += OM_SCAN_BLOCK) {
        struct half low = look(bytes, delimiter), high = look(bytes + 32, delimiter);
        struct om_scan_bytes is = {
            .delimiter = bits_of(low.delimiter, high.delimiter),
            .lf = bits_of(low.lf, high.lf),
            .cr = bits_of(low.cr, high.cr),
            .quote = bits_of(low.quote, high.quote),
        };
        struct om_scan_bits bits;
        __m256i token_low, token_high;
        if (quoted) {
            bits = om_scan_find_quoted(&s, &is, odd_quotes(is.quote));
            om_scan_cut(&s, &bits);
            token_low = tokens_quoted(bytes, &bits, 0);
            token_high = tokens_quoted(bytes + 32, &bits, 32);
        } else {
            bits = om_scan_find(&s, &is);
            if (__builtin_expect(bits.bad != 0, 0))
                break;
            __m256i boundary_low = _mm256_or_si256(low.delimiter, low.lf);
            __m256i boundary_high = _mm256_or_si256(high.delimiter, high.lf);
            token_low = tokens_plain(bytes, boundary_low, was);
            token_high = tokens_plain(bytes + 32, boundary_high, boundary_low);
            was = boundary_high;
        }
        put_tokens(s.token + s.n_tokens, token_low, token_high, bits.separator);
        om_scan_pass(&s, &bits);
    }
    *scan = s;
}

TARGET void
om_scan_avx2(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, false);
}

TARGET void
om_scan_quoted_avx2(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, true);
}

TARGET void
om_locate_avx2(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
               struct om_scan_span *span)
{
    om_scan_locate(separator, row, n, k, span);
}

#endif
