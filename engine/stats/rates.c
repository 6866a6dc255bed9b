#include <omstat/rates.h>

#include <math.h>
#include <omstat/proportion.h>
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"

#define NO_EVENT "nobody in a group has the outcome"
#define NO_CELL  "a group has only people with the outcome, or only people without it"

static struct om_effect
undefined(const char *reason, double level, const char *method)
{
    return (struct om_effect){om_undefined(reason), om_no_bounds(level, method, reason)};
}

/* exp(log(estimate) -+ z se). */
static struct om_interval
log_interval(double estimate, double se, double level, const char *method)
{
    if (!om_level_valid(level))
        return om_no_bounds(level, method, OM_WHY_LEVEL);
    double factor = exp(om_normal_bound(level) * se);
    return om_bounds(estimate / factor, estimate * factor, level, method);
}

/* Each bound moves both rates to the ends of their Wilson intervals, as far as is likely at once. */
static struct om_effect
difference_of(struct om_rate a, struct om_rate b, double level)
{
    double pa = (double)a.k / (double)a.n, pb = (double)b.k / (double)b.n;
    long double cross = om_cross((om_wide)a.k, (om_wide)b.n, (om_wide)b.k, (om_wide)a.n);
    struct om_effect out = {om_defined((double)(cross / ((long double)a.n * (long double)b.n))),
                            om_no_bounds(level, "newcombe", OM_WHY_LEVEL)};
    if (om_level_valid(level)) {
        struct om_interval ia, ib;
        om_proportion(a.k, a.n, level, OM_PROPORTION_WILSON, &ia);
        om_proportion(b.k, b.n, level, OM_PROPORTION_WILSON, &ib);
        double d = out.estimate.value;
        out.interval = om_bounds(d - hypot(pa - ia.lower, ib.upper - pb),
                                 d + hypot(ia.upper - pa, pb - ib.lower), level, "newcombe");
    }
    return out;
}

static struct om_effect
ratio_of(struct om_rate a, struct om_rate b, double level)
{
    static const char method[] = "katz-log";
    if (b.k == 0)
        return undefined("nobody in the reference group has the outcome", level, method);
    double ratio = (double)a.k / (double)a.n / ((double)b.k / (double)b.n);
    struct om_effect out = {om_defined(ratio), om_no_bounds(level, method, NO_EVENT)};
    double variance =
        (double)(a.n - a.k) / ((double)a.k * (double)a.n) + (double)(b.n - b.k) / ((double)b.k * (double)b.n);
    if (a.k > 0)
        out.interval = variance > 0 ? log_interval(ratio, sqrt(variance), level, method)
                                    : om_no_bounds(level, method, "everybody has the outcome");
    return out;
}

static struct om_effect
odds_ratio_of(struct om_rate a, struct om_rate b, double level)
{
    static const char method[] = "woolf-log";
    double yes = (double)a.k, no = (double)(a.n - a.k), yes_b = (double)b.k, no_b = (double)(b.n - b.k);
    if (no == 0 || yes_b == 0)
        return undefined(NO_CELL, level, method);
    double ratio = yes / no / (yes_b / no_b); /* 0 when nobody in b is without it */
    struct om_effect out = {om_defined(ratio), om_no_bounds(level, method, NO_CELL)};
    if (yes > 0 && no_b > 0)
        out.interval = log_interval(ratio, sqrt(1 / yes + 1 / no + 1 / yes_b + 1 / no_b), level, method);
    return out;
}

static struct om_number_needed
number_needed(const struct om_effect *difference)
{
    static const char method[] = "altman";
    static const char through[] = "the interval goes through infinity",
                      bounded[] = "the interval has two bounds";
    const struct om_interval *d = &difference->interval;
    struct om_number_needed out = {.estimate = om_undefined("the rates are equal"),
                                   .interval = om_no_bounds(d->level, method, d->reason),
                                   .benefit = om_undefined(d->reason),
                                   .harm = om_undefined(d->reason)};
    if (difference->estimate.reason || difference->estimate.value != 0)
        out.estimate =
            difference->estimate.reason ? difference->estimate : om_defined(1 / difference->estimate.value);
    if (d->reason)
        return out;
    if (d->lower > 0 || d->upper < 0) {
        out.interval = om_bounds(1 / d->upper, 1 / d->lower, d->level, method);
        out.benefit = out.harm = om_undefined(bounded);
        return out;
    }
    out.interval.reason = through;
    out.benefit = d->upper > 0 ? om_defined(1 / d->upper) : om_undefined("infinite");
    out.harm = d->lower < 0 ? om_defined(-1 / d->lower) : om_undefined("infinite");
    return out;
}

void
om_compare_rates(struct om_rate rate, struct om_rate reference, double level, struct om_rates_result *out)
{
    const char *reason = rate.n == 0 || reference.n == 0                ? OM_WHY_EMPTY_GROUP
                         : rate.k > rate.n || reference.k > reference.n ? "the part is larger than the whole"
                                                                        : NULL;
    if (reason) {
        out->difference = undefined(reason, level, "newcombe");
        out->ratio = undefined(reason, level, "katz-log");
        out->odds_ratio = undefined(reason, level, "woolf-log");
    } else {
        out->difference = difference_of(rate, reference, level);
        out->ratio = ratio_of(rate, reference, level);
        out->odds_ratio = odds_ratio_of(rate, reference, level);
    }
    out->needed = number_needed(&out->difference);
}

/* --- trend --------------------------------------------------------------------------------------------- */

/* With scores s: z = (N Sum(k s) - K Sum(n s)) sqrt(N / (K (N - K) (N Sum(n s^2) - Sum(n s)^2))). */
void
om_trend(const struct om_rate *group, size_t n, struct om_trend_result *out)
{
    om_wide all = 0, yes = 0, ks = 0, ns = 0, nss = 0;
    for (size_t s = 0; s < n; s++) {
        all += (om_wide)group[s].n;
        yes += (om_wide)group[s].k;
        ks += (om_wide)group[s].k * (om_wide)s;
        ns += (om_wide)group[s].n * (om_wide)s;
        nss += (om_wide)group[s].n * (om_wide)s * (om_wide)s;
    }
    long double spread = om_cross(all, nss, ns, ns);
    const char *reason = all == 0        ? OM_WHY_EMPTY
                         : !(spread > 0) ? OM_WHY_ONE_GROUP
                         : yes == 0      ? "nobody has the outcome"
                         : yes == all    ? "everybody has the outcome"
                                         : NULL;
    if (reason) {
        out->z = out->p = om_undefined(reason);
        return;
    }
    long double scale = (long double)all / ((long double)yes * (long double)(all - yes)) / spread;
    out->z = om_defined((double)(om_cross(all, ks, yes, ns) * sqrtl(scale)));
    out->p = om_defined(om_normal_p(out->z.value));
}
