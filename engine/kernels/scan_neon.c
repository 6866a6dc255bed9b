/*
 * The scanner with NEON: a block is four registers. As with AVX2, chosen bytes are put together by a shuffle.
 *
 * Every 64-bit ARM processor has NEON. Elsewhere this file is compiled for tests alone, by way of SIMDe,
 * which writes the intrinsics in plain C.
 */
#include "kernels/kernels.h"

#if defined(__aarch64__) || defined(OM_TEST_NEON)

#include "kernels/scan_bits.h"
#include "kernels/scan_order.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#else
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>
#endif

enum { LANE = 16, LANES = OM_SCAN_BLOCK / LANE };

/* What is known of each byte of a block: 0 or 0xff. */
struct mask {
    uint8x16_t lane[LANES];
};

/* Bits with an odd number of bits set up to them. The carry-less product that would do this at once is not on
 * every processor. */
OM_INLINE uint64_t
odd_quotes(uint64_t quote)
{
    for (unsigned n = 1; n < 64; n *= 2)
        quote ^= quote << n;
    return quote;
}

/* In each byte another bit, eight bytes long. */
OM_INLINE uint8x16_t
bit_of_byte(void)
{
    return vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
}

/* Adding neighbours three times brings the bits of eight bytes into one. */
OM_INLINE uint64_t
bits_of(struct mask mask)
{
    uint8x16_t bit[LANES];
    for (unsigned i = 0; i < LANES; i++)
        bit[i] = vandq_u8(mask.lane[i], bit_of_byte());
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(bit[0], bit[1]), vpaddq_u8(bit[2], bit[3]));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

/* A byte of ones for every bit that is set. */
OM_INLINE uint8x16_t
bytes_of(uint64_t bits)
{
    uint8x16_t spread = vcombine_u8(vdup_n_u8((uint8_t)bits), vdup_n_u8((uint8_t)(bits >> 8)));
    return vtstq_u8(spread, bit_of_byte());
}

OM_INLINE struct mask
equal(const uint8_t *bytes, uint8_t c)
{
    struct mask mask;
    for (unsigned i = 0; i < LANES; i++)
        mask.lane[i] = vceqq_u8(vld1q_u8(bytes + i * LANE), vdupq_n_u8(c));
    return mask;
}

/* Tokens of the fields that end in a quarter of a block; bytes that end none give anything. last and
 * next_to_last are, for the end of a field at byte i, the last two bytes of its text. length[k]: the text has
 * k bytes, if no shorter length is given. */
OM_INLINE uint8x16_t
tokens(const uint8x16_t length[3], uint8x16_t last, uint8x16_t next_to_last)
{
    /* signed: not bytes from 0x80 */
    uint8x16_t one = vandq_u8(length[1], vcgtq_s8(vreinterpretq_s8_u8(last), vdupq_n_s8(' ')));
    uint8x16_t na = vandq_u8(vceqq_u8(last, vdupq_n_u8('A')), vceqq_u8(next_to_last, vdupq_n_u8('N')));
    /* ODD, and one less for NA */
    uint8x16_t longer = vaddq_u8(vdupq_n_u8(OM_TOKEN_ODD), vandq_u8(na, length[2]));
    return vbicq_u8(vbslq_u8(one, last, longer), length[0]);
}

/* is and was: boundaries of this quarter of a block and of the one before. */
OM_INLINE uint8x16_t
tokens_plain(const uint8_t *bytes, uint8x16_t is, uint8x16_t was)
{
    const uint8x16_t length[3] = {vextq_u8(was, is, 15), vextq_u8(was, is, 14), vextq_u8(was, is, 13)};
    return tokens(length, vld1q_u8(bytes - 1), vld1q_u8(bytes - 2));
}

/* With the quotes the field has two bytes more, and its text ends a byte earlier. */
OM_INLINE uint8x16_t
tokens_quoted(const uint8_t *bytes, const struct om_scan_bits *bits, unsigned from)
{
    uint8x16_t closed = bytes_of(bits->closed >> from), length[3];
    for (unsigned k = 0; k < 3; k++) {
        uint64_t mask = (bits->closed & bits->behind[k + 2]) | (~bits->closed & bits->behind[k]);
        length[k] = bytes_of(mask >> from);
    }
    uint8x16_t back2 = vld1q_u8(bytes - 2);
    return tokens(length, vbslq_u8(closed, back2, vld1q_u8(bytes - 1)),
                  vbslq_u8(closed, vld1q_u8(bytes - 3), back2));
}

/* Writes the tokens whose bits are set, one behind the other. */
OM_INLINE void
put_tokens(uint8_t *to, struct mask token, uint64_t separator)
{
    uint64_t before = om_scan_count_before(separator);
    for (unsigned i = 0; i < 2 * LANES; i++) {
        uint8x16_t lane = token.lane[i / 2];
        uint8x8_t eight = i % 2 ? vget_high_u8(lane) : vget_low_u8(lane);
        uint8x8_t chosen = vcreate_u8(om_scan_order[separator >> 8 * i & 0xff]);
        vst1_u8(to + (before >> 8 * i & 0xff), vtbl1_u8(eight, chosen));
    }
}

OM_INLINE void
scan_blocks(struct om_scan *scan, const uint8_t *bytes, size_t n, const bool quoted)
{
    struct om_scan s = *scan;
    uint8x16_t was = bytes_of(s.boundary >> (OM_SCAN_BLOCK - LANE));
    for (; n && s.stop == OM_SCAN_NO_STOP; n--, bytes += OM_SCAN_BLOCK) {
        struct mask delimiter = equal(bytes, s.delimiter), lf = equal(bytes, '\n'), token;
        struct om_scan_bytes is = {
            .delimiter = bits_of(delimiter),
            .lf = bits_of(lf),
            .cr = bits_of(equal(bytes, '\r')),
            .quote = bits_of(equal(bytes, '"')),
        };
        struct om_scan_bits bits;
        if (quoted) {
            bits = om_scan_find_quoted(&s, &is, odd_quotes(is.quote));
            om_scan_cut(&s, &bits);
            for (unsigned i = 0; i < LANES; i++)
                token.lane[i] = tokens_quoted(bytes + i * LANE, &bits, i * LANE);
        } else {
            bits = om_scan_find(&s, &is);
            if (__builtin_expect(bits.bad != 0, 0))
                break;
            for (unsigned i = 0; i < LANES; i++) {
                uint8x16_t boundary = vorrq_u8(delimiter.lane[i], lf.lane[i]);
                token.lane[i] = tokens_plain(bytes + i * LANE, boundary, was);
                was = boundary;
            }
        }
        put_tokens(s.token + s.n_tokens, token, bits.separator);
        om_scan_pass(&s, &bits);
    }
    *scan = s;
}

void
om_scan_neon(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, false);
}

void
om_scan_quoted_neon(struct om_scan *scan, const uint8_t *bytes, size_t n)
{
    scan_blocks(scan, bytes, n, true);
}

void
om_locate_neon(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
               struct om_scan_span *span)
{
    om_scan_locate(separator, row, n, k, span);
}

#endif
