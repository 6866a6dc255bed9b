/* What a study says about change rules: numbers for scales, and choices. */
#ifndef OM_ANALYSIS_KEYS_RULES_H
#define OM_ANALYSIS_KEYS_RULES_H

#include <omstat/clinical.h>
#include <omstat/number.h>
#include <omstat/study.h>

/* Keys whose value is one number, or two with a colon between them. */
enum om_rule_value_kind {
    OM_VALUE_RELIABILITY, /* before : after */
    OM_VALUE_FUNCTIONAL,  /* mean : SD */
    OM_VALUE_CLINICAL,    /* mean : SD */
    OM_VALUE_ANCHOR,      /* points for improvement : for deterioration */
    OM_VALUE_PERCENT,     /* share of the first score */
    OM_RULE_VALUES,
};

/* One value. The target names an instrument, which means its main scale, or INSTRUMENT.SCALE. */
struct om_rule_value {
    enum om_rule_value_kind kind;
    char *target; /* NULL: all (percent only) */
    struct om_fraction first, second;
    bool has_second;
};

/* The rules' part of a study. */
struct om_rule_settings {
    struct om_rule_value *value; /* in the order they were given */
    size_t n_values, capacity;
    enum om_cutoff_kind cutoff;
    bool reliable_by_index; /* the rule reliable: by Jacobson and Truax, not by published points */
    bool compatible;        /* with the R package clinicalsignificance */
};

void om_rule_settings_release(struct om_rule_settings *settings);

/* The name of a kind as a key. */
const char *om_rule_value_key(enum om_rule_value_kind kind);

/* The last value for this scale, or NULL: one that names the scale before one for its instrument before one
 * for all. Numbers for an instrument are about its main scale; a percentage is about all of its scales. */
const struct om_rule_value *om_rule_value_find(const struct om_rule_settings *settings,
                                               enum om_rule_value_kind kind,
                                               const struct om_instrument *instrument,
                                               const struct om_scale *scale);

#endif
