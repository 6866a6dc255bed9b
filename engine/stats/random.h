/*
 * Random numbers that are the same on every machine: a generator of integers, and binomial counts from it.
 */
#ifndef OM_STATS_RANDOM_H
#define OM_STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64: Steele, Lea & Flood (2014), OOPSLA 2014, 453. Any state will do. */
struct om_random {
    uint64_t state;
};

static inline uint64_t
om_random_next(struct om_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Uniform in (0, 1): the middles of 2^53 equal parts. */
static inline double
om_random_uniform(struct om_random *random)
{
    return ((double)(om_random_next(random) >> 12) + 0.5) * 0x1p-52;
}

/* Binomial (n, part / whole), part <= whole, n <= 2^60; the time does not depend on n. */
uint64_t om_random_binomial(struct om_random *random, uint64_t n, uint64_t part, uint64_t whole);

/* n persons dealt out to cells with probabilities count[i] / n, n being the sum of the counts: a table drawn
 * again. Each cell is binomial given those before it, so the time depends on the cells alone. */
void om_random_multinomial(struct om_random *random, const uint64_t *count, size_t n_cells, uint64_t n,
                           uint64_t *drawn);

#endif
