#include "csv/plain.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_plain_init(struct om_plain *plain, char delimiter, size_t n_fields, const struct om_kernels *kernels,
              struct om_error *err)
{
    enum { WORDS = OM_PLAIN_WINDOW / OM_SCAN_BLOCK, ROWS = OM_PLAIN_WINDOW + 2 };
    struct om_scan scan = {.delimiter = (uint8_t)delimiter,
                           .token = om_calloc(OM_PLAIN_WINDOW + OM_SCAN_AFTER, 1),
                           .separator = om_alloc(WORDS, sizeof *scan.separator),
                           .row = om_alloc(ROWS, sizeof *scan.row)};
    *plain = (struct om_plain){.kernels = kernels,
                               .n_fields = n_fields,
                               .scan = scan,
                               .judged = om_alloc(OM_PLAIN_WINDOW, 1),
                               .token = scan.token,
                               .row = scan.row};
    if (!scan.token || !scan.separator || !scan.row || !plain->judged) {
        om_plain_release(plain);
        return om_fail_memory(err);
    }
    plain->verdict = plain->judged;
    return OM_OK;
}

void
om_plain_release(struct om_plain *plain)
{
    om_free(plain->scan.token);
    om_free(plain->scan.separator);
    om_free(plain->scan.row);
    om_free(plain->judged);
    *plain = (struct om_plain){0};
}

/* The kernel that knows quotes is slower, so it reads only where they are: a few blocks when one turns up,
 * more as long as there are quotes in them. */
static void
scan_blocks(struct om_plain *plain, const uint8_t *bytes, size_t n)
{
    enum { BLOCKS = OM_PLAIN_WINDOW / OM_SCAN_BLOCK };
    struct om_scan *scan = &plain->scan;
    while (n > 0 && scan->stop == OM_SCAN_NO_STOP) {
        uint32_t from = scan->position;
        if (plain->quoted == 0) {
            plain->kernels->scan(scan, bytes, n);
        } else {
            scan->quotes = 0;
            plain->kernels->scan_quoted(scan, bytes, plain->quoted < n ? plain->quoted : n);
        }
        size_t done = (scan->position - from) / OM_SCAN_BLOCK;
        if (plain->quoted == 0)
            plain->quoted = done < n ? OM_PLAIN_QUOTED : 0;
        else if (scan->quotes)
            plain->quoted = plain->quoted < BLOCKS ? 2 * plain->quoted : BLOCKS;
        else
            plain->quoted = scan->inside != 0;
        bytes += done * OM_SCAN_BLOCK;
        n -= done;
    }
}

/* Scans bytes that need not be whole blocks. A kernel reads a little before a block, and all of it: the first
 * and the last block are copied to where that is allowed. */
static void
scan_bytes(struct om_plain *plain, const uint8_t *bytes, size_t length)
{
    uint8_t edge[OM_SCAN_BLOCK * 2] = {0}, *block = edge + OM_SCAN_BLOCK;
    size_t whole = length / OM_SCAN_BLOCK, rest = length % OM_SCAN_BLOCK;
    om_scan_start(&plain->scan);
    memcpy(block, bytes, whole ? OM_SCAN_BLOCK : rest);
    scan_blocks(plain, block, 1);
    if (whole == 0)
        return;
    scan_blocks(plain, bytes + OM_SCAN_BLOCK, whole - 1);
    memcpy(block - OM_SCAN_BEFORE, bytes + length - rest - OM_SCAN_BEFORE, OM_SCAN_BEFORE + rest);
    memset(block + rest, 0, OM_SCAN_BLOCK - rest);
    scan_blocks(plain, block, rest > 0);
}

/* Is it a line of nothing but blanks? It has no delimiter in it. */
static bool
is_blank(const struct om_plain *plain, size_t row)
{
    const uint8_t *at = plain->bytes + plain->row[row].start, *end = plain->bytes + plain->row[row + 1].start;
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n'))
        at++;
    return at == end;
}

static void
judge(struct om_plain *plain)
{
    plain->n_plain = 0;
    for (size_t r = 0; r < plain->n_rows; r++) {
        size_t fields = om_plain_row_fields(plain, r);
        enum om_row_verdict verdict = fields == plain->n_fields ? OM_ROW_PLAIN : OM_ROW_RAGGED;
        if (fields == 1 && is_blank(plain, r))
            verdict = OM_ROW_BLANK;
        plain->judged[r] = (uint8_t)verdict;
        plain->n_plain += verdict == OM_ROW_PLAIN;
    }
}

enum om_plain_end
om_plain_scan(struct om_plain *plain, const char *bytes, size_t length)
{
    bool all = length <= OM_PLAIN_WINDOW;
    size_t window = all ? length : OM_PLAIN_WINDOW;
    plain->bytes = (const uint8_t *)bytes;
    scan_bytes(plain, plain->bytes, window);
    plain->n_rows = plain->scan.n_rows;
    judge(plain);
    if (plain->scan.stop < window)
        return OM_PLAIN_STOPPED;
    if (all)
        return OM_PLAIN_STARVED;
    return plain->n_rows > 0 ? OM_PLAIN_MORE : OM_PLAIN_STOPPED;
}

/* --- fields --------------------------------------------------------------------------------------------- */

static struct om_field
text_of(const struct om_plain *plain, struct om_scan_span span)
{
    const uint8_t *start = plain->bytes + span.start, *end = plain->bytes + span.end;
    bool quoted = start < end && *start == '"';
    if (quoted) {
        start++;
        end--;
    }
    while (!quoted && start < end && (*start == ' ' || *start == '\t'))
        start++;
    while (!quoted && start < end && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return (struct om_field){(const char *)start, (uint32_t)(end - start), quoted, false};
}

struct om_field
om_plain_field(const struct om_plain *plain, size_t row, size_t k)
{
    struct om_scan_span span;
    plain->kernels->locate(plain->scan.separator, plain->row + row, 1, k, &span);
    return text_of(plain, span);
}

void
om_plain_column(const struct om_plain *plain, size_t from, size_t to, size_t k, struct om_field *field)
{
    enum { SPANS = 256 };
    struct om_scan_span span[SPANS];
    for (size_t r = from, n; r < to; r += n) {
        n = to - r < SPANS ? to - r : SPANS;
        plain->kernels->locate(plain->scan.separator, plain->row + r, n, k, span);
        for (size_t i = 0; i < n; i++)
            field[r - from + i] = text_of(plain, span[i]);
    }
}
