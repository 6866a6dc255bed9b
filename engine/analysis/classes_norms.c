/* The rules that look at norms: an index of reliable change, a cut-off between two populations, a minimal
 * important difference. */
#include "analysis/classes.h"
#include "stats/dist.h"

#include <stdio.h>

static enum om_index_kind
index_of(enum om_rule id)
{
    return id == OM_RULE_FUNCTIONAL_HA ? OM_INDEX_HA
           : om_rule_is_index(id)      ? (enum om_index_kind)(id - OM_RULE_JT)
                                       : OM_INDEX_JT;
}

/* 5 % on two sides; one-sided for HA, whose own tables have 1.65. */
static double
critical_of(enum om_index_kind kind)
{
    return om_normal_bound(kind == OM_INDEX_HA ? 0.90 : 0.95);
}

/* Index and cut-off, as far as the rule looks at them. */
static void
settle_norms(const struct om_view *view, const struct om_index_source *people, struct om_change_rule *change)
{
    const struct om_study *study = view->run->study;
    const struct om_cutoff_source *populations = &om_view_scale(view)->norms.populations;
    enum om_index_kind kind = index_of(change->rule);
    change->compatible = study->rule.compatible;
    om_change_index_make(kind, people, critical_of(kind), &change->index);
    if (kind == OM_INDEX_HA)
        om_change_cutoff_make_true(study->rule.cutoff, populations, people, &change->index, &change->cutoff);
    else
        om_change_cutoff_make(study->rule.cutoff, populations, &change->cutoff);
}

/* "cut-off c at 21.02 (clinical: the sample; functional: the study)" */
static void
note_cutoff(const struct om_scale_norms *norms, const struct om_change_cutoff *cutoff, char *text,
            size_t size)
{
    if (cutoff->reason)
        snprintf(text, size, "no cut-off: %s", cutoff->reason);
    else if (cutoff->kind == OM_CUTOFF_A)
        snprintf(text, size, "cut-off a at %.4g (clinical: %s)", cutoff->at, norms->clinical.text);
    else if (cutoff->kind == OM_CUTOFF_B)
        snprintf(text, size, "cut-off b at %.4g (functional: %s)", cutoff->at, norms->functional.text);
    else
        snprintf(text, size, "cut-off c at %.4g (clinical: %s; functional: %s)", cutoff->at,
                 norms->clinical.text, norms->functional.text);
}

/* A cut-off that no score is beyond tells nobody apart. */
static const char *
cutoff_remark(const struct om_scale *scale, const struct om_change_cutoff *cutoff)
{
    bool outside =
        !cutoff->reason && !scale->open_range &&
        (cutoff->at < om_fraction_value(scale->minimum) || cutoff->at > om_fraction_value(scale->maximum));
    return outside ? ", which lies outside the scale" : "";
}

static void
note_norms(const struct om_view *view, struct om_class_rule *rule)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_scale_norms *norms = &scale->norms;
    char cutoff[240];
    note_cutoff(norms, &rule->change.cutoff, cutoff, sizeof cutoff);
    const char *remark = cutoff_remark(scale->info.scale, &rule->change.cutoff);
    if (rule->id == OM_RULE_RELIABLE)
        snprintf(rule->note, sizeof rule->note, "reliability %.4g (%s), SD %.4g (%s)",
                 norms->people.reliability.value, norms->reliability.text, norms->people.sd_pre.value,
                 norms->sd.text);
    else if (rule->id == OM_RULE_FUNCTIONAL || rule->change.index.reason)
        snprintf(rule->note, sizeof rule->note, "%s%s", cutoff, remark);
    else
        snprintf(rule->note, sizeof rule->note, "reliability %.4g (%s), SD %.4g (%s); %s%s",
                 norms->people.reliability.value, norms->reliability.text, norms->people.sd_pre.value,
                 norms->sd.text, cutoff, remark);
}

bool
om_class_settle_index(const struct om_view *view, struct om_class_rule *rule)
{
    const struct om_run_scale *scale = om_view_scale(view);
    if (!om_class_has_points(scale) || (rule->id != OM_RULE_FUNCTIONAL && !scale->norms.known))
        return false;
    settle_norms(view, &scale->norms.people, &rule->change);
    note_norms(view, rule);
    return true;
}

bool
om_class_settle_anchor(const struct om_view *view, struct om_class_rule *rule)
{
    const struct om_run_scale *scale = om_view_scale(view);
    struct om_fraction better = scale->info.anchor, worse = scale->info.anchor_worse;
    if (!om_class_has_points(scale) || !better.den)
        return false;
    rule->change.points = better;
    rule->change.points_worse = worse;
    int at = snprintf(rule->note, sizeof rule->note, "%.10g points or more", om_fraction_value(better));
    if (worse.den)
        at += snprintf(rule->note + at, sizeof rule->note - (size_t)at, ", %.10g for deterioration",
                       om_fraction_value(worse));
    if (rule->id == OM_RULE_ANCHOR)
        return true;
    settle_norms(view, &scale->norms.people, &rule->change);
    char cutoff[240];
    note_cutoff(&scale->norms, &rule->change.cutoff, cutoff, sizeof cutoff);
    snprintf(rule->note + at, sizeof rule->note - (size_t)at, "; %s%s", cutoff,
             cutoff_remark(scale->info.scale, &rule->change.cutoff));
    return true;
}

const char *
om_class_why_not(const struct om_class_rule *rule)
{
    bool functional = rule->id == OM_RULE_FUNCTIONAL || rule->id == OM_RULE_FUNCTIONAL_HA;
    if (functional && rule->change.cutoff.reason)
        return rule->change.cutoff.reason;
    return om_rule_is_index(rule->id) || rule->change.by_index ? rule->change.index.reason : NULL;
}

bool
om_class_has_five(const struct om_class_rule *rule)
{
    return om_rule_has_five_classes(rule->id) && !rule->change.cutoff.reason;
}

void
om_class_rule_turn(const struct om_view *view, double reliability, struct om_class_rule *rule)
{
    struct om_index_source people = om_view_scale(view)->norms.people;
    people.reliability.value = reliability;
    settle_norms(view, &people, &rule->change);
}
