/*
 * Doubles as text. printf and strtod together are most of the work of a small report, so numbers of the sizes
 * that statistics have are done here, in integers: with v = m 2^e and 17 digits before the point of v 10^k,
 *
 *   v 10^k = m 5^k / 2^s,   s = -(e + k)
 *
 * whose numerator fits 128 bits. Everything is exact, so the digits are those of printf, and whether they
 * read back as v is seen from how far they are from it: half of m's last place is 5^k / 2 in the same unit.
 */
#include "base/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { DIGITS = 17 };

/* v above 1e-10 and below 9e14: 2 <= k <= 27 and s >= 1. */
struct exact {
    uint64_t m, five; /* five = 5^k */
    int s, exponent;  /* of ten: k = 16 - exponent */
    uint64_t digits;  /* DIGITS of them */
    wide rest;        /* what follows them, over 2^s */
};

enum { FIVES = 28, TENS = 18 };
static const uint64_t power_of_5[FIVES] = {1,
                                           5,
                                           25,
                                           125,
                                           625,
                                           3125,
                                           15625,
                                           78125,
                                           390625,
                                           1953125,
                                           9765625,
                                           48828125,
                                           244140625,
                                           1220703125,
                                           6103515625,
                                           30517578125,
                                           152587890625,
                                           762939453125,
                                           3814697265625,
                                           19073486328125,
                                           95367431640625,
                                           476837158203125,
                                           2384185791015625,
                                           11920928955078125,
                                           59604644775390625,
                                           298023223876953125,
                                           1490116119384765625,
                                           7450580596923828125};
static const uint64_t power_of_10[TENS] = {1,
                                           10,
                                           100,
                                           1000,
                                           10000,
                                           100000,
                                           1000000,
                                           10000000,
                                           100000000,
                                           1000000000,
                                           10000000000,
                                           100000000000,
                                           1000000000000,
                                           10000000000000,
                                           100000000000000,
                                           1000000000000000,
                                           10000000000000000,
                                           100000000000000000};

static struct exact
exact_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint64_t hidden = UINT64_C(1)
                            << 52; /* normal and positive: no other bits above it but the exponent */
    const int binary = (int)(bits >> 52) - 1022;
    struct exact x = {.m = (bits & (hidden - 1)) | hidden};
    x.exponent = (binary - 1) * 315653 >> 20; /* log10(2) of it, rounded down: right, or 1 too small */
    const uint64_t least = power_of_10[DIGITS - 1];
    for (;; x.exponent++) {
        int k = DIGITS - 1 - x.exponent;
        x.five = power_of_5[k];
        x.s = 53 - binary - k;
        wide all = (wide)x.m * x.five;
        x.digits = (uint64_t)(all >> x.s);
        x.rest = all - ((wide)x.digits << x.s);
        if (x.digits < 10 * least)
            return x;
    }
}

/* The value to whole units of its last digit, to even where it lies in the middle. False when that does not
 * read back as it. */
static inline bool
round_to(const struct exact *x, uint64_t unit, uint64_t *digits)
{
    wide over = ((wide)(x->digits % unit) << x->s) + x->rest, whole = (wide)unit << x->s;
    *digits = x->digits / unit;
    bool up = over > whole / 2 || (over == whole / 2 && *digits % 2);
    *digits += up;
    /* Below a power of 2 the doubles are twice as dense. 5^k is odd, so neither can be equal. */
    bool dense = !up && x->m == UINT64_C(1) << 52;
    return (up ? whole - over : over) * (dense ? 4 : 2) < x->five;
}

/* As %g: fixed notation from 0.0001 upwards, without the zeros at the end. */
static void
put(uint64_t digits, int exponent, char *out)
{
    char digit[OM_DECIMAL_TEXT];
    while (digits % 10 == 0)
        digits /= 10;
    int n = (int)(om_decimal_put(digits, digit) - digit);
    int point = exponent < -4 ? 1 : exponent + 1; /* digits before it */
    if (point <= 0) {
        *out++ = '0';
        *out++ = '.';
        for (; point < 0; point++)
            *out++ = '0';
        memcpy(out, digit, (size_t)n);
        out += n;
    } else if (point >= n) {
        memcpy(out, digit, (size_t)n);
        memset(out + n, '0', (size_t)(point - n));
        out += point;
    } else {
        memcpy(out, digit, (size_t)point);
        out[point] = '.';
        memcpy(out + point + 1, digit + point, (size_t)(n - point));
        out += n + 1;
    }
    if (exponent < -4) {
        *out++ = 'e';
        *out++ = '-';
        *out++ = (char)('0' + -exponent / 10);
        *out++ = (char)('0' + -exponent % 10);
    }
    *out = '\0';
}

/* False when that is not for this function to do. */
static bool
format_exactly(double value, char *text)
{
    double size = fabs(value);
    if (!(size > 1e-10 && size < 9e14))
        return false;
    if (value < 0)
        *text++ = '-';
    if (size == trunc(size)) { /* most are counts */
        *om_decimal_put((uint64_t)size, text) = '\0';
        return true;
    }
    struct exact x = exact_of(size);
    uint64_t digits = 0;
    int precision = DIGITS; /* as few as do; a division by a constant is a multiplication */
    if (round_to(&x, 100, &digits))
        precision = 15;
    else if (round_to(&x, 10, &digits))
        precision = 16;
    else
        (void)round_to(&x, 1, &digits);
    bool carried = digits == power_of_10[precision]; /* 9.99... became 10 */
    put(digits, x.exponent + carried, text);
    return true;
}

void
om_number_format(double value, char text[OM_NUMBER_TEXT])
{
    if (value == 0) {
        memcpy(text, "0", 2);
        return;
    }
    if (format_exactly(value, text))
        return;
    for (int precision = 15; precision <= DIGITS; precision++) {
        snprintf(text, OM_NUMBER_TEXT, "%.*g", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (char *p = text; *p; p++) /* a host program may have set a locale with another point */
        if (!om_ascii_digit(*p) && *p != '-' && *p != '+' && *p != 'e')
            *p = '.';
}
