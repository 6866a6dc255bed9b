/*
 * Published numbers, exactly.
 *
 * x = num/den is scaled to the units of the number, q + r/den = x * 10^decimals (* 100 for per cent), and q
 * is rounded by what 2r is to den. Nothing here is a double.
 */
#include <omstat/claims.h>

#include "claims/check.h"

#include "base/number.h"

#include <string.h>

typedef __int128 wide;

bool
om_published_parse(const char *text, struct om_published *out)
{
    static const char minus[] = "\xE2\x88\x92"; /* U+2212, as printed */
    struct om_published got = {.relation = '='};
    int digits = 0;
    bool negative = false, point = false;
    text += strspn(text, " \t");
    if (*text == '<' || *text == '>' || *text == '=')
        got.relation = *text++;
    text += strspn(text, " \t");
    if (strncmp(text, minus, sizeof minus - 1) == 0) {
        negative = true;
        text += sizeof minus - 1;
    } else if (*text == '-') {
        negative = true;
        text++;
    }
    for (; om_ascii_digit(*text) || (*text == '.' && !point); text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        if (++digits > OM_PUBLISHED_DIGITS)
            return false;
        got.units = 10 * got.units + (*text - '0');
        got.decimals += point;
    }
    text += strspn(text, " \t");
    if (*text == '%') {
        got.percent = true;
        text++;
    }
    text += strspn(text, " \t");
    if (digits == 0 || *text || got.decimals > OM_PUBLISHED_DECIMALS)
        return false;
    if (negative)
        got.units = -got.units;
    *out = got;
    return true;
}

static int
compare(wide a, wide b)
{
    return (a > b) - (a < b);
}

/* Is |rounded - units| within the tolerance? */
static bool
near(wide rounded, const struct om_published *published, struct om_fraction tolerance)
{
    const wide apart = rounded > published->units ? rounded - published->units : published->units - rounded;
    if (apart > (wide)1 << 90 || tolerance.den > 1000000000)
        return false;
    return compare(apart * tolerance.den, (wide)tolerance.num * om_power_of_ten(published->decimals)) <= 0;
}

bool
om_published_fits(const struct om_published *published, struct om_fraction x,
                  enum om_published_rounding rounding, struct om_fraction tolerance)
{
    const int64_t scale = om_power_of_ten(published->decimals) * (published->percent ? 100 : 1);
    const wide limit = (wide)1 << 62;
    wide magnitude = x.num < 0 ? -(wide)x.num : x.num;
    if (magnitude > limit || x.den <= 0 || tolerance.num < 0 || tolerance.den <= 0)
        return false;
    magnitude *= scale;
    if (published->relation != '=') {
        const int order = compare(x.num < 0 ? -magnitude : magnitude, (wide)published->units * x.den);
        return published->relation == '<' ? order < 0 : order > 0;
    }
    const wide sign = x.num < 0 ? -1 : 1, down = magnitude / x.den, rest = magnitude % x.den;
    const int half = compare(2 * rest, x.den);
    const wide up = down + 1;
    switch (rounding) {
    case OM_PUBLISHED_TRUNCATE:
        return near(sign * down, published, tolerance);
    case OM_PUBLISHED_HALF_EVEN:
        return near(sign * (half > 0 || (half == 0 && down % 2) ? up : down), published, tolerance);
    case OM_PUBLISHED_EITHER:
        return near(sign * (half >= 0 ? up : down), published, tolerance) ||
               (half == 0 && near(sign * down, published, tolerance));
    case OM_PUBLISHED_HALF_UP:
        break;
    }
    return near(sign * (half >= 0 ? up : down), published, tolerance);
}
