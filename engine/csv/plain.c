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
                           .token = om_alloc(OM_PLAIN_WINDOW + OM_SCAN_AFTER, 1),
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

/* Runs a kernel over bytes that need not be whole blocks. A kernel reads a little before a block, and all of
 * it: the first and the last block are copied to where that is allowed. */
static void
run_kernel(om_scan_function *kernel, struct om_scan *scan, const uint8_t *bytes, size_t length)
{
    uint8_t edge[OM_SCAN_BLOCK * 2] = {0}, *block = edge + OM_SCAN_BLOCK;
    size_t first = length < OM_SCAN_BLOCK ? length : OM_SCAN_BLOCK;
    size_t whole = length / OM_SCAN_BLOCK, rest = length % OM_SCAN_BLOCK;
    om_scan_start(scan);
    memcpy(block, bytes, first);
    kernel(scan, block, 1);
    if (whole > 1 && scan->stop == OM_SCAN_NO_STOP)
        kernel(scan, bytes + OM_SCAN_BLOCK, whole - 1);
    if (whole > 0 && rest > 0 && scan->stop == OM_SCAN_NO_STOP) {
        memcpy(block - OM_SCAN_BEFORE, bytes + length - rest - OM_SCAN_BEFORE, OM_SCAN_BEFORE + rest);
        memset(block + rest, 0, OM_SCAN_BLOCK - rest);
        kernel(scan, block, 1);
    }
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

/* Quotes cost the kernel that reads them some speed, so it is used only where they are: in a small window
 * when one turns up, in larger ones as long as there are more, and not beyond the first window without. */
static void
meet_quote(struct om_plain *plain)
{
    plain->quoted = true;
    plain->quoted_window = OM_PLAIN_QUOTED_WINDOW;
}

static void
choose_mode(struct om_plain *plain)
{
    if (plain->quoted && plain->scan.quotes == 0 && plain->n_rows > 0)
        plain->quoted = false;
    else if (plain->quoted_window < OM_PLAIN_WINDOW)
        plain->quoted_window *= 2;
}

enum om_plain_end
om_plain_scan(struct om_plain *plain, const char *bytes, size_t length)
{
    struct om_scan *scan = &plain->scan;
    bool quoted = plain->quoted;
    size_t window = quoted ? plain->quoted_window : OM_PLAIN_WINDOW;
    bool all = length <= window;
    if (all)
        window = length;
    plain->bytes = (const uint8_t *)bytes;
    run_kernel(quoted ? plain->kernels->scan_quoted : plain->kernels->scan, scan, plain->bytes, window);
    plain->n_rows = scan->n_rows;
    judge(plain);
    if (scan->stop < window && !quoted && bytes[scan->stop] == '"') {
        meet_quote(plain);
        return OM_PLAIN_MORE;
    }
    choose_mode(plain);
    if (scan->stop < window)
        return OM_PLAIN_STOPPED;
    if (all)
        return OM_PLAIN_STARVED;
    return plain->n_rows == 0 && window == OM_PLAIN_WINDOW ? OM_PLAIN_STOPPED : OM_PLAIN_MORE;
}

/* --- fields --------------------------------------------------------------------------------------------- */

static struct om_plain_text
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
    return (struct om_plain_text){(const char *)start, (uint32_t)(end - start), quoted};
}

struct om_plain_text
om_plain_field(const struct om_plain *plain, size_t row, size_t k)
{
    struct om_scan_span span;
    plain->kernels->locate(plain->scan.separator, plain->row + row, 1, k, &span);
    return text_of(plain, span);
}

void
om_plain_column(const struct om_plain *plain, size_t k, struct om_plain_text *text)
{
    enum { SPANS = 256 };
    struct om_scan_span span[SPANS];
    for (size_t r = 0, n; r < plain->n_rows; r += n) {
        text[r] = (struct om_plain_text){0};
        n = 1;
        if (plain->verdict[r] != OM_ROW_PLAIN)
            continue;
        while (n < SPANS && r + n < plain->n_rows && plain->verdict[r + n] == OM_ROW_PLAIN)
            n++;
        plain->kernels->locate(plain->scan.separator, plain->row + r, n, k, span);
        for (size_t i = 0; i < n; i++)
            text[r + i] = text_of(plain, span[i]);
    }
}
