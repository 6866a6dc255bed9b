/* Looking at one row of scores. */
#ifndef OM_STATS_TRAJECTORY_H
#define OM_STATS_TRAJECTORY_H

#include <omstat/trajectory.h>

#define OM_PERSONS_MAX ((uint64_t)1 << 40)

/* The first occasion with a score; n_occasions when there is none. */
size_t om_trajectory_first(const int32_t *row, size_t n_occasions);

/* How many occasions have a score. */
size_t om_trajectory_scores(const int32_t *row, size_t n_occasions);

#endif
