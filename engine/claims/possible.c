/*
 * What is possible for n: percentages, means and SDs that no n people can have.
 *
 * Only whole numbers next to the published value times n have to be tried: when any fits, one of these does.
 */
#include <omstat/claims.h>

#include "claims/check.h"

typedef __int128 wide;

enum { LARGEST_N = 1000000 };

static wide
divide_down(wide a, wide b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* floor(published * n * den / num), in whole units of num/den. */
static wide
near_below(const struct om_published *published, uint64_t n, struct om_fraction unit)
{
    const wide scale = (wide)om_power_of_ten(published->decimals) * (published->percent ? 100 : 1);
    return divide_down((wide)published->units * (wide)n * unit.den, scale * unit.num);
}

bool
om_rate_possible(const struct om_published *rate, uint64_t n, enum om_published_rounding rounding,
                 struct om_fraction tolerance, uint64_t *k)
{
    if (n == 0 || n > (uint64_t)1 << 40)
        return false;
    const wide below = near_below(rate, n, (struct om_fraction){1, 1});
    for (wide i = below - 1; i <= below + 2; i++)
        if (i >= 0 && i <= (wide)n &&
            om_published_fits(rate, (struct om_fraction){(int64_t)i, (int64_t)n}, rounding, tolerance)) {
            if (k)
                *k = (uint64_t)i;
            return true;
        }
    return false;
}

static bool
mean_fits(const struct om_published *mean, wide sum, uint64_t n, struct om_fraction unit,
          enum om_published_rounding rounding)
{
    const wide num = sum * unit.num, den = (wide)n * unit.den, limit = (wide)1 << 62;
    return num < limit && num > -limit && den < limit &&
           om_published_fits(mean, (struct om_fraction){(int64_t)num, (int64_t)den}, rounding,
                             (struct om_fraction){0, 1});
}

bool
om_mean_possible(const struct om_published *mean, uint64_t n, struct om_fraction unit,
                 enum om_published_rounding rounding)
{
    if (n == 0 || n > (uint64_t)1 << 40 || unit.num <= 0 || unit.den <= 0)
        return false;
    const wide below = near_below(mean, n, unit);
    for (wide sum = below - 1; sum <= below + 2; sum++)
        if (mean_fits(mean, sum, n, unit, rounding))
            return true;
    return false;
}

/* Does the SD with this sum of squares fit? SD^2 = (n Q - S^2) / (n (n - 1)) units^2. Published it lies
 * between two numbers of the form b / (2 * 10^decimals), whose squares are compared with it. */
static bool
sd_fits(const struct om_published *sd, wide squares, wide sum, wide n, struct om_fraction unit,
        enum om_published_rounding rounding)
{
    const wide ten = om_power_of_ten(sd->decimals), u = sd->units;
    const wide left = (n * squares - sum * sum) * unit.num * unit.num * 4 * ten * ten;
    const wide right = n * (n - 1) * unit.den * unit.den;
    const wide low = rounding == OM_PUBLISHED_TRUNCATE ? 2 * u : 2 * u - 1;
    const wide high = rounding == OM_PUBLISHED_TRUNCATE ? 2 * u + 2 : 2 * u + 1;
    const bool closed_low = rounding != OM_PUBLISHED_HALF_EVEN || u % 2 == 0;
    const bool closed_high =
        rounding == OM_PUBLISHED_EITHER || (rounding == OM_PUBLISHED_HALF_EVEN && u % 2 == 0);
    if (low > 0 && (left < low * low * right || (left == low * low * right && !closed_low)))
        return false;
    return left < high * high * right || (left == high * high * right && closed_high);
}

/* The smallest sum of squares of n whole numbers with this sum: all of them as equal as can be. */
static wide
least_squares(wide sum, wide n)
{
    const wide q = divide_down(sum, n), over = sum - n * q;
    return (n - over) * q * q + over * (q + 1) * (q + 1);
}

/* The largest: as many as can be at the ends of the range. */
static wide
most_squares(wide sum, wide n, const struct om_score_range *range)
{
    const wide low = range->low, width = (wide)range->high - low, above = sum - n * low;
    const wide at_high = width ? above / width : 0, rest = above - at_high * width;
    return at_high * width * width + rest * rest + 2 * low * above + n * low * low;
}

/* The smallest sum of squares whose SD is not below what was published: n Q - S^2 is at least a whole number,
 * rounded up, and so is Q. */
static wide
squares_from(const struct om_published *sd, wide sum, wide n, struct om_fraction unit,
             enum om_published_rounding rounding)
{
    const wide ten = om_power_of_ten(sd->decimals), u = sd->units;
    const wide low = rounding == OM_PUBLISHED_TRUNCATE ? 2 * u : 2 * u - 1;
    if (low <= 0)
        return 0;
    const wide scale = (wide)unit.num * unit.num * 4 * ten * ten;
    const wide least = -divide_down(-low * low * n * (n - 1) * unit.den * unit.den, scale);
    return -divide_down(-(least + sum * sum), n);
}

/* An SD grows with its sum of squares: when the smallest that is not too small does not fit, the next may,
 * where the bound itself is not of the interval; no other can. */
static bool
sum_gives_sd(const struct om_published *sd, wide sum, wide n, const struct om_score_range *range,
             enum om_published_rounding rounding)
{
    if (range->has_range && (sum < n * range->low || sum > n * range->high))
        return false;
    const wide least = least_squares(sum, n);
    wide squares = squares_from(sd, sum, n, range->unit, rounding);
    if (squares < least)
        squares = least;
    squares += ((squares - sum) % 2) != 0; /* x^2 is odd when x is */
    for (wide q = squares; q <= squares + 2; q += 2)
        if ((!range->has_range || q <= most_squares(sum, n, range)) &&
            sd_fits(sd, q, sum, n, range->unit, rounding))
            return true;
    return false;
}

bool
om_sd_possible(const struct om_published *mean, const struct om_published *sd, uint64_t n,
               const struct om_score_range *range, enum om_published_rounding rounding)
{
    enum { SUMS = 1000 };
    const struct om_fraction unit = range->unit;
    if (n < 2 || n > LARGEST_N || unit.num <= 0 || unit.den <= 0 || unit.num > 1000 || unit.den > 1000)
        return false;
    /* beyond these no questionnaire goes, and the arithmetic stays within 128 bits */
    if (mean->units > 1000000000 || mean->units < -1000000000 || sd->units > 1000000000 || sd->units < 0 ||
        sd->decimals > 4)
        return true;
    wide sum = near_below(mean, n, unit);
    int tries = 0;
    while (tries++ < SUMS && mean_fits(mean, sum - 1, n, unit, rounding))
        sum--;
    for (tries = 0; tries < 2 * SUMS; tries++, sum++) {
        const bool fits = mean_fits(mean, sum, n, unit, rounding);
        if (fits && sum_gives_sd(sd, sum, (wide)n, range, rounding))
            return true;
        if (!fits && tries > 2)
            return false;
    }
    return true; /* too many sums to tell */
}
