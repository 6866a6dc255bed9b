#include "panel/values.h"
#include "base/memory.h"

#include <string.h>

void
om_values_release(struct om_values *values)
{
    om_dictionary_release(&values->known);
    om_free(values->index);
    om_free(values->noted);
    om_free(values->fresh);
    *values = (struct om_values){0};
}

void
om_values_start(struct om_values *values)
{
    values->piece++;
    values->n_fresh = 0;
}

/* Puts a value without a number of the panel's down, once a piece. */
static bool
note(struct om_values *values, uint32_t value, size_t row)
{
    if (values->noted[value] == values->piece)
        return true;
    if (!om_grow(&values->fresh, &values->fresh_capacity, values->n_fresh, sizeof *values->fresh))
        return false;
    values->fresh[values->n_fresh++] = (struct om_new_value){.value = value, .row = row};
    values->noted[value] = values->piece;
    return true;
}

static uint32_t
look_up(struct om_values *values, const char *text, size_t length)
{
    bool is_new;
    uint32_t value = om_dictionary_add(&values->known, text, length, &is_new);
    if (value == OM_DICTIONARY_FULL || !is_new)
        return value;
    if (!om_grow(&values->index, &values->capacity, value, sizeof *values->index) ||
        !om_grow(&values->noted, &values->noted_capacity, value, sizeof *values->noted))
        return OM_DICTIONARY_FULL;
    values->index[value] = OM_DICTIONARY_NONE;
    values->noted[value] = 0;
    return value;
}

/* Short texts, nearly all of them, are found by their bytes in a small table. */
static uint32_t
find(struct om_values *values, const char *text, size_t length)
{
    uint64_t word = 0;
    if (length > sizeof word)
        return look_up(values, text, length);
    for (size_t i = 0; i < length; i++)
        word |= (uint64_t)(unsigned char)text[i] << (8 * i);
    struct om_values_slot *slot =
        &values->cache[word * UINT64_C(0x9e3779b97f4a7c15) >> 58]; /* Knuth's multiplicative hash */
    if (slot->text != word || slot->length != length + 1) {
        uint32_t value = look_up(values, text, length);
        if (value == OM_DICTIONARY_FULL)
            return value;
        *slot = (struct om_values_slot){.text = word, .length = (uint32_t)length + 1, .value = value};
    }
    return slot->value;
}

uint32_t
om_values_take(struct om_values *values, const char *text, size_t length, size_t row)
{
    uint32_t value = find(values, text, length);
    if (value == OM_DICTIONARY_FULL)
        return value;
    if (values->index[value] != OM_DICTIONARY_NONE) {
        if (length == 1 && (unsigned char)*text < 128)
            values->of_token[(unsigned char)*text] = value + 1;
        return value;
    }
    return note(values, value, row) ? value : OM_DICTIONARY_FULL;
}
