#include "csv/reader_state.h"
#include "csv/encoding.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- libcsv's side -------------------------------------------------------------------------------- */

/* The closing quote is in libcsv's buffer before it is known to close; one byte more is asked for ahead. */
enum { FIELD_BUFFER = OM_CSV_FIELD_LIMIT + 2, FIELD_BUFFER_STEP = 1 << 16 };

static void *
bounded_realloc(void *old, size_t size)
{
    return size <= FIELD_BUFFER ? om_realloc(old, size, 1) : NULL;
}

/* Faults found inside libcsv's callbacks, which cannot return them, wait here for the piece to end. */
static void
note_fault(struct om_csv_reader *reader, om_status fault, uint64_t line, uint64_t column, const char *message,
           const char *hint)
{
    if (reader->fault != OM_OK)
        return;
    reader->fault = om_fail(&reader->error, fault, "%s", message);
    reader->fault_code = 0;
    reader->fault_whole = false;
    om_hint(&reader->error, "%s", hint);
    om_place(&reader->error, reader->fed ? reader->name : om_input_name(&reader->source), line, column);
}

void
om_csv_no_memory(struct om_csv_reader *reader)
{
    if (reader->fault == OM_OK)
        reader->fault = om_fail_memory(&reader->error);
}

static void
note_long_field(struct om_csv_reader *reader)
{
    bool quoted = reader->field == FIELD_QUOTED;
    note_fault(reader, OM_ERR_PANEL, reader->field_line, reader->field_column,
               quoted ? "OM112 a quote that opens here does not close within 1 MiB"
                      : "OM113 a field is longer than 1 MiB",
               quoted ? "close it, or remove it"
                      : "check the delimiter and the line ends, and that this is a text file");
    reader->fault_code = quoted ? 112 : 113;
}

static void
note_many_fields(struct om_csv_reader *reader)
{
    note_fault(reader, OM_ERR_PANEL, reader->record.line, 1, "OM113 a record has more than 16384 fields",
               "check the delimiter and the line ends, and that this is a text file");
    reader->fault_code = 113;
    reader->fault_whole = true;
}

static void
take_field(void *bytes, size_t length, void *context)
{
    struct om_csv_reader *reader = context;
    if (reader->fault != OM_OK)
        return;
    if (length > OM_CSV_FIELD_LIMIT)
        note_long_field(reader);
    else if (om_csv_builder_open_fields(&reader->batch) == OM_CSV_FIELDS_LIMIT)
        note_many_fields(reader);
    else if (!om_csv_builder_field(&reader->batch, bytes, length, reader->field == FIELD_QUOTED,
                                   reader->stray))
        om_csv_no_memory(reader);
    reader->field = FIELD_BLANK;
    reader->closing = reader->gap = reader->stray = false;
}

static void
take_record(int terminator, void *context)
{
    struct om_csv_reader *reader = context;
    (void)terminator;
    if (reader->fault != OM_OK)
        return;
    reader->record.number++;
    om_csv_builder_record(&reader->batch, reader->record);
}

/* Without strict mode libcsv stops early only when its buffer cannot grow. */
static void
parse(struct om_csv_reader *reader, const char *bytes, size_t length)
{
    if (csv_parse(&reader->parser, bytes, length, take_field, take_record, reader) == length)
        return;
    if (csv_get_buffer_size(&reader->parser) >= FIELD_BUFFER)
        note_long_field(reader);
    else
        om_csv_no_memory(reader);
}

/* --- pieces --------------------------------------------------------------------------------------- */

/* Looks for the first byte of the field being read in bytes, which stand at column of the current line.
 * Returns what was passed on the way, an opening quote too. */
static size_t
note_field_start(struct om_csv_reader *reader, const char *bytes, size_t length, uint64_t column)
{
    char delimiter = (char)csv_get_delim(&reader->parser);
    size_t i = 0;
    while (i < length && (bytes[i] == ' ' || bytes[i] == '\t') && bytes[i] != delimiter)
        i++;
    if (i == length || bytes[i] == delimiter || bytes[i] == '\r' || bytes[i] == '\n')
        return i;
    reader->field = bytes[i] == '"' ? FIELD_QUOTED : FIELD_PLAIN;
    reader->field_line = reader->lines.line;
    reader->field_column = column + i;
    reader->field_offset = reader->lines.start + reader->field_column - 1;
    return i + (bytes[i] == '"');
}

static void
parse_by_field(struct om_csv_reader *reader, const char *bytes, size_t length)
{
    char delimiter = (char)csv_get_delim(&reader->parser);
    uint64_t column = reader->lines.offset - reader->lines.start + 1;
    while (length && reader->fault == OM_OK) {
        const char *stop = memchr(bytes, delimiter, length);
        size_t piece = stop ? (size_t)(stop - bytes) + 1 : length;
        size_t begun = reader->field == FIELD_BLANK ? note_field_start(reader, bytes, piece, column) : 0;
        om_csv_watch_quotes(reader, bytes + begun, piece - begun);
        parse(reader, bytes, piece);
        bytes += piece;
        length -= piece;
        column += piece;
    }
}

/* A line that begins and ends a record and has no quote in it needs no look at its fields; nor can one of
 * them be too long. */
static bool
is_simple(const struct om_csv_reader *reader, const char *bytes, size_t length)
{
    return om_csv_between_records(reader) && length <= OM_CSV_FIELD_LIMIT && !memchr(bytes, '"', length);
}

/* Bytes of the record being read, this piece included. */
static uint64_t
record_length(const struct om_csv_reader *reader, size_t piece)
{
    return reader->lines.offset + piece - reader->record.byte_offset;
}

static void
parse_piece(struct om_csv_reader *reader, struct om_csv_stretch piece)
{
    const bool began = om_csv_between_records(reader);
    const uint64_t records = reader->record.number;
    if (om_csv_between_records(reader)) {
        reader->record.line = reader->lines.line;
        reader->record.byte_offset = reader->lines.start;
    } else if (record_length(reader, piece.length) > OM_CSV_RECORD_LIMIT) {
        note_fault(reader, OM_ERR_PANEL, reader->record.line, 1, "OM113 a record is longer than 16 MiB",
                   "check the line ends, and that this is a text file");
        return;
    }
    if (piece.whole && is_simple(reader, piece.bytes, piece.length))
        parse(reader, piece.bytes, piece.length);
    else
        parse_by_field(reader, piece.bytes, piece.length);
    if (piece.whole && reader->fault == OM_OK && om_csv_between_records(reader))
        om_csv_watch_line(reader, piece, began, records);
    if (!reader->fed && records == 0)
        om_csv_watch_header(reader, piece);
    om_csv_lines_pass(&reader->lines, piece);
}

/* --- blocks --------------------------------------------------------------------------------------- */

/* Reads on until `wanted` bytes wait behind those that are not parsed yet, or the input ends. */
om_status
om_csv_read_block(struct om_csv_reader *reader, size_t wanted, struct om_error *err)
{
    size_t used = reader->lines.used - reader->lines.next, got;
    if (used)
        memmove(reader->block, reader->block + reader->lines.next, used);
    wanted += used;
    while (used < wanted && !reader->source.ended) {
        size_t room = reader->capacity - used;
        OM_TRY(om_input_read(&reader->source, reader->block + used, room < reader->step ? room : reader->step,
                             &got, err));
        used += got;
    }
    om_csv_lines_block(&reader->lines, reader->block, used);
    return OM_OK;
}

/* At the end of the input strict mode turns a field whose quote is still open, and nothing else, into an
 * error. */
static void
finish(struct om_csv_reader *reader)
{
    const uint64_t records = reader->record.number;
    reader->finished = true;
    csv_set_opts(&reader->parser, CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&reader->parser, take_field, take_record, reader) != 0) {
        note_fault(reader, OM_ERR_PANEL, reader->field_line, reader->field_column,
                   "OM112 a quote that opens here is never closed", "close it, or remove it");
        reader->fault_code = 112;
    }
    reader->unended = reader->record.number > records;
}

/* More bytes, or the end. */
static void
fill(struct om_csv_reader *reader)
{
    if (reader->fed)
        reader->starved = !reader->last;
    else
        reader->fault = om_csv_read_block(reader, 1, &reader->error);
    if (reader->fault == OM_OK && !reader->starved && reader->lines.next == reader->lines.used)
        finish(reader);
}

/* --- the public face ------------------------------------------------------------------------------ */

om_status
om_csv_start_parser(struct om_csv_reader *reader, const struct om_csv_options *options, struct om_error *err)
{
    char delimiter = options && options->delimiter ? options->delimiter : ',';
    if (delimiter == '"' || delimiter == '\r' || delimiter == '\n')
        return om_fail(err, OM_ERR_USAGE, "a quote or a line end cannot be the delimiter");
    if (csv_init(&reader->parser, 0) != 0)
        return om_fail_memory(err);
    csv_set_delim(&reader->parser, (unsigned char)delimiter);
    csv_set_realloc_func(&reader->parser, bounded_realloc);
    csv_set_free_func(&reader->parser, om_free);
    csv_set_blk_size(&reader->parser, FIELD_BUFFER_STEP);
    return OM_OK;
}

static om_status
start_input(struct om_csv_reader *reader, const char *path, const struct om_csv_options *options,
            struct om_error *err)
{
    size_t mark = 0;
    OM_TRY(om_input_open(&reader->source, path, err));
    if (options) {
        reader->source.tap = options->tap;
        reader->source.tap_context = options->tap_context;
        OM_TRY(om_input_decode(&reader->source, options->encoding, err));
    }
    OM_TRY(om_csv_read_block(reader, OM_CSV_PROBE, err));
    om_status status = om_csv_probe(reader->block, reader->lines.used, &mark, err);
    if (status != OM_OK) {
        om_place(err, om_input_name(&reader->source), 1, 1);
        return status;
    }
    om_csv_lines_skip(&reader->lines, mark);
    reader->marked = mark > 0;
    return OM_OK;
}

om_status
om_csv_open_blocks(const char *path, const struct om_csv_options *options, size_t block,
                   struct om_csv_reader **out, struct om_error *err)
{
    struct om_csv_reader *reader = om_calloc(1, sizeof *reader);
    if (!reader)
        return om_fail_memory(err);
    reader->source = OM_INPUT_CLOSED;
    reader->lines = OM_CSV_LINES_START;
    reader->step = block;
    reader->capacity = block < OM_CSV_PROBE ? OM_CSV_PROBE : block;
    om_status status = om_csv_start_parser(reader, options, err);
    if (status == OM_OK) {
        reader->block = om_alloc(reader->capacity, 1);
        if (!reader->block || !om_csv_builder_init(&reader->batch))
            status = om_fail_memory(err);
    }
    if (status == OM_OK)
        status = start_input(reader, path, options, err);
    if (status == OM_OK)
        *out = reader;
    else
        om_csv_close(reader);
    return status;
}

om_status
om_csv_open(const char *path, const struct om_csv_options *options, struct om_csv_reader **out,
            struct om_error *err)
{
    return om_csv_open_blocks(path, options, OM_CSV_BLOCK, out, err);
}

void
om_csv_close(struct om_csv_reader *reader)
{
    if (!reader)
        return;
    om_input_close(&reader->source);
    csv_free(&reader->parser);
    om_csv_builder_release(&reader->batch);
    om_plain_release(&reader->plain);
    om_free(reader->note);
    if (!reader->fed)
        om_free(reader->block);
    om_free(reader);
}

/* One step of libcsv. */
void
om_csv_parse_on(struct om_csv_reader *reader)
{
    if (reader->lines.next < reader->lines.used)
        parse_piece(reader, om_csv_lines_next(&reader->lines));
    else
        fill(reader);
}

/* Hands over the batch; a fault waits until the records before it have been delivered. */
om_status
om_csv_deliver(struct om_csv_reader *reader, struct om_batch *out, struct om_error *err)
{
    struct om_csv_builder *batch = &reader->batch;
    if (batch->n_records == 0 && reader->fault != OM_OK) {
        if (err)
            *err = reader->error;
        return reader->fault;
    }
    *out = (struct om_batch){batch->record, batch->n_records, batch->field};
    return OM_OK;
}

om_status
om_csv_next(struct om_csv_reader *reader, struct om_batch *out, struct om_error *err)
{
    om_csv_builder_clear(&reader->batch);
    while (!om_csv_is_done(reader) && !om_csv_builder_is_full(&reader->batch))
        om_csv_parse_on(reader);
    return om_csv_deliver(reader, out, err);
}

om_status
om_csv_header(struct om_csv_reader *reader, struct om_batch *out, struct om_error *err)
{
    om_csv_builder_clear(&reader->batch);
    while (!om_csv_is_done(reader) && reader->batch.n_records == 0)
        om_csv_parse_on(reader);
    if (reader->lines.after_cr && reader->lines.next == reader->lines.used && !om_csv_is_done(reader))
        fill(reader);
    if (reader->lines.after_cr && reader->lines.next < reader->lines.used &&
        reader->block[reader->lines.next] == '\n') /* the rest of the header's line end */
        om_csv_parse_on(reader);
    return om_csv_deliver(reader, out, err);
}

uint64_t
om_csv_bytes_read(const struct om_csv_reader *reader)
{
    return reader->source.taken;
}

uint64_t
om_csv_bytes_total(const struct om_csv_reader *reader)
{
    return reader->source.total;
}

#define TEXT_OF(number)  #number
#define DIGITS_OF(macro) TEXT_OF(macro)

const char *
om_csv_library_version(void)
{
    return DIGITS_OF(CSV_MAJOR) "." DIGITS_OF(CSV_MINOR) "." DIGITS_OF(CSV_RELEASE);
}
