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
 *
 * In long double throughout: exp, log and the like differ in their last bit between processors, which a
 * double result must not show.
 */
#include <omstat/reliability.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/item_spread.h"
#include "stats/root.h"
#include "stats/symmetric.h"

/* Of the trapezoidal rule. */
#define STEP 0.1L
enum { STEPS = 1000, RISES = 64 };

/* The distribution of alpha in such samples. */
struct population {
    size_t k;
    long double m;                                   /* degrees of freedom */
    double eigenvalue[OM_SUMS_ITEMS_MAX];            /* of C, scaled so that its trace is 1 */
    double weight[OM_SUMS_ITEMS_MAX];                /* u_j^2 e_j */
    long double total, total_squared, trace_squared; /* 1'C1, 1'CC1, tr CC */
    double gap;                                      /* 1 - alpha of C itself */
    long double odds;                                /* log of the odds that are looked for */
    long double rise[RISES];                         /* exp(x) at the first steps of the rule */
};

struct complex {
    long double x, y;
};

/* log(1 + z), without loss for a small z. */
static struct complex
log1p_of(struct complex z)
{
    return (struct complex){log1pl(2 * z.x + z.x * z.x + z.y * z.y) / 2, atan2l(z.y, 1 + z.x)};
}

/* log |I - 2 s C (g 11' - I)|, on the branch that is 0 at s = 0. The arguments of the factors 1 + 2 s e_j add
 * up between 0 and pi / 2 at a time, so that their product has gone round when its imaginary part drops below
 * 0; that of the last factor lies between -pi and 0. */
static struct complex
log_determinant(const struct population *p, long double g, struct complex twice_s)
{
    struct complex product = {0, 0}, sum = {0, 0}; /* the product is 1 + that */
    int rounds = 0;
    for (size_t j = 0; j < p->k; j++) {
        struct complex z = {twice_s.x * p->eigenvalue[j], twice_s.y * p->eigenvalue[j]};
        long double size = (1 + z.x) * (1 + z.x) + z.y * z.y, before = product.y;
        product = (struct complex){product.x + z.x + product.x * z.x - product.y * z.y,
                                   product.y + z.y + product.x * z.y + product.y * z.x};
        rounds += before >= 0 && product.y < 0;
        sum.x += p->weight[j] * (1 + z.x) / size;
        sum.y -= p->weight[j] * z.y / size;
    }
    struct complex last = {-g * (twice_s.x * sum.x - twice_s.y * sum.y),
                           -g * (twice_s.x * sum.y + twice_s.y * sum.x)};
    struct complex a = log1p_of(product), b = log1p_of(last);
    return (struct complex){a.x + b.x, a.y + b.y + 2 * acosl(-1) * rounds};
}

/* Re(M(s) t cosh(x) / s) at s = t (1 + i sinh x), rise = exp(x). */
static long double
integrand(const struct population *p, long double g, long double t, long double rise)
{
    long double sinh = (rise - 1 / rise) / 2, cosh = (rise + 1 / rise) / 2;
    struct complex log_det = log_determinant(p, g, (struct complex){2 * t, 2 * t * sinh});
    long double size = expl(-p->m / 2 * log_det.x), angle = -p->m / 2 * log_det.y;
    return size * (cosl(angle) + sinh * sinl(angle)) /
           cosh; /* 1 / (1 + i sinh x) = (1 - i sinh x) / cosh^2 x */
}

/* P(alpha > a) where 1 - a = gap. */
static long double
probability_beyond(const struct population *p, long double gap)
{
    long double k = (long double)p->k, g = (1 + (k - 1) * gap) / k;
    long double variance =
        2 * p->m * (g * g * p->total * p->total - 2 * g * p->total_squared + p->trace_squared);
    /* No pole of M lies below 1 / (2 g 1'C1). */
    long double t = fminl(1 / sqrtl(variance), 1 / (4 * g * p->total));
    long double sum = integrand(p, g, t, 1) / 2, size = 0;
    for (size_t i = 1; i < STEPS; i++) {
        long double term = integrand(p, g, t, i < RISES ? p->rise[i] : expl((long double)i * STEP));
        sum += term;
        size = fmaxl(fabsl(term), size / 2); /* the terms swing through 0 */
        if (size < 1e-20L)
            break;
    }
    return sum * STEP / acosl(-1);
}

/* Q is above 0 where alpha is above a. How far the odds of alpha <= a are above those that are looked for, as
 * logarithms: nearly a straight line. As 1 - a rises, a falls, and the odds with it. */
static long double
excess(long double log_gap, const void *context)
{
    const struct population *p = context;
    long double beyond = probability_beyond(p, p->gap * expl(log_gap));
    beyond = fminl(fmaxl(beyond, 1e-18L), 1 - 1e-18L);
    return logl((1 - beyond) / beyond) - p->odds;
}

/* (1 - a) / (1 - alpha of C) for which P(alpha <= a) is tail, or 1 - tail. */
static long double
gap_at(struct population *p, double tail, bool upper)
{
    double k = (double)p->k, spread = sqrt(2 * k / ((k - 1) * (double)p->m));
    double start = -spread * om_normal_quantile(tail);
    p->odds = logl((upper ? 1 - (long double)tail : tail) / (upper ? tail : 1 - (long double)tail));
    return expl(om_root(excess, p, upper ? -start : start, spread / 8, 1e-14 * spread));
}

/* False when there is no memory. *lines: along how many directions the items vary. */
static bool
find_population(const struct om_item_sums *sums, double alpha, struct population *p, size_t *lines)
{
    const size_t k = sums->k;
    double *c = om_alloc(2 * k * k, sizeof *c);
    if (!c)
        return false;
    double *vectors = c + k * k;
    om_wide trace = 0;
    for (size_t i = 0; i < k; i++)
        trace += om_item_spread(sums, i, i);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j < k; j++)
            c[i * k + j] = (double)((long double)om_item_spread(sums, i, j) / (long double)trace);
    *p = (struct population){.k = k, .m = (long double)(sums->n - 1), .gap = 1 - alpha};
    *lines = 0;
    for (size_t i = 0; i < RISES; i++)
        p->rise[i] = expl((long double)i * STEP);
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
    double tail = (1 - level) / 2;
    long double low = gap_at(&p, tail, true), high = gap_at(&p, tail, false);
    *out = om_bounds((double)(1 - p.gap / low), (double)(1 - p.gap / high), level, method);
    return OM_OK;
}
