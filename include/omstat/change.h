/*
 * Rules that classify a person's change between two occasions.
 *
 * A rule is a pure function of the two scores, their bands and screening status. Improvement is a move in the
 * better direction of the scale: down where higher is worse. Sources: docs/methods/change-rules.md.
 */
#ifndef OMSTAT_CHANGE_H
#define OMSTAT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/clinical.h>
#include <omstat/instrument.h>

enum om_rule {
    OM_RULE_SHIFT,         /* the score moved by at least so many points */
    OM_RULE_BAND,          /* the severity band is another one */
    OM_RULE_BAND_OR_SHIFT, /* either; the published evaluation's rule */
    OM_RULE_SCREEN,        /* screening positive became negative, or the reverse */
    OM_RULE_RELIABLE,      /* moved by at least the published reliable-change points, or beyond an index */
    OM_RULE_PERCENT,       /* moved by at least half (or so much) of the first score */
    OM_RULE_REMISSION,     /* crossed the scale's remission threshold */
    OM_RULE_NHS,           /* over several scales together; see joint.h. Classifies no single scale */
    OM_RULE_JT,            /* an index of reliable change, and a cut-off: the five classes */
    OM_RULE_GLN,
    OM_RULE_HLL,
    OM_RULE_EN,
    OM_RULE_NK,
    OM_RULE_HA,
    OM_RULE_ANCHOR,        /* moved by at least the minimal important difference */
    OM_RULE_CWB,           /* the same, and a cut-off: the five classes */
    OM_RULE_FUNCTIONAL,    /* crossed the cut-off between the clinical and the functional population */
    OM_RULE_FUNCTIONAL_HA, /* the same between true scores, beyond their error */
    OM_RULES,
};

enum om_change_class {
    OM_CHANGE_RECOVERED, /* improved, from the clinical to the functional side; rules with a cut-off only */
    OM_CHANGE_IMPROVED,
    OM_CHANGE_UNCHANGED,
    OM_CHANGE_DETERIORATED,
    OM_CHANGE_HARMED, /* deteriorated, from the functional to the clinical side; rules with a cut-off only */
    OM_CHANGE_CLASSES,
    OM_CHANGE_UNDEFINED, /* the rule does not apply to this pair; not in the denominator */
};

/* One side of a pair. */
struct om_change_point {
    int64_t value; /* score * unit */
    int band;      /* ascending severity (or ascending score); -1 = none */
    bool positive;
    bool remitted;
};

struct om_change_rule {
    enum om_rule rule;
    enum om_direction direction;
    struct om_fraction points;       /* shift, band-or-shift, reliable, anchor: inclusive */
    struct om_fraction points_worse; /* for deterioration, where it is another; den 0 = the same */
    struct om_fraction share;        /* percent: 1/2 */
    bool by_index;                   /* reliable: beyond the index, not by points */
    int64_t unit;                    /* of the values */
    struct om_change_index index;    /* jt, gln, hll, en, nk, ha, reliable by index; must be defined */
    struct om_change_cutoff cutoff; /* of the same, cwb, functional, functional-ha; undefined: the first seven
                                     * then tell no recovered and no harmed, the others nothing */
    bool
        compatible; /* with the R package clinicalsignificance; docs/methods/compat-clinicalsignificance.md */
};

/* "shift", "band", "band-or-shift", ... and back; OM_RULES when there is none. */
OM_API const char *om_rule_id(enum om_rule rule);
OM_API enum om_rule om_rule_parse(const char *id);
/* Does the rule tell all five classes, when its cut-off is defined? The others tell three. */
OM_API bool om_rule_has_five_classes(enum om_rule rule);
/* Is it one of the six indices? */
OM_API bool om_rule_is_index(enum om_rule rule);
/* "recovered", "improved", "unchanged", "deteriorated", "harmed". */
OM_API const char *om_change_class_id(enum om_change_class class_);
/* Improved or recovered; deteriorated or harmed. */
OM_API bool om_change_is_better(enum om_change_class class_);
OM_API bool om_change_is_worse(enum om_change_class class_);

OM_API enum om_change_class om_change_classify(const struct om_change_rule *rule,
                                               const struct om_change_point *first,
                                               const struct om_change_point *last);

/* Is a pair that counts as improved counted as deteriorated too? Only `percent` from a first score of 0 is,
 * and only when the rule is compatible. */
OM_API bool om_change_counts_twice(const struct om_change_rule *rule, const struct om_change_point *first,
                                   const struct om_change_point *last);

#endif
