#include "analysis/families.h"

#include <string.h>

const struct om_family om_families[] = {
    {.id = "agreement", .title = "Agreement between the rules", .view = om_rows_agreement},
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
