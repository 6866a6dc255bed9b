/*
 * Which class of change each cell of a view is in, by any rule.
 *
 * What a rule needs of a scale (its points, bands, thresholds) is settled once (kept.h); cells are then
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
    char note[500]; /* for people: the points, threshold or norms in force */
    uint8_t *known; /* class + 1 of each pair of levels, first major; 0: not asked for yet. NULL: not kept */
};

/* A scale of points with more than one item, or a total: changes can be counted in points. */
bool om_class_has_points(const struct om_run_scale *scale);

/* Settles a rule. False when the scale lacks what the rule looks at. */
bool om_class_rule_settle(const struct om_view *view, enum om_rule id, struct om_class_rule *rule);
/* The same for a report. False also when the study does not ask for the rule. */
bool om_class_rule_prepare(const struct om_view *view, enum om_rule id, struct om_class_rule *rule);

/* The parts of om_class_rule_settle that look at norms (classes_norms.c); rule->change holds the rest. */
bool om_class_settle_index(const struct om_view *view, struct om_class_rule *rule);
bool om_class_settle_anchor(const struct om_view *view, struct om_class_rule *rule);

/* The same rule with another reliability of the scores before: how a class depends on it. */
void om_class_rule_turn(const struct om_view *view, double reliability, struct om_class_rule *rule);

/* Why the rule can classify nobody: its index, or the cut-off it is about, is undefined. NULL when it can. */
const char *om_class_why_not(const struct om_class_rule *rule);
/* Does it tell recovered and harmed? */
bool om_class_has_five(const struct om_class_rule *rule);

/* What an index is made of, and how many classes hang on it: rows of a rule with an index or a cut-off; none
 * for another. */
om_status om_rows_index(struct om_view *view, const struct om_class_rule *rule,
                        struct om_error *err) OM_NODISCARD;

/* The class of a change from one level to another. */
enum om_change_class om_class_of(const struct om_view *view, const struct om_class_rule *rule, uint32_t first,
                                 uint32_t last);

/* Is a score before on the clinical side of the rule's cut-off? False for a rule without one. */
bool om_class_was_clinical(const struct om_view *view, const struct om_class_rule *rule, uint32_t first);

/* Is an improvement counted as a deterioration too? om_change_counts_twice. */
bool om_class_counts_twice(const struct om_view *view, const struct om_class_rule *rule, uint32_t first,
                           uint32_t last);

#endif
