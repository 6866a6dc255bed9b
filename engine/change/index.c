#include <omstat/clinical.h>

#include <math.h>
#include "change/beyond.h"

static const char NO_SPREAD[] = "all scores before are equal";

const char *
om_index_id(enum om_index_kind kind)
{
    static const char *const ids[OM_INDICES] = {"jt", "gln", "hll", "en", "nk", "ha"};
    return (unsigned)kind < OM_INDICES ? ids[kind] : "";
}

/* The first reason among these, or NULL. */
static const char *
first_reason(const struct om_stat *const *stat, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (stat[i]->reason)
            return stat[i]->reason;
    return NULL;
}

static const char *
why_not_reliability(double r)
{
    return r < 0      ? "the reliability is below 0"
           : !(r < 1) ? "the reliability is 1 or more, which leaves no error"
                      : NULL;
}

struct om_stat
om_standard_error_of_measurement(struct om_stat sd, struct om_stat reliability)
{
    const char *reason = first_reason((const struct om_stat *const[]){&reliability, &sd}, 2);
    if (!reason)
        reason = why_not_reliability(reliability.value);
    if (!reason && !(sd.value > 0))
        reason = NO_SPREAD;
    if (reason)
        return (struct om_stat){0, reason};
    return (struct om_stat){sd.value * sqrt(1 - reliability.value), NULL};
}

/* What is missing for this index beyond the SEM. */
static const char *
why_not(enum om_index_kind kind, const struct om_index_source *s)
{
    const struct om_stat *needed[2] = {&s->mean_pre, &s->mean_pre};
    if (kind == OM_INDEX_JT)
        return NULL;
    if (kind == OM_INDEX_HLL || kind == OM_INDEX_HA)
        needed[1] = &s->mean_post;
    if (kind == OM_INDEX_NK)
        needed[1] = &s->reliability_post;
    const char *reason = first_reason(needed, 2);
    if (!reason && kind == OM_INDEX_NK)
        reason = why_not_reliability(s->reliability_post.value);
    return !reason && kind == OM_INDEX_HA ? s->sd_change.reason : reason;
}

/* Regression toward the mean before: what a person's second score would be without any change. */
static void
expect_regression(struct om_change_index *out, double r, double mean_pre, double mean_post)
{
    out->slope = r;
    out->intercept = mean_post - r * mean_pre;
}

/* [c Rdd + (M1 - M0)(1 - Rdd)] / [sqrt(Rdd) sqrt(2) SEM], divided through by Rdd. */
static void
make_ha(const struct om_index_source *s, struct om_change_index *out)
{
    double error = 2 * out->sem * out->sem, variance = s->sd_change.value * s->sd_change.value;
    out->r_dd = variance > 0 ? 1 - error / variance : 0;
    if (!(out->r_dd > 0)) {
        out->r_dd = 0;
        out->reason = "the changes vary no more than their error of measurement";
        return;
    }
    out->slope = 1;
    out->intercept = -(s->mean_post.value - s->mean_pre.value) * (1 - out->r_dd) / out->r_dd;
    out->se = sqrt(error / out->r_dd);
}

void
om_change_index_make(enum om_index_kind kind, const struct om_index_source *s, double critical,
                     struct om_change_index *out)
{
    struct om_stat sem = om_standard_error_of_measurement(s->sd_pre, s->reliability);
    *out = (struct om_change_index){.critical = critical, .sem = sem.value, .reason = sem.reason};
    if (!out->reason)
        out->reason = why_not(kind, s);
    if (out->reason)
        return;
    const double r = s->reliability.value, sd = s->sd_pre.value, mean = s->mean_pre.value;
    switch (kind) {
    case OM_INDEX_JT:
        out->slope = 1;
        out->se = sqrt(2) * out->sem;
        return;
    case OM_INDEX_GLN:
        expect_regression(out, r, mean, mean);
        out->se = sd * sqrt(1 - r * r);
        return;
    case OM_INDEX_HLL:
        expect_regression(out, r, mean, s->mean_post.value);
        out->se = sd * sqrt(1 - r * r);
        return;
    case OM_INDEX_EN:
        expect_regression(out, r, mean, mean);
        out->se = out->sem;
        return;
    case OM_INDEX_NK:
        expect_regression(out, r, mean, mean);
        out->se = sd * sqrt(r * r * (1 - r) + (1 - s->reliability_post.value));
        return;
    case OM_INDEX_HA:
        make_ha(s, out);
        return;
    case OM_INDICES:
        break;
    }
    out->reason = "there is no such index";
}

double
om_change_index_of(const struct om_change_index *index, double pre, double post)
{
    return (post - (index->intercept + index->slope * pre)) / index->se;
}

int
om_change_index_verdict(const struct om_change_index *index, double pre, double post)
{
    double value = om_change_index_of(index, pre, post);
    return om_beyond(value, index->critical) - om_beyond(-value, index->critical);
}
