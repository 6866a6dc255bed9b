#include <omstat/proportion.h>

#include <math.h>
#include "stats/outcome.h"
#include "unit/stats/cells.h"

/* Slips this sees: the continuity-corrected score interval, Wald's, alpha for alpha / 2, bounds of
 * Clopper-Pearson off by one case, cancellation for rare events among many. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/proportion.json"), *at;
    size_t i;
    json_array_foreach(root, i, at)
    {
        struct om_interval w, c;
        uint64_t k = (uint64_t)json_at(at, "k"), n = (uint64_t)json_at(at, "n");
        om_proportion(k, n, json_at(at, "level"), OM_PROPORTION_WILSON, &w);
        om_proportion(k, n, json_at(at, "level"), OM_PROPORTION_CLOPPER_PEARSON, &c);
        assert_null(w.reason);
        assert_null(c.reason);
        assert_string_equal(w.method, "wilson");
        assert_string_equal(c.method, "clopper-pearson");
        assert_close(w.level, json_at(at, "level"), 0);
        if (k > 0) {
            assert_close(w.lower, json_at(at, "wilson/0"), 1e-12);
            assert_close(c.lower, json_at(at, "clopper_pearson/0"), 1e-12);
        }
        if (k < n) {
            assert_close(w.upper, json_at(at, "wilson/1"), 1e-12);
            assert_close(c.upper, json_at(at, "clopper_pearson/1"), 1e-12);
        }
    }
    json_decref(root);
}

/* Nobody and everybody: one bound is exact, the other has a closed form. */
static void
nobody_and_everybody(void **state)
{
    (void)state;
    const double z2 = 1.9599639845400545 * 1.9599639845400545;
    const uint64_t sizes[] = {1, 2, 13, 1000, 10000000000u};
    for (size_t i = 0; i < 5; i++) {
        double n = (double)sizes[i];
        struct om_interval none, all;
        om_proportion(0, sizes[i], 0.95, OM_PROPORTION_WILSON, &none);
        om_proportion(sizes[i], sizes[i], 0.95, OM_PROPORTION_WILSON, &all);
        assert_true(none.lower == 0 && all.upper == 1);
        assert_close(none.upper, z2 / (n + z2), 1e-14);
        assert_close(all.lower, n / (n + z2), 1e-14);
        om_proportion(0, sizes[i], 0.95, OM_PROPORTION_CLOPPER_PEARSON, &none);
        om_proportion(sizes[i], sizes[i], 0.95, OM_PROPORTION_CLOPPER_PEARSON, &all);
        assert_true(none.lower == 0 && all.upper == 1);
        assert_close(none.upper, -expm1(log(0.025) / n), 1e-12);
        assert_close(all.lower, exp(log(0.025) / n), 1e-12);
    }
}

static void
counting_the_others(void **state)
{
    (void)state;
    for (uint64_t k = 0; k <= 37; k++)
        for (int method = 0; method <= 1; method++) {
            struct om_interval some, others;
            om_proportion(k, 37, 0.95, (enum om_proportion_method)method, &some);
            om_proportion(37 - k, 37, 0.95, (enum om_proportion_method)method, &others);
            assert_close(others.upper, 1 - some.lower, 1e-13);
            assert_true(some.lower >= 0 && some.upper <= 1);
            assert_true(some.lower <= (double)k / 37 && (double)k / 37 <= some.upper);
        }
}

static void
undefined_cases(void **state)
{
    (void)state;
    struct om_interval i;
    om_proportion(0, 0, 0.95, OM_PROPORTION_WILSON, &i);
    assert_no_bounds(i, OM_WHY_EMPTY);
    assert_string_equal(i.method, "wilson");
    om_proportion(6, 5, 0.95, OM_PROPORTION_CLOPPER_PEARSON, &i);
    assert_no_bounds(i, "the part is larger than the whole");
    const double levels[] = {0, 1, 95, -1, NAN};
    for (size_t k = 0; k < 5; k++) {
        om_proportion(2, 5, levels[k], OM_PROPORTION_WILSON, &i);
        assert_no_bounds(i, OM_WHY_LEVEL);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(nobody_and_everybody),
        cmocka_unit_test(counting_the_others),
        cmocka_unit_test(undefined_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
