#include "fill.h"

#include <stdbool.h>
#include <string.h>

/* Length of the printable UTF-8 character at text, 0 when there is none. */
static size_t
printable(const unsigned char *text)
{
    if (text[0] < 0x80)
        return text[0] >= 0x20 && text[0] != 0x7F;
    size_t n = text[0] >= 0xF0 ? 4 : text[0] >= 0xE0 ? 3 : 2;
    if (text[0] < 0xC2 || text[0] > 0xF4 || (text[0] == 0xC2 && text[1] < 0xA0)) /* C1 controls: U+0080 ... */
        return 0;
    if ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90)) /* longer than need be */
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

void
om_put_safe_bytes(FILE *stream, const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        size_t n = printable(at);
        if (n)
            fwrite(at, 1, n, stream);
        else if (*at == '\n')
            fputs("\\n", stream);
        else
            fprintf(stream, "\\x%02x", *at);
        at += n ? n : 1;
    }
}

void
om_put_safe(FILE *stream, const char *text)
{
    om_put_safe_bytes(stream, text, strlen(text));
}

static size_t
columns(const char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

size_t
om_fill_columns(const char *text)
{
    return columns(text, strlen(text));
}

static void
pad(FILE *stream, size_t n)
{
    fprintf(stream, "%*s", (int)n, "");
}

void
om_fill(FILE *stream, const char *text, size_t at, size_t indent)
{
    bool line_is_empty = true;
    while (*text) {
        size_t length = strcspn(text, " \n"), wide = columns(text, length);
        if (length && !line_is_empty && at + 1 + wide > OM_FILL_WIDTH) {
            fputc('\n', stream);
            at = 0;
            line_is_empty = true;
        }
        if (length) {
            size_t gap = at < indent ? indent - at : !line_is_empty;
            pad(stream, gap);
            om_put_safe_bytes(stream, text, length);
            at += gap + wide;
            line_is_empty = false;
        }
        text += length;
        if (*text == '\n') {
            fputc('\n', stream);
            at = 0;
            line_is_empty = true;
        }
        text += *text != '\0';
    }
    fputc('\n', stream);
}

void
om_fill_entry(FILE *stream, size_t margin, const char *label, const char *text, size_t indent)
{
    pad(stream, margin);
    om_put_safe(stream, label);
    size_t at = margin + om_fill_columns(label);
    if (at + 2 > indent) {
        fputc('\n', stream);
        at = 0;
    }
    om_fill(stream, text, at, indent);
}
