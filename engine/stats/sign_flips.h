/*
 * The distribution behind the signed-rank test and the permutation test of a mean: every size is added with
 * probability 1/2, independently, so all 2^n sets of signs are equally likely.
 *
 * By dynamic programming over the sums. Every step halves a sum of two probabilities, so nothing cancels and
 * the smallest tails keep their digits; while n <= 53 all of them are exact.
 */
#ifndef OM_STATS_SIGN_FLIPS_H
#define OM_STATS_SIGN_FLIPS_H

#include <stdbool.h>
#include "stats/moments.h"

/* More additions than these are too many for an exact test: a tenth of a second. */
#define OM_SIGN_FLIPS_MAX ((om_wide)1 << 28)

/* Is P(S <= limit) of these sizes to be had? size: values above 0, and how many there are of each. */
bool om_sign_flips_feasible(const struct om_count *size, size_t n, om_wide limit);

/* P(S <= limit), S the sum of the sizes that are added. Errors: OM_ERR_NOMEM. */
OM_NODISCARD om_status om_sign_flips_cdf(const struct om_count *size, size_t n, om_wide limit, double *p,
                                         struct om_error *err);

/* P(S = s) for s in 0 ... limit. p and spare have room for limit + 1 numbers each. */
void om_sign_flips_fill(const struct om_count *size, size_t n, size_t limit, double *p, double *spare);

#endif
