/* The functions of <omstat/power.h> for many groups; memo may be NULL. */
#ifndef OM_STATS_POWER_H
#define OM_STATS_POWER_H

#include "stats/memo.h"

#include <omstat/power.h>

struct om_stat om_power_memo(uint64_t n, double d_z, double alpha, const struct om_memo *memo);
struct om_stat om_power_n_memo(double d_z, double power, double alpha, const struct om_memo *memo);
struct om_stat om_power_effect_memo(uint64_t n, double power, double alpha, const struct om_memo *memo);

#endif
