/*
 * What om_plain_scan must give, from libcsv and from a naive reading of the conditions in csv/plain.h.
 */
#ifndef OM_TESTS_CSV_PLAIN_ORACLE_H
#define OM_TESTS_CSV_PLAIN_ORACLE_H

#include "support/support.h"
#include "csv/plain.h"

#include <csv.h>
#include <stdio.h>
#include <string.h>

/* Records as libcsv gives them, for one text. */
struct oracle {
    char *bytes;
    struct {
        size_t start, length;
    } * field;
    size_t *record; /* the first field of each; record[n_records] is one past the last */
    size_t n_bytes, n_fields, n_records, capacity;
};

static inline void
oracle_init(struct oracle *o, size_t capacity)
{
    *o = (struct oracle){.capacity = capacity,
                         .bytes = malloc(capacity),
                         .field = malloc(capacity * sizeof *o->field),
                         .record = malloc(capacity * sizeof *o->record)};
    assert_true(o->bytes && o->field && o->record);
}

static inline void
oracle_release(struct oracle *o)
{
    free(o->bytes);
    free(o->field);
    free(o->record);
}

static inline void
oracle_field(void *bytes, size_t length, void *context)
{
    struct oracle *o = context;
    o->field[o->n_fields].start = o->n_bytes;
    o->field[o->n_fields++].length = length;
    if (length)
        memcpy(o->bytes + o->n_bytes, bytes, length);
    o->n_bytes += length;
}

static inline void
oracle_record(int terminator, void *context)
{
    struct oracle *o = context;
    (void)terminator;
    o->record[++o->n_records] = o->n_fields;
}

/* Reads the text in one go; what is unfinished at its end does not count. */
static inline void
oracle_read(struct oracle *o, const char *bytes, size_t length, char delimiter)
{
    struct csv_parser parser;
    o->n_bytes = o->n_fields = o->n_records = o->record[0] = 0;
    csv_init(&parser, 0);
    csv_set_delim(&parser, (unsigned char)delimiter);
    if (csv_parse(&parser, bytes, length, oracle_field, oracle_record, o) != length)
        fail_msg("libcsv stopped");
    csv_free(&parser);
}

static inline void
oracle_count(int terminator, void *n)
{
    (void)terminator;
    ++*(size_t *)n;
}

/* Bytes that libcsv needs from a record's start until it is between records again, an LF behind a CR
 * included; all when it never is. Adds the number of records that makes (0 or 1) to *n. */
static inline size_t
oracle_record_length(const char *bytes, size_t length, char delimiter, size_t *n)
{
    struct csv_parser parser;
    size_t i = 0;
    csv_init(&parser, 0);
    csv_set_delim(&parser, (unsigned char)delimiter);
    for (bool done = false; i < length && !done; i++) {
        csv_parse(&parser, bytes + i, 1, NULL, oracle_count, n);
        done = parser.pstate == 0 && (bytes[i] == '\r' || bytes[i] == '\n');
    }
    if (i && i < length && bytes[i - 1] == '\r' && bytes[i] == '\n')
        i++;
    csv_free(&parser);
    return i;
}

/* The length of the plain line that starts here, with its line end; 0 when it is not plain. *finished is
 * false when all there is is plain and no line end has come. */
static inline size_t
plain_line(const char *bytes, size_t length, char delimiter, bool *finished)
{
    size_t i = 0;
    *finished = true;
    for (;;) {
        if (i < length && bytes[i] == '"') {
            for (i++; i < length && bytes[i] != '"'; i++)
                if (bytes[i] == '\n' || bytes[i] == '\r')
                    return 0;
            i++; /* the closing quote, or beyond the end */
            if (i < length && bytes[i] != delimiter && bytes[i] != '\n' && bytes[i] != '\r')
                return 0;
        }
        for (; i < length && bytes[i] != delimiter && bytes[i] != '\n' && bytes[i] != '\r'; i++)
            if (bytes[i] == '"')
                return 0;
        if (i >= length)
            break;
        if (bytes[i] == '\n')
            return i + 1;
        if (bytes[i] == '\r') {
            if (i + 1 == length)
                break;
            return bytes[i + 1] == '\n' ? i + 2 : 0;
        }
        i++;
    }
    *finished = false;
    return 0;
}

static inline uint8_t
token_expected(const char *text, size_t length)
{
    if (length == 0)
        return OM_TOKEN_EMPTY;
    if (length == 1 && text[0] > 0x20 && (unsigned char)text[0] < 0x80)
        return (uint8_t)text[0];
    return length == 2 && memcmp(text, "NA", 2) == 0 ? OM_TOKEN_NA : OM_TOKEN_ODD;
}

#endif
