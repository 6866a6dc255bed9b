#include <omstat/group_change.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/outcome.h"

/* P(Z < better * distance / sd): the share of a normal population beyond 0. */
static struct om_stat
share_beyond(struct om_stat distance, double sd, double better)
{
    return om_defined(om_normal_cdf(better * distance.value / sd));
}

void
om_true_shares(const struct om_description *change, const struct om_description *post, double r_dd,
               double sem, double at, double better, struct om_true_shares *out)
{
    const char *reason = change->sd.reason;
    if (!reason && !(r_dd > 0))
        reason = "the reliability of the differences is not above 0";
    out->changed = reason                 ? om_undefined(reason)
                   : change->sd.value > 0 ? share_beyond(change->mean, change->sd.value * sqrt(r_dd), better)
                                          : om_undefined(OM_WHY_SAME_CHANGE);
    reason = post->sd.reason;
    if (!reason && !(post->sd.value > sem))
        reason = "the scores after vary no more than their error of measurement";
    if (reason) {
        out->functional = om_undefined(reason);
        return;
    }
    double true_sd = sqrt((post->sd.value - sem) * (post->sd.value + sem));
    out->functional = share_beyond(om_defined(post->mean.value - at), true_sd, better);
}

struct om_mid_verdict
om_mid_verdict(struct om_stat difference, const struct om_interval *interval, double mid_better,
               double mid_worse, double better)
{
    struct om_mid_verdict out = {.reason = difference.reason ? difference.reason : interval->reason};
    if (out.reason)
        return out;
    double low = better > 0 ? interval->lower : -interval->upper;
    double high = better > 0 ? interval->upper : -interval->lower;
    double estimate = better * difference.value, mid = mid_better;
    if (low <= 0 && high >= 0) {
        out.category = OM_MID_NOT_SIGNIFICANT;
        return out;
    }
    if (high < 0) { /* the same, seen from the other side */
        double turned = -high;
        high = -low;
        low = turned;
        estimate = -estimate;
        mid = mid_worse;
        out.worse = true;
    }
    out.category = high < mid       ? OM_MID_NOT_RELEVANT
                   : low > mid      ? OM_MID_LARGE
                   : estimate < mid ? OM_MID_NOT_BEYOND
                                    : OM_MID_PROBABLE;
    return out;
}

const char *
om_mid_id(enum om_mid_category category)
{
    static const char *const ids[OM_MID_CATEGORIES] = {"not-significant", "not-relevant", "not-beyond",
                                                       "probable", "large"};
    return (unsigned)category < OM_MID_CATEGORIES ? ids[category] : "";
}

const char *
om_mid_words(enum om_mid_category category)
{
    static const char *const words[OM_MID_CATEGORIES] = {
        "statistically not significant", "statistically significant but clinically irrelevant",
        "not significantly less than the threshold", "probably clinically significant effect",
        "large clinically significant effect"};
    return (unsigned)category < OM_MID_CATEGORIES ? words[category] : "";
}
