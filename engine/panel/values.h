/*
 * The values that one reader has seen in a column of groups or occasions, numbered as they turned up.
 *
 * Several readers number on their own; each value gets the panel's number when the piece it first stood in is
 * joined to those before it, so that the panel's numbers do not depend on who read what.
 */
#ifndef OM_PANEL_VALUES_H
#define OM_PANEL_VALUES_H

#include "base/dictionary.h"

#include <omstat/status.h>

enum { OM_VALUES_CACHE = 64 };

/* A value first used in the piece being read. */
struct om_new_value {
    uint32_t value; /* this reader's number */
    size_t row;     /* of the block */
};

struct om_values_slot {
    uint64_t text;          /* of up to 8 bytes */
    uint32_t length, value; /* length + 1: an empty slot has none */
};

struct om_values {
    struct om_dictionary known;
    uint32_t *index; /* the panel's number of each; OM_DICTIONARY_NONE until it has one */
    size_t capacity;
    uint32_t *noted; /* the piece in which it was put down as new */
    size_t noted_capacity;
    uint32_t piece;
    struct om_new_value *fresh; /* the new ones of this piece, by row */
    size_t n_fresh, fresh_capacity;
    struct om_values_slot cache[OM_VALUES_CACHE];
    uint32_t of_token[128]; /* number + 1 of a value of one byte that has the panel's number; 0: none */
};

void om_values_release(struct om_values *values);

/* Forgets what was new: another piece begins, or the same one again. */
void om_values_start(struct om_values *values);

/* The number of text, used by a row of the block. OM_DICTIONARY_FULL when memory is. */
uint32_t om_values_take(struct om_values *values, const char *text, size_t length, size_t row);

#endif
