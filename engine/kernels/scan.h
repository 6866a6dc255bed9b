/*
 * The scanner: CSV text to one byte a field.
 *
 * A kernel reads blocks of 64 bytes, from the start of a record on, and writes
 *
 *   - a token for each field: the field's one byte where it has just one, else what kind of field it is;
 *   - a bit for each byte: is it the end of a field;
 *   - an entry for each line end: where the next record starts, and the index of its first token.
 *
 * There are two kinds. One knows nothing of quotes and ends before a block that holds a quote, or a CR
 * without an LF. The other reads past quotes around whole fields and stops at the first byte that is not
 * plain. They can take turns from block to block; the first only behind a block without quotes, and with none
 * open. What is plain, and why a line of nothing else is the record that libcsv reads: csv/plain.h.
 *
 * All sets of kernels give the same; scan_scalar.c is the definition.
 */
#ifndef OM_KERNELS_SCAN_H
#define OM_KERNELS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OM_SCAN_BLOCK = 64,
    OM_SCAN_BEFORE = 4, /* bytes before the first block that a kernel may read; their values do not matter */
    OM_SCAN_AFTER = 64, /* bytes behind the last token that a kernel may write */
};

/* Every token is below 0x80. One from OM_TOKEN_FIRST on is the only byte of its field, in quotes or not. */
enum om_token {
    OM_TOKEN_EMPTY = 0, /* a field of no bytes */
    OM_TOKEN_NA = 1,    /* the two letters NA */
    OM_TOKEN_ODD = 2,   /* anything else: look at the field itself */
    OM_TOKEN_FIRST = 0x21,
};

/* A record: it ends where the next one starts. */
struct om_scan_row {
    uint32_t start; /* its first byte */
    uint32_t token; /* that of its first field */
};

enum { OM_SCAN_NO_STOP = UINT32_MAX };

/* One run of a kernel. Positions count from its first byte. */
struct om_scan {
    uint8_t *token;          /* room for one a byte, and OM_SCAN_AFTER */
    uint64_t *separator;     /* one bit a byte, that of the first byte lowest */
    struct om_scan_row *row; /* room for one a byte, and two; row[n_rows] is the unfinished record */
    uint8_t delimiter;

    uint32_t position; /* bytes done */
    uint32_t n_tokens; /* those of the unfinished record too */
    uint32_t n_rows;
    uint32_t stop;   /* the first byte that is not plain; what lies behind it has not been read */
    uint64_t quotes; /* set to not 0 by a quote */

    /* What a kernel remembers of the block before, bit 63 being its last byte. */
    uint64_t boundary; /* bytes behind which a field starts */
    uint64_t closing;  /* quotes that close a field */
    uint64_t carriage; /* CR */
    uint64_t inside;   /* all ones: a quote is open */
    uint32_t field;    /* the scalar kernel: where the open field starts */
};

/* Scans n blocks at bytes, or less; position says how many. A byte of the last block that is not there is a
 * NUL. */
typedef void om_scan_function(struct om_scan *scan, const uint8_t *bytes, size_t n);

/* Where field k of each of n records lies, quotes and blanks included. Each record has more than k fields. */
struct om_scan_span {
    uint32_t start, end;
};
typedef void om_locate_function(const uint64_t *separator, const struct om_scan_row *row, size_t n, size_t k,
                                struct om_scan_span *span);

/* At the start of a record. The arrays and the delimiter are set. */
static inline void
om_scan_start(struct om_scan *scan)
{
    scan->row[0] = (struct om_scan_row){0, 0};
    scan->position = scan->n_tokens = scan->n_rows = 0;
    scan->stop = OM_SCAN_NO_STOP;
    scan->quotes = scan->closing = scan->carriage = scan->inside = 0;
    scan->boundary = UINT64_C(1) << 63;
    scan->field = 0;
}

#endif
