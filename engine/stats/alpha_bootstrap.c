/*
 * Alpha of a sample of normal items, exactly.
 *
 * A sample covariance matrix of n forms is W / (n - 1), W Wishart with m = n - 1 degrees of freedom and here
 * the observed covariances C. Alpha of it is at most a exactly when
 *
 *   Q = tr(W (g 11' - I)) <= 0,   g = 1 - (k - 1) a / k
 *
 * and Q has the moment generating function M(s) = |I - 2 s C (g 11' - I)|^(-m/2). Turned so that 1 lies along
 * the first axis and C becomes tridiagonal (T, by Householder's reflections), with d_j the determinant of
 * rows and columns j to k of I + 2 s T, that determinant is
 *
 *   D = g k d_2 - (g k - 1) d_1,   d_j = (1 + 2 s T_j,j) d_j+1 - (2 s T_j,j+1)^2 d_j+2
 *
 * P(Q > 0) is the integral of M(s) / (2 pi i s) along a vertical line to the right of 0 and left of where M
 * has its first pole: s = t (1 + i sinh x). In x the integrand falls off fast, whatever m is, and the
 * trapezoidal rule is exact to the last digits.
 *
 * The integrand is made of sums, products, quotients and square roots, and where a logarithm is needed, it is
 * that of a long double: exp, log and the like of a double differ in their last bit between processors, which
 * a result must not show.
 */
#include <omstat/reliability.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/item_spread.h"

/* Of the trapezoidal rule, whose error is below 1e-15; and exp(STEP). */
#define STEP 0.1
#define RISE 1.1051709180756476
enum { STEPS = 600 };

/* Smaller probabilities drown in the rounding of the sum. */
#define TAIL_LEAST 1e-13

/* The distribution of alpha in such samples. */
struct population {
    size_t k;
    uint64_t m;                                 /* degrees of freedom */
    double diagonal[OM_SUMS_ITEMS_MAX];         /* of T, whose trace is 1 */
    double beside[OM_SUMS_ITEMS_MAX];           /* the squares of what stands beside it: T_j,j+1^2 */
    double total, total_squared, trace_squared; /* 1'C1, 1'CC1, tr CC */
    double gap;                                 /* 1 - alpha of C itself */
};

struct complex {
    double x, y;
};

static struct complex
times(struct complex a, struct complex b)
{
    return (struct complex){a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x};
}

static struct complex
over(struct complex a, struct complex b)
{
    double size = b.x * b.x + b.y * b.y;
    return (struct complex){(a.x * b.x + a.y * b.y) / size, (a.y * b.x - a.x * b.y) / size};
}

/* From here to the integrand, z stands for 1 + z: among many forms everything is near 1, and raised to a high
 * power. */
static struct complex
product_of(struct complex a, struct complex b)
{
    struct complex both = times(a, b);
    return (struct complex){a.x + b.x + both.x, a.y + b.y + both.y};
}

static struct complex
quotient_of(struct complex a, struct complex b)
{
    return over((struct complex){a.x - b.x, a.y - b.y}, (struct complex){1 + b.x, b.y});
}

/* That with a real part of 0 or more. */
static struct complex
root_of(struct complex a)
{
    const double x = 1 + a.x, larger = sqrt((sqrt(x * x + a.y * a.y) + fabs(x)) / 2);
    const double other = larger > 0 ? a.y / (2 * larger) : 0;
    struct complex root =
        x >= 0 ? (struct complex){larger, other} : (struct complex){fabs(other), copysign(larger, a.y)};
    return over(a, (struct complex){1 + root.x, root.y});
}

static struct complex
power_of(struct complex a, uint64_t n)
{
    struct complex out = {0, 0};
    for (; n; n /= 2, a = product_of(a, a))
        if (n % 2)
            out = product_of(out, a);
    return out;
}

/* d_1 and d_2. The argument of d_j / d_j+1 lies between 0 and pi / 2, so that d_j has gone round once more
 * when it comes to lie below the negative axis. */
struct determinants {
    struct complex first, second;
    int rounds; /* of d_1 */
};

static struct determinants
determinants_at(const struct population *p, struct complex twice_s)
{
    struct complex here = {0, 0}, before = {-1, 0}, square = times(twice_s, twice_s);
    int rounds = 0;
    for (size_t j = p->k; j-- > 0;) {
        struct complex own = {twice_s.x * p->diagonal[j], twice_s.y * p->diagonal[j]};
        struct complex next = product_of(own, here),
                       less = times(square, (struct complex){1 + before.x, before.y});
        next.x -= p->beside[j] * less.x;
        next.y -= p->beside[j] * less.y;
        rounds += here.y >= 0 && next.y < 0 && next.x < -1;
        before = here;
        here = next;
    }
    return (struct determinants){here, before, rounds};
}

/* A probability, and its derivative by the gap 1 - a. */
struct probability {
    double p, slope;
};

/* Re(M(s) t cosh(x) / s) at s = t (1 + i sinh x), and its derivative by g k. D^(1/2) is the root of d_1,
 * whose rounds are counted, times that of D / d_1, whose argument lies between -pi and 0. */
static struct probability
integrand(const struct population *p, double gk, double t, double sinh, double cosh)
{
    static const struct complex one = {0, 0};
    const struct determinants d = determinants_at(p, (struct complex){2 * t, 2 * t * sinh});
    const struct complex ratio = quotient_of(d.second, d.first), last = {gk * ratio.x, -fabs(gk * ratio.y)};
    struct complex root = product_of(root_of(d.first), root_of(last));
    struct complex m = power_of(quotient_of(one, root), p->m);
    const double sign = d.rounds % 2 && p->m % 2 ? -1 : 1;
    /* t cosh(x) / s = cosh(x) / (1 + i sinh x) = (1 - i sinh x) / cosh x */
    m = times((struct complex){1 + m.x, m.y}, (struct complex){sign / cosh, -sign * sinh / cosh});
    struct complex by_gk = over(times(m, ratio), (struct complex){1 + last.x, last.y});
    return (struct probability){m.x, -(double)p->m / 2 * by_gk.x};
}

/* P(alpha > a) where 1 - a = gap. */
static struct probability
probability_beyond(const struct population *p, double gap)
{
    double k = (double)p->k, gk = 1 + (k - 1) * gap, g = gk / k;
    double variance =
        2 * (double)p->m * (g * g * p->total * p->total - 2 * g * p->total_squared + p->trace_squared);
    /* No pole of M lies below 1 / (2 g 1'C1). */
    double t = fmin(1 / sqrt(variance), 1 / (4 * g * p->total)), rise = 1, size = 0;
    struct probability sum = integrand(p, gk, t, 0, 1);
    sum.p /= 2;
    sum.slope /= 2;
    for (size_t i = 1; i < STEPS; i++) {
        rise *= RISE;
        struct probability term = integrand(p, gk, t, (rise - 1 / rise) / 2, (rise + 1 / rise) / 2);
        sum.p += term.p;
        sum.slope += term.slope;
        size = fmax(fabs(term.p), size / 2); /* the terms swing through 0 */
        if (size < 1e-17)
            break;
    }
    return (struct probability){sum.p * STEP / M_PI, sum.slope * (k - 1) * STEP / M_PI};
}

/* Q is above 0 where alpha is above a. How far the odds of alpha <= a are above those that are looked for, as
 * logarithms, at the logarithm of (1 - a) / (1 - alpha of C): nearly a straight line that falls. The step to
 * where it is 0 is Newton's. */
static long double
step_from(const struct population *p, long double log_gap, long double odds, long double *excess)
{
    double gap = p->gap * (double)expl(log_gap);
    struct probability at = probability_beyond(p, gap);
    double beyond = fmin(fmax(at.p, 1e-15), 1 - 1e-15);
    *excess = logl((1 - (long double)beyond) / beyond) - odds;
    return *excess * beyond * (1 - beyond) / (at.slope * gap);
}

/* (1 - a) / (1 - alpha of C) for which P(alpha <= a) is tail, or 1 - tail. Between the nearest places on both
 * sides; behind a step of e spreads the error is near e^2. */
static long double
gap_at(const struct population *p, double tail, bool upper)
{
    const double k = (double)p->k, spread = sqrt(2 * k / ((k - 1) * (double)p->m));
    const long double rest = 1 - (long double)tail, odds = logl(upper ? rest / tail : tail / rest);
    long double low = -INFINITY, high = INFINITY;
    long double at = (upper ? spread : -spread) * om_normal_quantile(tail);
    for (int i = 0; i < 200; i++) {
        long double excess, step = step_from(p, at, odds, &excess);
        if (fabsl(step) <= 1e-8L * spread && fabsl(excess) < 1e-3L)
            return expl(at + step);
        *(excess > 0 ? &low : &high) = at;
        long double next = at + step;
        if (!(next > low && next < high && fabsl(step) < 4 * spread))
            next = isfinite(low) && isfinite(high) ? (low + high) / 2 : at + copysignl(spread, excess);
        at = next;
    }
    return expl(at);
}

/* --- the population ------------------------------------------------------------------------------------- */

/* Rows and columns from `from` on of the symmetric a become those of H a H, where the reflection H = I - u u'
 * turns x into a multiple of its first axis there. x is not 0. */
static void
reflect(double *a, size_t k, size_t from, const double *x)
{
    double u[OM_SUMS_ITEMS_MAX] = {0}, w[OM_SUMS_ITEMS_MAX], square = 0, along = 0;
    for (size_t i = from; i < k; i++)
        square += x[i] * x[i];
    const double size = sqrt(square), scale = 1 / sqrt(size * (size + fabs(x[from])));
    for (size_t i = from; i < k; i++)
        u[i] = scale * (i == from ? x[i] + copysign(size, x[i]) : x[i]);
    for (size_t i = from; i < k; i++) {
        w[i] = 0;
        for (size_t j = from; j < k; j++)
            w[i] += a[i * k + j] * u[j];
        along += u[i] * w[i] / 2;
    }
    for (size_t i = from; i < k; i++)
        w[i] -= along * u[i];
    for (size_t i = from; i < k; i++)
        for (size_t j = from; j < k; j++)
            a[i * k + j] -= u[i] * w[j] + w[i] * u[j];
}

/* T of C, which is lost. */
static void
make_tridiagonal(double *c, size_t k, struct population *p)
{
    double ones[OM_SUMS_ITEMS_MAX] = {0};
    for (size_t i = 0; i < k; i++)
        ones[i] = 1;
    reflect(c, k, 0, ones);
    for (size_t j = 0; j < k; j++) {
        const double *row = c + j * k;
        p->diagonal[j] = row[j];
        p->beside[j] = 0;
        for (size_t i = j + 1; i < k; i++)
            p->beside[j] += row[i] * row[i];
        if (p->beside[j] > 0)
            reflect(c, k, j + 1, row);
    }
}

/* False when there is no memory. */
static bool
find_population(const struct om_item_sums *sums, double alpha, struct population *p)
{
    const size_t k = sums->k;
    double *c = om_alloc(k * k, sizeof *c);
    if (!c)
        return false;
    om_wide trace = 0;
    for (size_t i = 0; i < k; i++)
        trace += om_item_spread(sums, i, i);
    for (size_t i = 0; i < k; i++)
        for (size_t j = 0; j <= i; j++)
            c[i * k + j] = c[j * k + i] =
                (double)((long double)om_item_spread(sums, i, j) / (long double)trace);
    p->k = k;
    p->m = sums->n - 1;
    p->gap = 1 - alpha;
    make_tridiagonal(c, k, p);
    om_free(c);
    p->total = (double)k * p->diagonal[0];
    p->total_squared = (double)k * (p->diagonal[0] * p->diagonal[0] + p->beside[0]);
    p->trace_squared = 0;
    for (size_t j = 0; j < k; j++)
        p->trace_squared += p->diagonal[j] * p->diagonal[j] + 2 * p->beside[j];
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
    struct population p = {0};
    if (!find_population(sums, alpha.alpha.value, &p))
        return om_fail_memory(err);
    if (!(1 - p.trace_squared > 2e-12)) { /* of one line the trace is the only eigenvalue */
        *out = om_no_bounds(level, method, "the items vary together only, and alpha with no sample");
        return OM_OK;
    }
    double tail = fmax((1 - level) / 2, TAIL_LEAST);
    long double low = gap_at(&p, tail, true), high = gap_at(&p, tail, false);
    *out = om_bounds((double)(1 - p.gap / low), (double)(1 - p.gap / high), level, method);
    return OM_OK;
}
