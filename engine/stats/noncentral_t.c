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

/* Gauss-Legendre, 16 points: Abramowitz & Stegun (1964), table 25.4. */
static const double node[8] = {0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634,
                               0.61787624440264374845, 0.75540440835500303390, 0.86563120238783174388,
                               0.94457502307323257608, 0.98940093499164993260};
static const double weight[8] = {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819,
                                 0.14959598881657673208, 0.12462897125553387205, 0.09515851168249278481,
                                 0.06225352393864789286, 0.02715245941175409485};

enum { PANELS = 12, NODES = PANELS * 16 };

/* Log of a density, relative to its highest, that adds nothing to a sum in doubles. A quarter of the nodes.
 */
#define NEGLIGIBLE (-50)

/* Where an integral is sampled, and with which weights. */
struct sample {
    double at[NODES], weight[NODES];
    size_t n;
};

static void
place(double from, double to, size_t panels, struct sample *sample)
{
    double half = (to - from) / (2 * (double)panels);
    sample->n = 0;
    for (size_t panel = 0; panel < panels; panel++) {
        double middle = from + (2 * (double)panel + 1) * half;
        for (size_t i = 0; i < 8; i++, sample->n += 2) {
            sample->at[sample->n] = middle - half * node[i];
            sample->at[sample->n + 1] = middle + half * node[i];
            sample->weight[sample->n] = sample->weight[sample->n + 1] = half * weight[i];
        }
    }
}

/* The distribution but for its noncentrality. */
struct noncentral {
    double t, df;    /* t >= 0 */
    bool mirrored;   /* -t was given: P(T <= -t; delta) = 1 - P(T <= t; -delta) */
    bool over_chi;   /* which of the two integrals, see below */
    struct sample s; /* over_chi: x, S = 1 + x, and its density. They are the same for every delta */
    double whole;    /* their sum */
};

/* The chi density has spread 1 / sqrt(2 df), Phi(t S - delta) spread 1 / t: the wider one is the integrand to
 * sample, the other the density to sample it under, so that 16 points a panel are always enough. */
static void
prepare(struct noncentral *d, double t, double df)
{
    double spread = 1 / sqrt(2 * df);
    d->t = fabs(t);
    d->df = df;
    d->mirrored = t < 0;
    d->over_chi = d->t * spread <= 1;
    d->whole = 0;
    if (!d->over_chi)
        return;
    place(fmax(-1, -13 * spread), 13 * spread, PANELS, &d->s);
    size_t kept = 0;
    for (size_t i = 0; i < d->s.n; i++) {
        double log_density = om_chi_log_density(d->s.at[i], df);
        if (log_density < NEGLIGIBLE)
            continue;
        d->s.at[kept] = d->s.at[i];
        d->s.weight[kept] = d->s.weight[i] * exp(log_density);
        d->whole += d->s.weight[kept++];
    }
    d->s.n = kept;
}

/* P(T <= t) = E[Phi(t S - delta)]. The ratio of two integrals needs no normalising constant. */
static double
over_chi(const struct noncentral *d, double delta)
{
    double part = 0;
    for (size_t i = 0; i < d->s.n; i++)
        part += d->s.weight[i] * om_normal_cdf((d->t - delta) + d->t * d->s.at[i]);
    return part / d->whole;
}

/* P(T <= t) = E[P(S >= (Z + delta) / t)], t > 0. Both factors have a spread of 1 or more in Z, for which 16
 * points in 3 units are exact to the last digits. */
static double
over_normal(const struct noncentral *d, double delta)
{
    double kink = fmin(fmax(-delta, -9), 9); /* P(S >= s) is 1 below s = 0 */
    const double edge[] = {-9, kink, 9};
    double part = 0, whole = 0;
    for (size_t k = 0; k < 2; k++) {
        struct sample z;
        if (!(edge[k + 1] > edge[k]))
            continue;
        place(edge[k], edge[k + 1], (size_t)ceil((edge[k + 1] - edge[k]) / 3), &z);
        for (size_t i = 0; i < z.n; i++) {
            double density = z.weight[i] * exp(-z.at[i] * z.at[i] / 2);
            part += density * om_chi_upper((z.at[i] + delta) / d->t, d->df);
            whole += density;
        }
    }
    return part / whole;
}

static double
cdf(const struct noncentral *d, double delta)
{
    double towards = d->mirrored ? -delta : delta;
    double p = d->over_chi ? over_chi(d, towards) : over_normal(d, towards);
    return d->mirrored ? 1 - p : p;
}

double
om_noncentral_t_cdf(double t, double df, double delta)
{
    struct noncentral d;
    prepare(&d, t, df);
    return cdf(&d, delta);
}

/* A noncentrality, and how far the probability there lies above p, both as quantiles of the normal: on that
 * scale it falls in nearly a straight line as delta grows. */
struct point {
    double delta, excess;
};

static struct point
point_at(const struct noncentral *d, double z, double delta)
{
    double p = fmin(fmax(cdf(d, delta), DBL_MIN), 1 - DBL_EPSILON);
    return (struct point){delta, om_normal_quantile(p) - z};
}

/* The secant method from the approximation of Johnson & Welch (1940), kept between the nearest points on both
 * sides of the root. The last step is not looked at again: behind a step of e spreads the error is much less
 * than e. */
static double
delta_of(const struct noncentral *d, double p)
{
    double t = d->mirrored ? -d->t : d->t;
    double spread = sqrt(1 + t * t / (2 * d->df)), z = om_normal_quantile(p);
    double low = -INFINITY, high = INFINITY;
    struct point x = point_at(d, z, t - z * spread);
    double slope = -1 / spread;
    for (int step = 0; step < 200; step++) {
        if (x.excess > 0)
            low = x.delta;
        else
            high = x.delta;
        double next = x.delta - x.excess / slope;
        if (fabs(next - x.delta) <= 1e-9 * spread)
            return next;
        if (next <= low || next >= high || (step > 20 && isfinite(low) && isfinite(high)))
            next = low + (high - low) / 2;
        struct point before = x;
        x = point_at(d, z, next);
        slope = (x.excess - before.excess) / (x.delta - before.delta);
    }
    return x.delta;
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
