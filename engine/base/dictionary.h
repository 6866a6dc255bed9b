/* Strings to small numbers: the same bytes always give the same index, in order of first appearance. */
#ifndef OM_BASE_DICTIONARY_H
#define OM_BASE_DICTIONARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OM_DICTIONARY_FULL = UINT32_MAX - 1, OM_DICTIONARY_NONE = UINT32_MAX };

struct om_dictionary {
    uint64_t *entry; /* offset of each string in bytes */
    size_t n, capacity;
    char *bytes; /* the strings, each preceded by its 4-byte length and followed by a NUL */
    size_t used, bytes_capacity;
    uint32_t *slot; /* open addressing, power of two; OM_DICTIONARY_NONE = free */
    size_t n_slots;
};

#define OM_DICTIONARY_EMPTY ((struct om_dictionary){0})

void om_dictionary_release(struct om_dictionary *dictionary);

/* The index of text[0..length), added when it is new (*is_new, may be NULL). OM_DICTIONARY_FULL when memory
 * is. */
uint32_t om_dictionary_add(struct om_dictionary *dictionary, const char *text, size_t length, bool *is_new);

/* The index, or OM_DICTIONARY_NONE. */
uint32_t om_dictionary_find(const struct om_dictionary *dictionary, const char *text, size_t length);

/* The string, terminated; valid until the next add. */
const char *om_dictionary_text(const struct om_dictionary *dictionary, uint32_t index);
size_t om_dictionary_length(const struct om_dictionary *dictionary, uint32_t index);

#endif
