#include <omstat/symmetry.h>

#include <math.h>
#include <omstat/paired.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_error err;

static struct om_symmetry_result
symmetry(const uint64_t *table, size_t k)
{
    struct om_symmetry_result r;
    assert_ok(om_symmetry(table, k, &r, &err));
    return r;
}

/* Stuart's vision data (11.957 on 3 df, Bowker 19.107 on 6) among them. Slips this sees: a class nobody is in
 * counted in the df, pairs without people counted by Bowker, separate sets of classes taken for one, the last
 * class dropped where it is the empty one, diagonal persons in the variance. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/symmetry.json"), *one;
    const char *name;
    json_object_foreach(root, name, one)
    {
        uint64_t table[64];
        const json_t *cells = json_object_get(one, "table"), *e = json_object_get(one, "expect");
        for (size_t i = 0; i < json_array_size(cells); i++)
            table[i] = (uint64_t)json_number_value(json_array_get(cells, i));
        struct om_symmetry_result r = symmetry(table, (size_t)json_at(one, "k"));
        check_stat(r.stuart_maxwell, json_object_get(e, "stuart_maxwell"), 1e-12, 1e-14, name);
        check_stat(r.stuart_maxwell_df, json_object_get(e, "stuart_maxwell_df"), 0, 0, name);
        check_stat(r.stuart_maxwell_p, json_object_get(e, "stuart_maxwell_p"), 1e-10, 0, name);
        check_stat(r.bowker, json_object_get(e, "bowker"), 1e-13, 0, name);
        check_stat(r.bowker_df, json_object_get(e, "bowker_df"), 0, 0, name);
        check_stat(r.bowker_p, json_object_get(e, "bowker_p"), 1e-11, 0, name);
    }
    json_decref(root);
}

/* With two classes both are McNemar's. */
static void
two_classes_are_mcnemar(void **state)
{
    (void)state;
    const uint64_t table[] = {30, 4, 15, 51};
    struct om_symmetry_result r = symmetry(table, 2);
    struct om_mcnemar_result m;
    om_mcnemar(4, 15, &m);
    assert_close(r.stuart_maxwell.value, m.chi2.value, 1e-15);
    assert_close(r.bowker.value, m.chi2.value, 1e-15);
    assert_close(r.stuart_maxwell_p.value, m.p.value, 1e-13);
    assert_true(r.n == 100 && r.moved == 19);
}

/* Transposed: the same. Classes in another order: the same. A class more that is empty: the same. */
static void
follows_swap_order_and_empty_classes(void **state)
{
    (void)state;
    enum { K = 4 };
    static const uint64_t table[K * K] = {12, 5, 1, 0, 9, 20, 4, 2, 3, 8, 15, 6, 0, 1, 7, 11};
    static const size_t order[K] = {2, 0, 3, 1};
    uint64_t turned[K * K], other[K * K], larger[(K + 2) * (K + 2)] = {0};
    for (size_t i = 0; i < K; i++)
        for (size_t j = 0; j < K; j++) {
            turned[j * K + i] = table[i * K + j];
            other[order[i] * K + order[j]] = table[i * K + j];
            larger[(i + 1) * (K + 2) + j + 1] = table[i * K + j];
        }
    larger[0] = 17; /* people who stay in a class of their own say nothing */
    struct om_symmetry_result all[] = {symmetry(turned, K), symmetry(other, K), symmetry(larger, K + 2)};
    struct om_symmetry_result r = symmetry(table, K);
    for (size_t i = 0; i < 3; i++) {
        assert_close(all[i].stuart_maxwell.value, r.stuart_maxwell.value, 1e-13);
        assert_close(all[i].stuart_maxwell_df.value, r.stuart_maxwell_df.value, 0);
        assert_close(all[i].bowker.value, r.bowker.value, 1e-13);
        assert_close(all[i].bowker_df.value, r.bowker_df.value, 0);
    }
}

/* Twice the people, twice the statistic; up to counts of 2^50. */
static void
grows_with_the_counts(void **state)
{
    (void)state;
    uint64_t table[] = {12, 5, 1, 9, 20, 4, 3, 8, 15};
    struct om_symmetry_result few = symmetry(table, 3);
    for (size_t i = 0; i < 9; i++)
        table[i] <<= 50;
    struct om_symmetry_result many = symmetry(table, 3);
    assert_close(many.stuart_maxwell.value, ldexp(few.stuart_maxwell.value, 50), 1e-15);
    assert_close(many.bowker.value, ldexp(few.bowker.value, 50), 1e-15);
    assert_true(many.bowker_p.value == 0 && !many.bowker_p.reason);
}

static void
balanced_moves(void **state)
{
    (void)state;
    const uint64_t ring[] = {4, 3, 0, 0, 4, 3, 3, 0, 4}; /* everybody one on: margins equal, symmetry not */
    struct om_symmetry_result r = symmetry(ring, 3);
    assert_true(r.stuart_maxwell.value == 0 && !r.stuart_maxwell.reason);
    assert_close(r.stuart_maxwell_p.value, 1, 0);
    assert_close(r.bowker.value, 9, 0);
    assert_close(r.bowker_df.value, 3, 0);
}

static void
nothing_to_test(void **state)
{
    (void)state;
    const uint64_t none[9] = {0}, stayed[] = {5, 0, 0, 0, 7, 0, 0, 0, 0}, single[] = {6};
    struct om_symmetry_result r = symmetry(none, 3);
    assert_undefined(r.bowker, OM_WHY_EMPTY);
    assert_undefined(r.stuart_maxwell_p, OM_WHY_EMPTY);
    r = symmetry(stayed, 3);
    assert_undefined(r.bowker_p, "nobody moved to another class");
    assert_undefined(r.stuart_maxwell_df, "nobody moved to another class");
    assert_true(r.n == 12 && r.moved == 0);
    r = symmetry(single, 1);
    assert_undefined(r.stuart_maxwell, "nobody moved to another class");
}

static void
out_of_memory(void **state)
{
    (void)state;
    const uint64_t table[] = {30, 4, 15, 51};
    struct om_symmetry_result r;
    size_t before = om_memory_live();
    for (size_t k = 0; k < 2; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_symmetry(table, 2, &r, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(two_classes_are_mcnemar),
        cmocka_unit_test(follows_swap_order_and_empty_classes),
        cmocka_unit_test(grows_with_the_counts),
        cmocka_unit_test(balanced_moves),
        cmocka_unit_test(nothing_to_test),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
