#include "analysis/follow.h"

#include <string.h>

const struct om_family om_families[] = {
    {.id = "group-change",
     .title = "The group's change against true change and the minimal important difference",
     .view = om_rows_group_change,
     .compare = om_compare_group_change},
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
