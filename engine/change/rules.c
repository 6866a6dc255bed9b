#include <omstat/change.h>

#include <string.h>

__extension__ typedef __int128 wide;

static const char *const rule_ids[OM_RULES] = {
    [OM_RULE_SHIFT] = "shift",
    [OM_RULE_BAND] = "band",
    [OM_RULE_BAND_OR_SHIFT] = "band-or-shift",
    [OM_RULE_SCREEN] = "screen",
    [OM_RULE_RELIABLE] = "reliable",
    [OM_RULE_PERCENT] = "percent",
    [OM_RULE_REMISSION] = "remission",
    [OM_RULE_NHS] = "nhs",
    [OM_RULE_JT] = "jt",
    [OM_RULE_GLN] = "gln",
    [OM_RULE_HLL] = "hll",
    [OM_RULE_EN] = "en",
    [OM_RULE_NK] = "nk",
    [OM_RULE_HA] = "ha",
    [OM_RULE_ANCHOR] = "anchor",
    [OM_RULE_CWB] = "cwb",
    [OM_RULE_FUNCTIONAL] = "functional",
    [OM_RULE_FUNCTIONAL_HA] = "functional-ha",
};

const char *
om_rule_id(enum om_rule rule)
{
    return (unsigned)rule < OM_RULES ? rule_ids[rule] : "";
}

enum om_rule
om_rule_parse(const char *id)
{
    for (int i = 0; i < OM_RULES; i++)
        if (strcmp(id, rule_ids[i]) == 0)
            return (enum om_rule)i;
    return OM_RULES;
}

bool
om_rule_is_index(enum om_rule rule)
{
    return rule >= OM_RULE_JT && rule <= OM_RULE_HA;
}

bool
om_rule_has_five_classes(enum om_rule rule)
{
    return om_rule_is_index(rule) || rule == OM_RULE_CWB;
}

const char *
om_change_class_id(enum om_change_class class_)
{
    static const char *const ids[] = {"recovered", "improved", "unchanged", "deteriorated", "harmed"};
    return (unsigned)class_ < OM_CHANGE_CLASSES ? ids[class_] : "";
}

bool
om_change_is_better(enum om_change_class class_)
{
    return class_ == OM_CHANGE_RECOVERED || class_ == OM_CHANGE_IMPROVED;
}

bool
om_change_is_worse(enum om_change_class class_)
{
    return class_ == OM_CHANGE_HARMED || class_ == OM_CHANGE_DETERIORATED;
}

/* Improved and deteriorated exclude each other, except where two criteria pull apart: then better wins. */
static enum om_change_class
class_of(bool better, bool worse)
{
    return better ? OM_CHANGE_IMPROVED : worse ? OM_CHANGE_DETERIORATED : OM_CHANGE_UNCHANGED;
}

/* How far the score moved for the better, times unit. */
static int64_t
gain(const struct om_change_rule *rule, const struct om_change_point *first,
     const struct om_change_point *last)
{
    int64_t change = last->value - first->value;
    return rule->direction == OM_HIGHER_WORSE ? -change : change;
}

/* moved / unit >= points, exactly. */
static bool
reaches(const struct om_change_rule *rule, int64_t moved, struct om_fraction points)
{
    return (wide)moved * points.den >= (wide)points.num * rule->unit;
}

static enum om_change_class
by_points(const struct om_change_rule *rule, int64_t moved)
{
    struct om_fraction worse = rule->points_worse.den ? rule->points_worse : rule->points;
    return class_of(reaches(rule, moved, rule->points), reaches(rule, -moved, worse));
}

/* Bands ascend with the score, so a milder band is a lower one where higher is worse. */
static enum om_change_class
by_band(const struct om_change_rule *rule, const struct om_change_point *first,
        const struct om_change_point *last)
{
    if (first->band < 0 || last->band < 0)
        return OM_CHANGE_UNDEFINED;
    bool lower = last->band<first->band, higher = last->band> first->band;
    return rule->direction == OM_HIGHER_WORSE ? class_of(lower, higher) : class_of(higher, lower);
}

static enum om_change_class
by_band_or_points(const struct om_change_rule *rule, const struct om_change_point *first,
                  const struct om_change_point *last)
{
    enum om_change_class band = by_band(rule, first, last);
    enum om_change_class points = by_points(rule, gain(rule, first, last));
    if (band == OM_CHANGE_UNDEFINED)
        return OM_CHANGE_UNDEFINED;
    return class_of(band == OM_CHANGE_IMPROVED || points == OM_CHANGE_IMPROVED,
                    band == OM_CHANGE_DETERIORATED || points == OM_CHANGE_DETERIORATED);
}

/* The package counts a rise from 0 as improved on any scale. */
static enum om_change_class
by_share_of_zero(const struct om_change_rule *rule, const struct om_change_point *last)
{
    if (!rule->compatible)
        return OM_CHANGE_UNDEFINED;
    return class_of(last->value > 0, last->value < 0);
}

/* gain >= share * first score; from a first score of 0 no share can be taken. */
static enum om_change_class
by_share(const struct om_change_rule *rule, const struct om_change_point *first,
         const struct om_change_point *last)
{
    if (first->value == 0)
        return by_share_of_zero(rule, last);
    if (first->value < 0)
        return OM_CHANGE_UNDEFINED;
    wide needed = (wide)first->value * rule->share.num;
    wide moved = (wide)gain(rule, first, last) * rule->share.den;
    return class_of(moved >= needed, -moved >= needed);
}

static double
real(const struct om_change_rule *rule, const struct om_change_point *point)
{
    return (double)point->value / (double)rule->unit;
}

/* From the functional side to the clinical one. The package asks only that neither score lies where a
 * recovered person's would. */
static bool
is_lost(const struct om_change_rule *rule, enum om_side before, enum om_side after)
{
    if (rule->compatible)
        return before != OM_SIDE_CLINICAL && after != OM_SIDE_FUNCTIONAL;
    return before == OM_SIDE_FUNCTIONAL && after == OM_SIDE_CLINICAL;
}

/* A reliable change, divided further by the cut-off. Jacobson & Truax (1991); `harmed` is the mirror image of
 * `recovered`. */
static enum om_change_class
by_cutoff_too(const struct om_change_rule *rule, enum om_change_class change,
              const struct om_change_point *first, const struct om_change_point *last)
{
    if (change == OM_CHANGE_UNCHANGED || rule->cutoff.reason)
        return change;
    enum om_side before = om_change_side_before(&rule->cutoff, real(rule, first));
    enum om_side after = om_change_side_after(&rule->cutoff, real(rule, last));
    if (change == OM_CHANGE_IMPROVED)
        return before == OM_SIDE_CLINICAL && after == OM_SIDE_FUNCTIONAL ? OM_CHANGE_RECOVERED : change;
    return is_lost(rule, before, after) ? OM_CHANGE_HARMED : change;
}

static enum om_change_class
by_index(const struct om_change_rule *rule, double first, double last)
{
    if (rule->index.reason)
        return OM_CHANGE_UNDEFINED;
    int verdict = om_change_index_verdict(&rule->index, first, last);
    bool up = verdict > 0, down = verdict < 0;
    return rule->direction == OM_HIGHER_WORSE ? class_of(down, up) : class_of(up, down);
}

/* Crossed the cut-off, whatever the size of the change. */
static enum om_change_class
by_side(const struct om_change_rule *rule, double first, double last)
{
    if (rule->cutoff.reason)
        return OM_CHANGE_UNDEFINED;
    enum om_side before = om_change_side_before(&rule->cutoff, first);
    enum om_side after = om_change_side_after(&rule->cutoff, last);
    bool worse = is_lost(rule, before, after);
    if (rule->compatible && rule->rule == OM_RULE_FUNCTIONAL_HA)
        worse = before != OM_SIDE_CLINICAL && after == OM_SIDE_CLINICAL;
    return class_of(before == OM_SIDE_CLINICAL && after == OM_SIDE_FUNCTIONAL, worse);
}

enum om_change_class
om_change_classify(const struct om_change_rule *rule, const struct om_change_point *first,
                   const struct om_change_point *last)
{
    switch (rule->rule) {
    case OM_RULE_RELIABLE:
        return rule->by_index ? by_index(rule, real(rule, first), real(rule, last))
                              : by_points(rule, gain(rule, first, last));
    case OM_RULE_SHIFT:
    case OM_RULE_ANCHOR:
        return by_points(rule, gain(rule, first, last));
    case OM_RULE_BAND:
        return by_band(rule, first, last);
    case OM_RULE_BAND_OR_SHIFT:
        return by_band_or_points(rule, first, last);
    case OM_RULE_SCREEN:
        return class_of(first->positive && !last->positive, !first->positive && last->positive);
    case OM_RULE_PERCENT:
        return by_share(rule, first, last);
    case OM_RULE_REMISSION:
        return class_of(!first->remitted && last->remitted, first->remitted && !last->remitted);
    case OM_RULE_JT:
    case OM_RULE_GLN:
    case OM_RULE_HLL:
    case OM_RULE_EN:
    case OM_RULE_NK:
    case OM_RULE_HA:
        return by_cutoff_too(rule, by_index(rule, real(rule, first), real(rule, last)), first, last);
    case OM_RULE_CWB:
        return by_cutoff_too(rule, by_points(rule, gain(rule, first, last)), first, last);
    case OM_RULE_FUNCTIONAL:
    case OM_RULE_FUNCTIONAL_HA:
        return by_side(rule, real(rule, first), real(rule, last));
    case OM_RULE_NHS:
    case OM_RULES:
        break;
    }
    return OM_CHANGE_UNDEFINED;
}

bool
om_change_counts_twice(const struct om_change_rule *rule, const struct om_change_point *first,
                       const struct om_change_point *last)
{
    return rule->compatible && rule->rule == OM_RULE_PERCENT && rule->direction == OM_HIGHER_WORSE &&
           first->value == 0 && last->value > 0;
}
