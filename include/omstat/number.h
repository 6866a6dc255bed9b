/* Exact fractions and the text form of numbers, independent of the locale. */
#ifndef OMSTAT_NUMBER_H
#define OMSTAT_NUMBER_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* num / den with den > 0. Not always in lowest terms; equal values may differ in form. */
struct om_fraction {
    int64_t num;
    int64_t den;
};

/* -1, 0 or 1 as a is less than, equal to or greater than b, exactly. */
OM_API int om_fraction_compare(struct om_fraction a, struct om_fraction b);

/* The nearest double. */
OM_API double om_fraction_value(struct om_fraction f);

/* Rounds half-up: floor(f + 1/2), exactly. */
OM_API int64_t om_fraction_round(struct om_fraction f);

/* The decimal notation in text[0..length) ("-12.50", ".5", no exponent, no blanks, at most 18 digits) as a
 * fraction in lowest terms. Returns 0 when it is not one. */
OM_API int om_fraction_parse(const char *text, size_t length, struct om_fraction *out);

/* An integer in text[0..length): optional '-', digits, and optionally a fraction of zeros ("3.0"). Blanks
 * around it are allowed. Returns 1 when it is one, 0 when it is not, -1 when it is one beyond int32. */
OM_API int om_integer_parse(const char *text, size_t length, int32_t *out);

#endif
