/* Covariances of items from their sums, in integers. */
#ifndef OM_STATS_ITEM_SPREAD_H
#define OM_STATS_ITEM_SPREAD_H

#include <omstat/reliability.h>
#include "stats/moments.h"
#include "stats/outcome.h"

#define OM_WHY_TWO_ITEMS   "at least 2 items are needed"
#define OM_WHY_THREE_ITEMS "at least 3 items are needed"
#define OM_WHY_FLAT_ITEM   "the item has the same code on every form"
#define OM_WHY_FLAT_ITEMS  "an item has the same code on every form"
#define OM_WHY_FLAT_TOTAL  "the sum of the items is the same on every form"
#define OM_WHY_DEPENDENT   "an item follows from the others, or there are too few forms"

/* n^2 times the covariance of two items with divisor n. At most 2^94. */
static inline om_wide
om_item_spread(const struct om_item_sums *s, size_t i, size_t j)
{
    size_t row = i > j ? i : j, column = i > j ? j : i;
    return om_centred_product((om_wide)s->n, s->product[row * (row + 1) / 2 + column], s->sum[i], s->sum[j]);
}

/* What a spread has to be divided by to be a covariance with divisor n - 1. n > 1. */
static inline long double
om_item_divisor(const struct om_item_sums *s)
{
    return (long double)s->n * (long double)(s->n - 1);
}

/* Why there are no variances, or NULL. */
static inline const char *
om_item_too_few(const struct om_item_sums *s)
{
    return s->n == 0 ? OM_WHY_EMPTY : s->n == 1 ? OM_WHY_ONE : NULL;
}

/* Is there an item that never varies? */
static inline bool
om_item_any_flat(const struct om_item_sums *s)
{
    for (size_t i = 0; i < s->k; i++)
        if (om_item_spread(s, i, i) <= 0)
            return true;
    return false;
}

/* The correlation of two items that vary. */
static inline double
om_item_correlation(const struct om_item_sums *s, size_t i, size_t j)
{
    return i == j ? 1
                  : (double)om_moments_correlation((long double)om_item_spread(s, i, j),
                                                   (long double)om_item_spread(s, i, i),
                                                   (long double)om_item_spread(s, j, j));
}

#endif
