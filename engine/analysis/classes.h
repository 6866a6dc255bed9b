/*
 * Which class of change each cell of a view is in, by any rule.
 *
 * What a rule needs of a scale (its points, bands, thresholds) is settled once a view; cells are then
 * classified one by one.
 */
#ifndef OM_ANALYSIS_CLASSES_H
#define OM_ANALYSIS_CLASSES_H

#include "analysis/rows.h"

#include <omstat/change.h>

/* A rule as it applies to the scale of a view. */
struct om_class_rule {
    enum om_rule id;
    struct om_change_rule change;
    char note[120]; /* for people: the points or threshold in force */
};

/* A scale of points with more than one item, or a total: changes can be counted in points. */
bool om_class_has_points(const struct om_run_scale *scale);

/* Settles a rule. False when it was not asked for, or the scale lacks what the rule looks at. */
bool om_class_rule_prepare(const struct om_view *view, enum om_rule id, struct om_class_rule *rule);

/* The class of a change from one level to another. */
enum om_change_class om_class_of(const struct om_view *view, const struct om_class_rule *rule, uint32_t first,
                                 uint32_t last);

#endif
