/*
 * Kaplan & Meier (1958), J Am Stat Assoc 53, 457. Variance after Greenwood (1926); interval for log(-log S)
 * after Kalbfleisch & Prentice (1980); median after Brookmeyer & Crowley (1982), Biometrics 38, 29.
 */
#include <omstat/survival.h>

#include <math.h>
#include <stdbool.h>
#include "stats/dist.h"
#include "stats/outcome.h"

#define WHY_NO_EVENT  "no event so far"
#define WHY_NONE_LEFT "nobody is left without the event"
#define WHY_NO_MEDIAN "less than half had the event"
#define WHY_NO_BOUND  "the bound of the curve does not reach one half"

static const char *
method_name(enum om_survival_method method)
{
    return method == OM_SURVIVAL_LOG ? "log" : "log-log";
}

/* log_se is the standard error of log S. */
static struct om_interval
interval_of(double survival, double log_se, double level, enum om_survival_method method)
{
    const char *name = method_name(method);
    const char *reason = !om_level_valid(level) ? OM_WHY_LEVEL
                         : survival <= 0        ? WHY_NONE_LEFT
                         : survival >= 1        ? WHY_NO_EVENT
                                                : NULL;
    if (reason)
        return om_no_bounds(level, name, reason);
    double z = om_normal_bound(level);
    if (method == OM_SURVIVAL_LOG)
        return om_bounds(survival * exp(-z * log_se), fmin(1, survival * exp(z * log_se)), level, name);
    double half = z * log_se / -log(survival);
    return om_bounds(pow(survival, exp(half)), pow(survival, exp(-half)), level, name);
}

/* The first time at which a falling curve is at one half or below. Where it is level exactly at one half, the
 * middle between there and its next fall, as with the median of an even number of values. */
struct crossing {
    bool at_half, found;
    double from, time;
};

static void
cross(struct crossing *crossing, double time, double curve, double before)
{
    enum { DIGITS = 1000000000 }; /* a product of ratios that should be 1/2 is so to the last digits only */
    const double off = curve - 0.5, near = 1.0 / DIGITS;
    if (crossing->found)
        return;
    if (crossing->at_half && curve < before - near) {
        *crossing = (struct crossing){.found = true, .time = (crossing->from + time) / 2};
    } else if (!crossing->at_half && fabs(off) <= near) {
        crossing->at_half = true;
        crossing->from = time;
    } else if (off < -near) {
        *crossing = (struct crossing){.found = true, .time = time};
    }
}

/* `last` is when the last people were seen: a curve that ends level at one half is followed up to there. */
static struct om_stat
time_of(const struct crossing *crossing, double last, const char *reason)
{
    if (crossing->found)
        return om_defined(crossing->time);
    return crossing->at_half ? om_defined((crossing->from + last) / 2) : om_undefined(reason);
}

static void
find_median(const struct om_survival_point *point, size_t n, struct om_survival *out)
{
    struct crossing curve = {0}, lower = {0}, upper = {0};
    double s = 1, low = 1, high = 1, last = 0;
    for (size_t i = 0; i < n; i++) {
        if (point[i].survival.reason)
            break;
        if (point[i].events + point[i].censored > 0)
            last = point[i].time;
        cross(&curve, point[i].time, point[i].survival.value, s);
        s = point[i].survival.value;
        if (point[i].interval.reason)
            continue;
        cross(&lower, point[i].time, point[i].interval.lower, low);
        cross(&upper, point[i].time, point[i].interval.upper, high);
        low = point[i].interval.lower;
        high = point[i].interval.upper;
    }
    out->median = time_of(&curve, last, WHY_NO_MEDIAN);
    out->median_lower = time_of(&lower, last, WHY_NO_BOUND);
    out->median_upper = time_of(&upper, last, WHY_NO_BOUND);
}

void
om_kaplan_meier(const struct om_event_counts *counts, double level, enum om_survival_method method,
                struct om_survival_point *point, struct om_survival *out)
{
    *out = (struct om_survival){0};
    for (size_t i = 0; i < counts->n; i++) {
        out->n += counts->at[i].events + counts->at[i].censored;
        out->events += counts->at[i].events;
    }
    uint64_t at_risk = out->n;
    double survival = 1, greenwood = 0; /* greenwood: variance of log S */
    for (size_t i = 0; i < counts->n; i++) {
        const struct om_event_count *at = &counts->at[i];
        const double n = (double)at_risk, d = (double)at->events;
        point[i] = (struct om_survival_point){
            .time = at->time, .at_risk = at_risk, .events = at->events, .censored = at->censored};
        if (at->events) {
            survival *= (n - d) / n;
            greenwood += survival > 0 ? d / (n * (n - d)) : 0;
        }
        if (out->n == 0) {
            point[i].survival = point[i].se = om_undefined(OM_WHY_EMPTY);
            point[i].interval = om_no_bounds(level, method_name(method), OM_WHY_EMPTY);
        } else {
            point[i].survival = om_defined(survival);
            point[i].se = survival > 0 ? om_defined(survival * sqrt(greenwood)) : om_undefined(WHY_NONE_LEFT);
            point[i].interval = interval_of(survival, sqrt(greenwood), level, method);
        }
        at_risk -= at->events + at->censored;
    }
    find_median(point, counts->n, out);
    if (out->n == 0)
        out->median = out->median_lower = out->median_upper = om_undefined(OM_WHY_EMPTY);
}
