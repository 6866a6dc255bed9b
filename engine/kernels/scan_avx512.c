/* The scanner with AVX-512: a block is one register, and VPCOMPRESSB puts the tokens of its fields together.
 */
#include "kernels/kernels.h"

#if defined(__x86_64__)

#include "kernels/scan_bits.h"

#include <immintrin.h>

#define TARGET                                                                                               \
    __attribute__((target("avx2,bmi,bmi2,popcnt,pclmul,avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")))

TARGET OM_INLINE uint64_t
odd_quotes(uint64_t quote)
{
    __m128i mask = _mm_set_epi64x(0, (int64_t)quote);
    return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(mask, _mm_set1_epi8(-1), 0));
}

/* What would be the token if a field ended at a byte, for every byte. last and next_to_last are then the last
 * two bytes of its text; length[k]: the text has k bytes, if no shorter length is given. */
TARGET OM_INLINE __m512i
tokens(const uint64_t length[3], __m512i last, __m512i next_to_last)
{
    const __m512i ones = _mm512_set1_epi8(1);
    __mmask64 some = ~length[0];
    __mmask64 one = _mm512_mask_cmpgt_epi8_mask(length[1] & some, last, _mm512_set1_epi8(' '));
    /* (last ^ 'A') | (next_to_last ^ 'N') */
    __m512i not_na = _mm512_ternarylogic_epi64(_mm512_xor_si512(last, _mm512_set1_epi8('A')), next_to_last,
                                               _mm512_set1_epi8('N'), 0xF6);
    __m512i odd = _mm512_mask_min_epu8(ones, length[2], not_na, ones);
    __m512i token = _mm512_maskz_add_epi8(some, odd, ones); /* EMPTY is 0, NA 1, ODD 2 */
    return _mm512_mask_mov_epi8(token, one, last);
}

TARGET OM_INLINE void
scan_blocks(struct om_scan *scan, const uint8_t *bytes, size_t n, const bool quoted)
{
    struct om_scan s = *scan;
    const __m512i delimiter = _mm512_set1_epi8((char)s.delimiter);
    for (; n && s.stop == OM_SCAN_NO_STOP; n--, bytes += OM_SCAN_BLOCK) {
        __m512i block = _mm512_loadu_si512(bytes);
        __m512i back1 = _mm512_loadu_si512(bytes - 1), back2 = _mm512_loadu_si512(bytes - 2);
        struct om_scan_bytes is = {
            .delimiter = _mm512_cmpeq_epi8_mask(block, delimiter),
            .lf = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n')),
            .cr = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\r')),
            .quote = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')),
        };
        struct om_scan_bits bits;
        __m512i token;
        if (quoted) { /* two quotes more, and the text ends a byte earlier */
            bits = om_scan_find_quoted(&s, &is, odd_quotes(is.quote));
            om_scan_cut(&s, &bits);
            __m512i back3 = _mm512_loadu_si512(bytes - 3);
            uint64_t length[3];
            for (unsigned k = 0; k < 3; k++)
                length[k] = (bits.closed & bits.behind[k + 2]) | (~bits.closed & bits.behind[k]);
            token = tokens(length, _mm512_mask_mov_epi8(back1, bits.closed, back2),
                           _mm512_mask_mov_epi8(back2, bits.closed, back3));
        } else {
            bits = om_scan_find(&s, &is);
            if (__builtin_expect(bits.bad != 0, 0))
                break;
            token = tokens(bits.behind, back1, back2);
        }
        _mm512_storeu_si512(s.token + s.n_tokens, _mm512_maskz_compress_epi8(bits.separator, token));
        om_scan_pass(&s, &bits);
    }
    *scan = s;
}

TARGET void
om_scan_avx512(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, false);
}

TARGET void
om_scan_quoted_avx512(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, true);
}

TARGET void
om_locate_avx512(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
                 struct om_scan_span *span)
{
    om_scan_locate(separator, row, n, k, span);
}

#endif
