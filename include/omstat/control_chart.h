/*
 * Control charts, and limits of a funnel plot: what chance alone would bring about.
 * docs/methods/control-charts.md
 */
#ifndef OMSTAT_CONTROL_CHART_H
#define OMSTAT_CONTROL_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/stat.h>

/* Signs that something changed, in a set of bits; Provost & Murray (2011). */
enum om_signal {
    OM_SIGNAL_OUTSIDE = 1,  /* beyond a control limit */
    OM_SIGNAL_SHIFT = 2,    /* one of 8 or more in a row on the same side of the centre */
    OM_SIGNAL_TREND = 4,    /* one of 6 or more in a row that rise, or fall */
    OM_SIGNAL_NEAR = 8,     /* one of 2 of 3 in a row in the outer third, on the same side */
    OM_SIGNAL_HUGGING = 16, /* one of 15 or more in a row in the inner third */
};
enum { OM_SIGNALS = 5 };
/* "outside the limits", "shift", "trend", "two of three near a limit", "hugging the centre". */
OM_API const char *om_signal_name(enum om_signal signal);

struct om_chart_point {
    double value;
    double centre, sigma; /* sigma: a third of the way to a limit */
    double lower, upper;  /* control limits, 3 sigma off, cut off where the value cannot be */
    unsigned signals;
};

/* Shares k of n, n > 0 and not all the same perhaps: the centre is the share of all together. Signals are
 * looked for. */
OM_API void om_p_chart(const uint64_t *k, const uint64_t *n, size_t count, struct om_chart_point *point);

/* Individual values and their moving ranges. range[i] is |value[i] - value[i - 1]|, range[0] is 0. False with
 * fewer than 2 values, and nothing is written. Signals are looked for among the values. */
struct om_xmr {
    double mean_range;
    double range_limit; /* upper control limit of the ranges */
};
/* The chart of count values, as said above. */
OM_API bool om_xmr_chart(const double *value, size_t count, struct om_chart_point *point, double *range,
                         struct om_xmr *out);

/* Looks for signals in points whose other fields are there. */
OM_API void om_chart_signals(struct om_chart_point *point, size_t count);

/* The limit of a funnel for a group of n, when each has the event with probability p. With a tail below one
 * half the lower one: at shares below it, so few or fewer have a chance of `tail` at most. Else the upper
 * one, by symmetry: above it, so many or more have a chance of 1 - tail at most. Exact binomial, between two
 * shares interpolated (Spiegelhalter 2005); within 0 and 1. 0 < tail < 1, n > 0; p of 0 or 1 gives itself. */
OM_API double om_funnel_limit(uint64_t n, double p, double tail);

#endif
