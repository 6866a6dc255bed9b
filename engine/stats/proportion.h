/* om_proportion for many rates at one level. */
#ifndef OM_STATS_PROPORTION_H
#define OM_STATS_PROPORTION_H

#include <omstat/proportion.h>

/* Wilson's interval. z: om_normal_bound(level). */
void om_proportion_wilson(uint64_t k, uint64_t n, double level, double z, struct om_interval *out);

#endif
