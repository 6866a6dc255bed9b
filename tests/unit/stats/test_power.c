#include <omstat/power.h>

#include <math.h>
#include "stats/outcome.h"
#include "stats/power.h"
#include "unit/stats/cells.h"

/* Slips this sees: one tail, n for n - 1 degrees of freedom, delta without its root, alpha halved twice, the
 * next smaller or larger n. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/power.json"), *e;
    size_t i;
    json_array_foreach(root, i, e)
    {
        uint64_t n = (uint64_t)json_at(e, "n");
        double d = json_at(e, "d_z"), alpha = json_at(e, "alpha"), goal = json_at(e, "goal");
        check_stat(om_power(n, d, alpha), json_object_get(e, "power"), 1e-11, 0, "power");
        check_stat(om_power(n, -d, alpha), json_object_get(e, "power"), 1e-11, 0, "power");
        check_stat(om_power_n(d, goal, alpha), json_object_get(e, "n_needed"), 0, 0, "n");
        check_stat(om_power_n(-d, goal, alpha), json_object_get(e, "n_needed"), 0, 0, "n");
        check_stat(om_power_effect(n, goal, alpha), json_object_get(e, "effect"), 1e-10, 0, "effect");
    }
    json_decref(root);
}

/* Without an effect the power is alpha; the three answers are one equation. */
static void
fits_together(void **state)
{
    (void)state;
    for (uint64_t n = 2; n < 3000; n = n * 3 / 2 + 1) {
        assert_close(om_power(n, 0, 0.05).value, 0.05, 1e-10);
        double d = om_power_effect(n, 0.9, 0.05).value;
        assert_close(om_power(n, d, 0.05).value, 0.9, 1e-11);
        assert_close(om_power_n(d * 1.0001, 0.9, 0.05).value, (double)n, 0);
    }
}

/* For millions (z_alpha/2 + z_power)^2 / d^2, but for the other tail, which has 1e-6. */
static void
large_numbers(void **state)
{
    (void)state;
    double z = 1.9599639845400545 + 0.8416212335729143, n = om_power_n(1e-4, 0.8, 0.05).value;
    assert_close(n, z * z * 1e8, 3e-6);
    assert_true(om_power((uint64_t)n, 1e-4, 0.05).value >= 0.8);
    assert_true(om_power((uint64_t)n - 1, 1e-4, 0.05).value < 0.8 + 1e-9);
    assert_close(om_power_effect(1000000000, 0.8, 0.05).value, z / sqrt(1e9), 3e-6);
    assert_undefined(om_power_n(1e-9, 0.8, 0.05), "the effect is too small for any number of people");
}

static void
without_an_answer(void **state)
{
    (void)state;
    assert_undefined(om_power(0, 0.5, 0.05), OM_WHY_EMPTY);
    assert_undefined(om_power(1, 0.5, 0.05), OM_WHY_ONE);
    assert_undefined(om_power_effect(1, 0.8, 0.05), OM_WHY_ONE);
    assert_undefined(om_power_effect(0, 0.8, 0.05), OM_WHY_EMPTY);
    assert_undefined(om_power_n(0, 0.8, 0.05), "an effect of 0 is never found");
    assert_non_null(om_power(5, NAN, 0.05).reason);
    const double wrong[] = {0, 1, 5, -0.1, NAN};
    for (size_t i = 0; i < 5; i++) {
        assert_non_null(om_power(20, 0.5, wrong[i]).reason);
        assert_non_null(om_power_n(0.5, 0.8, wrong[i]).reason);
        assert_non_null(om_power_effect(20, wrong[i], 0.05).reason);
        assert_non_null(om_power_n(0.5, wrong[i], 0.05).reason);
    }
    assert_non_null(om_power_n(0.5, 0.05, 0.05).reason); /* no effect has as much */
}

/* To the last bit, from a memo, from one that is full, and though the arguments of the functions look alike.
 */
static void
remembered_power_is_the_same(void **state)
{
    (void)state;
    struct om_memo_entry one[1] = {0}, many[64] = {0};
    const struct om_memo memos[] = {{one, 1}, {many, 64}};
    for (uint64_t i = 0; i < 40; i++) {
        uint64_t n = 2 + i % 4;
        double goal = i % 3 ? 0.8 : 0.9, d = i % 5 ? 0.8 : 1e-9;
        for (size_t k = 0; k < 2; k++) {
            assert_true(om_power_memo(n, goal, 0.05, &memos[k]).value == om_power(n, goal, 0.05).value);
            assert_true(om_power_effect_memo(n, goal, 0.05, &memos[k]).value ==
                        om_power_effect(n, goal, 0.05).value);
            struct om_stat got = om_power_n_memo(d, goal, 0.05, &memos[k]), want = om_power_n(d, goal, 0.05);
            assert_true(got.value == want.value && !got.reason == !want.reason);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(fits_together),
        cmocka_unit_test(large_numbers),
        cmocka_unit_test(without_an_answer),
        cmocka_unit_test(remembered_power_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
