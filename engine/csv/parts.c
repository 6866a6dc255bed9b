/* The reader's fast side: rows of plain records, and bytes that are given. */
#include "csv/reader_state.h"
#include "base/error.h"

#include <string.h>
#include "base/memory.h"

/* --- parts ---------------------------------------------------------------------------------------- */

/* The fast path starts where a line and a record start, with the parser between two records. */
static bool
can_scan(const struct om_csv_reader *reader)
{
    return om_csv_between_records(reader) && !reader->lines.after_cr &&
           reader->lines.start == reader->lines.offset;
}

/* How the lines of these rows end: LF, or CR LF. */
static void
watch_ends(struct om_csv_reader *reader, const struct om_plain *plain)
{
    struct om_csv_ends *ends = &reader->ends;
    size_t first[2] = {SIZE_MAX, SIZE_MAX};
    for (size_t r = plain->n_rows; r-- > 0;) {
        size_t end = plain->row[r + 1].start, start = plain->row[r].start;
        first[end - start > 1 && plain->bytes[end - 2] == '\r'] = r;
    }
    for (size_t k = OM_CSV_LF; k <= OM_CSV_CR_LF; k++)
        if (first[k] != SIZE_MAX && ends->first[k] == 0)
            ends->first[k] = reader->lines.line + first[k];
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
    if (reader->watch_ends)
        watch_ends(reader, plain);
    om_csv_lines_jump(&reader->lines, plain->row[plain->n_rows].start, plain->n_rows);
    out->at_end = reader->fed && reader->last && reader->lines.next == reader->lines.used;
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

/* Behind the line end at or after `from`, or the end of the block. */
static size_t
behind_line(const struct om_csv_reader *reader, size_t from)
{
    const char *block = reader->block;
    size_t used = reader->lines.used;
    while (from < used && block[from] != '\n' && block[from] != '\r')
        from++;
    if (from < used && block[from] == '\r' && from + 1 < used && block[from + 1] == '\n')
        from++;
    return from < used ? from + 1 : from;
}

/* Forgets a record that was not read to its end, and that there was an end. */
static void
drop_record(struct om_csv_reader *reader)
{
    struct om_csv_options options = {.delimiter = (char)csv_get_delim(&reader->parser)};
    const bool open = !om_csv_between_records(reader) || reader->fault != OM_OK;
    om_csv_builder_clear(&reader->batch);
    reader->field = FIELD_BLANK;
    reader->closing = reader->gap = reader->stray = false;
    reader->finished = reader->starved = reader->unended = false;
    reader->fault = OM_OK;
    if (open) {
        csv_free(&reader->parser);
        reader->fault = om_csv_start_parser(reader, &options, &reader->error);
    }
    csv_set_opts(&reader->parser, 0);
}

om_status
om_csv_fail_given_up(const char *name, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "OM112 more than %d records that no quote ends", OM_CSV_GIVE_UPS);
    om_place(err, name, 0, 0);
    om_hint(err, "quotes do not mean in this file what they mean in CSV: export it again");
    return OM_ERR_PANEL;
}

/* Gives up the record with which the reading stopped, and goes on behind the line with the fault. Where that
 * does not end within these bytes, asks for more: the piece will be read again from the record on. False when
 * the fault has to stand. */
static bool
give_up(struct om_csv_reader *reader, struct om_csv_part *out)
{
    struct om_csv_lines *lines = &reader->lines;
    size_t start = (size_t)reader->record.byte_offset, end = start;
    uint64_t line = reader->record.line;
    for (; line <= reader->error.line; line++)
        end = behind_line(reader, end);
    bool whole = end > start && (reader->block[end - 1] == '\n' || reader->block[end - 1] == '\r');
    if (!reader->fed || reader->fault_code == 0)
        return false;
    if (reader->given_up == OM_CSV_GIVE_UPS) {
        om_csv_fail_given_up(reader->name, &reader->error);
        return false;
    }
    if (!whole && !reader->last) {
        if (lines->used - start > OM_CSV_RECORD_LIMIT)
            return false;
        reader->fault = OM_OK;
        reader->starved = true;
        reader->field = FIELD_PLAIN; /* a record is open */
        return true;
    }
    out->broken = (struct om_csv_broken){.code = reader->fault_code,
                                         .number = ++reader->record.number,
                                         .line = reader->record.line,
                                         .byte_offset = reader->record.byte_offset,
                                         .open_line = reader->error.line,
                                         .open_column = reader->error.column,
                                         .open_offset = reader->fault_whole ? reader->record.byte_offset
                                                                            : reader->field_offset,
                                         .whole = reader->fault_whole,
                                         .field = om_csv_builder_open_fields(&reader->batch)};
    reader->given_up++;
    drop_record(reader);
    lines->next = end;
    lines->offset = lines->start = end;
    lines->line = whole ? line : line - 1;
    lines->after_cr = false;
    lines->searched = false;
    return true;
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
    *out = (struct om_csv_part){.ended = batch->n_records == 0,
                                .unended = reader->unended && batch->n_records > 0,
                                .at_end = reader->finished};
    if (batch->n_records == 0 && reader->fault != OM_OK && give_up(reader, out)) {
        out->ended = out->broken.code == 0;
        return reader->fault;
    }
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

void
om_csv_feed(struct om_csv_reader *reader, const char *name, char *bytes, size_t length, bool last)
{
    reader->name = name;
    reader->block = bytes;
    reader->lines = OM_CSV_LINES_START;
    om_csv_lines_block(&reader->lines, bytes, length);
    reader->record = (struct om_record){0};
    reader->ends = (struct om_csv_ends){0};
    reader->n_notes = reader->given_up = 0;
    reader->last = last;
    drop_record(reader);
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
