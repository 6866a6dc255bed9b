#include "analysis/follow.h"

#include <string.h>

const struct om_family om_families[] = {
    {.id = "reliability", .title = "Reliability", .view = om_rows_structure},
    {.id = "group-change",
     .title = "The group's change against true change and the minimal important difference",
     .view = om_rows_group_change,
     .compare = om_compare_group_change},
    {.id = "paired", .title = "Change without a distribution", .view = om_rows_paired},
    {.id = "effects", .title = "More effect sizes and intervals", .view = om_rows_effects},
    {.id = "symmetry", .title = "Did the bands shift?", .view = om_rows_symmetry},
    {.id = "equivalence", .title = "Equivalence", .view = om_rows_equivalence},
    {.id = "bootstrap", .title = "Bootstrap intervals", .view = om_rows_bootstrap},
    {.id = "power", .title = "Power of the paired t test", .view = om_rows_power},
    {.id = "waves", .title = "Every occasion", .every_occasion = true, .view = om_rows_waves},
    {.id = "friedman",
     .title = "Differences between occasions",
     .every_occasion = true,
     .view = om_rows_friedman},
    {.id = "survival",
     .title = "Time to an event",
     .every_occasion = true,
     .view = om_rows_survival,
     .compare = om_compare_survival},
    {.id = "sudden-gains",
     .title = "Sudden gains and losses",
     .every_occasion = true,
     .view = om_rows_sudden_gains},
    {.id = "mixed",
     .title = "Growth",
     .every_occasion = true,
     .view = om_rows_mixed,
     .compare = om_compare_mixed},
    {.id = "agreement", .title = "Agreement between the rules", .view = om_rows_agreement},
    {.id = "sensitivity",
     .title = "Sensitivity: other points, other cut-offs, and those without a second score",
     .view = om_rows_sensitivity},
    {.id = "regression-to-mean",
     .title = "Regression to the mean, of those screening positive",
     .view = om_rows_regression_to_mean},
    {.id = "between", .title = "Differences between groups", .compare = om_compare_between},
    {.id = "rates", .title = "Rates between groups", .compare = om_compare_rates_of},
    {.id = "ancova",
     .title = "Groups compared with the first score held equal",
     .compare = om_compare_ancova},
    {.id = "adjust",
     .title = "p adjusted for the number of tests",
     .finish = om_finish_adjust}, /* the last */
    {.id = NULL},
};

int
om_family_find(const char *id)
{
    for (int i = 0; om_families[i].id; i++)
        if (strcmp(om_families[i].id, id) == 0)
            return i;
    return -1;
}
