/* Text from data, made fit to be shown. */
#include <omstat/text.h>

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* Characters that move the line or reverse its direction, and code points that are none and may not stand in
 * documents. */
static const struct {
    uint32_t from, to;
} unprintable[] = {
    {0x0080, 0x009F}, {0x061C, 0x061C}, {0x200E, 0x200F}, {0x2028, 0x202E},
    {0x2066, 0x2069}, {0xFDD0, 0xFDEF}, {0xFFFE, 0xFFFF},
};

bool
om_utf8_prints(uint32_t character)
{
    for (size_t i = 0; i < sizeof unprintable / sizeof *unprintable; i++)
        if (character >= unprintable[i].from && character <= unprintable[i].to)
            return false;
    return character >= 0x20 && character != 0x7F && (character & 0xFFFE) != 0xFFFE;
}

/* ##vso[, ##[ and, at the start of a line, :: are commands to pipelines: is it the second # or first colon of
 * one? A line can begin behind any blank, where words are put into lines. */
static bool
commands(const char *text, size_t at, size_t length)
{
    if (text[at] == '#')
        return at > 0 && text[at - 1] == '#';
    return text[at] == ':' && length > 1 && text[at + 1] == ':' && (at == 0 || text[at - 1] == ' ');
}

size_t
om_text_show(const char *text, size_t at, size_t length, char shown[OM_SHOWN])
{
    uint32_t character;
    const size_t n = om_utf8_next(text + at, length, &character);
    if (character == OM_UTF8_INVALID)
        for (size_t i = 0; i < n; i++)
            snprintf(shown + 4 * i, OM_SHOWN - 4 * i, "\\x%02x", (unsigned char)text[at + i]);
    else if (character == '\n' || character == '\r' || character == '\t')
        snprintf(shown, OM_SHOWN, "%s", character == '\n' ? "\\n" : character == '\r' ? "\\r" : "\\t");
    else if (character < 0x20 || character == 0x7F || commands(text, at, length))
        snprintf(shown, OM_SHOWN, "\\x%02x", (unsigned)character);
    else if (!om_utf8_prints(character))
        snprintf(shown, OM_SHOWN, "\\u%04x", (unsigned)character);
    else
        snprintf(shown, OM_SHOWN, "%.*s", (int)n, text + at);
    return n;
}
