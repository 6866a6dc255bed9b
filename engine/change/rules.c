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

const char *
om_change_class_id(enum om_change_class class_)
{
    static const char *const ids[] = {"improved", "unchanged", "deteriorated"};
    return (unsigned)class_ < OM_CHANGE_CLASSES ? ids[class_] : "";
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

/* gain / unit >= points, exactly. */
static bool
reaches(const struct om_change_rule *rule, int64_t moved)
{
    return (wide)moved * rule->points.den >= (wide)rule->points.num * rule->unit;
}

static enum om_change_class
by_points(const struct om_change_rule *rule, int64_t moved)
{
    return class_of(reaches(rule, moved), reaches(rule, -moved));
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

/* gain >= share * first score; from a first score of 0 no share can be taken. */
static enum om_change_class
by_share(const struct om_change_rule *rule, const struct om_change_point *first,
         const struct om_change_point *last)
{
    if (first->value <= 0)
        return OM_CHANGE_UNDEFINED;
    wide needed = (wide)first->value * rule->share.num;
    wide moved = (wide)gain(rule, first, last) * rule->share.den;
    return class_of(moved >= needed, -moved >= needed);
}

enum om_change_class
om_change_classify(const struct om_change_rule *rule, const struct om_change_point *first,
                   const struct om_change_point *last)
{
    switch (rule->rule) {
    case OM_RULE_SHIFT:
    case OM_RULE_RELIABLE:
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
    case OM_RULE_NHS:
    case OM_RULES:
        break;
    }
    return OM_CHANGE_UNDEFINED;
}
