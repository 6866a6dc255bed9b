/*
 * Records out, in the form of RFC 4180 with LF line ends. What is written here om_csv_next reads back as it
 * was.
 *
 * The text gathers in a buffer whose failure is sticky (base/buffer.h): write a record, or a whole table, and
 * check once, with om_buffer_ok.
 */
#ifndef OM_CSV_WRITER_H
#define OM_CSV_WRITER_H

#include "base/buffer.h"
#include "base/number.h"

#include <stdbool.h>
#include <stdint.h>

/* A number as it was written. */
struct om_csv_number {
    double value;
    size_t length; /* 0: none yet */
    char text[OM_NUMBER_TEXT];
};

enum { OM_CSV_RECENT = 512 };

struct om_csv_writer {
    struct om_buffer *out; /* borrowed */
    char delimiter;        /* 0 = ',' */

    /* A spreadsheet runs a cell that begins with = + - @ TAB or CR as a formula (CWE-1236). With the guard
     * on, such a text field gets a leading apostrophe; it then reads back with it. Numbers are never touched,
     * nor is text that is one. */
    bool formula_guard;

    size_t n_fields;    /* of the record being written */
    size_t first_field; /* where the record starts in out */

    /* Shortest digits are dear to find, and half of the numbers of a result set were there shortly before. */
    struct om_csv_number recent[OM_CSV_RECENT];
};

void om_csv_write_text(struct om_csv_writer *writer, const char *text); /* NULL is an empty field */
void om_csv_write_bytes(struct om_csv_writer *writer, const char *bytes, size_t length);
void om_csv_write_integer(struct om_csv_writer *writer, int64_t value);
void om_csv_write_double(struct om_csv_writer *writer, double value); /* finite; shortest round trip */
void om_csv_write_empty(struct om_csv_writer *writer);
/* A field once more: the bytes of the buffer that it was written to, without the delimiter. */
void om_csv_write_copy(struct om_csv_writer *writer, size_t at, size_t length);
/* The first n_fields of a record once more. */
void om_csv_write_again(struct om_csv_writer *writer, size_t at, size_t length, size_t n_fields);
void om_csv_write_end(struct om_csv_writer *writer); /* ends the record */

/* Would a spreadsheet run it as a formula? Not a number with a sign, nor a sign alone. */
bool om_csv_is_formula(const char *bytes, size_t length);

/* Does a field of these bytes stand in quotes? */
bool om_csv_needs_quotes(const char *bytes, size_t length, char delimiter);

#endif
