#include "report/axis.h"

#include <math.h>

static void
fill(double low, double high, double step, int decimals, struct om_ticks *out)
{
    const double slack = step * 1e-9;
    *out = (struct om_ticks){.step = step, .decimals = decimals};
    for (double k = ceil(low / step - 1e-9); k * step <= high + slack && out->n < OM_TICKS_MAX; k++)
        out->at[out->n++] = k == 0 ? 0 : k * step; /* no -0 */
}

/* The ticks with the smallest round step that gives no more than `most`. */
void
om_ticks_round(double low, double high, size_t most, struct om_ticks *out)
{
    static const double steps[] = {1, 2, 5};
    double unit = 1;
    int power = 0;
    const double span = high - low > 0 ? high - low : 1;
    for (; unit * (double)most < span; power++)
        unit *= 10;
    for (; unit / 10 * (double)most >= span; power--)
        unit /= 10;
    /* Now the step lies between unit / 10 and unit. */
    for (int up = -1; up <= 1; up++) {
        for (int i = 0; i < 3; i++) {
            int exponent = power + up;
            double ten = 1;
            for (int k = 0; k < (exponent < 0 ? -exponent : exponent); k++)
                ten *= 10;
            double step = exponent < 0 ? steps[i] / ten : steps[i] * ten;
            int decimals = exponent < 0 ? -exponent : 0;
            if (floor(high / step + 1e-9) - ceil(low / step - 1e-9) + 1 > (double)most)
                continue;
            fill(low, high, step, decimals, out);
            return;
        }
    }
    fill(low, high, unit * 10, 0, out);
}

void
om_ticks_score(double low, double high, size_t most, struct om_ticks *out)
{
    static const double steps[] = {1, 2, 3, 4, 5, 6, 9, 10, 20, 25, 50, 100};
    bool whole = low == floor(low) && high == floor(high);
    for (size_t i = 0; i < sizeof steps / sizeof *steps && whole; i++) {
        double k = (high - low) / steps[i];
        if (k == floor(k) && low / steps[i] == floor(low / steps[i]) && k < (double)most && k >= 3) {
            fill(low, high, steps[i], 0, out);
            return;
        }
    }
    om_ticks_round(low, high, most, out);
}

void
om_axis_round(struct om_axis *axis, size_t most)
{
    struct om_ticks ticks;
    if (!(axis->high > axis->low)) {
        axis->low -= 0.5;
        axis->high += 0.5;
    }
    om_ticks_round(axis->low, axis->high, most, &ticks);
    axis->low = floor(axis->low / ticks.step + 1e-9) * ticks.step;
    axis->high = ceil(axis->high / ticks.step - 1e-9) * ticks.step;
}
