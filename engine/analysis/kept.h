/*
 * What is the same for all groups, found once before their rows are made: the rules as they apply to each
 * scale, notes in words, and numbers that depend on the size of a group alone.
 */
#ifndef OM_ANALYSIS_KEPT_H
#define OM_ANALYSIS_KEPT_H

#include "analysis/classes.h"
#include "analysis/joint.h"
#include "stats/memo.h"

enum { OM_CUTOFF_NOTE_MAX = 200 };

/* A rule at either end of the interval of alpha. An end below 0 is taken as 0, since a reliability is not
 * less. */
struct om_turned_rule {
    struct om_class_rule low, high;
    char note[120];
};

struct om_kept_scale {
    struct om_class_rule rule[OM_RULES];
    bool applies[OM_RULES]; /* the study asks for the rule, and the scale has what it looks at */
    struct om_turned_rule
        *turned[OM_RULES]; /* of an index that hangs on an alpha with an interval; else NULL */
    /* "cut-off 10": of the cut-off in force, and behind it of each that the definition has. */
    char (*cutoff_note)[OM_CUTOFF_NOTE_MAX];
    bool *reaches; /* [cut-off of the definition][level]: is the level positive by it? */
};

struct om_kept {
    struct om_kept_scale *scale;
    size_t n_scales;
    struct om_memo memo;
    struct om_joint_words joint;
    double z; /* of the normal distribution: half the width of an interval at the level of the study */
};

om_status om_kept_init(struct om_kept *kept, const struct om_run *run, struct om_error *err) OM_NODISCARD;
/* Also of what om_kept_init left unfinished. */
void om_kept_release(struct om_kept *kept);

/* The rule as it applies to the scale of the view; NULL when it does not, or the study does not ask for it.
 */
const struct om_class_rule *om_view_rule(const struct om_view *view, enum om_rule id);

#endif
