/* Comparing computed numbers: equal on paper is equal here. */
#ifndef OM_CHANGE_BEYOND_H
#define OM_CHANGE_BEYOND_H

#include <math.h>

/* a > b, and not only by what rounding leaves. */
static inline int
om_beyond(double a, double b)
{
    return a - b > 1e-9 * (fabs(a) + fabs(b));
}

#endif
