/*
 * Does p follow from the statistic? The statistic was rounded, so it gives an interval of p; p was rounded
 * too. They are consistent when the intervals meet.
 */
#include <omstat/claims.h>

#include "base/error.h"
#include "stats/dist.h"

#include <math.h>

struct bounds {
    double low, high;
};

/* What a published number stands for before it was rounded, widened by the error of doubles. */
static struct bounds
before_rounding(const struct om_published *published, enum om_published_rounding rounding)
{
    const double unit = pow(10, -published->decimals), value = (double)published->units * unit;
    const double away = published->units < 0 ? -unit : unit;
    struct bounds b = {value - unit / 2, value + unit / 2};
    if (rounding == OM_PUBLISHED_TRUNCATE)
        b = (struct bounds){fmin(value, value + away), fmax(value, value + away)};
    return b;
}

static double
p_of(const struct om_published_test *test, double x)
{
    switch (test->kind) {
    case OM_TEST_T:
        return om_t_p(x, test->df);
    case OM_TEST_Z:
        return om_normal_p(x);
    case OM_TEST_CHI2:
        return x > 0 ? om_chi2_p(x, test->df) : 1;
    case OM_TEST_F:
        return x > 0 ? om_f_p(x, test->df, test->df2) : 1;
    case OM_TEST_R:
        return fabs(x) < 1 ? om_t_p(x * sqrt(test->df / (1 - x * x)), test->df) : 0;
    case OM_TEST_NONE:
        break;
    }
    return 1;
}

/* Does an interval of p meet what was published? */
static bool
meets(struct bounds p, const struct om_published *published, enum om_published_rounding rounding)
{
    const double slack = 1e-9, value = (double)published->units * pow(10, -published->decimals);
    if (published->relation == '<')
        return p.low < value;
    if (published->relation == '>')
        return p.high > value;
    const struct bounds said = before_rounding(published, rounding);
    return p.low <= said.high + slack && said.low <= p.high + slack;
}

static bool
is_possible(const struct om_published_test *test)
{
    const bool needs_df = test->kind != OM_TEST_Z;
    if (needs_df && !(test->df > 0 && test->df < 1e9))
        return false;
    if (test->kind == OM_TEST_F && !(test->df2 > 0 && test->df2 < 1e9))
        return false;
    return test->kind != OM_TEST_R ||
           fabs((double)test->statistic.units) <= pow(10, test->statistic.decimals);
}

om_status
om_published_test_check(const struct om_published_test *test, enum om_published_rounding rounding,
                        struct om_test_check *out, struct om_error *err)
{
    *out = (struct om_test_check){.p_fits = true, .d_z_fits = true};
    if (!is_possible(test))
        return om_fail(err, OM_ERR_INVALID, "degrees of freedom above 0 and |r| up to 1 are needed");
    const struct bounds x = before_rounding(&test->statistic, rounding);
    const double near = x.low <= 0 && x.high >= 0 ? 0 : fmin(fabs(x.low), fabs(x.high));
    const double far = fmax(fabs(x.low), fabs(x.high));
    struct bounds p = {p_of(test, far), p_of(test, near)};
    const struct bounds one = {p.low / 2, p.high / 2};
    if (test->one_sided)
        p = one;
    out->p_low = p.low;
    out->p_high = p.high;
    if (test->has_p) {
        out->p_fits = meets(p, &test->p, rounding);
        const bool sides = test->kind == OM_TEST_T || test->kind == OM_TEST_Z || test->kind == OM_TEST_R;
        out->one_sided_fits = !out->p_fits && !test->one_sided && sides && meets(one, &test->p, rounding);
    }
    if (test->has_d_z && test->kind == OM_TEST_T) {
        const double root = sqrt(test->df + 1);
        const struct bounds d = {x.low / root, x.high / root};
        out->d_low = d.low;
        out->d_high = d.high;
        out->d_z_fits = meets(d, &test->d_z, rounding);
    }
    return OM_OK;
}
