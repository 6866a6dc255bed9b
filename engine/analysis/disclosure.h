/*
 * Disclosure control: what of a result set can be shared. docs/methods/disclosure.md
 *
 *   counts of each group -> plan: which statistics of which group can be shown -> rows, ledger: the others
 * leave
 *
 * A pass over a finished analysis, before any view sees it. Rows the plan does not know are left out, so that
 * a statistic that is new is withheld until somebody has thought about it.
 */
#ifndef OM_ANALYSIS_DISCLOSURE_H
#define OM_ANALYSIS_DISCLOSURE_H

#include "analysis/classes.h"

/* What can be shown of a group. */
enum om_shown_part {
    OM_SHOW_N = 1,               /* how many were counted */
    OM_SHOW_MEANS = 2,           /* means and SDs, rounded */
    OM_SHOW_FIRST = 4,           /* how many were positive at the first occasion */
    OM_SHOW_LAST = 8,            /* ... at the last */
    OM_SHOW_POSITIVE = 16,       /* how many are in the population `positive` */
    OM_SHOW_POSITIVE_MEANS = 32, /* their means and SDs */
};

/* Of a rule and a group. */
enum om_shown_class {
    OM_SHOW_IMPROVED = 1,
    OM_SHOW_CLASSES = 2, /* unchanged and deteriorated too */
};

/* What can be shown of the main scale of an instrument. Groups are numbered as in the run: 0 is all. */
struct om_scale_plan {
    size_t scale;
    const char *instrument; /* ids */
    const char *scale_id;
    enum om_population base;          /* who is counted: all, unless only `positive` was asked for */
    unsigned *group;                  /* [group]: enum om_shown_part */
    unsigned *rule[OM_RULES];         /* [group]: enum om_shown_class; NULL: the rule is not shown */
    bool *band[2];                    /* [band] at each occasion, of all; NULL: none */
    uint64_t n;                       /* of all */
    bool baseline, baseline_positive; /* of all, in the ledger */
};

struct om_disclosure_plan {
    struct om_scale_plan *scale;
    size_t n_scales;
    bool persons; /* how many there are, of all */
};

/* Settles what can be shown; release it in either case. Errors: OM_ERR_NOMEM. */
om_status om_disclosure_plan(const struct om_analysis *analysis, const struct om_run *run, uint64_t below,
                             struct om_disclosure_plan *plan, struct om_error *err) OM_NODISCARD;
void om_disclosure_plan_release(struct om_disclosure_plan *plan);

/* To the nearest multiple of base, halves up; base 0 or 1: as it is. */
uint64_t om_disclosure_round(uint64_t count, uint64_t base);

/* Means and SDs are published to this: a tenth of a point, half up. */
#define OM_DISCLOSURE_UNIT 0.1
double om_disclosure_round_score(double score);

/* Replaces the rows of an analysis by those that can be shown, and fills in its log. */
om_status om_disclosure_rows(struct om_analysis *analysis, const struct om_run *run,
                             const struct om_disclosure_plan *plan, struct om_error *err) OM_NODISCARD;

/* Makes the analysis shareable, as its study asks; nothing when it does not. */
om_status om_disclose(struct om_analysis *analysis, const struct om_run *run,
                      struct om_error *err) OM_NODISCARD;

#endif
