#include <omstat/nonparametric.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"

#define SCORE "score"

/* Shares of all n. */
struct shares {
    double better, worse, n;
};

/*
 * The score statistic of better - worse = delta, 0 <= delta < 1. Given delta, the most likely share of those
 * worse is the positive root of 2 q^2 + B q + C; Tango (1998), in shares.
 */
static double
statistic(double better, double worse, double n, double delta)
{
    double b = -better - worse + (2 - better + worse) * delta, c = -worse * delta * (1 - delta);
    double root = sqrt(b * b - 8 * c);
    double q =
        b > 0 ? -2 * c / (b + root) : (root - b) / 4; /* neither form subtracts two numbers of a size */
    return sqrt(n) * (better - worse - delta) / sqrt(2 * q + delta * (1 - delta));
}

/* For any delta within (-1, 1): it turns round when better and worse change places. */
static double
score(const struct shares *s, double delta)
{
    return delta >= 0 ? statistic(s->better, s->worse, s->n, delta)
                      : -statistic(s->worse, s->better, s->n, -delta);
}

/* The delta between `low` and `high` where the falling score is z. */
static double
solve(const struct shares *s, double low, double high, double z)
{
    for (int step = 0; step < 200; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high)
            break;
        if (score(s, middle) > z)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

void
om_superiority(uint64_t better, uint64_t equal, uint64_t worse, double level,
               struct om_superiority_result *out)
{
    uint64_t n = better + equal + worse;
    *out = (struct om_superiority_result){.n = n};
    if (n == 0) {
        out->estimate = om_undefined(OM_WHY_EMPTY);
        out->interval = om_no_bounds(level, SCORE, OM_WHY_EMPTY);
        return;
    }
    struct shares s = {(double)better / (double)n, (double)worse / (double)n, (double)n};
    double delta = s.better - s.worse;
    out->estimate = om_defined((1 + delta) / 2);
    out->interval = om_no_bounds(level, SCORE, OM_WHY_LEVEL);
    if (!om_level_valid(level))
        return;
    double z = om_normal_bound(level);
    double lower = delta > -1 ? solve(&s, -1, delta, z) : -1, upper = delta < 1 ? solve(&s, delta, 1, -z) : 1;
    out->interval = om_bounds((1 + lower) / 2, (1 + upper) / 2, level, SCORE);
}
