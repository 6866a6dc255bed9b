#include "base/dictionary.h"
#include "base/hash.h"
#include "base/memory.h"

#include <string.h>

void
om_dictionary_release(struct om_dictionary *dictionary)
{
    om_free(dictionary->entry);
    om_free(dictionary->bytes);
    om_free(dictionary->slot);
    *dictionary = OM_DICTIONARY_EMPTY;
}

const char *
om_dictionary_text(const struct om_dictionary *dictionary, uint32_t index)
{
    return dictionary->bytes + dictionary->entry[index] + sizeof(uint32_t);
}

size_t
om_dictionary_length(const struct om_dictionary *dictionary, uint32_t index)
{
    uint32_t length;
    memcpy(&length, dictionary->bytes + dictionary->entry[index], sizeof length);
    return length;
}

/* The slot that holds text, or the free one where it belongs. */
static size_t
slot_of(const struct om_dictionary *dictionary, const char *text, size_t length)
{
    size_t mask = dictionary->n_slots - 1;
    for (size_t i = om_hash(text, length) & mask;; i = (i + 1) & mask) {
        uint32_t index = dictionary->slot[i];
        if (index == OM_DICTIONARY_NONE)
            return i;
        if (om_dictionary_length(dictionary, index) == length &&
            memcmp(om_dictionary_text(dictionary, index), text, length) == 0)
            return i;
    }
}

/* Doubles the table and files every string anew. */
static bool
grow_slots(struct om_dictionary *dictionary)
{
    size_t larger = dictionary->n_slots ? dictionary->n_slots * 2 : 64;
    uint32_t *slot = om_alloc(larger, sizeof *slot);
    if (!slot)
        return false;
    memset(slot, 0xff, larger * sizeof *slot);
    om_free(dictionary->slot);
    dictionary->slot = slot;
    dictionary->n_slots = larger;
    for (uint32_t k = 0; k < dictionary->n; k++)
        slot[slot_of(dictionary, om_dictionary_text(dictionary, k), om_dictionary_length(dictionary, k))] = k;
    return true;
}

static bool
append(struct om_dictionary *dictionary, const char *text, size_t length)
{
    size_t needed = dictionary->used + sizeof(uint32_t) + length + 1;
    if (needed > dictionary->bytes_capacity) {
        size_t larger = dictionary->bytes_capacity ? dictionary->bytes_capacity : 256;
        while (larger < needed)
            larger *= 2;
        char *bytes = om_realloc(dictionary->bytes, larger, 1);
        if (!bytes)
            return false;
        dictionary->bytes = bytes;
        dictionary->bytes_capacity = larger;
    }
    if (!om_grow(&dictionary->entry, &dictionary->capacity, dictionary->n, sizeof *dictionary->entry))
        return false;
    uint32_t stored = (uint32_t)length;
    char *at = dictionary->bytes + dictionary->used;
    memcpy(at, &stored, sizeof stored);
    memcpy(at + sizeof stored, text, length);
    at[sizeof stored + length] = '\0';
    dictionary->entry[dictionary->n] = dictionary->used;
    dictionary->used = needed;
    return true;
}

uint32_t
om_dictionary_add(struct om_dictionary *dictionary, const char *text, size_t length, bool *is_new)
{
    if (is_new)
        *is_new = false;
    if (dictionary->n * 2 >= dictionary->n_slots && !grow_slots(dictionary))
        return OM_DICTIONARY_FULL;
    size_t slot = slot_of(dictionary, text, length);
    if (dictionary->slot[slot] != OM_DICTIONARY_NONE)
        return dictionary->slot[slot];
    if (dictionary->n >= OM_DICTIONARY_FULL || length >= UINT32_MAX || !append(dictionary, text, length))
        return OM_DICTIONARY_FULL;
    if (is_new)
        *is_new = true;
    return dictionary->slot[slot] = (uint32_t)dictionary->n++;
}

uint32_t
om_dictionary_find(const struct om_dictionary *dictionary, const char *text, size_t length)
{
    return dictionary->n_slots ? dictionary->slot[slot_of(dictionary, text, length)] : OM_DICTIONARY_NONE;
}
