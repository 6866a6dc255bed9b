/*
 * The shapes that statistics work on and give back.
 *
 * A score takes few values, so statistics here read counts of values, never rows of people: all sums are
 * exact integers and the order of the data cannot matter. A real value is the integer divided by `unit`:
 * scores with halves have unit 2, prorated PHQ-9 totals unit 56, decimals with two places unit 100.
 */
#ifndef OMSTAT_STAT_H
#define OMSTAT_STAT_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

/* How often each value occurs. Strictly ascending values, counts above 0, |value| < 2^53, unit > 0. */
struct om_count {
    int64_t value;
    uint64_t count;
};
struct om_counts {
    const struct om_count *at; /* borrowed */
    size_t n;
    int64_t unit;
};

/* How often each pair of values occurs. Strictly ascending by (pre, post), counts above 0. */
struct om_pair_count {
    int64_t pre, post;
    uint64_t count;
};
struct om_pairs {
    const struct om_pair_count *at; /* borrowed */
    size_t n;
    int64_t unit;
};

/* A number, or the reason why there is none. */
struct om_stat {
    double value;       /* 0 when undefined */
    const char *reason; /* NULL when defined; else one short sentence, static storage */
};

/* An interval around an estimate. */
struct om_interval {
    double lower, upper;
    double level;       /* 0.95 */
    const char *method; /* "wilson"; static storage */
    const char *reason; /* NULL when defined */
};

#endif
