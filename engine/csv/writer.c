#include "csv/writer.h"

#include <string.h>

static char
delimiter_of(const struct om_csv_writer *writer)
{
    return writer->delimiter ? writer->delimiter : ',';
}

static void
start_field(struct om_csv_writer *writer)
{
    if (writer->n_fields++ == 0)
        writer->first_field = writer->out->length;
    else
        om_buffer_char(writer->out, delimiter_of(writer));
}

/* What stands before a field; returns where the field begins. */
static char *
put_start(struct om_csv_writer *writer, char *to)
{
    if (writer->n_fields++ > 0)
        *to++ = delimiter_of(writer);
    else
        writer->first_field = writer->out->length;
    return to;
}

/* A whole field that needs no quotes, to where there is room; returns where it ends. */
static char *
put_plain(struct om_csv_writer *writer, char *to, const char *bytes, size_t length)
{
    to = put_start(writer, to);
    memcpy(to, bytes, length);
    return to + length;
}

static void
write_plain(struct om_csv_writer *writer, const char *bytes, size_t length)
{
    char *to = om_buffer_room(writer->out, length + 1);
    if (to)
        om_buffer_wrote(writer->out, put_plain(writer, to, bytes, length));
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Blanks at the ends need quotes too: a reader trims them otherwise. */
bool
om_csv_needs_quotes(const char *bytes, size_t length, char delimiter)
{
    if (length == 0)
        return false;
    if (is_blank(bytes[0]) || is_blank(bytes[length - 1]))
        return true;
    const char last = delimiter > '"' ? delimiter : '"'; /* of those that need them */
    for (size_t i = 0; i < length; i++)
        if (bytes[i] <= last &&
            (bytes[i] == delimiter || bytes[i] == '"' || bytes[i] == '\r' || bytes[i] == '\n'))
            return true;
    return false;
}

static void
add_doubling_quotes(struct om_buffer *out, const char *bytes, size_t length)
{
    while (length) {
        const char *quote = memchr(bytes, '"', length);
        size_t run = quote ? (size_t)(quote - bytes) + 1 : length;
        om_buffer_add(out, bytes, run);
        if (quote)
            om_buffer_char(out, '"');
        bytes += run;
        length -= run;
    }
}

bool
om_csv_is_formula(const char *bytes, size_t length)
{
    struct om_fraction number;
    if (length < 2 || !memchr("=@+-\t\r", bytes[0], 6))
        return false;
    return (*bytes != '+' && *bytes != '-') || !om_fraction_parse(bytes + 1, length - 1, &number);
}

void
om_csv_write_bytes(struct om_csv_writer *writer, const char *bytes, size_t length)
{
    bool guard = writer->formula_guard && om_csv_is_formula(bytes, length);
    bool quote =
        om_csv_needs_quotes(bytes, length, delimiter_of(writer)) || (guard && delimiter_of(writer) == '\'');
    if (!quote && !guard) {
        write_plain(writer, bytes, length);
        return;
    }
    start_field(writer);
    if (guard)
        om_buffer_text(writer->out, quote ? "\"'" : "'");
    else
        om_buffer_char(writer->out, '"');
    if (!quote) {
        om_buffer_add(writer->out, bytes, length);
        return;
    }
    add_doubling_quotes(writer->out, bytes, length);
    om_buffer_char(writer->out, '"');
}

void
om_csv_write_text(struct om_csv_writer *writer, const char *text)
{
    om_csv_write_bytes(writer, text ? text : "", text ? strlen(text) : 0);
}

/* Numbers are quoted only where the delimiter is one of their characters. */
static void
write_number(struct om_csv_writer *writer, const char text[OM_NUMBER_TEXT], size_t length)
{
    if (delimiter_of(writer) == ',' || !memchr(text, delimiter_of(writer), length)) {
        char *to = om_buffer_room(writer->out, OM_NUMBER_TEXT + 1);
        if (to) { /* as many bytes each time: no loop, no call */
            to = put_start(writer, to);
            memcpy(to, text, OM_NUMBER_TEXT);
            om_buffer_wrote(writer->out, to + length);
        }
        return;
    }
    start_field(writer);
    om_buffer_char(writer->out, '"');
    om_buffer_add(writer->out, text, length);
    om_buffer_char(writer->out, '"');
}

void
om_csv_write_integer(struct om_csv_writer *writer, int64_t value)
{
    char text[OM_NUMBER_TEXT] = "-";
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    const char *end = om_decimal_put(magnitude, text + (value < 0));
    write_number(writer, text, (size_t)(end - text));
}

void
om_csv_write_double(struct om_csv_writer *writer, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    struct om_csv_number *number =
        &writer->recent[(bits * UINT64_C(0x9E3779B97F4A7C15) >> 32) % OM_CSV_RECENT];
    if (number->value != value || !number->length) {
        number->value = value;
        om_number_format(value, number->text);
        number->length = strlen(number->text);
    }
    write_number(writer, number->text, number->length);
}

void
om_csv_write_empty(struct om_csv_writer *writer)
{
    char *to = om_buffer_room(writer->out, 1);
    if (to)
        om_buffer_wrote(writer->out, put_start(writer, to));
}

void
om_csv_write_copy(struct om_csv_writer *writer, size_t at, size_t length)
{
    char *to = om_buffer_room(writer->out, length + 1);
    if (to)
        om_buffer_wrote(writer->out, put_plain(writer, to, writer->out->data + at, length));
}

void
om_csv_write_again(struct om_csv_writer *writer, size_t at, size_t length, size_t n_fields)
{
    char *to = om_buffer_room(writer->out, length);
    writer->first_field = writer->out->length;
    writer->n_fields = n_fields;
    if (!to)
        return;
    memcpy(to, writer->out->data + at, length);
    om_buffer_wrote(writer->out, to + length);
}

/* A record of one empty field would be a blank line, which readers skip. */
void
om_csv_write_end(struct om_csv_writer *writer)
{
    if (writer->n_fields == 1 && writer->out->length == writer->first_field)
        om_buffer_text(writer->out, "\"\"");
    writer->n_fields = 0;
    char *to = om_buffer_room(writer->out, 1);
    if (!to)
        return;
    *to = '\n';
    om_buffer_wrote(writer->out, to + 1);
}
