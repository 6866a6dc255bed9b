#include "stats/random.h"

#include <math.h>
#include <stdbool.h>
#include "stats/dist.h"

/* Below this expectation the counts are walked from 0. */
#define FEW 10.0

/* By inversion: down the probabilities of 0, 1, 2, ... until u is used up. p <= 1/2, n p < FEW. */
static uint64_t
few(struct om_random *random, double n, double p)
{
    const double odds = p / (1 - p), none = exp(n * log1p(-p));
    for (;;) {
        double u = om_random_uniform(random), probability = none, k = 0;
        while (u > probability && k <= n && k < 110) {
            u -= probability;
            k++;
            probability *= (n - k + 1) / k * odds;
        }
        if (k <= n && k < 110) /* beyond only what rounding left over */
            return (uint64_t)k;
    }
}

/* Is the density at k, relative to that at the mode, at least e^height? Most answers come from bounds around
 * the parabola that it nearly is: Kachitvichyanukul & Schmeiser (1988), Communications of the ACM 31, 216. */
static bool
reaches(double height, double k, uint64_t n, double p)
{
    const double size = (double)n, variance = size * p * (1 - p), mode = fmin(floor((size + 1) * p), size);
    const double off = fabs(k - mode);
    if (off > 20 && off < variance / 2 - 1) {
        double parabola = -off * off / (2 * variance);
        double slack = off / variance * ((off * (off / 3 + 0.625) + 1.0 / 6) / variance + 0.5);
        if (height < parabola - slack)
            return true;
        if (height > parabola + slack)
            return false;
    }
    return height <=
           om_binomial_log_density((uint64_t)k, n, p) - om_binomial_log_density((uint64_t)mode, n, p);
}

/*
 * Transformed rejection with squeeze, BTRS of Hoermann (1993), J. Statistical Computation and Simulation 46,
 * 101. Five of six counts are accepted before any logarithm is taken. p <= 1/2, n p >= FEW.
 */
static uint64_t
many(struct om_random *random, uint64_t n, double p)
{
    const double size = (double)n, mean = size * p, spread = sqrt(mean * (1 - p));
    const double b = 1.15 + 2.53 * spread, a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double sure = 0.92 - 4.2 / b;
    for (;;) {
        double u = om_random_uniform(random) - 0.5, v = om_random_uniform(random);
        double edge = 0.5 - fabs(u), k = floor((2 * a / edge + b) * u + mean + 0.5);
        if (k < 0 || k > size)
            continue;
        if (edge >= 0.07 && v <= sure)
            return (uint64_t)k;
        if (reaches(log(v * (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b)), k, n, p))
            return (uint64_t)k;
    }
}

uint64_t
om_random_binomial(struct om_random *random, uint64_t n, uint64_t part, uint64_t whole)
{
    if (n == 0 || part == 0)
        return 0;
    if (part >= whole)
        return n;
    uint64_t rarer = part < whole - part ? part : whole - part;
    double p = (double)rarer / (double)whole;
    uint64_t k = (double)n * p < FEW ? few(random, (double)n, p) : many(random, n, p);
    return rarer == part ? k : n - k;
}

void
om_random_multinomial(struct om_random *random, const uint64_t *count, size_t n_cells, uint64_t n,
                      uint64_t *drawn)
{
    uint64_t whole = n, left = n; /* what the remaining cells have, and what is still to be dealt out */
    for (size_t i = 0; i < n_cells; i++) {
        drawn[i] = om_random_binomial(random, left, count[i], whole);
        whole -= count[i];
        left -= drawn[i];
    }
}
