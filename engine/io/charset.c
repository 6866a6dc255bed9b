#include "io/charset.h"
#include "base/error.h"

#include <stdint.h>
#include <string.h>

/* 0x80 to 0x9F of Windows-1252 as Unicode's table cp1252 has them; 0 where there is nothing. All others are
 * those of Latin-1, which are Unicode's first. */
static const uint16_t windows1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static unsigned char *
put(unsigned char *out, unsigned character)
{
    if (character < 0x80) {
        *out++ = (unsigned char)character;
    } else if (character < 0x800) {
        *out++ = (unsigned char)(0xC0 | character >> 6);
        *out++ = (unsigned char)(0x80 | (character & 0x3F));
    } else if (character < 0x10000) {
        *out++ = (unsigned char)(0xE0 | character >> 12);
        *out++ = (unsigned char)(0x80 | (character >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (character & 0x3F));
    } else {
        *out++ = (unsigned char)(0xF0 | character >> 18);
        *out++ = (unsigned char)(0x80 | (character >> 12 & 0x3F));
        *out++ = (unsigned char)(0x80 | (character >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (character & 0x3F));
    }
    return out;
}

static unsigned char *
put_byte(const struct om_charset *conversion, unsigned byte, unsigned char *out)
{
    if (conversion->from == OM_ENCODING_WINDOWS1252 && byte >= 0x80 && byte < 0xA0) {
        const unsigned character = windows1252[byte - 0x80];
        if (character)
            return put(out, character);
        *out++ = OM_CHARSET_BAD;
        return out;
    }
    return put(out, byte);
}

/* A unit of UTF-16 (RFC 2781, section 2.2). */
static unsigned char *
put_unit(struct om_charset *conversion, unsigned unit, unsigned char *out)
{
    const unsigned high = conversion->high;
    conversion->high = 0;
    if (high && unit >= 0xDC00 && unit < 0xE000)
        return put(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
    if (high)
        *out++ = OM_CHARSET_BAD;
    if (unit >= 0xD800 && unit < 0xDC00)
        conversion->high = unit;
    else if (unit >= 0xDC00 && unit < 0xE000)
        *out++ = OM_CHARSET_BAD;
    else
        out = put(out, unit);
    return out;
}

static unsigned char *
put_half(struct om_charset *conversion, unsigned char byte, unsigned char *out)
{
    if (!conversion->has_odd) {
        conversion->odd = byte;
        conversion->has_odd = true;
        return out;
    }
    conversion->has_odd = false;
    const unsigned first = conversion->odd;
    return put_unit(conversion,
                    conversion->from == OM_ENCODING_UTF16BE ? first << 8 | byte : first | (unsigned)byte << 8,
                    out);
}

size_t
om_charset_convert(struct om_charset *conversion, const unsigned char *in, size_t n, bool last,
                   unsigned char *out)
{
    const bool wide = conversion->from == OM_ENCODING_UTF16LE || conversion->from == OM_ENCODING_UTF16BE;
    unsigned char *end = out;
    for (size_t i = 0; i < n; i++)
        end = wide ? put_half(conversion, in[i], end) : put_byte(conversion, in[i], end);
    if (last && conversion->high)
        *end++ = OM_CHARSET_BAD;
    if (last && conversion->has_odd)
        *end++ = OM_CHARSET_BAD;
    return (size_t)(end - out);
}

/* --- what the first bytes say --------------------------------------------------------------------------- */

/* In this order: the mark of UTF-32 begins like one of UTF-16. */
static const struct mark {
    const char *name;
    unsigned char bytes[4];
    size_t n;
    enum om_encoding is;
} marks[] = {
    {"UTF-32", {0xFF, 0xFE, 0, 0}, 4, OM_ENCODING_UTF16},
    {"UTF-32", {0, 0, 0xFE, 0xFF}, 4, OM_ENCODING_UTF16},
    {"UTF-16LE", {0xFF, 0xFE}, 2, OM_ENCODING_UTF16LE},
    {"UTF-16BE", {0xFE, 0xFF}, 2, OM_ENCODING_UTF16BE},
    {"UTF-8", {0xEF, 0xBB, 0xBF}, 3, OM_ENCODING_UTF8},
};

om_status
om_charset_probe(struct om_charset *conversion, const unsigned char *bytes, size_t n, struct om_error *err)
{
    const struct mark *found = NULL;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !found; i++)
        if (n >= marks[i].n && memcmp(bytes, marks[i].bytes, marks[i].n) == 0)
            found = &marks[i];
    const bool by_mark = conversion->from == OM_ENCODING_UTF16;
    if (by_mark && found && (found->is == OM_ENCODING_UTF16LE || found->is == OM_ENCODING_UTF16BE))
        conversion->from = found->is;
    if (by_mark && !found && n > 0) {
        om_fail(err, OM_ERR_PANEL, "OM103 there is no byte-order mark to say which UTF-16 this is");
        om_hint(err, "say --encoding utf-16le or --encoding utf-16be");
        return OM_ERR_PANEL;
    }
    if (!found ||
        (found->is == conversion->from && found->is != OM_ENCODING_UTF16)) /* which stands for UTF-32 */
        return OM_OK;
    om_fail(err, OM_ERR_PANEL,
            "OM103 the input begins with the byte-order mark of %s, which --encoding does not say",
            found->name);
    if (found->is == OM_ENCODING_UTF8)
        om_hint(err, "leave --encoding out: it is UTF-8");
    else if (found->is == OM_ENCODING_UTF16)
        om_hint(err, "convert it: iconv -f UTF-32 -t UTF-8");
    else
        om_hint(err, "say --encoding utf-16");
    return OM_ERR_PANEL;
}
