/*
 * Distributions. The only place that names the libraries they come from: GSL where it is exact to the last
 * digits that are tested, Rmath (the code of R itself) where GSL lacks a function or loses digits; dist.c
 * says which and why.
 *
 * Only functions that neither print, allocate nor keep state are used; every domain is checked by the
 * callers, who see n and level.
 */
#ifndef OM_STATS_DIST_H
#define OM_STATS_DIST_H

#include <stdint.h>

/* The z with P(|Z| <= z) = level; the t of df degrees of freedom likewise. */
double om_normal_bound(double level);
double om_t_bound(double level, double df);

/* P(|Z| >= |z|), P(|T| >= |t|), P(X >= chi2) for one degree of freedom and for df. */
double om_normal_p(double z);
double om_t_p(double t, double df);
double om_chi2_1_p(double chi2);

/* P(T >= t). */
double om_t_upper(double t, double df);

/* P(X >= chi2) for df > 0 degrees of freedom. */
double om_chi2_p(double chi2, double df);

/* P(X >= f) for df1 and df2 degrees of freedom, which need not be whole. */
double om_f_p(double f, double df1, double df2);

/* P(Z <= z), its density at z, and the z for which it is p. */
double om_normal_cdf(double z);
double om_normal_density(double z);
double om_normal_quantile(double p);

/* Quantiles of the beta and F distributions. */
double om_beta_quantile(double p, double a, double b);
double om_f_quantile(double p, double df1, double df2);

/* min(1, 2 P(X <= k)) for X binomial(n, 1/2), k <= n - k. */
double om_binomial_half_p(uint64_t k, uint64_t n);

/* P(X <= k) for X binomial(n, p), and the smallest k for which it is at least `probability`. */
double om_binomial_lower(double k, double n, double p);
double om_binomial_quantile(double probability, double n, double p);

/* X, the first cell of a 2 x 2 table with this first row, first column and total: P(X = x), P(X <= x), P(X >=
 * x). */
double om_hypergeometric(double x, double row, double column, double total);
double om_hypergeometric_lower(double x, double row, double column, double total);
double om_hypergeometric_upper(double x, double row, double column, double total);

/* log n! */
long double om_log_factorial(uint64_t n);
/* log P(X = k) for X binomial(n, p). 0 < p < 1, k <= n. */
double om_binomial_log_density(uint64_t k, uint64_t n, double p);

/* P(S >= s) for S^2 = chi-square(df) / df. */
double om_chi_upper(double s, double df);

/* log of the density of log S at log(1 + x) relative to that at 0, where it is highest. x > -1. */
double om_log_chi_log_density(double x, double df);

/* Hedges' correction: gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)). df > 1. */
double om_hedges_j(double df);

/* The versions of the libraries: GSL as it runs, Rmath as it was built with. Static storage. */
const char *om_gsl_version(void);
const char *om_rmath_version(void);

#endif
