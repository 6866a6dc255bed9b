/* Intervals for a proportion. docs/methods/proportions.md */
#ifndef OMSTAT_PROPORTION_H
#define OMSTAT_PROPORTION_H

#include <omstat/stat.h>

enum om_proportion_method {
    OM_PROPORTION_WILSON = 0,         /* "wilson": score interval, no continuity correction; the default */
    OM_PROPORTION_CLOPPER_PEARSON = 1 /* "clopper-pearson": exact, never too narrow */
};

/* The interval for k of n. Undefined when n = 0, k > n, or level is outside (0, 1). The lower bound is
 * exactly 0 when k = 0 and the upper exactly 1 when k = n. */
OM_API void om_proportion(uint64_t k, uint64_t n, double level, enum om_proportion_method method,
                          struct om_interval *out);

#endif
