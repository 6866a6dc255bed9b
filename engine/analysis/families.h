/*
 * Families of statistics beside those that every report has: what the key `statistics` names.
 *
 * A family is a line in the table of families.c and one file of its own, rows_<family>.c, which turns the
 * counts of a view into rows and computes nothing itself (stats/ and change/ do).
 */
#ifndef OM_ANALYSIS_FAMILIES_H
#define OM_ANALYSIS_FAMILIES_H

#include "analysis/rows.h"

/* All groups of one scale and population side by side. */
struct om_comparison {
    struct om_view whole;      /* everybody; rows about the groups together go in here */
    const struct om_view *one; /* each group, in the order of the results */
    size_t n;
    size_t reference; /* which of them others are compared with */
};

struct om_family {
    const char *id;      /* as the key names it, and om_result.family */
    const char *title;   /* heading of its table */
    bool every_occasion; /* needs the scores at all of them: om_run_group.waves */
    /* Rows of one scale, group and population. NULL: none. */
    om_status (*view)(struct om_view *view, struct om_error *err);
    /* Rows that compare the groups, where there are two or more. NULL: none. */
    om_status (*compare)(struct om_comparison *comparison, struct om_error *err);
    /* Rows about all rows before. NULL: none. */
    om_status (*finish)(struct om_analysis *analysis, const struct om_run *run, struct om_error *err);
};

/* In the order of the results; ends with an id of NULL. At most OM_FAMILIES_MAX. */
extern const struct om_family om_families[];

/* The index of a family, or -1. */
int om_family_find(const char *id);

/* --- the families, each in rows_<family>.c -------------------------------------------------------------- */

om_status om_rows_group_change(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_compare_group_change(struct om_comparison *comparison, struct om_error *err) OM_NODISCARD;
om_status om_compare_between(struct om_comparison *comparison, struct om_error *err) OM_NODISCARD;
om_status om_compare_rates_of(struct om_comparison *comparison, struct om_error *err) OM_NODISCARD;
om_status om_compare_ancova(struct om_comparison *comparison, struct om_error *err) OM_NODISCARD;
om_status om_finish_adjust(struct om_analysis *analysis, const struct om_run *run,
                           struct om_error *err) OM_NODISCARD;

om_status om_rows_paired(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_effects(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_symmetry(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_equivalence(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_bootstrap(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_power(struct om_view *view, struct om_error *err) OM_NODISCARD;

om_status om_rows_agreement(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_sensitivity(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_regression_to_mean(struct om_view *view, struct om_error *err) OM_NODISCARD;

/* Is it to be reported? */
static inline bool
om_family_asked(const struct om_study *study, size_t family)
{
    return study->families[family];
}

#endif
