/* What a study says about the checks. */
#ifndef OM_VALIDATE_SETTINGS_H
#define OM_VALIDATE_SETTINGS_H

#include "validate/expression.h"

#include <omstat/number.h>
#include <omstat/score.h>

/* A rule between fields: where `when` holds, `then` has to. */
struct om_field_rule {
    struct om_expression *when, *then;
    char *text;    /* as it was written: "WHEN -> THEN" */
    char *message; /* NULL: none of its own */
};

struct om_exam_settings {
    enum om_missing_rule missing_rule;
    struct om_fraction max_missing; /* share of forms without a score */
    size_t min_group;
    char *date; /* column, or a pattern with {occasion}; NULL = none */
    bool has_interval;
    int interval[2]; /* days between two occasions that follow each other */
    struct om_field_rule *rule;
    size_t n_rules, rule_capacity;
};

void om_exam_settings_release(struct om_exam_settings *settings);

#endif
