#include <omstat/reliability.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"
#include "unit/stats/item_forms.h"

static struct om_item_sums sums, other;
static struct om_alpha_result a, b;
static struct om_error err;

static void
assert_same_sums(const struct om_item_sums *x, const struct om_item_sums *y)
{
    assert_true(x->n == y->n && x->k == y->k);
    assert_memory_equal(x->sum, y->sum, x->k * sizeof *x->sum);
    assert_memory_equal(x->product, y->product, x->k * (x->k + 1) / 2 * sizeof *x->product);
}

static void
alpha_of(size_t k, size_t n, const uint8_t *codes)
{
    sums_of_codes(&sums, k, n, codes);
    om_alpha(&sums, 0.95, &a);
}

/* Slips this sees: item-total correlation for item-rest, alpha if dropped with k for k - 1, F quantiles with
 * the degrees of freedom or the tails exchanged. The divisor (n or n - 1) cannot be seen: it cancels. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/reliability.json");
    const char *name;
    json_t *panel;
    json_object_foreach(root, name, panel)
    {
        uint8_t codes[128];
        size_t k = (size_t)json_at(panel, "k"), n = (size_t)json_at(panel, "n");
        json_t *e = json_object_get(panel, "expect"), *x = json_object_get(panel, "codes");
        for (size_t i = 0; i < n * k; i++)
            codes[i] = (uint8_t)json_number_value(json_array_get(x, i));
        alpha_of(k, n, codes);
        check_stat(a.alpha, json_object_get(e, "alpha"), 1e-13, 0, "alpha");
        check_bounds(a.interval, json_object_get(e, "lower"), json_object_get(e, "upper"), 1e-12, 0,
                     "interval");
        assert_string_equal(a.interval.method, "feldt");
        for (size_t i = 0; i < k; i++) {
            check_stat(a.item_mean[i], json_array_get(json_object_get(e, "mean"), i), 0, 0, "item mean");
            check_stat(a.item_rest[i], json_array_get(json_object_get(e, "item_rest"), i), 1e-13, 1e-15,
                       "item-rest");
            check_stat(a.alpha_if_dropped[i], json_array_get(json_object_get(e, "dropped"), i), 1e-13, 1e-15,
                       "alpha if dropped");
        }
    }
    json_decref(root);
}

/* A result keyed by item, in the file's order. */
static double
nth(json_t *object, size_t n)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (n-- == 0)
            return json_number_value(value);
    }
    fail_msg("no such item");
    return 0;
}

static void
check_reference(const json_t *e)
{
    assert_non_null(e);
    assert_close((double)a.n, json_at(e, "n_complete"), 0);
    assert_close((double)a.k, json_at(e, "n_items"), 0);
    assert_close(a.alpha.value, json_at(e, "alpha"), 1e-13);
    assert_close(a.interval.lower, json_at(e, "alpha_ci95_feldt/0"), 1e-10);
    assert_close(a.interval.upper, json_at(e, "alpha_ci95_feldt/1"), 1e-10);
    for (size_t i = 0; i < a.k; i++) {
        assert_close(a.item_rest[i].value, nth(json_object_get(e, "corrected_item_total_r"), i), 1e-11);
        assert_close(a.alpha_if_dropped[i].value, nth(json_object_get(e, "alpha_if_item_dropped"), i), 1e-12);
    }
}

static void
alpha_of_file(const char *path, int first, size_t k, int highest)
{
    sums_of_file(&sums, path, first, k, highest);
    om_alpha(&sums, 0.95, &a);
}

static void
real_questionnaires(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *json, *first_key, *second_key;
        int first, highest;
        size_t k;
    } sets[] = {
        {"phq9_gad7_two_waves/wave1.csv", "phq9_gad7_two_waves/reference.json", "wave1", "phq9", 1, 3, 9},
        {"phq9_gad7_two_waves/wave2.csv", "phq9_gad7_two_waves/reference.json", "wave2", "gad7", 10, 3, 7},
        {"nhanes_phq9_2015_2016/DPQ_I.csv", "nhanes_phq9_2015_2016/reference.json", NULL, NULL, 1, 3, 9},
        {"pcl5_veterans/ptsd.csv", "pcl5_veterans/reference.json", NULL, NULL, 1, 4, 20},
        {"pcl5_simulated/simulated_ptsd.csv", "pcl5_simulated/reference.json", NULL, NULL, 3, 4, 20},
    };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        const char *path = shared_path(sets[i].csv);
        if (!path)
            skip();
        alpha_of_file(path, sets[i].first, sets[i].k, sets[i].highest);
        json_t *root = load_json(shared_path(sets[i].json)), *e = root;
        if (sets[i].first_key)
            e = json_object_get(json_object_get(e, sets[i].first_key), sets[i].second_key);
        check_reference(json_object_get(e, "cronbach"));
        json_decref(root);
    }
}

static void
published_example(void **state)
{
    (void)state;
    const char *path = shared_path("worked_examples/attitude.csv");
    if (!path)
        skip();
    alpha_of_file(path, 0, 7, 100);
    json_t *root = load_json(shared_path("worked_examples/answers.json"));
    check_reference(json_object_get(json_array_get(root, 3), "expected"));
    json_decref(root);
}

/* 14/15 by hand: item variances 5/3, 4/3, 8/3; totals 4, 7, 10, 13. */
static void
checked_by_hand(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5};
    alpha_of(3, 4, codes);
    assert_close(a.alpha.value, 14 / 15.0, 0);
    assert_close(a.item_rest[0].value, 1, 0);
    assert_close(a.item_mean[1].value, 3, 0);
}

static void
too_few_forms(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 3};
    alpha_of(3, 0, codes);
    assert_undefined(a.alpha, OM_WHY_EMPTY);
    assert_no_bounds(a.interval, OM_WHY_EMPTY);
    assert_undefined(a.item_mean[0], OM_WHY_EMPTY);
    assert_undefined(a.item_rest[2], OM_WHY_EMPTY);
    alpha_of(3, 1, codes);
    assert_undefined(a.alpha, OM_WHY_ONE);
    assert_undefined(a.alpha_if_dropped[1], OM_WHY_ONE);
    assert_close(a.item_mean[2].value, 3, 0);
}

static void
too_few_items(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 3, 3, 0, 1};
    alpha_of(1, 6, codes);
    assert_undefined(a.alpha, "at least 2 items are needed");
    assert_undefined(a.item_rest[0], "at least 2 items are needed");
    alpha_of(2, 3, codes);
    assert_null(a.alpha.reason);
    assert_null(a.item_rest[1].reason);
    assert_undefined(a.alpha_if_dropped[0], "at least 3 items are needed");
    alpha_of(0, 3, codes);
    assert_undefined(a.alpha, "at least 2 items are needed");
}

static void
without_variation(void **state)
{
    (void)state;
    const uint8_t same[] = {2, 1, 3, 2, 1, 3};
    alpha_of(3, 2, same);
    assert_undefined(a.alpha, "the sum of the items is the same on every form");
    assert_undefined(a.item_rest[0], "the item has the same code on every form");
    const uint8_t mirrored[] = {0, 3, 1, 2, 3, 0}; /* the total never varies, the items do */
    alpha_of(2, 3, mirrored);
    assert_undefined(a.alpha, "the sum of the items is the same on every form");
    assert_no_bounds(a.interval, "the sum of the items is the same on every form");
    assert_close(a.item_rest[0].value, -1, 0);
    const uint8_t one_flat[] = {0, 2, 1, 1, 2, 3, 2, 2, 0}; /* the middle item has no variance */
    alpha_of(3, 3, one_flat);
    assert_null(a.alpha.reason);
    assert_undefined(a.item_rest[1], "the item has the same code on every form");
    const uint8_t others_flat[] = {0, 2, 1, 1, 2, 1, 3, 2, 1};
    alpha_of(3, 3, others_flat);
    assert_undefined(a.item_rest[0], "the sum of the other items is the same on every form");
    assert_undefined(a.alpha_if_dropped[0], "the sum of the items is the same on every form");
    const uint8_t identical[] = {0, 0, 1, 1, 3, 3}; /* perfect: no room for an interval */
    alpha_of(2, 3, identical);
    assert_close(a.alpha.value, 1, 0);
    assert_no_bounds(a.interval, "alpha is exactly 1");
}

/* Adding forms in two heaps, in any order, or with weights, is the same as one by one. */
static void
merging_and_weights(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5, 0, 1, 3};
    alpha_of(3, 5, codes);
    b = a;
    fresh_sums(&sums, 3);
    fresh_sums(&other, 3);
    for (size_t i = 5; i-- > 0;)
        assert_true(om_item_sums_add(i % 2 ? &sums : &other, codes + 3 * i, 1));
    assert_true(om_item_sums_merge(&other, &sums));
    om_alpha(&other, 0.95, &a);
    assert_memory_equal(&a, &b, sizeof a);
    fresh_sums(&sums, 3);
    fresh_sums(&other, 3);
    for (size_t i = 0; i < 5; i++)
        for (size_t times = 0; times < i + 1; times++)
            assert_true(om_item_sums_add(&sums, codes + 3 * i, 1));
    for (size_t i = 0; i < 5; i++)
        assert_true(om_item_sums_add(&other, codes + 3 * i, i + 1));
    assert_same_sums(&sums, &other);
}

static void
everyone_many_times(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 1, 2, 2, 3, 3, 4, 3, 4, 4, 5};
    fresh_sums(&sums, 3);
    for (size_t i = 0; i < 4; i++)
        assert_true(om_item_sums_add(&sums, codes + 3 * i, 10000000000u));
    om_alpha(&sums, 0.95, &a);
    assert_close(a.alpha.value, 14 / 15.0, 0); /* alpha has no divisor to change */
    assert_true(a.interval.upper - a.interval.lower < 1e-5 && a.interval.upper > a.interval.lower);
    assert_true(a.interval.lower < a.alpha.value && a.alpha.value < a.interval.upper);
}

/* 2^40 forms of 64 items at the highest code, the most the sums promise to hold. */
static void
the_largest_sums(void **state)
{
    (void)state;
    uint8_t high[OM_SUMS_ITEMS_MAX], low[OM_SUMS_ITEMS_MAX] = {0};
    memset(high, OM_SUMS_CODE_MAX, sizeof high);
    fresh_sums(&sums, OM_SUMS_ITEMS_MAX);
    assert_true(om_item_sums_add(&sums, high, OM_FORMS_MAX / 2));
    assert_true(om_item_sums_add(&sums, low, OM_FORMS_MAX / 2 - 1));
    low[0] = 1;
    assert_true(om_item_sums_add(&sums, low, 1));
    assert_false(om_item_sums_add(&sums, low, 1));
    assert_true(sums.n == OM_FORMS_MAX);
    om_alpha(&sums, 0.95, &a);
    assert_true(a.alpha.value > 0.999999 && a.alpha.value <= 1);
    assert_close(a.item_rest[5].value, 1, 1e-10);
    assert_close(a.item_mean[1].value, 59.5, 0);
}

/* Both kinds of sums of the same forms, one in three of them not there; codes up to `most`. */
static void
add_to_both(size_t k, unsigned most, size_t n, struct om_item_sums *pairs, struct om_item_sums *few)
{
    static uint8_t code[OM_SUMS_ITEMS_MAX + 1][256];
    const uint8_t *column[OM_SUMS_ITEMS_MAX + 1];
    for (size_t i = 0; i <= k; i++)
        column[i] = code[i];
    for (size_t r = 0; r < n; r++) {
        code[k][r] = test_random() % 3 > 0;
        for (size_t i = 0; i < k; i++)
            code[i][r] = (uint8_t)(code[k][r] * (r == 0 ? most : test_random() % (most + 1)));
    }
    assert_true(om_item_sums_add_block(pairs, column, n));
    assert_true(om_item_sums_add_block(few, column, n));
}

/* Everything that om_alpha says is the same to the last bit, however the forms came together. */
static void
alpha_needs_no_pairs(void **state)
{
    (void)state;
    static const unsigned most[] = {1, 3, 4, 6, 10, 64};
    for (size_t m = 0; m < sizeof most / sizeof *most; m++)
        for (size_t k = 1; k * most[m] < 256 && k <= OM_SUMS_ITEMS_MAX && 2 * k * most[m] * most[m] < 32768;
             k++) {
            struct om_item_sums few, half;
            const uint8_t codes[OM_SUMS_ITEMS_MAX] = {1, 0, 1};
            fresh_sums(&sums, k);
            assert_ok(om_item_sums_init_for_alpha(&few, k, &err));
            assert_ok(om_item_sums_init_for_alpha(&half, k, &err));
            add_to_both(k, most[m], 256, &sums, &few);
            add_to_both(k, most[m], 64, &sums, &half);
            assert_true(om_item_sums_add(&sums, codes, 7) && om_item_sums_add(&half, codes, 7));
            assert_true(om_item_sums_merge(&few, &half));
            assert_false(om_item_sums_merge(&few, &sums));
            assert_false(om_item_sums_merge(&sums, &few));
            om_alpha(&sums, 0.95, &a);
            om_alpha(&few, 0.95, &b);
            assert_memory_equal(&a, &b, sizeof a);
            assert_true(few.n == sums.n && few.n > 100);
            om_item_sums_release(&few);
            om_item_sums_release(&half);
        }
}

static void
refuses_what_does_not_fit(void **state)
{
    (void)state;
    const uint8_t fine[] = {1, 2, 119}, high[] = {1, 2, 120};
    fresh_sums(&sums, 3);
    fresh_sums(&other, 3);
    assert_true(om_item_sums_add(&sums, fine, 3));
    assert_true(om_item_sums_add(&other, fine, 3));
    assert_false(om_item_sums_add(&sums, high, 1));
    assert_false(om_item_sums_add(&sums, fine, OM_FORMS_MAX));
    assert_false(om_item_sums_add(&sums, fine, UINT64_MAX));
    assert_same_sums(&sums, &other);
    fresh_sums(&other, 2);
    assert_false(om_item_sums_merge(&sums, &other));
    fresh_sums(&other, 3);
    assert_true(om_item_sums_add(&other, fine, OM_FORMS_MAX - 2));
    assert_false(om_item_sums_merge(&sums, &other));
    assert_true(sums.n == 3);
    om_item_sums_release(&other);
    assert_int_equal(om_item_sums_init(&other, OM_SUMS_ITEMS_MAX + 1, &err), OM_ERR_INVALID);
    assert_int_equal(om_item_sums_init_for_alpha(&other, OM_SUMS_ITEMS_MAX + 1, &err), OM_ERR_INVALID);
    om_item_sums_release(&other);
}

static void
out_of_memory(void **state)
{
    (void)state;
    struct om_item_sums s;
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_item_sums_init(&s, 9, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    om_item_sums_release(&s);
    assert_ok(om_item_sums_init(&s, 9, &err));
    om_item_sums_release(&s);
    om_memory_fail_at(0);
    assert_int_equal(om_item_sums_init_for_alpha(&s, 9, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    om_item_sums_release(&s);
    assert_int_equal(om_memory_live(), before);
}

static int
release_all(void **state)
{
    (void)state;
    om_item_sums_release(&sums);
    om_item_sums_release(&other);
    return om_memory_live() == 0 ? 0 : -1;
}

/* A million forms: the usual shortcut for F, with infinitely many df, would make the interval 6 % too narrow.
 * By the delta method log(1 - alpha) has standard error sqrt(2 k / ((k - 1) (n - 1))). */
static void
many_degrees_of_freedom(void **state)
{
    (void)state;
    double low = om_f_quantile(0.025, 1e6, 8e6), high = om_f_quantile(0.975, 1e6, 8e6);
    double width = 2 * 1.9599639845400545 * sqrt(2 / 1e6 + 2 / 8e6);
    assert_close(log(high / low), width, 1e-6);
    assert_close(om_f_quantile(0.95, 1, 2), 18.512820512820512821,
                 1e-13); /* 2 p^2 / (1 - p^2) = 361 / 19.5 */
}

static void
impossible_levels(void **state)
{
    (void)state;
    const uint8_t codes[] = {1, 2, 1, 2, 2, 3};
    alpha_of(3, 2, codes);
    om_alpha(&sums, 95, &a);
    assert_no_bounds(a.interval, OM_WHY_LEVEL);
    assert_null(a.alpha.reason);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),          cmocka_unit_test(real_questionnaires),
        cmocka_unit_test(published_example),    cmocka_unit_test(checked_by_hand),
        cmocka_unit_test(too_few_forms),        cmocka_unit_test(too_few_items),
        cmocka_unit_test(without_variation),    cmocka_unit_test(merging_and_weights),
        cmocka_unit_test(alpha_needs_no_pairs), cmocka_unit_test(everyone_many_times),
        cmocka_unit_test(the_largest_sums),     cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(out_of_memory),        cmocka_unit_test(many_degrees_of_freedom),
        cmocka_unit_test(impossible_levels),
    };
    return cmocka_run_group_tests(tests, NULL, release_all);
}
