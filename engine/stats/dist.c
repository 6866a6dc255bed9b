#include "stats/dist.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_version.h>
#define MATHLIB_STANDALONE 1
#include <Rmath.h>

double
om_normal_bound(double level)
{
    return gsl_cdf_ugaussian_Qinv((1 - level) / 2);
}

double
om_t_bound(double level, double df)
{
    return gsl_cdf_tdist_Qinv((1 - level) / 2, df);
}

double
om_normal_p(double z)
{
    return erfc(fabs(z) * M_SQRT1_2);
}

/* Not gsl_cdf_tdist_Q: above 30 degrees of freedom it is a Cornish-Fisher expansion, up to 1e-6 relative off
 * in the tail (t = 20.9, df = 44). */
double
om_t_p(double t, double df)
{
    return 2 * pt(-fabs(t), df, 1, 0);
}

double
om_chi2_1_p(double chi2)
{
    return om_normal_p(sqrt(chi2));
}

double
om_chi2_p(double chi2, double df)
{
    return pchisq(chi2, df, 0, 0);
}

double
om_f_p(double f, double df1, double df2)
{
    return pf(f, df1, df2, 0, 0);
}

double
om_t_upper(double t, double df)
{
    return pt(t, df, 0, 0);
}

double
om_normal_cdf(double z)
{
    return erfc(-z * M_SQRT1_2) / 2;
}

double
om_normal_density(double z)
{
    return exp(-z * z / 2) * (M_SQRT1_2 * M_2_SQRTPI / 2);
}

double
om_normal_quantile(double p)
{
    return gsl_cdf_ugaussian_Pinv(p);
}

double
om_beta_quantile(double p, double a, double b)
{
    return qbeta(p, a, b, 1, 0);
}

/* Not qf: beyond 400,000 degrees of freedom it lets the larger df be infinite, which is far off when the two
 * are of a size (df 1e6 and 8e6: the interval comes out 6 % too narrow). */
double
om_f_quantile(double p, double df1, double df2)
{
    double x = qbeta(p, df1 / 2, df2 / 2, 1, 0);
    double rest = qbeta(p, df2 / 2, df1 / 2, 0, 0); /* 1 - x, without the loss when x is near 1 */
    return x / rest * (df2 / df1);
}

double
om_binomial_half_p(uint64_t k, uint64_t n)
{
    return fmin(1, 2 * pbinom((double)k, (double)n, 0.5, 1, 0));
}

double
om_binomial_lower(double k, double n, double p)
{
    return pbinom(k, n, p, 1, 0);
}

double
om_binomial_quantile(double probability, double n, double p)
{
    return qbinom(probability, n, p, 1, 0);
}

double
om_hypergeometric(double x, double row, double column, double total)
{
    return dhyper(x, row, total - row, column, 0);
}

double
om_hypergeometric_lower(double x, double row, double column, double total)
{
    return phyper(x, row, total - row, column, 1, 0);
}

double
om_hypergeometric_upper(double x, double row, double column, double total)
{
    return phyper(x - 1, row, total - row, column, 0, 0);
}

/* Not lgammafn: among a million people its last digit is 2e-9 of a probability. Stirling's series, whose next
 * term is below 1e-20. */
long double
om_log_factorial(uint64_t n)
{
    long double sum = 0, x = n, y = 1 / (x * x);
    if (n < 32) {
        for (uint64_t i = 2; i <= n; i++)
            sum += logl((long double)i);
        return sum;
    }
    sum = 1 / 12.0L - y * (1 / 360.0L -
                           y * (1 / 1260.0L - y * (1 / 1680.0L - y * (1 / 1188.0L - y * (691 / 360360.0L)))));
    return (x + 0.5L) * logl(x) - x + logl(2 * 3.14159265358979323846264338327950288L) / 2 + sum / x;
}

double
om_binomial_log_density(uint64_t k, uint64_t n, double p)
{
    return dbinom((double)k, (double)n, p, 1);
}

double
om_chi_upper(double s, double df)
{
    return s <= 0 ? 1 : pgamma(df / 2 * s * s, df / 2, 1, 0, 0);
}

/* The density of log S is proportional to s^df exp(-df s^2 / 2). log1pmx(x) = log(1 + x) - x without
 * cancellation. */
double
om_log_chi_log_density(double x, double df)
{
    return df * (log1pmx(x) - x * x / 2);
}

/* Through lbeta, which keeps its precision where the two gamma functions are huge. */
double
om_hedges_j(double df)
{
    double x = df / 2;
    return exp(0.5 * log(M_PI) - lbeta(0.5, x - 0.5)) / sqrt(x);
}

const char *
om_gsl_version(void)
{
    return gsl_version;
}

const char *
om_rmath_version(void)
{
    return R_VERSION_STRING;
}
