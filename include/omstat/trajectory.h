/*
 * Scores at more than two occasions, and what becomes of people over them: the shapes.
 *
 * Pairs of scores are counted in a crosstab, whose size does not depend on the number of people. With many
 * occasions nearly everyone has a row of scores of their own, so these statistics keep a row of four bytes
 * an occasion for every different row. People with the same row are still counted together.
 */
#ifndef OMSTAT_TRAJECTORY_H
#define OMSTAT_TRAJECTORY_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

#define OM_NO_SCORE INT32_MIN

/* The rows of one group. Neither the order of the rows nor whether equal ones are merged changes a result. */
struct om_trajectories {
    const int32_t *value;  /* n rows of n_occasions values, score * unit, or OM_NO_SCORE; borrowed */
    const uint64_t *count; /* persons with each row, above 0, together below 2^40; borrowed. NULL: one each */
    size_t n, n_occasions;
    const double *time; /* of each occasion, finite and strictly ascending: 0, 1, 2 or weeks; borrowed */
    int64_t unit;
};

static inline const int32_t *
om_trajectory(const struct om_trajectories *t, size_t row)
{
    return t->value + row * t->n_occasions;
}

static inline uint64_t
om_trajectory_count(const struct om_trajectories *t, size_t row)
{
    return t->count ? t->count[row] : 1;
}

/* Of those who were followed up to a time: how many had the event then, and how many were last seen then
 * without it. */
struct om_event_count {
    double time;
    uint64_t events, censored;
};
struct om_event_counts {
    const struct om_event_count *at; /* strictly ascending times; borrowed */
    size_t n;
};

#endif
