/* The usual description of one variable, from counts of its values. docs/methods/describe.md */
#ifndef OMSTAT_DESCRIBE_H
#define OMSTAT_DESCRIBE_H

#include <omstat/stat.h>

struct om_description {
    uint64_t n;
    struct om_stat mean;
    struct om_interval mean_interval; /* "t" */
    struct om_stat variance;          /* divisor n - 1 */
    struct om_stat sd;
    struct om_stat se;             /* sd / sqrt(n) */
    struct om_stat median, q1, q3; /* type 7 */
    struct om_stat min, max;
};

/* level is that of the interval, such as 0.95; one outside (0, 1) makes the interval undefined. The counts
 * may add up to 2^60. Mean and variance come from exact integers and are rounded once. */
OM_API void om_describe(const struct om_counts *counts, double level, struct om_description *out);

#endif
