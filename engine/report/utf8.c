#include "report/utf8.h"

#include <omstat/text.h>

#include <string.h>

void
om_utf8_repair(struct om_buffer *out, const char *text)
{
    uint32_t character;
    for (size_t left = strlen(text), n; left; text += n, left -= n) {
        n = om_utf8_next(text, left, &character);
        if (character == OM_UTF8_INVALID)
            om_buffer_text(out, "\xEF\xBF\xBD");
        else
            om_buffer_add(out, text, n);
    }
}

struct range {
    uint32_t from, to;
};

static int
within(const struct range *range, size_t n, uint32_t character)
{
    for (size_t i = 0; i < n; i++)
        if (character >= range[i].from && character <= range[i].to)
            return 1;
    return 0;
}

#define WITHIN(table, character) within(table, sizeof(table) / sizeof *(table), character)

/* The main blocks of Unicode's non-spacing marks and of its wide and full-width characters. */
static const struct range combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x093C, 0x093C}, {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
};
static const struct range wide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
    {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};

static size_t
width_of(uint32_t character)
{
    if (character < 0x80)
        return 1;
    if (WITHIN(combining, character))
        return 0;
    return WITHIN(wide, character) ? 2 : 1;
}

size_t
om_utf8_width(const char *text)
{
    size_t width = 0;
    uint32_t character;
    for (size_t left = strlen(text), n; left; text += n, left -= n) {
        n = 1;
        if ((unsigned char)*text < 0x80) {
            width++;
            continue;
        }
        n = om_utf8_next(text, left, &character);
        width += width_of(character);
    }
    return width;
}

/* How many characters from here on are printable ASCII, up to the next # or colon. */
static size_t
plain_run(const char *text)
{
    size_t n = 0;
    while (text[n] >= 0x20 && text[n] < 0x7F && text[n] != '#' && text[n] != ':')
        n++;
    return n;
}

void
om_utf8_display(struct om_buffer *out, const char *text)
{
    const char *at = text;
    for (size_t left = strlen(text), n; left; at += n, left -= n) {
        char shown[OM_SHOWN];
        n = plain_run(at);
        if (n > 0) { /* nearly everything */
            om_buffer_add(out, at, n);
            continue;
        }
        n = om_text_show(text, (size_t)(at - text), left, shown);
        om_buffer_text(out, shown);
    }
}

size_t
om_utf8_fit(struct om_buffer *out, const char *displayed, size_t width)
{
    size_t total = om_utf8_width(displayed), left = strlen(displayed), before = 0, shown = 0;
    if (total <= width) {
        om_buffer_text(out, displayed);
        return total;
    }
    size_t head = width / 2, tail = width - head - 1;
    int cut = 0;
    uint32_t character;
    for (size_t n; left; displayed += n, left -= n) {
        n = om_utf8_next(displayed, left, &character);
        size_t w = width_of(character);
        if (!cut && before + w > head) {
            om_buffer_text(out, "…");
            shown++;
            cut = 1;
        }
        if (!cut || before >= total - tail) {
            om_buffer_add(out, displayed, n);
            shown += w;
        }
        before += w;
    }
    return shown;
}
