/* The readings of one column name. See recognise.h. */
#ifndef OM_PANEL_GUESS_H
#define OM_PANEL_GUESS_H

#include "panel/recognise.h"

struct om_guess {
    const struct om_instrument *instrument;
    const struct om_naming *naming;
    int item;
    size_t column;
    char occasion[OM_OCCASION_TEXT];
    char scheme[160];
};

struct om_guesses {
    struct om_guess *at;
    size_t n, capacity;
};

/* Adds every reading of the name of column. */
om_status om_guess_column(const struct om_registry *registry, const char *name, size_t column,
                          struct om_guesses *guesses, struct om_error *err) OM_NODISCARD;

/* Reads name as a total's column: `wanted` and, before or behind it or between its parts, an occasion.
 * Without {occasion} in it, `wanted` may stand for the whole name or go with any word for an occasion. */
bool om_guess_total(const char *wanted, const char *name, char occasion[OM_OCCASION_TEXT]);

/* Reads name by a user's pattern: sets *item and occasion and returns true when it fits. */
bool om_guess_pattern(const struct om_instrument *instrument, const char *pattern, const char *name,
                      int *item, char occasion[OM_OCCASION_TEXT]);

#endif
