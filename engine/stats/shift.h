/* The differences of all pairs of one value from each of two samples, in order of size, without making them.
 */
#ifndef OM_STATS_SHIFT_H
#define OM_STATS_SHIFT_H

#include <omstat/stat.h>
#include "stats/moments.h"

/* How many there are. */
om_wide om_shift_pairs(const struct om_counts *a, const struct om_counts *b);

/* The difference a - b of this rank, 1 ... om_shift_pairs, in units. */
int64_t om_shift_at(const struct om_counts *a, const struct om_counts *b, om_wide rank);

/* Twice the median. Neither sample is empty. */
om_wide om_shift_twice_median(const struct om_counts *a, const struct om_counts *b);

#endif
