/*
 * The noncentral t distribution: T = (Z + delta) / S, with Z standard normal and S^2 = chi-square(df) / df.
 */
#ifndef OM_STATS_NONCENTRAL_T_H
#define OM_STATS_NONCENTRAL_T_H

#include "stats/memo.h"

/* P(T <= t), absolute error below 1e-13. df >= 1. */
double om_noncentral_t_cdf(double t, double df, double delta);

/* The delta for which P(T <= t) = p. 0 < p < 1, df >= 1, t finite. */
double om_noncentral_t_delta(double p, double t, double df);

/* Those for p = 1 - tail, the lower, and p = tail. */
struct om_delta_bounds {
    double lower, upper;
};

/* memo may be NULL. */
struct om_delta_bounds om_noncentral_t_bounds(double tail, double t, double df, const struct om_memo *memo);

#endif
