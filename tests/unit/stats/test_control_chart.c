#include <omstat/control_chart.h>

#include <math.h>
#include "unit/stats/cells.h"

enum { POINTS = 64 };

/* A list; a single number stands for all. */
static size_t
numbers(const json_t *e, const char *name, double *out)
{
    const json_t *list = json_object_get(e, name), *value;
    size_t i, n = json_is_array(list) ? json_array_size(list) : 1;
    assert_true(n <= POINTS);
    for (size_t k = 0; k < POINTS && !json_is_array(list); k++)
        out[k] = json_number_value(list);
    json_array_foreach(list, i, value) out[i] = json_number_value(value);
    return n;
}

static void
check_points(const json_t *e, const struct om_chart_point *point, size_t n)
{
    double lower[POINTS], upper[POINTS], sigma[POINTS], signals[POINTS];
    numbers(e, "lower", lower);
    numbers(e, "upper", upper);
    numbers(e, "sigma", sigma);
    numbers(e, "signals", signals);
    for (size_t i = 0; i < n; i++) {
        assert_close(point[i].centre, json_at(e, "centre"), 1e-12);
        assert_close(point[i].sigma, sigma[i], 1e-12);
        assert_true(fabs(point[i].lower - lower[i]) < 1e-11 * (1 + fabs(lower[i])));
        assert_true(fabs(point[i].upper - upper[i]) < 1e-11 * (1 + fabs(upper[i])));
        assert_int_equal(point[i].signals, (unsigned)signals[i]);
    }
}

/* Slips this sees: the mean of the shares as the centre, one sigma for all, limits not cut off, 7 or 9 in a
 * row for a shift, 5 or 7 for a trend, runs that end at a point on the centre or at a repetition. */
static void
p_charts_as_r_has_them(void **state)
{
    json_t *root = load_json("tests/oracle/control_chart.json"), *e;
    size_t i;
    unsigned seen = 0;
    (void)state;
    json_array_foreach(json_object_get(root, "p"), i, e)
    {
        double k[POINTS], n[POINTS];
        uint64_t hits[POINTS], all[POINTS];
        struct om_chart_point point[POINTS];
        size_t count = numbers(e, "k", k);
        numbers(e, "n", n);
        for (size_t j = 0; j < count; j++) {
            hits[j] = (uint64_t)k[j];
            all[j] = (uint64_t)n[j];
        }
        om_p_chart(hits, all, count, point);
        check_points(e, point, count);
        for (size_t j = 0; j < count; j++)
            seen |= point[j].signals;
    }
    assert_int_equal(seen & ~16U, 15); /* each of the first four somewhere */
    json_decref(root);
}

/* Slips this sees: the standard deviation in place of the ranges, 1.128 or 2.66 as rounded in tables, ranges
 * divided by their number and one. */
static void
xmr_charts_as_r_has_them(void **state)
{
    json_t *root = load_json("tests/oracle/control_chart.json"), *e;
    size_t i;
    unsigned seen = 0;
    (void)state;
    json_array_foreach(json_object_get(root, "xmr"), i, e)
    {
        double x[POINTS], range[POINTS], expected[POINTS];
        struct om_chart_point point[POINTS];
        struct om_xmr xmr;
        size_t count = numbers(e, "x", x);
        assert_true(om_xmr_chart(x, count, point, range, &xmr));
        check_points(e, point, count);
        numbers(e, "range", expected);
        for (size_t j = 0; j < count; j++) {
            assert_close(range[j], expected[j], 1e-12);
            seen |= point[j].signals;
        }
        assert_close(xmr.mean_range, json_at(e, "mean_range"), 1e-12);
        assert_close(xmr.range_limit, json_at(e, "range_limit"), 1e-9);
    }
    assert_true(seen & OM_SIGNAL_HUGGING);
    assert_false(om_xmr_chart((double[]){1}, 1, NULL, NULL, NULL));
    json_decref(root);
}

/* Slips this sees: the quantile itself in place of the interpolated one, the normal approximation, the tail
 * on the wrong side. */
static void
funnel_limits_as_r_has_them(void **state)
{
    json_t *root = load_json("tests/oracle/control_chart.json"), *e;
    size_t i;
    (void)state;
    json_array_foreach(json_object_get(root, "funnel"), i, e)
    {
        double limit = om_funnel_limit((uint64_t)json_at(e, "n"), json_at(e, "p"), json_at(e, "tail"));
        assert_true(fabs(limit - json_at(e, "limit")) < 1e-9 * (1e-3 + json_at(e, "limit")));
    }
    json_decref(root);
    assert_true(om_funnel_limit(10, 0, 0.5) == 0 && om_funnel_limit(10, 1, 0.5) == 1);
}

/* 3 of 3 is no surprise at a rate of 0.6, whatever is interpolated; 0 of 12 is one. A share is beyond a limit
 * just where its chance is below the tail. */
static void
limits_agree_with_exact_tests(void **state)
{
    (void)state;
    assert_true(om_funnel_limit(3, 0.6, 0.999) >= 1 - 1e-12);
    for (unsigned n = 1; n <= 60; n++) {
        double p = 0.37, at_most = 0, log_choose = 0;
        for (unsigned k = 0; k <= n; k++) {
            double chance = exp(log_choose + k * log(p) + (n - k) * log(1 - p));
            double at_least = 1 - at_most;
            at_most += chance;
            double share = (double)k / n;
            assert_int_equal(share < om_funnel_limit(n, p, 0.025), at_most < 0.025);
            assert_int_equal(share > om_funnel_limit(n, p, 0.975), at_least < 0.025);
            log_choose += log((double)(n - k) / (k + 1));
        }
    }
}

/* As many lie below the limit as its tail says, in millions too. */
static void
funnels_narrow(void **state)
{
    (void)state;
    double before = 1;
    for (uint64_t n = 10; n <= 10000000; n *= 10) {
        double width = om_funnel_limit(n, 0.4, 0.975) - om_funnel_limit(n, 0.4, 0.025);
        assert_true(width > 0 && width < before);
        before = width;
    }
    assert_close(before, 2 * 1.959963984540054 * sqrt(0.24 / 1e7), 1e-3);
}

static void
signals_have_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OM_SIGNALS; i++)
        assert_true(om_signal_name((enum om_signal)(1U << i))[0] != '\0');
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_charts_as_r_has_them),
        cmocka_unit_test(xmr_charts_as_r_has_them),
        cmocka_unit_test(funnel_limits_as_r_has_them),
        cmocka_unit_test(limits_agree_with_exact_tests),
        cmocka_unit_test(funnels_narrow),
        cmocka_unit_test(signals_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
