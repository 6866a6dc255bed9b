/*
 * By quadrature over the smoother of the two variables. Series in Poisson weights, as pnt of Rmath has them,
 * stop at |delta| = 37.62, where exp(-delta^2/2) underflows; here nothing underflows that matters, so one
 * method serves every n. (pnt also writes its warnings to standard output.)
 */
#include "stats/noncentral_t.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include "base/hash.h"
#include "stats/dist.h"

/* Gauss-Legendre, 16 points: Abramowitz & Stegun (1964), table 25.4. */
static const double node[8] = {0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634,
                               0.61787624440264374845, 0.75540440835500303390, 0.86563120238783174388,
                               0.94457502307323257608, 0.98940093499164993260};
static const double weight[8] = {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819,
                                 0.14959598881657673208, 0.12462897125553387205, 0.09515851168249278481,
                                 0.06225352393864789286, 0.02715245941175409485};

enum { PANELS = 12, NODES = PANELS * 16 };

/* Where an integral is sampled, and with which weights. */
struct sample {
    double at[NODES], weight[NODES];
};

static void
place(double from, double to, struct sample *sample)
{
    double half = (to - from) / (2 * PANELS);
    for (size_t panel = 0, k = 0; panel < PANELS; panel++) {
        double middle = from + (2 * (double)panel + 1) * half;
        for (size_t i = 0; i < 8; i++, k += 2) {
            sample->at[k] = middle - half * node[i];
            sample->at[k + 1] = middle + half * node[i];
            sample->weight[k] = sample->weight[k + 1] = half * weight[i];
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
    place(fmax(-1, -13 * spread), 13 * spread, &d->s);
    for (size_t i = 0; i < NODES; i++) {
        d->s.weight[i] *= exp(om_chi_log_density(d->s.at[i], df));
        d->whole += d->s.weight[i];
    }
}

/* P(T <= t) = E[Phi(t S - delta)]. The ratio of two integrals needs no normalising constant. */
static double
over_chi(const struct noncentral *d, double delta)
{
    double part = 0;
    for (size_t i = 0; i < NODES; i++)
        part += d->s.weight[i] * om_normal_cdf((d->t - delta) + d->t * d->s.at[i]);
    return part / d->whole;
}

/* P(T <= t) = E[P(S >= (Z + delta) / t)], t > 0. */
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
        place(edge[k], edge[k + 1], &z);
        for (size_t i = 0; i < NODES; i++) {
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

/* A noncentrality and by how much the probability there exceeds p. It falls as delta grows. */
struct point {
    double delta, excess;
};

static struct point
point_at(const struct noncentral *d, double p, double delta)
{
    return (struct point){delta, cdf(d, delta) - p};
}

/* Regula falsi, Illinois variant (Dowell & Jarratt 1971, BIT 11, 168): when the same end stays twice, its
 * excess is halved. It is above 0 at low, below at high. */
static double
solve(const struct noncentral *d, double p, struct point low, struct point high)
{
    struct point x = low;
    int stayed = 0; /* -1 low, 1 high */
    for (int step = 0;
         step < 100 && high.delta - low.delta > DBL_EPSILON * (fabs(low.delta) + fabs(high.delta)); step++) {
        double share = low.excess / (low.excess - high.excess);
        x = point_at(d, p, low.delta + (high.delta - low.delta) * share);
        if (fabs(x.excess) <= DBL_EPSILON * fmin(p, 1 - p))
            break;
        if (x.excess > 0) {
            low = x;
            high.excess /= stayed == 1 ? 2 : 1;
            stayed = 1;
        } else {
            high = x;
            low.excess /= stayed == -1 ? 2 : 1;
            stayed = -1;
        }
    }
    return x.delta;
}

/* The first step is twice Newton's, with the density of the normal that the guess is the quantile of: nearly
 * always it ends beyond the root, and close behind it. */
static double
delta_of(const struct noncentral *d, double p)
{
    double t = d->mirrored ? -d->t : d->t;
    double spread = sqrt(1 + t * t / (2 * d->df)), z = om_normal_quantile(p);
    struct point guess = point_at(d, p, t - z * spread); /* Johnson & Welch (1940) */
    struct point low = guess, high = guess;
    double newton = fabs(guess.excess) * spread * sqrt(2 * M_PI) * exp(z * z / 2);
    double step = fmax(fmin(2 * newton, spread / 4), 1e-10 * (spread + fabs(guess.delta)));
    for (; high.excess >= 0; step *= 2) {
        low = high;
        high = point_at(d, p, high.delta + step);
    }
    for (; low.excess <= 0; step *= 2) {
        high = low;
        low = point_at(d, p, low.delta - step);
    }
    return solve(d, p, low, high);
}

double
om_noncentral_t_delta(double p, double t, double df)
{
    struct noncentral d;
    prepare(&d, t, df);
    return delta_of(&d, p);
}

struct om_delta_bounds
om_noncentral_t_bounds(double tail, double t, double df, const struct om_delta_memo *memo)
{
    const double key[] = {tail, t, df};
    struct om_delta_bounds bounds = {.tail = tail, .t = t, .df = df}, *known = NULL;
    if (memo)
        known = &memo->at[om_hash(key, sizeof key) % memo->n];
    if (known && known->tail == tail && known->t == t && known->df == df)
        return *known;
    struct noncentral d;
    prepare(&d, t, df);
    bounds.lower = delta_of(&d, 1 - tail);
    bounds.upper = delta_of(&d, tail);
    if (known)
        *known = bounds;
    return bounds;
}
