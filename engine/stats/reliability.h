/* om_alpha for many groups, whose sizes come again and again. */
#ifndef OM_STATS_RELIABILITY_H
#define OM_STATS_RELIABILITY_H

#include <omstat/reliability.h>
#include "stats/memo.h"

/* memo may be NULL. */
void om_alpha_memo(const struct om_item_sums *sums, double level, const struct om_memo *memo,
                   struct om_alpha_result *out);

#endif
