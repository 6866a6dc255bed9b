/* The signed-rank test of changes that are counted already. */
#ifndef OM_STATS_WILCOXON_H
#define OM_STATS_WILCOXON_H

#include <omstat/paired.h>

om_status om_wilcoxon_of(const struct om_counts *change, const struct om_wilcoxon_rule *rule,
                         struct om_wilcoxon_result *out, struct om_error *err) OM_NODISCARD;

#endif
