#include <omstat/agreement.h>

#include <math.h>
#include "stats/outcome.h"
#include "unit/stats/cells.h"

enum { K_MAX = OM_AGREEMENT_CLASSES_MAX };

static size_t
table_of_json(const json_t *at, uint64_t *count)
{
    const json_t *list = json_object_get(at, "count");
    for (size_t i = 0; i < json_array_size(list); i++)
        count[i] = (uint64_t)json_number_value(json_array_get(list, i));
    return (size_t)json_at(at, "k");
}

/* Slips this sees: rows and columns mixed up in the variance (the table is not symmetric), equation 14 in the
 * interval, the variance without n, agreement by chance from one margin only, bounds beyond 1. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/agreement.json"), *at;
    const char *name;
    json_object_foreach(root, name, at)
    {
        uint64_t count[K_MAX * K_MAX];
        size_t k = table_of_json(at, count);
        struct om_agreement_result r;
        om_agreement(count, k, json_at(at, "level"), &r);
        assert_close((double)r.n, json_at(at, "n"), 0);
        assert_close((double)r.agree, json_at(at, "agree"), 0);
        const struct {
            const char *key;
            struct om_stat got;
        } all[] = {{"observed", r.observed},
                   {"expected", r.expected},
                   {"kappa", r.kappa},
                   {"se", r.se},
                   {"se_null", r.se_null},
                   {"z", r.z},
                   {"p", r.p}};
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            check_stat(all[i].got, json_object_get(at, all[i].key), 1e-11, 1e-15, all[i].key);
        check_bounds(r.interval, json_object_get(at, "lower"), json_object_get(at, "upper"), 1e-11, 1e-14,
                     name);
        assert_string_equal(r.interval.method, "fleiss-cohen-everitt");
    }
    json_decref(root);
}

/* Fleiss, Cohen & Everitt (1969): kappa .429, variances .002885 and .003082. */
static void
published_example(void **state)
{
    (void)state;
    const uint64_t count[] = {106, 10, 4, 22, 28, 10, 2, 12, 6};
    struct om_agreement_result r;
    om_agreement(count, 3, 0.95, &r);
    assert_close(r.kappa.value, 3 / 7.0, 1e-15); /* (.700 - .475) / .525 */
    assert_close(r.se.value * r.se.value, 0.002885, 1e-4);
    assert_close(r.se_null.value * r.se_null.value, 0.003082, 2e-4);
}

static void
assert_same(const struct om_agreement_result *a, const struct om_agreement_result *b, double rel)
{
    assert_close(a->observed.value, b->observed.value, rel);
    assert_close(a->kappa.value, b->kappa.value, rel);
    assert_close(a->se.value, b->se.value, rel);
    assert_close(a->se_null.value, b->se_null.value, rel);
    assert_close(a->interval.lower, b->interval.lower, rel);
}

/* Turning the table, renaming the classes alike and classes that nobody is in change nothing; twice the
 * people make the errors smaller by sqrt(2). */
static void
what_must_not_matter(void **state)
{
    (void)state;
    const uint64_t count[] = {31, 4, 9, 2, 17, 5, 8, 1, 40};
    struct om_agreement_result a, b;
    om_agreement(count, 3, 0.95, &a);
    uint64_t turned[9], renamed[9], wider[25] = {0}, twice[9];
    const size_t to[] = {2, 0, 1};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            turned[j * 3 + i] = renamed[to[i] * 3 + to[j]] = wider[(i + 1) * 5 + j + 1] = count[i * 3 + j];
            twice[i * 3 + j] = 2 * count[i * 3 + j];
        }
    om_agreement(turned, 3, 0.95, &b);
    assert_same(&a, &b, 1e-14);
    om_agreement(renamed, 3, 0.95, &b);
    assert_same(&a, &b, 1e-14);
    om_agreement(wider, 5, 0.95, &b);
    assert_same(&a, &b, 1e-14);
    om_agreement(twice, 3, 0.95, &b);
    assert_close(b.kappa.value, a.kappa.value, 1e-15);
    assert_close(b.se.value, a.se.value / sqrt(2), 1e-14);
    assert_close(b.se_null.value, a.se_null.value / sqrt(2), 1e-14);
}

/* A rare class (2^-30) among 2^60: 1 - pe is 2e-9, and its square must not be lost. With the same margins on
 * both sides equation 14 is 1 / n for two classes. */
static void
rare_class_of_very_many(void **state)
{
    (void)state;
    const uint64_t n = (uint64_t)1 << 60, rare = (uint64_t)1 << 30;
    const uint64_t count[] = {n - rare - rare / 2, rare / 2, rare / 2, rare / 2};
    struct om_agreement_result r;
    om_agreement(count, 2, 0.95, &r);
    double e = (double)rare / (double)n;
    assert_close(r.kappa.value, (0.5 - e) / (1 - e), 1e-12);
    assert_close(r.se_null.value, 1 / sqrt((double)n), 1e-9);
}

static void
assert_no_kappa(const uint64_t *count, size_t k, const char *why)
{
    struct om_agreement_result r;
    om_agreement(count, k, 0.95, &r);
    assert_undefined(r.kappa, why);
    assert_undefined(r.se, why);
    assert_undefined(r.se_null, why);
    assert_undefined(r.z, why);
    assert_undefined(r.p, why);
    assert_no_bounds(r.interval, why);
}

static void
nobody_or_one_class(void **state)
{
    (void)state;
    const uint64_t nobody[9] = {0}, one[] = {0, 0, 0, 0, 7, 0, 0, 0, 0}, single[] = {5};
    struct om_agreement_result r;
    assert_no_kappa(nobody, 3, OM_WHY_EMPTY);
    assert_no_kappa(one, 3, "everybody is in one and the same class by both");
    assert_no_kappa(single, 1, "everybody is in one and the same class by both");
    om_agreement(nobody, 3, 0.95, &r);
    assert_undefined(r.observed, OM_WHY_EMPTY);
    assert_undefined(r.expected, OM_WHY_EMPTY);
    om_agreement(one, 3, 0.95, &r);
    assert_close(r.observed.value, 1, 0);
    assert_close(r.expected.value, 1, 0);
}

/* kappa 1, and -1 with equal margins: no variance, no interval, but a test. */
static void
full_agreement_and_none(void **state)
{
    (void)state;
    static const char why[] = "kappa has no sampling variance in this table";
    const uint64_t full[] = {7, 0, 0, 12}, none[] = {0, 9, 9, 0};
    struct om_agreement_result r;
    om_agreement(full, 2, 0.95, &r);
    assert_close(r.kappa.value, 1, 0);
    assert_true(r.se.value == 0 && !r.se.reason);
    assert_no_bounds(r.interval, why);
    assert_close(r.z.value, sqrt(19), 1e-14); /* equal margins: se_null = 1 / sqrt(n) */
    om_agreement(none, 2, 0.95, &r);
    assert_close(r.kappa.value, -1, 0);
    assert_no_bounds(r.interval, why);
}

/* One says always the same: agreement is chance, kappa 0, and there is nothing to test. */
static void
one_of_them_constant(void **state)
{
    (void)state;
    const uint64_t count[] = {7, 12, 0, 0};
    struct om_agreement_result r;
    om_agreement(count, 2, 0.95, &r);
    assert_close(r.observed.value, 7 / 19.0, 1e-15);
    assert_true(r.kappa.value == 0 && !r.kappa.reason);
    assert_no_bounds(r.interval, "kappa has no sampling variance in this table");
    assert_undefined(r.p, "kappa has no sampling variance in this table");
}

static void
impossible_level(void **state)
{
    (void)state;
    const uint64_t count[] = {7, 2, 3, 12};
    struct om_agreement_result r;
    om_agreement(count, 2, 1, &r);
    assert_null(r.kappa.reason);
    assert_no_bounds(r.interval, OM_WHY_LEVEL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),          cmocka_unit_test(published_example),
        cmocka_unit_test(what_must_not_matter), cmocka_unit_test(rare_class_of_very_many),
        cmocka_unit_test(nobody_or_one_class),  cmocka_unit_test(full_agreement_and_none),
        cmocka_unit_test(one_of_them_constant), cmocka_unit_test(impossible_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
