/*
 * Fisher scoring over the k loadings and k unique variances. With v = S^-1 l and c = l'v, the expected second
 * derivatives of F / 2 are
 *
 *   loading i, loading j   v_i v_j + c S^-1_ij
 *   loading i, unique j    S^-1_ij v_j
 *   unique i,  unique j    (S^-1_ij)^2 / 2
 *
 * and the first ones come from D = S^-1 (S - R) S^-1: (D l)_i and D_ii / 2. S^-1 has a closed form.
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

enum { STEPS = 1000, HALVINGS = 40 };

/* Where a fit stands, and its room to work in. All in one allocation. */
struct fit {
    size_t k;
    const double *r;
    double *at;          /* 2k: loadings, then unique variances */
    double *next;        /* 2k: where the step leads */
    double *step;        /* 2k: first the gradient */
    double *inverse;     /* k x k: S^-1 */
    double *residual;    /* k x k: S - R */
    double *product;     /* k x k: S^-1 (S - R) */
    double *information; /* 2k x 2k */
    double log_r;        /* log|R| */
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
    f->residual = f->inverse + k * k;
    f->product = f->residual + k * k;
    f->information = f->product + k * k;
    return true;
}

/* F without its constants, log|S| + tr(R S^-1), by way of |S| = |Psi| (1 + l' Psi^-1 l). */
static double
discrepancy(const struct fit *f, const double *at)
{
    const double *loading = at, *unique = at + f->k;
    double share = 1, log_unique = 0, trace = 0, explained = 0;
    for (size_t i = 0; i < f->k; i++) {
        share += loading[i] * loading[i] / unique[i];
        log_unique += log(unique[i]);
        trace += 1 / unique[i];
        for (size_t j = 0; j < f->k; j++)
            explained += loading[i] / unique[i] * f->r[i * f->k + j] * (loading[j] / unique[j]);
    }
    return log_unique + log(share) + trace - explained / share;
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
            f->residual[ij] = loading[i] * loading[j] + own - f->r[ij];
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

/* The first derivatives of F / 2, into step; v = S^-1 l into next. */
static void
find_gradient(struct fit *f)
{
    const size_t k = f->k;
    double *v = f->next;
    for (size_t i = 0; i < k; i++) {
        v[i] = dot(f->inverse + i * k, f->at, k);
        for (size_t j = 0; j < k; j++)
            f->product[i * k + j] = dot(f->inverse + i * k, f->residual + j * k, k);
    }
    for (size_t i = 0; i < k; i++) {
        f->step[i] = dot(f->product + i * k, v, k);
        f->step[k + i] = dot(f->product + i * k, f->inverse + i * k, k) / 2;
    }
}

static void
find_information(struct fit *f)
{
    const size_t k = f->k, width = 2 * k;
    const double *v = f->next, common = dot(f->at, v, k);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++) {
            double s = f->inverse[i * k + j];
            f->information[i * width + j] = v[i] * v[j] + common * s;
            f->information[i * width + k + j] = s * v[j];
            f->information[(k + i) * width + j] = s * v[i];
            f->information[(k + i) * width + k + j] = s * s / 2;
        }
}

/* Takes as much of the step as lowers F and leaves every unique variance a tenth or more of itself. Gives the
 * largest change of a parameter. */
static double
take_step(struct fit *f)
{
    const size_t k = f->k;
    double part = 1, before = discrepancy(f, f->at), largest = 0;
    for (size_t i = k; i < 2 * k; i++)
        if (f->step[i] * part > 0.9 * f->at[i])
            part = 0.9 * f->at[i] / f->step[i];
    for (int halving = 0;; halving++, part /= 2) {
        for (size_t i = 0; i < 2 * k; i++)
            f->next[i] = f->at[i] - part * f->step[i];
        /* Near the minimum what is gained is less than the rounding of F. */
        if (halving == HALVINGS || discrepancy(f, f->next) <= before + 1e-12 * (1 + fabs(before)))
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

/* NULL at the minimum. The steps shrink by a steady factor; they end when they no longer change a parameter,
 * or are down to its rounding and shrink no more. */
static const char *
minimise(struct fit *f)
{
    double before = INFINITY;
    for (int step = 0; step < STEPS; step++) {
        find_inverse(f);
        find_gradient(f);
        find_information(f);
        if (!om_cholesky(f->information, 2 * f->k, 1e-12))
            return WHY_NO_FACTOR;
        om_cholesky_solve(f->information, 2 * f->k, f->step);
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
        f->log_r += 2 * log(factor[i * f->k + i]);
    return true;
}

/* With these unique variances, the best loadings: from the principal component of what they leave. */
static void
find_loadings(struct fit *f)
{
    const size_t k = f->k;
    double *loading = f->at, *unique = f->at + k, *values = f->next, *vectors = f->information;
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            f->residual[i * k + j] = f->r[i * k + j] / sqrt(unique[i] * unique[j]);
    om_eigen(f->residual, k, values, vectors);
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
        out->discrepancy = fmax(discrepancy(&f, f.at) - f.log_r - (double)k, 0);
    }
    om_free(f.at);
    return OM_OK;
}
