#include "analysis/families.h"

#include <string.h>

const struct om_family om_families[] = {
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
