/*
 * Alpha of a sample of normal items, exactly.
 *
 * A sample covariance matrix of n forms is W / (n - 1), W Wishart with m = n - 1 degrees of freedom and here
 * the observed covariances C. Alpha of it is at most a exactly when
 *
 *   Q = tr(W (g 11' - I)) <= 0,   g = 1 - (k - 1) a / k
 *
 * and Q has the moment generating function M(s) = |I - 2 s C (g 11' - I)|^(-m/2). With the eigenvalues e_j of
 * C, and u_j the sum of the elements of eigenvector j, that determinant is
 *
 *   Prod (1 + 2 s e_j) x (1 - 2 s g Sum u_j^2 e_j / (1 + 2 s e_j))
 *
 * P(Q > 0) is the integral of M(s) / (2 pi i s) along a vertical line to the right of 0 and left of where M
 * has its first pole: s = t (1 + i sinh x). In x the integrand falls off fast, whatever m is, and the
 * trapezoidal rule is exact to the last digits.
 */
#include <omstat/reliability.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/item_spread.h"
#include "stats/root.h"
#include "stats/symmetric.h"

/* The distribution of alpha in such samples. */
struct population {
    size_t k;
    double m;                                   /* degrees of freedom */
    double eigenvalue[OM_SUMS_ITEMS_MAX];       /* of C, scaled so that its trace is 1 */
    double weight[OM_SUMS_ITEMS_MAX];           /* u_j^2 e_j */
    double total, total_squared, trace_squared; /* 1'C1, 1'CC1, tr CC */
    double gap;                                 /* 1 - alpha of C itself */
    double z;                                   /* the normal quantile that is looked for */
};

/* log(1 + x + iy), without loss for small x and y. */
static void
add_log1p(double x, double y, double times, double *real, double *imaginary)
{
    *real += times * 0.5 * log1p(2 * x + x * x + y * y);
    *imaginary += times * atan2(y, 1 + x);
}

/* Re(M(s) t cosh(x) / s) at s = t (1 + i sinh x). */
static double
integrand(const struct population *p, double g, double t, double x)
{
    double real = 0, imaginary = 0, sum_real = 0, sum_imaginary = 0;
    double a = 2 * t, b = 2 * t * sinh(x); /* 2 s = a + ib */
    for (size_t j = 0; j < p->k; j++) {
        double e = p->eigenvalue[j], one = 1 + a * e, other = b * e, size = one * one + other * other;
        add_log1p(a * e, other, 1, &real, &imaginary);
        sum_real += p->weight[j] * one / size;
        sum_imaginary -= p->weight[j] * other / size;
    }
    add_log1p(-g * (a * sum_real - b * sum_imaginary), -g * (a * sum_imaginary + b * sum_real), 1, &real,
              &imaginary);
    double size = exp(-p->m / 2 * real), angle = -p->m / 2 * imaginary;
    return size * (cos(angle) + sinh(x) * sin(angle)) /
           cosh(x); /* 1 / (1 + i sinh x) = (1 - i sinh x) / cosh^2 x */
}

/* P(alpha <= a) where 1 - a = gap. */
static double
probability(const struct population *p, double gap)
{
    static const double step = 0.1;
    double k = (double)p->k, g = (1 + (k - 1) * gap) / k;
    double variance = 2 * p->m * (g * g * p->total * p->total - 2 * g * p->total_squared + p->trace_squared);
    /* No pole of M lies below 1 / (2 g 1'C1). */
    double t = fmin(1 / sqrt(variance), 1 / (4 * g * p->total));
    double sum = integrand(p, g, t, 0) / 2, size = 0;
    for (int i = 1; i < 4000; i++) {
        double term = integrand(p, g, t, i * step);
        sum += term;
        size = fmax(fabs(term), size / 2); /* the terms swing through 0 */
        if (size < 1e-17)
            break;
    }
    return 1 - sum * step / M_PI;
}

/* How far the probability lies above the one that is looked for, as normal quantiles: nearly a straight line.
 * As 1 - a rises, a falls, and the probability with it. */
static double
excess(double log_gap, const void *context)
{
    const struct population *p = context;
    double q = probability(p, exp(log_gap));
    return om_normal_quantile(fmin(fmax(q, 1e-300), 1 - 1e-16)) - p->z;
}

/* The 1 - a for which P(alpha <= a) is q. Begins where items of one variance and one covariance have it. */
static double
gap_at(struct population *p, double q)
{
    double k = (double)p->k, spread = sqrt(2 * k / ((k - 1) * p->m));
    double start = log(p->gap / om_f_quantile(q, p->m, p->m * (k - 1)));
    p->z = om_normal_quantile(q);
    return exp(om_root(excess, p, start, spread / 16, 1e-9 * spread));
}

/* False when there is no memory. *lines: along how many directions the items vary. */
static bool
find_population(const struct om_item_sums *sums, double alpha, struct population *p, size_t *lines)
{
    const size_t k = sums->k;
    double *c = om_alloc(2 * k * k, sizeof *c), *vectors = c + k * k;
    if (!c)
        return false;
    om_wide trace = 0;
    for (size_t i = 0; i < k; i++)
        trace += om_item_spread(sums, i, i);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            c[i * k + j] = (double)((long double)om_item_spread(sums, i, j) / (long double)trace);
    *p = (struct population){.k = k, .m = (double)(sums->n - 1), .gap = 1 - alpha};
    *lines = 0;
    om_eigen(c, k, p->eigenvalue, vectors);
    for (size_t j = 0; j < k; j++) {
        double u = 0, e = p->eigenvalue[j] = fmax(p->eigenvalue[j], 0);
        for (size_t i = 0; i < k; i++)
            u += vectors[i * k + j];
        p->weight[j] = u * u * e;
        p->total += p->weight[j];
        p->total_squared += p->weight[j] * e;
        p->trace_squared += e * e;
        *lines += e > 1e-12;
    }
    om_free(c);
    return true;
}

om_status
om_alpha_bootstrap(const struct om_item_sums *sums, double level, struct om_interval *out,
                   struct om_error *err)
{
    static const char method[] = "bootstrap-normal";
    struct om_alpha_result alpha;
    om_alpha(sums, level, &alpha);
    if (alpha.interval.reason || sums->n == 2) {
        *out = om_no_bounds(level, method, alpha.interval.reason ? alpha.interval.reason : OM_WHY_TWO);
        return OM_OK;
    }
    struct population p;
    size_t lines;
    if (!find_population(sums, alpha.alpha.value, &p, &lines))
        return om_fail_memory(err);
    if (lines < 2) {
        *out = om_no_bounds(level, method, "the items vary together only, and alpha with no sample");
        return OM_OK;
    }
    double tail = (1 - level) / 2, low = gap_at(&p, 1 - tail), high = gap_at(&p, tail);
    *out = isfinite(low) && isfinite(high)
               ? om_bounds(1 - p.gap * (p.gap / low), 1 - p.gap * (p.gap / high), level, method)
               : om_no_bounds(level, method, "the level is too near to 1");
    return OM_OK;
}
