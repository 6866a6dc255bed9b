#include "fill.h"

#include <omstat/text.h>
#include <stdbool.h>
#include <string.h>

void
om_put_safe_bytes(FILE *stream, const char *text, size_t length)
{
    char shown[OM_SHOWN];
    for (size_t at = 0; at < length;) {
        at += om_text_show(text, at, length - at, shown);
        fputs(shown, stream);
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
