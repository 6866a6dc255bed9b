#include "base/number.h"

#include <string.h>

__extension__ typedef __int128 wide;

int
om_fraction_compare(struct om_fraction a, struct om_fraction b)
{
    wide left = (wide)a.num * b.den, right = (wide)b.num * a.den;
    return (left > right) - (left < right);
}

double
om_fraction_value(struct om_fraction f)
{
    return (double)f.num / (double)f.den;
}

int64_t
om_fraction_round(struct om_fraction f)
{
    wide twice = 2 * (wide)f.num + f.den; /* floor((2 num + den) / (2 den)) */
    wide den = 2 * (wide)f.den;
    wide quotient = twice / den;
    return (int64_t)(twice % den < 0 ? quotient - 1 : quotient);
}

int64_t
om_gcd(int64_t a, int64_t b)
{
    while (b) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

int64_t
om_lcm(int64_t a, int64_t b)
{
    int64_t product;
    return __builtin_mul_overflow(a / om_gcd(a, b), b, &product) ? 0 : product;
}

int
om_fraction_parse(const char *text, size_t length, struct om_fraction *out)
{
    size_t i = 0, digits = 0;
    int64_t num = 0, den = 1;
    int negative = length > 0 && text[0] == '-', point = 0;
    for (i = negative ? 1 : 0; i < length; i++) {
        if (text[i] == '.' && !point) {
            point = 1;
        } else if (om_ascii_digit(text[i]) && digits < 18) {
            num = num * 10 + (text[i] - '0');
            den *= point ? 10 : 1;
            digits++;
        } else {
            return 0;
        }
    }
    if (digits == 0)
        return 0;
    int64_t common = om_gcd(num, den);
    out->num = (negative ? -num : num) / common;
    out->den = den / common;
    return 1;
}

int
om_integer_parse(const char *text, size_t length, int32_t *out)
{
    om_trim(&text, &length);
    size_t i = length && text[0] == '-' ? 1 : 0;
    int negative = (int)i, overflow = 0;
    int64_t value = 0, limit = (int64_t)INT32_MAX + negative;
    size_t first = i;
    for (; i < length && om_ascii_digit(text[i]); i++) {
        value = value * 10 + (text[i] - '0');
        if (value > limit) {
            overflow = 1;
            value = limit;
        }
    }
    if (i == first)
        return 0;
    if (i < length) { /* only ".0", ".00", ... may follow */
        if (text[i] != '.' || i + 1 == length)
            return 0;
        for (i++; i < length; i++)
            if (text[i] != '0')
                return 0;
    }
    if (overflow)
        return -1;
    *out = (int32_t)(negative ? -value : value);
    return 1;
}

/* How many digits. */
static int
decimal_width(uint64_t value)
{
    int n = 1;
    for (; value >= 10000; value /= 10000)
        n += 4;
    return n + (value >= 10) + (value >= 100) + (value >= 1000);
}

char *
om_decimal_put(uint64_t value, char *out)
{
    static const char pair[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
        "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
        "8081828384858687888990919293949596979899";
    char *const end = out + decimal_width(value);
    char *at = end;
    for (; value >= 100; value /= 100)
        memcpy(at -= 2, pair + 2 * (value % 100), 2);
    if (value >= 10)
        memcpy(at - 2, pair + 2 * value, 2);
    else
        at[-1] = (char)('0' + value);
    return end;
}

int
om_ascii_equal(const char *a, size_t n, const char *b)
{
    size_t i = 0;
    for (; i < n && b[i]; i++)
        if (om_ascii_lower(a[i]) != om_ascii_lower(b[i]))
            return 0;
    return i == n && !b[i];
}

/* Length of the run of digits at text, leading zeros skipped by *text. */
static size_t
digit_run(const char **text)
{
    while (**text == '0' && om_ascii_digit((*text)[1]))
        (*text)++;
    size_t n = 0;
    while (om_ascii_digit((*text)[n]))
        n++;
    return n;
}

int
om_natural_compare(const char *a, const char *b)
{
    const char *x = a, *y = b;
    while (*x && *y) {
        if (om_ascii_digit(*x) && om_ascii_digit(*y)) {
            size_t m = digit_run(&x), n = digit_run(&y);
            int order = m != n ? (m > n) - (m < n) : memcmp(x, y, m);
            if (order)
                return order < 0 ? -1 : 1;
            x += m;
            y += n;
        } else if (*x != *y) {
            return (unsigned char)*x < (unsigned char)*y ? -1 : 1;
        } else {
            x++;
            y++;
        }
    }
    if (*x || *y)
        return *x ? 1 : -1;
    int order = strcmp(a, b); /* "01" and "1" are equal by value, not by name */
    return (order > 0) - (order < 0);
}
