/* Axes: round ticks, and values to pixels. */
#ifndef OM_REPORT_AXIS_H
#define OM_REPORT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

enum { OM_TICKS_MAX = 24 };

struct om_ticks {
    double at[OM_TICKS_MAX];
    size_t n;
    double step;
    int decimals; /* that tell them apart */
};

/* Round values within low ... high, at most `most` of them (2 to OM_TICKS_MAX), ascending: multiples of 1, 2
 * or 5 times a power of ten. */
void om_ticks_round(double low, double high, size_t most, struct om_ticks *out);

/* Of a score from low to high, both whole: also multiples of 3, 4, 6 or 9, if then the ends have a tick. */
void om_ticks_score(double low, double high, size_t most, struct om_ticks *out);

/* From values to pixels. */
struct om_axis {
    double low, high; /* values */
    double from, to;  /* pixels of low and high */
};

static inline double
om_axis_at(const struct om_axis *axis, double value)
{
    return axis->from + (value - axis->low) / (axis->high - axis->low) * (axis->to - axis->from);
}

/* Widens low ... high so that it holds value. */
static inline void
om_axis_include(struct om_axis *axis, double value)
{
    if (value < axis->low)
        axis->low = value;
    if (value > axis->high)
        axis->high = value;
}

/* Widens the axis to round ends, `most` ticks apart at most, and gives it some extent if it has none. */
void om_axis_round(struct om_axis *axis, size_t most);

#endif
