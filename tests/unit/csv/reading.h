/*
 * Reading a whole file into one text that a test can compare: a line per record,
 *
 *     number:line:byte_offset[plain field]{quoted field}
 *
 * and, when the reading stops early, a last line "! STATUS line:column".
 */
#ifndef OM_TESTS_CSV_READING_H
#define OM_TESTS_CSV_READING_H

#include "support/support.h"
#include "base/buffer.h"
#include "csv/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static inline void
transcribe_place(struct om_buffer *text, uint64_t number, uint64_t line, uint64_t offset)
{
    om_buffer_format(text, "%llu:%llu:%llu", (unsigned long long)number, (unsigned long long)line,
                     (unsigned long long)offset);
}

static inline void
transcribe_field(struct om_buffer *text, const char *bytes, size_t length, bool quoted)
{
    om_buffer_char(text, quoted ? '{' : '[');
    om_buffer_add(text, bytes, length);
    om_buffer_char(text, quoted ? '}' : ']');
}

static inline void
transcribe_error(struct om_buffer *text, om_status status, uint64_t line, uint64_t column)
{
    om_buffer_format(text, "! %s %llu:%llu\n", om_status_name(status), (unsigned long long)line,
                     (unsigned long long)column);
}

static inline void
transcribe_batch(struct om_buffer *text, const struct om_batch *batch)
{
    size_t next = 0;
    for (size_t r = 0; r < batch->n_records; r++) {
        const struct om_record *record = &batch->record[r];
        assert_int_equal(record->first_field, next);
        assert_true(record->n_fields > 0);
        next += record->n_fields;
        transcribe_place(text, record->number, record->line, record->byte_offset);
        for (size_t f = record->first_field; f < next; f++)
            transcribe_field(text, batch->field[f].data, batch->field[f].length, batch->field[f].quoted);
        om_buffer_char(text, '\n');
    }
}

/* Appends the transcript of a file, read in blocks of the given size. */
static inline void
transcribe_file(struct om_buffer *text, const char *path, char delimiter, size_t block)
{
    struct om_csv_options options = {.delimiter = delimiter};
    struct om_csv_reader *reader = NULL;
    struct om_batch batch = {0};
    struct om_error err = {0};
    om_status status = om_csv_open_blocks(path, &options, block, &reader, &err);
    while (status == OM_OK) {
        status = om_csv_next(reader, &batch, &err);
        if (status != OM_OK || batch.n_records == 0)
            break;
        transcribe_batch(text, &batch);
    }
    if (status != OM_OK)
        transcribe_error(text, status, err.line, err.column);
    om_csv_close(reader);
}

/* Replaces the content of a file that temporary_file made. Not by O_TRUNC: some file systems then write to
 * the disk at once, and a test rewrites a file many thousand times. */
static inline void
rewrite(const char *path, const char *bytes, size_t length)
{
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    assert_int_equal(ftruncate(fd, (off_t)length), 0);
    assert_int_equal(close(fd), 0);
}

/* Fails with both texts when they differ. */
static inline void
assert_same_text(const struct om_buffer *got, const struct om_buffer *want, const char *what)
{
    if (got->length == want->length &&
        memcmp(om_buffer_string(got), om_buffer_string(want), got->length) == 0)
        return;
    print_error("%s\n--- got\n%s--- expected\n%s", what, om_buffer_string(got), om_buffer_string(want));
    fail();
}

#endif
