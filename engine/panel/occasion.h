/*
 * Words for occasions: "pre", "baseline", "t2", "week12", "fu1".
 *
 * Two occasions can be put in order when both are words of this list, or both are plain numbers, or both
 * carry the same unit (t1 before t2). Anything else has no order of its own and the user is asked.
 */
#ifndef OM_PANEL_OCCASION_H
#define OM_PANEL_OCCASION_H

#include <stdbool.h>
#include <stddef.h>

struct om_occasion_word {
    int rank;      /* start < numbered < middle < end < follow-up */
    char unit[12]; /* "t", "week"; "" for plain words and numbers */
    double number; /* of numbered words */
};

/* Reads text[0..length) (any case) as an occasion word. Plain numbers count only if allow_number. */
bool om_occasion_parse(const char *text, size_t length, bool allow_number, struct om_occasion_word *out);

/* Sets *order to -1, 0 or 1; returns false when the two have no order. */
bool om_occasion_order(const struct om_occasion_word *a, const struct om_occasion_word *b, int *order);

#endif
