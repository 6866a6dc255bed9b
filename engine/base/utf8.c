#include "base/utf8.h"

/* The Unicode standard, table 3-7: what may follow a lead byte. */
struct lead {
    unsigned char from, to;                /* the lead byte */
    unsigned char second_low, second_high; /* the range of the byte after it; all others are 80..BF */
    int following;
};

static const struct lead leads[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2}, {0xE1, 0xEC, 0x80, 0xBF, 2},
    {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2}, {0xF0, 0xF0, 0x90, 0xBF, 3},
    {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
};

static const struct lead *
lead_of(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (byte >= leads[i].from && byte <= leads[i].to)
            return &leads[i];
    return NULL;
}

size_t
om_utf8_next(const char *text, size_t length, uint32_t *character)
{
    unsigned char first = (unsigned char)text[0];
    *character = first;
    if (first < 0x80)
        return 1;
    *character = OM_UTF8_INVALID;
    const struct lead *lead = lead_of(first);
    if (!lead)
        return 1;
    uint32_t value = first & (0x3Fu >> lead->following);
    for (size_t i = 1; i <= (size_t)lead->following; i++) {
        unsigned char low = i == 1 ? lead->second_low : 0x80, high = i == 1 ? lead->second_high : 0xBF;
        unsigned char byte = i < length ? (unsigned char)text[i] : 0;
        if (byte < low || byte > high)
            return i;
        value = value << 6 | (byte & 0x3Fu);
    }
    *character = value;
    return (size_t)lead->following + 1;
}

bool
om_utf8_valid(const char *text, size_t length)
{
    uint32_t character = 0;
    for (size_t i = 0; i < length && character != OM_UTF8_INVALID;)
        i += om_utf8_next(text + i, length - i, &character);
    return character != OM_UTF8_INVALID;
}
