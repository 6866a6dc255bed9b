#include "analysis/families.h"

#include <string.h>

const struct om_family om_families[] = {
    {.id = "group-change",
     .title = "The group's change against true change and the minimal important difference",
     .view = om_rows_group_change,
     .compare = om_compare_group_change},
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
