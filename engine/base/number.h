/* Numbers to text. Fractions and parsing: <omstat/number.h>. */
#ifndef OM_BASE_NUMBER_H
#define OM_BASE_NUMBER_H

#include <omstat/number.h>

enum { OM_NUMBER_TEXT = 32 };

/* The first of %.15g, %.16g and %.17g that reads back as the same double: the shortest decimal, but for a few
 * powers of 2 and numbers below 1e-307. '.' is the point whatever the locale. The value must be finite. -0 is
 * written 0. */
void om_number_format(double value, char text[OM_NUMBER_TEXT]);

enum { OM_DECIMAL_TEXT = 20 };

/* Writes the digits of a whole number, OM_DECIMAL_TEXT at most and no NUL; returns where they end. */
char *om_decimal_put(uint64_t value, char *out);

/* strcmp, but runs of digits compare by value: "2" < "10", "site2" < "site10". Total order. */
int om_natural_compare(const char *a, const char *b);

/* Lower case for ASCII only; the locale is never asked. */
static inline char
om_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline int
om_ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Leaves out the blanks and tabs around text[0..length). */
static inline void
om_trim(const char **text, size_t *length)
{
    while (*length && (**text == ' ' || **text == '\t')) {
        (*text)++;
        (*length)--;
    }
    while (*length && ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t'))
        (*length)--;
}

/* 1 when a[0..n) and the NUL-terminated b are equal, ASCII case ignored. */
int om_ascii_equal(const char *a, size_t n, const char *b);

/* Greatest common divisor and least common multiple of positive numbers. lcm returns 0 on overflow. */
int64_t om_gcd(int64_t a, int64_t b);
int64_t om_lcm(int64_t a, int64_t b);

#endif
