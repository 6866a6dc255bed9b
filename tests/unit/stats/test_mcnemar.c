#include <omstat/paired.h>

#include <math.h>
#include "unit/stats/cells.h"

/* Slips this sees: b - c without absolute value under the correction, the correction turning b = c into 1 /
 * (b + c), one-sided exact p, exact p above 1 at b = c. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/mcnemar.json"), *at;
    size_t i;
    json_array_foreach(root, i, at)
    {
        struct om_mcnemar_result r, turned;
        uint64_t b = (uint64_t)json_at(at, "b"), c = (uint64_t)json_at(at, "c");
        om_mcnemar(b, c, &r);
        om_mcnemar(c, b, &turned);
        const struct {
            const char *key;
            struct om_stat got, again;
        } all[] = {{"chi2", r.chi2, turned.chi2},
                   {"p", r.p, turned.p},
                   {"chi2_cc", r.chi2_cc, turned.chi2_cc},
                   {"cc_p", r.cc_p, turned.cc_p},
                   {"exact_p", r.exact_p, turned.exact_p}};
        for (size_t k = 0; k < 5; k++) {
            check_stat(all[k].got, json_object_get(at, all[k].key), 1e-11, 0, all[k].key);
            assert_close(all[k].again.value, all[k].got.value, 0);
        }
    }
    json_decref(root);
}

static void
published_example(void **state)
{
    (void)state;
    struct om_mcnemar_result r;
    om_mcnemar(150, 86, &r); /* Agresti: 17.36 */
    assert_close(r.chi2.value, 64 * 64 / 236.0, 1e-15);
    assert_close(r.chi2_cc.value, 63 * 63 / 236.0, 1e-15);
    const char *path = shared_path("worked_examples/answers.json");
    if (!path)
        skip();
    json_t *root = load_json(path), *e = json_object_get(json_array_get(root, 2), "expected");
    assert_close(r.p.value, json_at(e, "p_uncorrected"), 1e-12);
    assert_close(r.cc_p.value, json_at(e, "p_continuity"), 1e-12);
    assert_close(r.exact_p.value, json_at(e, "p_exact_binomial"), 1e-11);
    json_decref(root);
}

static void
nobody_changes_status(void **state)
{
    (void)state;
    struct om_mcnemar_result r;
    om_mcnemar(0, 0, &r);
    const struct om_stat all[] = {r.chi2, r.p, r.chi2_cc, r.cc_p, r.exact_p};
    for (size_t i = 0; i < 5; i++)
        assert_undefined(all[i], "nobody changed status");
}

static void
as_many_either_way(void **state)
{
    (void)state;
    struct om_mcnemar_result r;
    om_mcnemar(7, 7, &r);
    assert_true(r.chi2.value == 0 && r.chi2_cc.value == 0);
    assert_close(r.p.value, 1, 0);
    assert_close(r.cc_p.value, 1, 0);
    assert_close(r.exact_p.value, 1, 0);
}

/* By hand: 6 of 6 one way is 2 / 2^6. */
static void
all_one_way(void **state)
{
    (void)state;
    struct om_mcnemar_result r;
    om_mcnemar(6, 0, &r);
    assert_close(r.exact_p.value, 1 / 32.0, 1e-15);
    assert_close(r.chi2.value, 6, 0);
    assert_close(r.chi2_cc.value, 25 / 6.0, 1e-15);
}

static void
counts_beyond_32_bits(void **state)
{
    (void)state;
    struct om_mcnemar_result r;
    om_mcnemar(10000100000u, 9999900000u, &r); /* differ by 200000: chi2 = 4e10 / 2e10 */
    assert_close(r.chi2.value, 2, 1e-15);
    assert_close(r.p.value, erfc(1), 1e-14);
    assert_close(r.exact_p.value, r.cc_p.value, 1e-8);
    om_mcnemar((uint64_t)1 << 40, 5, &r);
    assert_true(r.exact_p.value == 0 && r.exact_p.reason == NULL);
    assert_close(r.chi2.value, 1099511627776.0, 1e-10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),           cmocka_unit_test(published_example),
        cmocka_unit_test(nobody_changes_status), cmocka_unit_test(as_many_either_way),
        cmocka_unit_test(all_one_way),           cmocka_unit_test(counts_beyond_32_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
