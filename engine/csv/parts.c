/* The reader's fast side: rows of plain records, and bytes that are given. */
#include "csv/reader_state.h"
#include "base/error.h"
#include "base/memory.h"

/* --- parts ---------------------------------------------------------------------------------------- */

/* The fast path starts where a line and a record start, with the parser between two records. */
static bool
can_scan(const struct om_csv_reader *reader)
{
    return om_csv_between_records(reader) && !reader->lines.after_cr &&
           reader->lines.start == reader->lines.offset;
}

/* Takes the rows of one scan; false when there are none. */
static bool
take_rows(struct om_csv_reader *reader, struct om_csv_part *out)
{
    const struct om_plain *plain = &reader->plain;
    if (plain->n_rows == 0)
        return false;
    *out = (struct om_csv_part){.rows = plain,
                                .number = reader->record.number + 1,
                                .line = reader->lines.line,
                                .byte_offset = reader->lines.offset};
    for (size_t r = 0; r < plain->n_rows; r++)
        reader->record.number += plain->verdict[r] != OM_ROW_BLANK;
    om_csv_lines_jump(&reader->lines, plain->row[plain->n_rows].start, plain->n_rows);
    return true;
}

/* Scans what waits. Returns true with rows; false when libcsv has to read on, or there is no more. */
static bool
scan_on(struct om_csv_reader *reader, struct om_csv_part *out)
{
    while (can_scan(reader) && reader->fault == OM_OK) {
        struct om_csv_lines *lines = &reader->lines;
        size_t waiting = lines->used - lines->next;
        enum om_plain_end end = OM_PLAIN_STARVED;
        if (waiting) {
            end = om_plain_scan(&reader->plain, reader->block + lines->next, waiting);
            if (take_rows(reader, out))
                return true;
        }
        if (end == OM_PLAIN_STOPPED)
            return false;
        if (reader->fed)
            reader->starved = !reader->last;
        if (reader->fed || reader->source.ended || waiting == reader->capacity)
            return false;
        reader->fault = om_csv_read_block(reader, 1, &reader->error);
    }
    return false;
}

om_status
om_csv_next_part(struct om_csv_reader *reader, size_t n_fields, struct om_csv_part *out, struct om_error *err)
{
    struct om_csv_builder *batch = &reader->batch;
    if (!reader->plain.kernels)
        OM_TRY(om_plain_init(&reader->plain, (char)csv_get_delim(&reader->parser), n_fields,
                             om_kernels_active(), err));
    reader->plain.n_fields = n_fields;
    om_csv_builder_clear(batch);
    while (!om_csv_is_done(reader) && batch->n_records == 0) {
        if (scan_on(reader, out))
            return OM_OK;
        while (!om_csv_is_done(reader)) {
            om_csv_parse_on(reader);
            if (om_csv_between_records(reader))
                break;
        }
    }
    *out = (struct om_csv_part){.ended = batch->n_records == 0};
    return om_csv_deliver(reader, &out->records, err);
}

/* --- bytes that are given ------------------------------------------------------------------------- */

om_status
om_csv_open_fed(char delimiter, struct om_csv_reader **out, struct om_error *err)
{
    struct om_csv_options options = {.delimiter = delimiter};
    struct om_csv_reader *reader = om_calloc(1, sizeof *reader);
    if (!reader)
        return om_fail_memory(err);
    reader->source = OM_INPUT_CLOSED;
    reader->fed = true;
    om_status status = om_csv_start_parser(reader, &options, err);
    if (status == OM_OK && !om_csv_builder_init(&reader->batch))
        status = om_fail_memory(err);
    if (status == OM_OK)
        *out = reader;
    else
        om_csv_close(reader);
    return status;
}

/* Forgets a record that was not read to its end, and that there was an end. */
static void
reset_parser(struct om_csv_reader *reader)
{
    char delimiter = (char)csv_get_delim(&reader->parser);
    struct om_csv_options options = {.delimiter = delimiter};
    if (!om_csv_between_records(reader)) {
        csv_free(&reader->parser);
        reader->fault = om_csv_start_parser(reader, &options, &reader->error);
    }
    csv_set_opts(&reader->parser, 0);
}

void
om_csv_feed(struct om_csv_reader *reader, const char *name, char *bytes, size_t length, bool last)
{
    reader->name = name;
    reader->block = bytes;
    reader->lines = OM_CSV_LINES_START;
    om_csv_lines_block(&reader->lines, bytes, length);
    reader->record = (struct om_record){0};
    reader->field = FIELD_BLANK;
    reader->last = last;
    reader->starved = reader->finished = false;
    reader->fault = OM_OK;
    om_csv_builder_clear(&reader->batch);
    reset_parser(reader);
}

struct om_csv_progress
om_csv_progress(const struct om_csv_reader *reader)
{
    const struct om_csv_lines *lines = &reader->lines;
    uint64_t tail = om_csv_between_records(reader) ? lines->start : reader->record.byte_offset;
    uint64_t line = om_csv_between_records(reader) ? lines->line : reader->record.line;
    if (!reader->starved)
        return (struct om_csv_progress){.records = reader->record.number, .lines = lines->line - 1};
    return (struct om_csv_progress){.records = reader->record.number,
                                    .lines = line - 1,
                                    .tail = (size_t)(lines->offset - tail) + lines->used - lines->next};
}

size_t
om_csv_waiting(const struct om_csv_reader *reader, const char **bytes, struct om_csv_lines *lines)
{
    *lines = reader->lines;
    *bytes = reader->block + reader->lines.next;
    return reader->lines.used - reader->lines.next;
}

struct om_input *
om_csv_source(struct om_csv_reader *reader)
{
    return &reader->source;
}
