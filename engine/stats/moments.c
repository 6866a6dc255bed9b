#include "stats/moments.h"

#include <math.h>

int64_t
om_moments_centre(om_wide sum, uint64_t n)
{
    if (n == 0)
        return 0;
    om_wide twice = 2 * sum + (om_wide)n, divisor = 2 * (om_wide)n; /* floor(sum / n + 1/2) */
    return (int64_t)(twice / divisor - (twice % divisor < 0));
}

static void
wide_sum_add(struct om_wide_sum *sum, om_wide product, uint64_t count)
{
    sum->high += (product >> 64) * (om_wide)count;
    sum->low += (om_wide)(uint64_t)product * (om_wide)count;
    sum->high += sum->low >> 64;
    sum->low = (om_wide)(uint64_t)sum->low;
}

void
om_moments_add(struct om_moments *m, int64_t x, int64_t y, uint64_t count)
{
    om_wide from_x = (om_wide)x - m->centre_x, from_y = (om_wide)y - m->centre_y;
    m->n += count;
    m->x += from_x * (om_wide)count;
    m->y += from_y * (om_wide)count;
    wide_sum_add(&m->xy, from_x * from_y, count);
}

struct om_moments
om_moments_about(const struct om_counts *counts, int64_t centre)
{
    struct om_moments m = {.centre_x = centre, .centre_y = centre};
    for (size_t i = 0; i < counts->n; i++)
        om_moments_add(&m, counts->at[i].value, counts->at[i].value, counts->at[i].count);
    return m;
}

int64_t
om_moments_common_centre(const struct om_counts *sample, size_t n)
{
    om_wide sum = 0;
    uint64_t total = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < sample[s].n; i++) {
            sum += (om_wide)sample[s].at[i].value * (om_wide)sample[s].at[i].count;
            total += sample[s].at[i].count;
        }
    return om_moments_centre(sum, total);
}

long double
om_cross(om_wide a, om_wide b, om_wide c, om_wide d)
{
    om_wide ab, cd;
    if (__builtin_mul_overflow(a, b, &ab) || __builtin_mul_overflow(c, d, &cd) ||
        __builtin_sub_overflow(ab, cd, &ab))
        return (long double)a * (long double)b - (long double)c * (long double)d;
    return (long double)ab;
}

static int
bits(om_wide value)
{
    uint64_t high = (uint64_t)((value < 0 ? ~value : value) >> 64),
             low = (uint64_t)(value < 0 ? ~value : value);
    return high ? 128 - __builtin_clzll(high) : low ? 64 - __builtin_clzll(low) : 0;
}

long double
om_moments_product(const struct om_moments *m)
{
    int fits = bits(m->xy.high) < 63;
    if (fits) {
        om_wide xy = m->xy.high * ((om_wide)1 << 64) + m->xy.low;
        if (bits((om_wide)m->n) + bits(xy) <= 126 && bits(m->x) + bits(m->y) <= 126)
            return (long double)om_centred_product((om_wide)m->n, xy, m->x, m->y);
    }
    long double xy = ldexpl((long double)m->xy.high, 64) + (long double)m->xy.low;
    return (long double)m->n * xy - (long double)m->x * (long double)m->y;
}

double
om_moments_mean(const struct om_moments *m, int64_t unit)
{
    om_wide sum = (om_wide)m->n * m->centre_x + m->x;
    return (double)((long double)sum / ((long double)m->n * (long double)unit));
}

double
om_moments_variance(long double product, uint64_t n, int64_t unit)
{
    long double scale = unit;
    return (double)(product / ((long double)n * (long double)(n - 1)) / (scale * scale));
}

double
om_moments_sd(long double product, uint64_t n, int64_t unit)
{
    return (double)(sqrtl(product / ((long double)n * (long double)(n - 1))) / (long double)unit);
}

double
om_moments_se(long double product, uint64_t n, int64_t unit)
{
    long double size = n;
    return (double)(sqrtl(product / (long double)(n - 1)) / (size * (long double)unit));
}

long double
om_moments_correlation(long double xy, long double xx, long double yy)
{
    long double r = xy / (sqrtl(xx) * sqrtl(yy));
    return r > 1 ? 1 : r < -1 ? -1 : r;
}
