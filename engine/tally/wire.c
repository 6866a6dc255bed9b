#include "tally/wire.h"
#include "base/memory.h"

#include <string.h>

/* As in PNG: a byte that no text has, line ends that a transfer as text would change, an end of file. */
const unsigned char om_wire_magic[OM_TALLY_MAGIC] = {0x89, 'O', 'M', 'T', '\r', '\n', 0x1a, '\n'};

const char om_wire_kind[OM_TALLY_KINDS][5] = {"RECS", "FIND", "PERS", "DESC", "SCOR",
                                              "SAFE", "SUMS", "JOIN", "ITEM"};

bool
om_tally_is(const void *bytes, size_t length)
{
    enum { NAME = 4 }; /* behind it are line ends, which show whether they were changed on the way */
    return length >= NAME && memcmp(bytes, om_wire_magic, NAME) == 0;
}

void
om_wire_put(struct om_buffer *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        om_buffer_char(out, (char)(unsigned char)(number | 0x80));
    om_buffer_char(out, (char)number);
}

void
om_wire_put_signed(struct om_buffer *out, int64_t number)
{
    uint64_t twice = (uint64_t)number << 1;
    om_wire_put(out, number < 0 ? ~twice : twice);
}

void
om_wire_put_text(struct om_buffer *out, const char *text)
{
    size_t length = strlen(text);
    om_wire_put(out, length);
    om_buffer_add(out, text, length);
}

void
om_wire_put_fixed(struct om_buffer *out, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        om_buffer_char(out, (char)(unsigned char)(number >> (8 * i)));
}

static uint64_t
fail(struct om_wire *in)
{
    in->bad = true;
    in->at = in->end;
    return 0;
}

uint64_t
om_wire_get(struct om_wire *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in->at == in->end)
            return fail(in);
        unsigned char byte = *in->at++;
        if (shift == 63 && byte > 1)
            return fail(in);
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return byte == 0 && shift > 0 ? fail(in) : number; /* longer than needed */
    }
    return fail(in);
}

int64_t
om_wire_get_signed(struct om_wire *in)
{
    uint64_t twice = om_wire_get(in);
    return twice & 1 ? (int64_t) ~(twice >> 1) : (int64_t)(twice >> 1);
}

size_t
om_wire_get_count(struct om_wire *in)
{
    uint64_t n = om_wire_get(in);
    return n <= (uint64_t)(in->end - in->at) ? (size_t)n : (size_t)fail(in);
}

uint32_t
om_wire_get_below(struct om_wire *in, uint64_t limit)
{
    uint64_t number = om_wire_get(in);
    return number < limit && number <= UINT32_MAX ? (uint32_t)number : (uint32_t)fail(in);
}

char *
om_wire_get_text(struct om_wire *in, bool *memory)
{
    size_t length = om_wire_get_count(in);
    if (!in->bad && length && memchr(in->at, 0, length))
        fail(in);
    if (in->bad)
        return NULL;
    char *text = om_strndup((const char *)in->at, length);
    *memory &= text != NULL;
    in->at += length;
    return text;
}

uint64_t
om_wire_get_fixed(struct om_wire *in, size_t bytes)
{
    uint64_t number = 0;
    if ((size_t)(in->end - in->at) < bytes)
        return fail(in);
    for (size_t i = 0; i < bytes; i++)
        number |= (uint64_t)in->at[i] << (8 * i);
    in->at += bytes;
    return number;
}
