/*
 * Power of the paired t test, two-sided, both tails counted, from the noncentral t distribution. What a study
 * of this size could find and what size finds an effect; never "the power at the effect that was observed",
 * which only restates p (Hoenig & Heisey 2001, American Statistician 55, 19). docs/methods/power.md
 */
#ifndef OMSTAT_POWER_H
#define OMSTAT_POWER_H

#include <omstat/stat.h>

/* The probability of p < alpha with n pairs when the mean change is d_z standard deviations of the change. */
OM_API struct om_stat om_power(uint64_t n, double d_z, double alpha);

/* The fewest pairs with at least this power. Undefined for an effect so small that it takes 2^52. */
OM_API struct om_stat om_power_n(double d_z, double power, double alpha);

/* The smallest d_z > 0 that n pairs find with this power. alpha < power < 1. */
OM_API struct om_stat om_power_effect(uint64_t n, double power, double alpha);

#endif
