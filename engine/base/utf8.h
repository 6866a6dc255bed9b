/* Is it UTF-8? */
#ifndef OM_BASE_UTF8_H
#define OM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True when text[0..length) is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, at most
 * U+10FFFF). */
bool om_utf8_valid(const char *text, size_t length);

#endif
