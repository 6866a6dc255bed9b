/*
 * Bytes of another encoding to UTF-8, a block at a time and whatever the cuts.
 *
 * What the encoding does not allow (half a surrogate pair, an odd byte at the end, a byte that Windows-1252
 * leaves out) becomes OM_CHARSET_BAD, a byte that is never part of UTF-8. So it is found where it stands, as
 * any other byte that is no text (OM101), and is never guessed at.
 */
#ifndef OM_IO_CHARSET_H
#define OM_IO_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/encoding.h>
#include <omstat/status.h>

enum { OM_CHARSET_BAD = 0xFF, OM_CHARSET_PROBE = 4 };

/* Zeroed but for `from` at first. */
struct om_charset {
    enum om_encoding from; /* not OM_ENCODING_UTF16: see om_charset_probe */
    unsigned char odd;     /* UTF-16: the first byte of a unit whose second has not come */
    bool has_odd;
    unsigned high; /* UTF-16: the first half of a pair; 0 = none */
};

/* Bytes that n bytes can become, what is left of those before included. */
static inline size_t
om_charset_room(size_t n)
{
    return 3 * n + 8;
}

/* Converts n bytes; returns how many it wrote to out. last: nothing follows. */
size_t om_charset_convert(struct om_charset *conversion, const unsigned char *in, size_t n, bool last,
                          unsigned char *out);

/* Do the first bytes of an input (OM_CHARSET_PROBE, or all there are) fit what was said of it? Settles which
 * UTF-16 it is. Errors: OM_ERR_PANEL (OM103). */
om_status om_charset_probe(struct om_charset *conversion, const unsigned char *bytes, size_t n,
                           struct om_error *err) OM_NODISCARD;

#endif
