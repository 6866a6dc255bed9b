/* docs/methods/control-charts.md */
#include <omstat/control_chart.h>

#include "stats/dist.h"

#include <math.h>

/* The mean range of two standard normal values, and its upper limit in ranges: 2 / sqrt(pi), 1 + 3 sqrt(pi/2
 * - 1). ASTM tables round them to 1.128 and 3.267. */
static const double d2 = 1.1283791670955126, d4 = 3.2665319192886013;

enum { SHIFT = 8, TREND = 6, HUGGING = 15 };

const char *
om_signal_name(enum om_signal signal)
{
    switch (signal) {
    case OM_SIGNAL_OUTSIDE:
        return "outside the limits";
    case OM_SIGNAL_SHIFT:
        return "shift";
    case OM_SIGNAL_TREND:
        return "trend";
    case OM_SIGNAL_NEAR:
        return "two of three near a limit";
    case OM_SIGNAL_HUGGING:
        return "hugging the centre";
    }
    return "";
}

/* --- signals ------------------------------------------------------------------------------------------- */

/* The place of a value in sigmas from the centre; 0 where nothing varies. What rounding leaves is not beyond
 * anything. */
static double
sigmas(const struct om_chart_point *point)
{
    double off = point->value - point->centre;
    return fabs(off) <= 1e-12 * (fabs(point->value) + fabs(point->centre)) || !(point->sigma > 0)
               ? 0
               : off / point->sigma;
}

static int
sign(double x)
{
    return (x > 0) - (x < 0);
}

static bool
beyond(double value, double limit)
{
    return value > limit && value - limit > 1e-12 * (fabs(value) + fabs(limit));
}

/* Points on the centre line neither belong to a run nor break it. */
static void
look_for_shifts(struct om_chart_point *point, size_t count)
{
    for (size_t start = 0; start < count; start++) {
        int side = sign(sigmas(&point[start]));
        size_t length = 0, end = start;
        for (size_t i = start; side && i < count && sign(sigmas(&point[i])) != -side; i++) {
            length += sign(sigmas(&point[i])) == side;
            end = i;
        }
        for (size_t i = start; length >= SHIFT && i <= end; i++)
            if (sign(sigmas(&point[i])) == side)
                point[i].signals |= OM_SIGNAL_SHIFT;
    }
}

/* Of values that are equal to the one before, the first counts. */
static void
look_for_trends(struct om_chart_point *point, size_t count)
{
    for (size_t start = 0; start < count; start++) {
        if (start > 0 && point[start].value == point[start - 1].value)
            continue;
        for (int direction = -1; direction <= 1; direction += 2) {
            size_t length = 1, end = start;
            for (size_t i = start + 1; i < count; i++) {
                int step = sign(point[i].value - point[i - 1].value);
                if (step == -direction)
                    break;
                length += step == direction;
                end = i;
            }
            for (size_t i = start; length >= TREND && i <= end; i++)
                if (i == start || point[i].value != point[i - 1].value)
                    point[i].signals |= OM_SIGNAL_TREND;
        }
    }
}

/* In the outer third or beyond. */
static void
look_near_limits(struct om_chart_point *point, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int side = sign(sigmas(&point[i]));
        if (!beyond(fabs(sigmas(&point[i])), 2))
            continue;
        for (size_t j = i + 1; j < count && j <= i + 2; j++)
            if (sign(sigmas(&point[j])) == side && beyond(fabs(sigmas(&point[j])), 2)) {
                point[i].signals |= OM_SIGNAL_NEAR;
                point[j].signals |= OM_SIGNAL_NEAR;
            }
    }
}

static void
look_for_hugging(struct om_chart_point *point, size_t count)
{
    size_t start = 0;
    for (size_t i = 0; i <= count; i++) {
        if (i < count && point[i].sigma > 0 && !beyond(fabs(sigmas(&point[i])), 1))
            continue;
        for (size_t k = start; i - start >= HUGGING && k < i; k++)
            point[k].signals |= OM_SIGNAL_HUGGING;
        start = i + 1;
    }
}

void
om_chart_signals(struct om_chart_point *point, size_t count)
{
    for (size_t i = 0; i < count; i++)
        point[i].signals = beyond(point[i].value, point[i].upper) || beyond(point[i].lower, point[i].value)
                               ? OM_SIGNAL_OUTSIDE
                               : 0;
    look_for_shifts(point, count);
    look_for_trends(point, count);
    look_near_limits(point, count);
    look_for_hugging(point, count);
}

/* --- charts -------------------------------------------------------------------------------------------- */

void
om_p_chart(const uint64_t *k, const uint64_t *n, size_t count, struct om_chart_point *point)
{
    double hits = 0, all = 0;
    for (size_t i = 0; i < count; i++) {
        hits += (double)k[i];
        all += (double)n[i];
    }
    const double centre = all > 0 ? hits / all : 0;
    for (size_t i = 0; i < count; i++) {
        double sigma = sqrt(centre * (1 - centre) / (double)n[i]);
        point[i] = (struct om_chart_point){.value = (double)k[i] / (double)n[i],
                                           .centre = centre,
                                           .sigma = sigma,
                                           .lower = fmax(0, centre - 3 * sigma),
                                           .upper = fmin(1, centre + 3 * sigma)};
    }
    om_chart_signals(point, count);
}

bool
om_xmr_chart(const double *value, size_t count, struct om_chart_point *point, double *range,
             struct om_xmr *out)
{
    double sum = 0, ranges = 0;
    if (count < 2)
        return false;
    for (size_t i = 0; i < count; i++) {
        range[i] = i ? fabs(value[i] - value[i - 1]) : 0;
        sum += value[i];
        ranges += range[i];
    }
    const double centre = sum / (double)count;
    out->mean_range = ranges / (double)(count - 1);
    out->range_limit = d4 * out->mean_range;
    const double sigma = out->mean_range / d2;
    for (size_t i = 0; i < count; i++)
        point[i] = (struct om_chart_point){.value = value[i],
                                           .centre = centre,
                                           .sigma = sigma,
                                           .lower = centre - 3 * sigma,
                                           .upper = centre + 3 * sigma};
    om_chart_signals(point, count);
    return true;
}

/* Below it the chance of so few is at most `tail`. Spiegelhalter (2005), Stat Med 24, 1185, appendix A.1.1.
 */
static double
lower_limit(double n, double p, double tail)
{
    double r = om_binomial_quantile(tail, n, p); /* the smallest with P(R <= r) >= tail */
    double at = om_binomial_lower(r, n, p), below = r > 0 ? om_binomial_lower(r - 1, n, p) : 0;
    double share = at > below ? (at - tail) / (at - below) : 0;
    return fmin(1, fmax(0, (r - share) / n));
}

double
om_funnel_limit(uint64_t n, double p, double tail)
{
    if (p <= 0 || p >= 1)
        return p <= 0 ? 0 : 1;
    return tail <= 0.5 ? lower_limit((double)n, p, tail) : 1 - lower_limit((double)n, 1 - p, 1 - tail);
}
