/* Where a falling function is 0. */
#ifndef OM_STATS_ROOT_H
#define OM_STATS_ROOT_H

typedef long double om_falling(long double x, const void *context);

/* Looks to the side of `start` where the change of sign must be, in steps that double, and closes in by
 * secants, halving where they are slow. The last step is within `tolerance`, so that for a smooth function
 * the error is much smaller. NaN when there is no change of sign. */
long double om_root(om_falling *f, const void *context, long double start, long double step,
                    long double tolerance);

#endif
