/*
 * Small symmetric matrices: k x k, row after row, both halves filled.
 *
 * Plain loops, so that the same last digit comes out on every processor; a BLAS chooses its kernels by the
 * processor. The matrices have as many rows as a questionnaire has items.
 */
#ifndef OM_STATS_SYMMETRIC_H
#define OM_STATS_SYMMETRIC_H

#include <stdbool.h>
#include <stddef.h>

/* Replaces the lower half of a positive definite matrix by its factor L, a = L L'. False when a pivot is not
 * above `least` times what stood on the diagonal: the matrix is singular, or nearly. */
bool om_cholesky(double *a, size_t k, double least);

/* Solves L L' x = b in place. */
void om_cholesky_solve(const double *l, size_t k, double *b);

/* The inverse of L L' into `inverse`. */
void om_cholesky_inverse(const double *l, size_t k, double *inverse);

/* Eigenvalues, in no order, and the eigenvectors beside them in the columns of `vectors`; `a` is overwritten.
 * Jacobi's method, until what is off the diagonal is nothing beside the largest on it. */
void om_eigen(double *a, size_t k, double *values, double *vectors);

#endif
