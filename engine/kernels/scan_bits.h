/*
 * The part of the scanner that works on one bit a byte, shared by the vector kernels. Bit i of a mask is byte
 * i of a block. "Behind x": the byte after one that is in x.
 */
#ifndef OM_KERNELS_SCAN_BITS_H
#define OM_KERNELS_SCAN_BITS_H

#include "kernels/kernels.h"

/* Which bytes of a block are which. */
struct om_scan_bytes {
    uint64_t delimiter, lf, cr, quote;
};

struct om_scan_bits {
    uint64_t separator; /* ends a field: a delimiter, a CR, or an LF that no CR precedes */
    uint64_t end;       /* ends a record: LF */
    uint64_t behind[5]; /* [k]: k + 1 bytes behind a boundary */
    uint64_t closed;    /* behind a closing quote */
    uint64_t bad;       /* not plain, if no byte before it is bad */

    uint64_t boundary, closing, carriage, inside,
        quotes; /* what struct om_scan will remember of this block */
};

/* Moves a mask up by n bytes; the block before gives the lowest bits. */
OM_INLINE uint64_t
om_scan_behind(uint64_t mask, uint64_t before, unsigned n)
{
    return mask << n | before >> (64 - n);
}

/* The delimiters are those outside quotes. */
OM_INLINE struct om_scan_bits
om_scan_find_ends(const struct om_scan *scan, const struct om_scan_bytes *is, uint64_t delimiter)
{
    uint64_t after_cr = om_scan_behind(is->cr, scan->carriage, 1);
    struct om_scan_bits bits = {
        .separator = delimiter | is->cr | (is->lf & ~after_cr),
        .end = is->lf,
        .bad = after_cr & ~is->lf,
        .boundary = delimiter | is->lf,
        .carriage = is->cr,
    };
    for (unsigned k = 0; k < 5; k++)
        bits.behind[k] = om_scan_behind(bits.boundary, scan->boundary, k + 1);
    return bits;
}

OM_INLINE struct om_scan_bits
om_scan_find(const struct om_scan *scan, const struct om_scan_bytes *is)
{
    struct om_scan_bits bits = om_scan_find_ends(scan, is, is->delimiter);
    bits.bad |= is->quote;
    return bits;
}

/* odd: bytes with an odd number of quotes in this block up to them, themselves counted. */
OM_INLINE struct om_scan_bits
om_scan_find_quoted(const struct om_scan *scan, const struct om_scan_bytes *is, uint64_t odd)
{
    uint64_t inside = odd ^ scan->inside;
    struct om_scan_bits bits = om_scan_find_ends(scan, is, is->delimiter & ~inside);
    bits.closing = is->quote & ~inside;
    bits.closed = om_scan_behind(bits.closing, scan->closing, 1);
    bits.inside = 0 - (inside >> 63);
    bits.quotes = is->quote;
    bits.bad |= (is->lf | is->cr) & inside;
    bits.bad |= is->quote & inside & ~bits.behind[0];
    bits.bad |= bits.closed & ~bits.separator;
    return bits;
}

/* Stops at the first bad byte, and leaves what lies before it. */
OM_INLINE void
om_scan_cut(struct om_scan *scan, struct om_scan_bits *bits)
{
    if (__builtin_expect(bits->bad == 0, 1))
        return;
    unsigned at = (unsigned)__builtin_ctzll(bits->bad);
    uint64_t good = (UINT64_C(1) << at) - 1;
    bits->separator &= good;
    bits->end &= good;
    scan->stop = scan->position + at;
}

OM_INLINE struct om_scan_row
om_scan_row_behind(const struct om_scan *scan, uint64_t end, uint64_t separator)
{
    uint64_t up_to = end ^ (end - 1);
    return (struct om_scan_row){scan->position + (uint32_t)__builtin_popcountll(up_to),
                                scan->n_tokens + (uint32_t)__builtin_popcountll(separator & up_to)};
}

/* Notes the records that end in this block, and passes it. Most blocks have one end at most, so the first is
 * written without asking whether it is there. */
OM_INLINE void
om_scan_pass(struct om_scan *scan, const struct om_scan_bits *bits)
{
    uint64_t end = bits->end;
    struct om_scan_row *next = scan->row + 1;
    next[scan->n_rows] = om_scan_row_behind(scan, end, bits->separator);
    scan->n_rows += end != 0;
    for (end &= end - 1; __builtin_expect(end != 0, 0); end &= end - 1)
        next[scan->n_rows++] = om_scan_row_behind(scan, end, bits->separator);
    scan->separator[scan->position / OM_SCAN_BLOCK] = bits->separator;
    scan->boundary = bits->boundary;
    scan->closing = bits->closing;
    scan->carriage = bits->carriage;
    scan->inside = bits->inside;
    scan->quotes |= bits->quotes;
    scan->n_tokens += (uint32_t)__builtin_popcountll(bits->separator);
    scan->position += OM_SCAN_BLOCK;
}

/* The k-th bit (from 0) at or after bit `from`. */
OM_INLINE uint32_t
om_scan_select(const uint64_t *separator, uint32_t from, size_t k)
{
    size_t word = from / 64;
    uint64_t bits = separator[word] & ~UINT64_C(0) << (from % 64);
    for (;;) {
        size_t n = (size_t)__builtin_popcountll(bits);
        if (k < n)
            break;
        k -= n;
        bits = separator[++word];
    }
    while (k--)
        bits &= bits - 1;
    return (uint32_t)(word * 64 + (size_t)__builtin_ctzll(bits));
}

OM_INLINE void
om_scan_locate(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
               struct om_scan_span *span)
{
    for (size_t r = 0; r < n; r++) {
        uint32_t start = k ? om_scan_select(separator, row[r].start, k - 1) + 1 : row[r].start;
        span[r] = (struct om_scan_span){start, om_scan_select(separator, start, 0)};
    }
}

#endif
