/*
 * Newton's method over the k loadings and k unique variances. With
 *
 *   P = S^-1   D = P (S - R) P   M = P - 2 D   v = P l   u = M l   c = l'v   m = l'u
 *
 * the first derivatives of F / 2 are (D l)_i and D_ii / 2, and the second ones
 *
 *   loading i, loading j   (u_i v_j + v_i u_j + c M_ij + m P_ij) / 2 + D_ij
 *   loading i, unique j    (M_ij v_j + P_ij u_j) / 2
 *   unique i,  unique j    M_ij P_ij / 2
 *
 * Where these are not positive definite, as may be far from the minimum, their expected values are taken:
 * those with D = 0. S^-1 has a closed form.
 */
#include "stats/one_factor.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/item_spread.h"
#include "stats/symmetric.h"

#define WHY_HEYWOOD   "the fit leaves an item no variance of its own (a Heywood case)"
#define WHY_NO_FACTOR "the items do not determine one common factor"
#define WHY_NOT_FOUND "the fit does not converge"

/* A unique variance below this, of a variance of 1, is taken for none. */
#define UNIQUE_LEAST 1e-6

enum { STEPS = 300, HALVINGS = 40 };

/* Where a fit stands, and its room to work in. All in one allocation. */
struct fit {
    size_t k;
    const double *r;
    double *at;        /* 2k: loadings, then unique variances */
    double *next;      /* 2k: where the step leads; before, v and u */
    double *step;      /* 2k: first the gradient */
    double *inverse;   /* k x k: P */
    double *d;         /* k x k: D, first S - R */
    double *product;   /* k x k: P (S - R) */
    double *second;    /* 2k x 2k: the second derivatives */
    long double log_r; /* log|R| */
};

static bool
fit_allocate(struct fit *f, const double *r, size_t k)
{
    *f = (struct fit){.k = k, .r = r};
    f->at = om_calloc(6 * k + 7 * k * k, sizeof *f->at);
    if (!f->at)
        return false;
    f->next = f->at + 2 * k;
    f->step = f->next + 2 * k;
    f->inverse = f->step + 2 * k;
    f->d = f->inverse + k * k;
    f->product = f->d + k * k;
    f->second = f->product + k * k;
    return true;
}

/* F without its constants, log|S| + tr(R S^-1), by way of |S| = |Psi| (1 + l' Psi^-1 l). In long double,
 * since the last bit of a logarithm differs between processors. */
static long double
discrepancy(const struct fit *f, const double *at)
{
    const double *loading = at, *unique = at + f->k;
    long double share = 1, log_unique = 0, trace = 0, explained = 0;
    for (size_t i = 0; i < f->k; i++) {
        share += (long double)loading[i] * loading[i] / unique[i];
        log_unique += logl(unique[i]);
        trace += 1 / (long double)unique[i];
        for (size_t j = 0; j < f->k; j++)
            explained += (long double)loading[i] / unique[i] * f->r[i * f->k + j] *
                         ((long double)loading[j] / unique[j]);
    }
    return log_unique + logl(share) + trace - explained / share;
}

/* S^-1 = Psi^-1 - Psi^-1 l l' Psi^-1 / (1 + l' Psi^-1 l), and S - R. */
static void
find_inverse(struct fit *f)
{
    const double *loading = f->at, *unique = f->at + f->k;
    double share = 1;
    for (size_t i = 0; i < f->k; i++)
        share += loading[i] * loading[i] / unique[i];
    for (size_t i = 0; i < f->k; i++)
        for (size_t j = 0; j < f->k; j++) {
            size_t ij = i * f->k + j;
            double own = i == j ? unique[i] : 0;
            f->inverse[ij] =
                (i == j ? 1 / unique[i] : 0) - loading[i] / unique[i] * (loading[j] / unique[j]) / share;
            f->d[ij] = loading[i] * loading[j] + own - f->r[ij];
        }
}

static double
dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* D, and the first derivatives of F / 2 into step. */
static void
find_gradient(struct fit *f)
{
    const size_t k = f->k;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            f->product[i * k + j] = dot(f->inverse + i * k, f->d + j * k, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            f->d[i * k + j] = dot(f->product + i * k, f->inverse + j * k, k);
    for (size_t i = 0; i < k; i++) {
        f->step[i] = dot(f->d + i * k, f->at, k);
        f->step[k + i] = f->d[i * k + i] / 2;
    }
}

/* The second derivatives of F / 2, with D taken `times`: 1, or 0 for their expected values. */
static void
find_second(struct fit *f, double times)
{
    const size_t k = f->k, width = 2 * k;
    double *v = f->next, *u = f->next + k;
    for (size_t i = 0; i < k; i++) {
        v[i] = dot(f->inverse + i * k, f->at, k);
        u[i] = v[i] - 2 * times * f->step[i];
    }
    double c = dot(f->at, v, k), m = dot(f->at, u, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double p_ij = f->inverse[i * k + j], d_ij = times * f->d[i * k + j], m_ij = p_ij - 2 * d_ij;
            f->second[i * width + j] = (u[i] * v[j] + v[i] * u[j] + c * m_ij + m * p_ij) / 2 + d_ij;
            f->second[i * width + k + j] = (m_ij * v[j] + p_ij * u[j]) / 2;
            f->second[(k + j) * width + i] = f->second[i * width + k + j];
            f->second[(k + i) * width + k + j] = m_ij * p_ij / 2;
        }
}

/* Turns the gradient into a step. False when even the expected second derivatives are singular. */
static bool
find_step(struct fit *f)
{
    static const double singular = 1e-12;
    find_second(f, 1);
    if (!om_cholesky(f->second, 2 * f->k, singular)) {
        find_second(f, 0);
        if (!om_cholesky(f->second, 2 * f->k, singular))
            return false;
    }
    om_cholesky_solve(f->second, 2 * f->k, f->step);
    return true;
}

/* Takes as much of the step as lowers F and leaves every unique variance a tenth or more of itself. Gives the
 * largest change of a parameter. */
static double
take_step(struct fit *f)
{
    const size_t k = f->k;
    double part = 1, largest = 0;
    const long double before = discrepancy(f, f->at);
    for (size_t i = k; i < 2 * k; i++)
        if (f->step[i] * part > 0.9 * f->at[i])
            part = 0.9 * f->at[i] / f->step[i];
    for (int halving = 0;; halving++, part /= 2) {
        for (size_t i = 0; i < 2 * k; i++)
            f->next[i] = f->at[i] - part * f->step[i];
        /* Near the minimum what is gained is less than the rounding of F. */
        if (halving == HALVINGS || discrepancy(f, f->next) <= before + 1e-14L * (1 + fabsl(before)))
            break;
    }
    for (size_t i = 0; i < 2 * k; i++)
        largest = fmax(largest, fabs(f->next[i] - f->at[i]));
    memcpy(f->at, f->next, 2 * k * sizeof *f->at);
    return largest;
}

static bool
is_heywood(const struct fit *f)
{
    for (size_t i = f->k; i < 2 * f->k; i++)
        if (f->at[i] < UNIQUE_LEAST)
            return true;
    return false;
}

/* NULL at the minimum: where a step no longer changes a parameter, or changes it by its rounding. */
static const char *
minimise(struct fit *f)
{
    double before = INFINITY;
    for (int step = 0; step < STEPS; step++) {
        find_inverse(f);
        find_gradient(f);
        if (!find_step(f))
            return WHY_NO_FACTOR;
        double moved = take_step(f);
        if (is_heywood(f))
            return WHY_HEYWOOD;
        if (moved <= 1e-14 || (moved <= 1e-11 && moved >= before))
            return NULL;
        before = moved;
    }
    return WHY_NOT_FOUND;
}

/* log|R|, and R^-1 into inverse. False when R is singular. */
static bool
invert_r(struct fit *f)
{
    double *factor = f->product;
    memcpy(factor, f->r, f->k * f->k * sizeof *factor);
    if (!om_cholesky(factor, f->k, 1e-10))
        return false;
    om_cholesky_inverse(factor, f->k, f->inverse);
    for (size_t i = 0; i < f->k; i++)
        f->log_r += 2 * logl(factor[i * f->k + i]);
    return true;
}

/* With these unique variances, the best loadings: from the principal component of what they leave. */
static void
find_loadings(struct fit *f)
{
    const size_t k = f->k;
    double *loading = f->at, *unique = f->at + k, *values = f->next, *vectors = f->second;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            f->d[i * k + j] = f->r[i * k + j] / sqrt(unique[i] * unique[j]);
    om_eigen(f->d, k, values, vectors);
    size_t first = 0;
    for (size_t i = 1; i < k; i++)
        if (values[i] > values[first])
            first = i;
    for (size_t i = 0; i < k; i++)
        loading[i] = vectors[i * k + first] * sqrt(unique[i] * fmax(values[first] - 1, 0));
}

/* Begins with the unique variances that the squared multiple correlations suggest, as Joreskog (1967) does.
 */
static const char *
search(struct fit *f)
{
    if (!invert_r(f))
        return OM_WHY_DEPENDENT;
    for (size_t i = 0; i < f->k; i++)
        f->at[f->k + i] = (1 - 0.5 / (double)f->k) / f->inverse[i * f->k + i];
    find_loadings(f);
    return minimise(f);
}

om_status
om_one_factor_fit(const double *r, size_t k, struct om_one_factor *out, struct om_error *err)
{
    struct fit f;
    if (!fit_allocate(&f, r, k))
        return om_fail_memory(err);
    out->reason = search(&f);
    if (!out->reason) {
        double sum = 0;
        for (size_t i = 0; i < k; i++)
            sum += f.at[i];
        for (size_t i = 0; i < k; i++)
            out->loading[i] = sum < 0 ? -f.at[i] : f.at[i];
        out->discrepancy = (double)fmaxl(discrepancy(&f, f.at) - f.log_r - (long double)k, 0);
    }
    om_free(f.at);
    return OM_OK;
}
