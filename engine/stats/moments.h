/*
 * Sums of squares and products about the mean, in integers.
 *
 * All variances and covariances here are n * Sum(xy) - Sum(x) Sum(y), divided at the very end. In integers
 * nothing is lost to cancellation, whatever the offset of the data, and no order of addition can matter.
 */
#ifndef OM_STATS_MOMENTS_H
#define OM_STATS_MOMENTS_H

#include <omstat/stat.h>

__extension__ typedef __int128 om_wide;

/* A sum of products of any size: high * 2^64 + low. */
struct om_wide_sum {
    om_wide high, low;
};

/* Sums of weighted pairs (x, y) about a centre. For one variable, x and y are the same. */
struct om_moments {
    uint64_t n;
    int64_t centre_x, centre_y;
    om_wide x, y; /* sums of x - centre_x, y - centre_y */
    struct om_wide_sum xy;
};

/* The integer nearest to the mean, sum / n; 0 when n is 0. A centre so near keeps the sums small and makes
 * what is subtracted at most half of what it is subtracted from. */
int64_t om_moments_centre(om_wide sum, uint64_t n);

/* Adds a pair `count` times. |x| and |y| < 2^54, the counts of all < 2^62. */
void om_moments_add(struct om_moments *m, int64_t x, int64_t y, uint64_t count);

/* The moments of one variable about a centre. */
struct om_moments om_moments_about(const struct om_counts *counts, int64_t centre);

/* The integer nearest to the mean of several samples together. */
int64_t om_moments_common_centre(const struct om_counts *sample, size_t n);

/* ab - cd: exact while both products fit 127 bits, otherwise good to 18 digits. */
long double om_cross(om_wide a, om_wide b, om_wide c, om_wide d);

/* n * Sum(xy) - Sum(x) Sum(y): exact while it and its parts fit 126 bits, which they do when n times the
 * largest deviation is below 2^63; otherwise good to 18 digits. */
long double om_moments_product(const struct om_moments *m);

/* The one formula, for sums known to fit. */
static inline om_wide
om_centred_product(om_wide n, om_wide xy, om_wide x, om_wide y)
{
    return n * xy - x * y;
}

/* The mean of x, and from `product` of a variable with itself its variance, standard deviation and standard
 * error of the mean, as real values. n > 0 for the mean, > 1 for the others. Divisor n - 1. */
double om_moments_mean(const struct om_moments *m, int64_t unit);
double om_moments_variance(long double product, uint64_t n, int64_t unit);
double om_moments_sd(long double product, uint64_t n, int64_t unit);
double om_moments_se(long double product, uint64_t n, int64_t unit);

/* xy / sqrt(xx yy), within [-1, 1]. xx, yy > 0. */
long double om_moments_correlation(long double xy, long double xx, long double yy);

#endif
