/* What changed since an earlier run of the same report. */
#ifndef OM_REPORT_SINCE_H
#define OM_REPORT_SINCE_H

#include "report/compose.h"

/* Adds a table an instrument: people, mean change, and who improved and got worse, then and now, for each
 * group of now. Nothing is said about chance: the people of the two runs may be the same, in part. */
void om_compose_since(struct om_page *page, const struct om_analysis *now, const struct om_analysis *then);

#endif
