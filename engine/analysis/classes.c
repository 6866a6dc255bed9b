#include "analysis/classes.h"

#include <stdio.h>
#include <string.h>

static const struct om_threshold *
reliable_threshold(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_thresholds; i++)
        if (strcmp(scale->threshold[i].kind, "reliable") == 0 && scale->threshold[i].is_default)
            return &scale->threshold[i];
    return NULL;
}

bool
om_class_has_points(const struct om_run_scale *scale)
{
    return scale->numeric && (scale->is_total || scale->info.scale->n_items > 1);
}

bool
om_class_rule_settle(const struct om_view *view, enum om_rule id, struct om_class_rule *rule)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_threshold *reliable = reliable_threshold(scale->info.scale);
    struct om_fraction shift = scale->info.shift, share = scale->info.share;
    bool points = om_class_has_points(scale), bands = scale->info.scale->n_bands > 1;
    *rule = (struct om_class_rule){.id = id,
                                   .change = {.rule = id,
                                              .direction = scale->info.scale->direction,
                                              .points = shift,
                                              .share = share,
                                              .unit = scale->scorer->unit,
                                              .compatible = view->run->study->rule.compatible}};
    char *note = rule->note;
    const size_t size = sizeof rule->note;
    switch (id) {
    case OM_RULE_SHIFT:
        snprintf(note, size, "%.10g points or more", om_fraction_value(shift));
        return points;
    case OM_RULE_BAND:
        return bands;
    case OM_RULE_BAND_OR_SHIFT:
        snprintf(note, size, "another band, or %.10g points or more", om_fraction_value(shift));
        return points && bands;
    case OM_RULE_SCREEN:
        snprintf(note, size, "cut-off %.10g", om_fraction_value(scale->scorer->cutoff));
        return scale->scorer->has_cutoff;
    case OM_RULE_RELIABLE:
        rule->change.by_index = view->run->study->rule.reliable_by_index;
        if (rule->change.by_index)
            return om_class_settle_index(view, rule);
        if (!reliable)
            return false;
        rule->change.points = reliable->points;
        snprintf(note, size, "%.10g points or more (%s)", om_fraction_value(reliable->points), reliable->id);
        return points;
    case OM_RULE_PERCENT:
        if (2 * share.num == share.den)
            snprintf(note, size, "half of the first score or more");
        else
            snprintf(note, size, "%.10g %% of the first score or more", 100 * om_fraction_value(share));
        return points && (scale->info.scale->minimum.num == 0 || scale->info.scale->open_range);
    case OM_RULE_REMISSION:
        snprintf(note, size, "threshold %.10g", om_fraction_value(scale->info.scale->remission_below));
        return points && scale->info.scale->has_remission;
    case OM_RULE_ANCHOR:
    case OM_RULE_CWB:
        return om_class_settle_anchor(view, rule);
    case OM_RULE_JT:
    case OM_RULE_GLN:
    case OM_RULE_HLL:
    case OM_RULE_EN:
    case OM_RULE_NK:
    case OM_RULE_HA:
    case OM_RULE_FUNCTIONAL:
    case OM_RULE_FUNCTIONAL_HA:
        return om_class_settle_index(view, rule);
    case OM_RULE_NHS: /* over several scales: joint.h */
    case OM_RULES:
        break;
    }
    return false;
}

bool
om_class_rule_prepare(const struct om_view *view, enum om_rule id, struct om_class_rule *rule)
{
    return view->run->study->rules[id] && om_class_rule_settle(view, id, rule);
}

static struct om_change_point
point_of(const struct om_level *level)
{
    return (struct om_change_point){
        .value = level->value, .band = level->band, .positive = level->positive, .remitted = level->remitted};
}

static enum om_change_class
classify(const struct om_scorer *scorer, const struct om_class_rule *rule, uint32_t first, uint32_t last)
{
    struct om_change_point before = point_of(&scorer->level[first]), after = point_of(&scorer->level[last]);
    return om_change_classify(&rule->change, &before, &after);
}

enum om_change_class
om_class_of(const struct om_view *view, const struct om_class_rule *rule, uint32_t first, uint32_t last)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    if (!rule->known)
        return classify(scorer, rule, first, last);
    uint8_t *known = &rule->known[first * scorer->n_levels + last];
    if (*known == 0)
        *known = (uint8_t)(classify(scorer, rule, first, last) + 1);
    return (enum om_change_class)(*known - 1);
}

bool
om_class_counts_twice(const struct om_view *view, const struct om_class_rule *rule, uint32_t first,
                      uint32_t last)
{
    const struct om_level *level = om_view_scale(view)->scorer->level;
    struct om_change_point before = point_of(&level[first]), after = point_of(&level[last]);
    return om_change_counts_twice(&rule->change, &before, &after);
}

bool
om_class_was_clinical(const struct om_view *view, const struct om_class_rule *rule, uint32_t first)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    double score = (double)scorer->level[first].value / (double)scorer->unit;
    return om_class_has_five(rule) && om_change_side_before(&rule->change.cutoff, score) == OM_SIDE_CLINICAL;
}
