/* UTF-8, character by character. */
#ifndef OM_BASE_UTF8_H
#define OM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OM_UTF8_INVALID UINT32_MAX

/* Reads one character of text[0..length), length > 0, and returns how many bytes it takes. An ill-formed
 * sequence gives OM_UTF8_INVALID and the length of its longest prefix that could have begun a character (at
 * least 1), as the Unicode standard recommends for replacement. */
size_t om_utf8_next(const char *text, size_t length, uint32_t *character);

/* True when text[0..length) is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most
 * U+10FFFF). */
bool om_utf8_valid(const char *text, size_t length);

/* Is it a character that shows, or a space, and does nothing else? */
bool om_utf8_prints(uint32_t character);

#endif
