/* The people of a long panel, by id, and the sums over all of them, by cohort. */
#ifndef BENCH_PEERS_PEOPLE_H
#define BENCH_PEERS_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEASURES = 4, COHORTS = 1024, COHORT_NAME = 64, NO_SCORE = -1 };

struct person {
    char *id; /* NULL: a free slot */
    int cohort;
    int16_t score[2][MEASURES];
};

struct sums {
    int64_t n, before, after, change_squared, positive, better;
};

struct people {
    struct person *slot; /* open addressing; the capacity is a power of two */
    size_t capacity, used;
    struct sums sums[COHORTS][MEASURES];
    char cohort[COHORTS][COHORT_NAME];
    int n_cohorts;
};

/* The person with this id, made without scores when new; NULL without memory. */
struct person *people_find(struct people *people, const char *id, int cohort);

/* The number of a cohort, by its name; those beyond COHORTS share the last. */
int people_cohort(struct people *people, const char *name);

void people_release(struct people *people);

#endif
