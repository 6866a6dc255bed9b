#include "analysis/families.h"

#include <string.h>

const struct om_family om_families[] = {
    {.id = "reliability", .title = "Reliability", .view = om_rows_structure},
    {.id = "group-change",
     .title = "The group's change against true change and the minimal important difference",
     .view = om_rows_group_change,
     .compare = om_compare_group_change},
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
