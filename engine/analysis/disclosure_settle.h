/* Settling what can be shown of one scale: what the steps (disclosure_plan.c) and the defence
 * (disclosure_defend.c) share. */
#ifndef OM_ANALYSIS_DISCLOSURE_SETTLE_H
#define OM_ANALYSIS_DISCLOSURE_SETTLE_H

#include "analysis/disclosure.h"
#include "stats/protect.h"

/* Persons of one group: the cells of its crosstab that belong to the population, and what the rules so far
 * say of each. */
struct om_members {
    struct om_cell *cell;
    uint32_t *label; /* the class by all rules taken so far, together; below n_labels */
    size_t n;
};

struct om_sized_row {
    size_t n, row;
};

/* One scale being settled. Rows are the groups without all, or all where there are none. */
struct om_settling {
    const struct om_run *run;
    struct om_view view; /* its cells are not used */
    uint64_t below;
    struct om_members *row;
    size_t n_rows, first_group;   /* row r is group r + first_group */
    struct om_members all;        /* without labels */
    struct om_sized_row *by_size; /* those with most pairs of scores first */
    uint64_t *persons;            /* per row, of any instrument: the same order of sizes for all */
    uint32_t n_labels;
    struct om_class_rule rule[OM_RULES]; /* those that are tried, in this order */
    size_t n_rules;
    struct om_blocks groups, positive; /* after the first two steps: by group, by status before */
    bool has_groups, has_positive;
    bool *never_alone, *never_alone_positive; /* [row]: groups whose means would tell too much */
    unsigned not_of_groups;                   /* enum om_shown_part: taken away from every group */
    struct om_scale_plan *plan;
};

/* Settle which groups show means and SDs: of everyone, and of those positive. They look at never_alone, and
 * may be called again when it has changed. */
om_status om_settle_means(const struct om_settling *settling, struct om_error *err) OM_NODISCARD;
om_status om_settle_positive_means(const struct om_settling *settling, struct om_error *err) OM_NODISCARD;

/* Attacks what is settled, and takes away from it until every small count is open to doubt. */
om_status om_disclosure_defend(struct om_settling *settling, struct om_error *err) OM_NODISCARD;

#endif
