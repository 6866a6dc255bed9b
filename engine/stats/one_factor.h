/*
 * The one-factor model R = l l' + Psi of a correlation matrix, by maximum likelihood.
 *
 * What is minimised is F = log|S| + tr(R S^-1) - log|R| - k with S = l l' + Psi, Psi diagonal and positive:
 * Joreskog (1967), Psychometrika 32, 443.
 */
#ifndef OM_STATS_ONE_FACTOR_H
#define OM_STATS_ONE_FACTOR_H

#include <stddef.h>
#include <omstat/status.h>

struct om_one_factor {
    double *loading;    /* k, the caller's; their sum is not negative */
    double discrepancy; /* F at the minimum */
    const char *reason; /* NULL, or why there is no solution; then the rest is not set */
};

/* r: k x k, 1 on the diagonal, k > 2. Errors: OM_ERR_NOMEM. */
om_status om_one_factor_fit(const double *r, size_t k, struct om_one_factor *out,
                            struct om_error *err) OM_NODISCARD;

#endif
