/* om_describe for many groups, whose sizes come again and again. */
#ifndef OM_STATS_DESCRIBE_H
#define OM_STATS_DESCRIBE_H

#include <omstat/describe.h>
#include "stats/memo.h"

/* memo may be NULL. */
void om_describe_memo(const struct om_counts *counts, double level, const struct om_memo *memo,
                      struct om_description *out);

#endif
