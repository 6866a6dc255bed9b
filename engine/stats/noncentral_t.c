/*
 * By quadrature over the smoother of the two variables. Series in Poisson weights, as pnt of Rmath has them,
 * stop at |delta| = 37.62, where exp(-delta^2/2) underflows; here nothing underflows that matters, so one
 * method serves every n. (pnt also writes its warnings to standard output.)
 */
#include "stats/noncentral_t.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include "stats/dist.h"

/* Log of a density, relative to its highest, that adds nothing to a sum in doubles. */
#define NEGLIGIBLE (-38)

enum { NODES = 512 };

/* Where an integral is sampled, and with which weights. */
struct sample {
    double at[NODES], weight[NODES];
    size_t n;
    double whole; /* of the weights */
};

/* The distribution but for its noncentrality. */
struct noncentral {
    double t, df;    /* t >= 0 */
    bool mirrored;   /* -t was given: P(T <= -t; delta) = 1 - P(T <= t; -delta) */
    bool over_chi;   /* which of the two integrals, see below */
    struct sample s; /* of x, where S = 1 + x; or of z. The same for every delta */
};

/* A probability and its derivatives by delta. */
struct probability {
    double p, first, second;
};

/* The ratio of two integrals needs no normalising constant. */
static struct probability
ratio(struct probability sum, double whole)
{
    return (struct probability){sum.p / whole, sum.first / whole, sum.second / whole};
}

/* --- P(T <= t) = E[Phi(t S - delta)] -------------------------------------------------------------------- */

static bool
take_chi(struct sample *s, double x, double df)
{
    double log_density = om_log_chi_log_density(x, df);
    if (log_density < NEGLIGIBLE || s->n == NODES)
        return false;
    s->at[s->n] = x;
    s->weight[s->n] = exp(log_density);
    s->whole += s->weight[s->n++];
    return true;
}

/* Over log S, where the trapezoidal rule is exact to the last digits: the integrand falls off smoothly on
 * both sides. The Fourier transform of the density falls off like a normal one of spread sqrt(2 df), or when
 * df is small, as exp(-pi w / 4); that of the other factor as one of spread t S, S at most a few spreads
 * above 1. */
static void
sample_chi(struct noncentral *d)
{
    double steep = d->t * (1 + 3 / sqrt(2 * d->df)), step = 0.71 / sqrt(38 + 2 * d->df + steep * steep);
    take_chi(&d->s, 0, d->df);
    for (size_t i = 1; take_chi(&d->s, expm1((double)i * step), d->df); i++)
        ;
    for (size_t i = 1; take_chi(&d->s, expm1(-(double)i * step), d->df); i++)
        ;
}

static struct probability
over_chi(const struct noncentral *d, double delta)
{
    struct probability sum = {0};
    for (size_t i = 0; i < d->s.n; i++) {
        double x = (d->t - delta) + d->t * d->s.at[i];
        double density = d->s.weight[i] * om_normal_density(x);
        sum.p += d->s.weight[i] * om_normal_cdf(x);
        sum.first -= density;
        sum.second -= x * density;
    }
    return ratio(sum, d->s.whole);
}

/* --- P(T <= t) = E[P(S >= (Z + delta) / t)], t > 0 ------------------------------------------------------ */

/* Gauss-Legendre, 16 points: Abramowitz & Stegun (1964), table 25.4. */
static const double node[8] = {0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634,
                               0.61787624440264374845, 0.75540440835500303390, 0.86563120238783174388,
                               0.94457502307323257608, 0.98940093499164993260};
static const double weight[8] = {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819,
                                 0.14959598881657673208, 0.12462897125553387205, 0.09515851168249278481,
                                 0.06225352393864789286, 0.02715245941175409485};

static void
take_normal(struct probability *sum, double *whole, double z, double weighted, double delta,
            const struct noncentral *d)
{
    double density = weighted * om_normal_density(z);
    double part = density * om_chi_upper((z + delta) / d->t, d->df);
    sum->p += part;
    sum->first += z * part;
    sum->second += (z * z - 1) * part;
    *whole += density;
}

/* Both factors have a spread of 1 or more in Z, for which 16 points in 3 units are exact to the last digits.
 */
static struct probability
over_normal(const struct noncentral *d, double delta)
{
    double kink = fmin(fmax(-delta, -9), 9); /* P(S >= s) is 1 below s = 0 */
    const double edge[] = {-9, kink, 9};
    struct probability sum = {0};
    double whole = 0;
    for (size_t k = 0; k < 2; k++) {
        const double width = edge[k + 1] - edge[k];
        const size_t panels = (size_t)ceil(width / 3);
        for (size_t panel = 0; panel < panels; panel++)
            for (size_t i = 0; i < 8; i++) {
                double half = width / (2 * (double)panels), middle = edge[k] + (2 * (double)panel + 1) * half;
                take_normal(&sum, &whole, middle - half * node[i], half * weight[i], delta, d);
                take_normal(&sum, &whole, middle + half * node[i], half * weight[i], delta, d);
            }
    }
    return ratio(sum, whole);
}

/* --- the distribution ----------------------------------------------------------------------------------- */

/* The chi density has spread 1 / sqrt(2 df), Phi(t S - delta) spread 1 / t. Over S, the narrower decides how
 * many points there are; over Z that does not matter, but each takes an incomplete gamma function, and the
 * density must be the narrower one. */
static void
prepare(struct noncentral *d, double t, double df)
{
    d->t = fabs(t);
    d->df = df;
    d->mirrored = t < 0;
    d->over_chi = d->t <= (df < 8 ? 1 : 6) * sqrt(2 * df);
    d->s.n = 0;
    d->s.whole = 0;
    if (d->over_chi)
        sample_chi(d);
}

static struct probability
probability_at(const struct noncentral *d, double delta)
{
    double towards = d->mirrored ? -delta : delta;
    struct probability p = d->over_chi ? over_chi(d, towards) : over_normal(d, towards);
    return d->mirrored ? (struct probability){1 - p.p, p.first, -p.second} : p;
}

double
om_noncentral_t_cdf(double t, double df, double delta)
{
    struct noncentral d;
    prepare(&d, t, df);
    return probability_at(&d, delta).p;
}

/* How far from delta the probability is p, by Halley's method. As quantiles of the normal, z of p, it falls
 * in nearly a straight line as delta grows. */
static double
step_from(const struct noncentral *d, double delta, double z, double spread, double *excess)
{
    struct probability at = probability_at(d, delta);
    double q = om_normal_quantile(fmin(fmax(at.p, DBL_EPSILON), 1 - DBL_EPSILON));
    *excess = q - z;
    if (fabs(q) > 8) /* of the derivatives, rounding is left */
        return *excess * spread;
    double first = at.first / om_normal_density(q);
    double second = at.second / om_normal_density(q) + q * first * first, newton = -*excess / first;
    return newton / fmax(1 + newton * second / (2 * first), 0.5);
}

/* From the approximation of Johnson & Welch (1940), kept between the nearest points on both sides of the
 * root. Behind a step of e spreads the error is much less than e^2, so the last one is not looked at again.
 */
static double
delta_of(const struct noncentral *d, double p)
{
    double t = d->mirrored ? -d->t : d->t;
    double spread = sqrt(1 + t * t / (2 * d->df)), z = om_normal_quantile(p);
    double low = -INFINITY, high = INFINITY, delta = t - z * spread;
    for (int i = 0; i < 200; i++) {
        double excess, step = step_from(d, delta, z, spread, &excess);
        if (fabs(step) <= 1e-5 * spread && fabs(excess) < 1e-3)
            return delta + step;
        if (excess > 0)
            low = delta;
        else
            high = delta;
        double next = delta + step;
        if (!(next > low && next < high) || (i > 20 && isfinite(low) && isfinite(high)))
            next =
                isfinite(low) && isfinite(high) ? low + (high - low) / 2 : delta + copysign(spread, excess);
        delta = next;
    }
    return delta;
}

double
om_noncentral_t_delta(double p, double t, double df)
{
    struct noncentral d;
    prepare(&d, t, df);
    return delta_of(&d, p);
}

struct om_delta_bounds
om_noncentral_t_bounds(double tail, double t, double df, const struct om_memo *memo)
{
    const struct om_memo_key key = {OM_MEMO_DELTA_BOUNDS, {tail, t, df}};
    bool known = false;
    struct om_memo_entry *entry = memo ? om_memo_at(memo, &key, &known) : NULL;
    if (known)
        return (struct om_delta_bounds){entry->value[0], entry->value[1]};
    struct noncentral d;
    prepare(&d, t, df);
    struct om_delta_bounds bounds = {delta_of(&d, 1 - tail), delta_of(&d, tail)};
    if (entry) {
        entry->value[0] = bounds.lower;
        entry->value[1] = bounds.upper;
    }
    return bounds;
}
