/*
 * A score that arrives as a number, in the eight bytes it takes in a row of answers.
 *
 * A decimal m / 10^p is kept as 16 m + p, without zeros at its end: exact, and the same for 90.5 and 90.50.
 * Whatever is no number is eight times the byte that says why (OM_CODE_BLANK and its like), so that a row
 * filled with blanks holds blank totals. |m| < 2^53 keeps the two apart.
 */
#ifndef OM_PANEL_TOTAL_H
#define OM_PANEL_TOTAL_H

#include "panel/decode.h"

#include <omstat/number.h>
#include <string.h>

enum {
    OM_TOTAL_BYTES = 8,
    OM_TOTAL_PLACES_MAX = 9, /* digits behind the point */
};

/* One total column of one file. */
struct om_panel_total {
    size_t column;             /* in the file */
    size_t target;             /* slot * n_totals + total */
    struct om_decoder decoder; /* for the texts that are no numbers */
    bool comma;                /* 90,5 is a decimal: the fields are separated by something else */
};

static inline uint64_t
om_total_none(uint8_t code)
{
    return code * UINT64_C(0x0101010101010101);
}

/* Is it a number, not a blank, declined or invalid one? */
static inline bool
om_total_is_number(uint64_t total)
{
    uint8_t top = (uint8_t)(total >> 56);
    return top < 0x80 || top > OM_CODE_INVALID;
}

static inline uint64_t
om_total_at(const uint8_t *byte)
{
    uint64_t total;
    memcpy(&total, byte, sizeof total);
    return total;
}

/* Its value. om_total_is_number(total). */
struct om_fraction om_total_value(uint64_t total);

/* Is it one that om_total_decode gives for this scale: a number in its range, in its shortest form? */
bool om_total_is_canonical(uint64_t total, const struct om_scale *scale);

/* The total of a cell; *fault says why it is none but blank, declined or "does not apply". */
uint64_t om_total_decode(const struct om_panel_total *total, const char *text, size_t length,
                         enum om_cell_fault *fault);

#endif
