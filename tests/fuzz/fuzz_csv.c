/*
 * Bytes to records: the fast path against libcsv, the kernels against each other, and the input in pieces
 * against the input as a whole.
 *
 *   byte 0   delimiter    byte 1   columns, 1 to 8    byte 2   where pieces end    the rest: the text
 */
#include "fuzz/fuzz.h"
#include "base/buffer.h"
#include "csv/reader.h"

#include <csv.h>

static const char delimiters[] = {',', ';', '\t', '|', ' ', 'N', '7', '\xff'};

/* --- every set of kernels gives the same rows ----------------------------------------------------------- */

static void
same_rows(const struct om_plain *a, const struct om_plain *b)
{
    require(a->n_rows == b->n_rows && a->n_plain == b->n_plain);
    require(memcmp(a->verdict, b->verdict, a->n_rows) == 0);
    for (size_t r = 0; r <= a->n_rows; r++)
        require(a->row[r].start == b->row[r].start && a->row[r].token == b->row[r].token);
    for (size_t r = 0; r < a->n_rows; r++)
        if (a->verdict[r] == OM_ROW_PLAIN)
            require(memcmp(a->token + a->row[r].token, b->token + b->row[r].token, a->n_fields) == 0);
}

static void
try_kernels(char delimiter, size_t n_fields, const char *bytes, size_t length)
{
    size_t n;
    const struct om_kernels *kernels = om_kernels_all(&n);
    struct om_plain first, other;
    require(om_plain_init(&first, delimiter, n_fields, &kernels[0], NULL) == OM_OK);
    enum om_plain_end end = om_plain_scan(&first, bytes, length);
    for (size_t i = 1; i < n; i++) {
        if (!om_kernels_usable(&kernels[i]))
            continue;
        require(om_plain_init(&other, delimiter, n_fields, &kernels[i], NULL) == OM_OK);
        require(om_plain_scan(&other, bytes, length) == end);
        same_rows(&first, &other);
        om_plain_release(&other);
    }
    om_plain_release(&first);
}

/* --- records as text: fields each with its length, and of a ragged row the number
 * ---------------------------
 */

struct transcript {
    struct om_buffer text;
    size_t n_fields, n_broken;
    uint64_t records;
    struct om_buffer record; /* of libcsv's, until it is known how many fields it has */
    size_t fields;
};

static void
write_field(struct om_buffer *out, const char *bytes, size_t length)
{
    om_buffer_format(out, "%zu[", length);
    om_buffer_add(out, bytes, length);
    om_buffer_text(out, "] ");
}

static void
end_record(struct transcript *to, size_t n_fields)
{
    if (n_fields == to->n_fields)
        om_buffer_add(&to->text, om_buffer_string(&to->record), to->record.length);
    else
        om_buffer_format(&to->text, "ragged %zu", n_fields);
    om_buffer_char(&to->text, '\n');
    om_buffer_clear(&to->record);
    to->records++;
}

static void
write_batch(struct transcript *to, const struct om_batch *batch)
{
    for (size_t r = 0; r < batch->n_records; r++) {
        const struct om_field *field = &batch->field[batch->record[r].first_field];
        for (size_t k = 0; k < batch->record[r].n_fields; k++)
            write_field(&to->record, field[k].data, field[k].length);
        end_record(to, batch->record[r].n_fields);
    }
}

static void
write_rows(struct transcript *to, const struct om_plain *rows)
{
    for (size_t r = 0; r < rows->n_rows; r++) {
        if (rows->verdict[r] == OM_ROW_BLANK)
            continue;
        for (size_t k = 0; k < rows->n_fields && rows->verdict[r] == OM_ROW_PLAIN; k++) {
            struct om_field field = om_plain_field(rows, r, k);
            write_field(&to->record, field.data, field.length);
        }
        end_record(to, om_plain_row_fields(rows, r));
    }
}

/* --- the reader ----------------------------------------------------------------------------------------- */

/* Reads one piece; returns how much of its end is to be fed again. */
static size_t
read_piece(struct om_csv_reader *reader, struct transcript *to, char *bytes, size_t length, bool last)
{
    struct om_csv_part part;
    om_csv_feed(reader, "fuzz", bytes, length, last);
    for (;;) {
        require(om_csv_next_part(reader, to->n_fields, &part, NULL) == OM_OK);
        if (part.ended)
            break;
        if (part.broken.code) {
            om_buffer_format(&to->text, "broken %d\n", part.broken.code);
            to->n_broken++;
        } else if (part.rows) {
            write_rows(to, part.rows);
        } else {
            write_batch(to, &part.records);
        }
    }
    struct om_csv_progress progress = om_csv_progress(reader);
    require(progress.tail <= length && (!last || progress.tail == 0));
    return progress.tail;
}

/* The end of the piece that begins at `from`: behind an LF, `step` bytes on or more. */
static size_t
piece_end(const char *bytes, size_t length, size_t from, size_t step)
{
    size_t at = from + step;
    const char *end = at < length ? memchr(bytes + at, '\n', length - at) : NULL;
    return end ? (size_t)(end - bytes) + 1 : length;
}

static void
read_in_pieces(char delimiter, struct transcript *to, char *bytes, size_t length, size_t step)
{
    struct om_csv_reader *reader = NULL;
    require(om_csv_open_fed(delimiter, &reader, NULL) == OM_OK);
    for (size_t from = 0, tail = 0, end = 0;; from = end) {
        end = piece_end(bytes, length, from, step);
        tail = read_piece(reader, to, bytes + from - tail, end - from + tail, end == length);
        if (end == length)
            break;
    }
    om_csv_close(reader);
}

static void
take_field(void *bytes, size_t length, void *context)
{
    struct transcript *to = context;
    write_field(&to->record, bytes, length);
    to->fields++;
}

static void
take_record(int end, void *context)
{
    struct transcript *to = context;
    (void)end;
    end_record(to, to->fields);
    to->fields = 0;
}

static void
read_with_libcsv(char delimiter, struct transcript *to, const char *bytes, size_t length)
{
    struct csv_parser parser;
    csv_init(&parser, 0);
    csv_set_delim(&parser, (unsigned char)delimiter);
    require(csv_parse(&parser, bytes, length, take_field, take_record, to) == length);
    csv_fini(&parser, take_field, take_record, to);
    csv_free(&parser);
}

static void
release(struct transcript *to)
{
    om_buffer_release(&to->text);
    om_buffer_release(&to->record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char delimiter = delimiters[fuzz_byte(&data, &size) % sizeof delimiters];
    const size_t n_fields = 1 + fuzz_byte(&data, &size) % 8;
    const size_t step = fuzz_byte(&data, &size);
    const size_t live = om_memory_live();
    if (size > 1 << 16)
        return 0;
    char *bytes = malloc(size + 1);
    require(bytes);
    memcpy(bytes, data, size);

    try_kernels(delimiter, n_fields, bytes, size);

    struct transcript whole = {.n_fields = n_fields}, pieces = whole, libcsv = whole;
    read_in_pieces(delimiter, &whole, bytes, size, size);
    read_in_pieces(delimiter, &pieces, bytes, size, step);
    if (whole.n_broken < OM_CSV_GIVE_UPS) {
        require(whole.text.length == pieces.text.length);
        require(memcmp(om_buffer_string(&whole.text), om_buffer_string(&pieces.text), whole.text.length) ==
                0);
    }
    if (whole.n_broken == 0) {
        read_with_libcsv(delimiter, &libcsv, bytes, size);
        require(whole.text.length == libcsv.text.length);
        require(memcmp(om_buffer_string(&whole.text), om_buffer_string(&libcsv.text), whole.text.length) ==
                0);
    }
    release(&whole);
    release(&pieces);
    release(&libcsv);
    free(bytes);
    require(om_memory_live() == live);
    return 0;
}
