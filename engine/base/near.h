/* Which known words a mistyped one may have meant: for the remedy of an "unknown ..." error. */
#ifndef OM_BASE_NEAR_H
#define OM_BASE_NEAR_H

#include <stddef.h>

enum { OM_NEAR_MAX = 3 };

/* Edits (insert, delete, replace, swap neighbours; letter case ignored) that turn a into b: the restricted
 * Damerau-Levenshtein distance. (size_t)-1 when a word is longer than 48 bytes: those are not typing slips.
 */
size_t om_edit_distance(const char *a, const char *b);

/* Fills near with the nearest of the known words, up to OM_NEAR_MAX that are equally near, in their order,
 * and returns how many. A word is near when few of its letters differ or when one of the two begins with the
 * other. */
size_t om_near_words(const char *word, const char *const *known, size_t n, const char *near[OM_NEAR_MAX]);

#endif
