/* Words: how far apart two of them are. */
#ifndef OMSTAT_TEXT_H
#define OMSTAT_TEXT_H

#include <stddef.h>
#include <omstat/status.h>

/* Edits (insert, delete, replace, swap neighbours; letter case ignored) that turn a into b: the restricted
 * Damerau-Levenshtein distance. (size_t)-1 when a word is longer than 48 bytes: those are not typing slips.
 */
OM_API size_t om_edit_distance(const char *a, const char *b);

#endif
