/*
 * By quadrature over the smoother of the two variables. Series in Poisson weights, as pnt of Rmath has them,
 * stop at |delta| = 37.62, where exp(-delta^2/2) underflows; here nothing underflows that matters, so one
 * method serves every n. (pnt also writes its warnings to standard output.)
 */
#include "stats/noncentral_t.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include "stats/dist.h"

struct noncentral {
    double t, df, delta;
};

/* Two integrals over the same nodes: their ratio needs no normalising constant. */
struct sums {
    double part, whole;
};
typedef void integrand(const struct noncentral *d, double x, double weight, struct sums *sums);

/* Gauss-Legendre, 16 points: Abramowitz & Stegun (1964), table 25.4. */
static const double node[8] = {0.09501250983763744019, 0.28160355077925891323, 0.45801677765722738634,
                               0.61787624440264374845, 0.75540440835500303390, 0.86563120238783174388,
                               0.94457502307323257608, 0.98940093499164993260};
static const double weight[8] = {0.18945061045506849629, 0.18260341504492358887, 0.16915651939500253819,
                                 0.14959598881657673208, 0.12462897125553387205, 0.09515851168249278481,
                                 0.06225352393864789286, 0.02715245941175409485};

static void
integrate(integrand *f, const struct noncentral *d, double from, double to, struct sums *sums)
{
    enum { PANELS = 12 };
    double half = (to - from) / (2 * PANELS);
    if (half <= 0)
        return;
    for (int panel = 0; panel < PANELS; panel++) {
        double middle = from + (2 * panel + 1) * half;
        for (size_t i = 0; i < 8; i++) {
            f(d, middle - half * node[i], half * weight[i], sums);
            f(d, middle + half * node[i], half * weight[i], sums);
        }
    }
}

/* P(T <= t) = E[Phi(t S - delta)], at S = 1 + x. */
static void
over_chi(const struct noncentral *d, double x, double w, struct sums *sums)
{
    double density = w * exp(om_chi_log_density(x, d->df));
    sums->part += density * om_normal_cdf((d->t - d->delta) + d->t * x);
    sums->whole += density;
}

/* P(T <= t) = E[P(S >= (Z + delta) / t)], t > 0. */
static void
over_normal(const struct noncentral *d, double z, double w, struct sums *sums)
{
    double density = w * exp(-z * z / 2);
    sums->part += density * om_chi_upper((z + d->delta) / d->t, d->df);
    sums->whole += density;
}

/* The chi density has spread 1 / sqrt(2 df), Phi(t S - delta) spread 1 / t: the wider one is the integrand to
 * sample, the other the density to sample it under, so that 16 points a panel are always enough. */
double
om_noncentral_t_cdf(double t, double df, double delta)
{
    if (t < 0)
        return 1 - om_noncentral_t_cdf(-t, df, -delta);
    struct noncentral d = {t, df, delta};
    struct sums sums = {0, 0};
    double spread = 1 / sqrt(2 * df);
    if (t * spread <= 1) {
        integrate(over_chi, &d, fmax(-1, -13 * spread), 13 * spread, &sums);
    } else {
        double kink = fmin(fmax(-delta, -9), 9); /* P(S >= s) is 1 below s = 0 */
        integrate(over_normal, &d, -9, kink, &sums);
        integrate(over_normal, &d, kink, 9, &sums);
    }
    return sums.part / sums.whole;
}

/* A noncentrality and by how much the probability there exceeds p. It falls as delta grows. */
struct point {
    double delta, excess;
};

static struct point
point_at(double p, double t, double df, double delta)
{
    return (struct point){delta, om_noncentral_t_cdf(t, df, delta) - p};
}

/* Regula falsi, Illinois variant (Dowell & Jarratt 1971, BIT 11, 168): when the same end stays twice, its
 * excess is halved. It is above 0 at low, below at high. */
static double
solve(double p, double t, double df, struct point low, struct point high)
{
    struct point x = low;
    int stayed = 0; /* -1 low, 1 high */
    for (int step = 0;
         step < 100 && high.delta - low.delta > DBL_EPSILON * (fabs(low.delta) + fabs(high.delta)); step++) {
        double share = low.excess / (low.excess - high.excess);
        x = point_at(p, t, df, low.delta + (high.delta - low.delta) * share);
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
double
om_noncentral_t_delta(double p, double t, double df)
{
    double spread = sqrt(1 + t * t / (2 * df)), z = om_normal_quantile(p);
    struct point guess = point_at(p, t, df, t - z * spread); /* Johnson & Welch (1940) */
    struct point low = guess, high = guess;
    double newton = fabs(guess.excess) * spread * sqrt(2 * M_PI) * exp(z * z / 2);
    double step = fmax(fmin(2 * newton, spread / 4), 1e-10 * (spread + fabs(guess.delta)));
    for (; high.excess >= 0; step *= 2) {
        low = high;
        high = point_at(p, t, df, high.delta + step);
    }
    for (; low.excess <= 0; step *= 2) {
        high = low;
        low = point_at(p, t, df, low.delta - step);
    }
    return solve(p, t, df, low, high);
}
