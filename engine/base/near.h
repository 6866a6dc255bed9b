/* Which known words a mistyped one may have meant: for the remedy of an "unknown ..." error. */
#ifndef OM_BASE_NEAR_H
#define OM_BASE_NEAR_H

#include <omstat/text.h>

enum { OM_NEAR_MAX = 3 };

/* Fills near with the nearest of the known words, up to OM_NEAR_MAX that are equally near, in their order,
 * and returns how many. A word is near when few of its letters differ or when one of the two begins with the
 * other. */
size_t om_near_words(const char *word, const char *const *known, size_t n, const char *near[OM_NEAR_MAX]);

#endif
