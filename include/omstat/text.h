/* Words: how far apart two of them are, and how they can be shown. */
#ifndef OMSTAT_TEXT_H
#define OMSTAT_TEXT_H

#include <stddef.h>
#include <omstat/status.h>

/* Edits (insert, delete, replace, swap neighbours; letter case ignored) that turn a into b: the restricted
 * Damerau-Levenshtein distance. (size_t)-1 when a word is longer than 48 bytes: those are not typing slips.
 */
OM_API size_t om_edit_distance(const char *a, const char *b);

/* Text from data as it can be shown to people, a character at a time. */
enum { OM_SHOWN = 24 }; /* bytes that one takes at most, with the NUL behind it */

/* Writes the character at text[at], with length > 0 bytes from there on, to shown, and returns how many bytes
 * of text it takes. It is written as it is unless it could disturb a terminal, mislead a reader or command a
 * pipeline: control characters and ill-formed bytes become \n, \t, \x1b; C1 controls, line separators and
 * direction marks \u202e; and of "##", and of "::" at the start or behind a blank, one half is \x23 or \x3a.
 */
OM_API size_t om_text_show(const char *text, size_t at, size_t length, char shown[OM_SHOWN]);

#endif
