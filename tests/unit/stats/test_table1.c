#include <omstat/table1.h>

#include <math.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/groups.h"

static struct groups g;
static struct om_error err;

static size_t
read_counts(const json_t *list, uint64_t *out)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = (uint64_t)json_number_value(json_array_get(list, i));
    return json_array_size(list);
}

static void
check_smd(struct om_smd got, const json_t *e)
{
    check_stat(got.estimate, json_object_get(e, "d"), 1e-12, 1e-15, "d");
    check_bounds(got.interval, json_object_get(e, "lower"), json_object_get(e, "upper"), 1e-12, 1e-14, "d");
    assert_string_equal(got.interval.method, "normal");
}

/* Slips this sees: the pooled instead of the mean variance, a covariance matrix without its off-diagonal,
 * categories that nobody has, the square instead of the root. */
static void
as_r_has_them(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/table1.json"), *e;
    size_t i;
    struct om_smd d;
    json_array_foreach(json_object_get(root, "numbers"), i, e)
    {
        json_t *both = json_pack("[O, O]", json_object_get(e, "group"), json_object_get(e, "reference"));
        groups_of_json(both, 1, &g);
        json_decref(both);
        om_smd_numeric(&g.of[0], &g.of[1], 0.95, &d);
        check_smd(d, e);
    }
    json_array_foreach(json_object_get(root, "counts"), i, e)
    {
        uint64_t a[8], b[8];
        size_t n = read_counts(json_object_get(e, "group"), a);
        read_counts(json_object_get(e, "reference"), b);
        om_smd_categories(a, b, n, 0.95, &d);
        check_smd(d, e);
    }
    json_decref(root);
}

/* Austin (2009): 30 % against 20 % is 0.1 / sqrt((0.21 + 0.16) / 2) = 0.2325; many categories of equal shares
 * are 0. */
static void
by_hand(void **state)
{
    (void)state;
    const uint64_t a[] = {30, 70}, b[] = {20, 80}, reversed[] = {80, 20}, none[] = {0, 0}, left[] = {5, 0},
                   right[] = {0, 7};
    struct om_smd d;
    om_smd_categories(a, b, 2, 0.95, &d);
    assert_close(d.estimate.value, 0.1 / sqrt(0.185), 1e-14);
    om_smd_categories(b, a, 2, 0.95, &d);
    assert_close(d.estimate.value, 0.1 / sqrt(0.185), 1e-14);
    om_smd_categories(b, reversed, 2, 0.95, &d);
    assert_close(d.estimate.value, 0.6 / 0.4, 1e-14);
    om_smd_categories(left, right, 2, 0.95, &d);
    assert_undefined(d.estimate, "the groups share no category");
    assert_no_bounds(d.interval, "the groups share no category");
    om_smd_categories(a, none, 2, 0.95, &d);
    assert_undefined(d.estimate, OM_WHY_EMPTY_GROUP);
    om_smd_categories(a, b, 2, 1, &d);
    assert_no_bounds(d.interval, OM_WHY_LEVEL);
    assert_null(d.estimate.reason);
}

static struct om_counts
group_of(size_t i, const int64_t *values, size_t n)
{
    return counts_of(values, n, 1, g.cell[i]);
}
#define GROUP(i, ...)                                                                                        \
    group_of(i, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void
degenerate_numbers(void **state)
{
    (void)state;
    struct om_counts none = {NULL, 0, 1}, one = GROUP(0, 4), flat = GROUP(1, 4, 4, 4), other = GROUP(2, 5, 5),
                     some = GROUP(3, 1, 2, 9);
    struct om_smd d;
    om_smd_numeric(&some, &none, 0.95, &d);
    assert_undefined(d.estimate, OM_WHY_EMPTY_GROUP);
    om_smd_numeric(&some, &one, 0.95, &d);
    assert_undefined(d.estimate, OM_WHY_SMALL_GROUP);
    om_smd_numeric(&flat, &other, 0.95, &d);
    assert_undefined(d.estimate, OM_WHY_FLAT_GROUPS);
    assert_no_bounds(d.interval, OM_WHY_FLAT_GROUPS);
    struct om_smd_largest l;
    const struct om_counts groups[] = {one, flat, none, other};
    assert_ok(om_smd_numeric_largest(groups, 4, &l, &err));
    assert_undefined(l.size, "no two groups have a standardised difference");
    assert_ok(om_smd_numeric_largest(groups, 1, &l, &err));
    assert_undefined(l.size, OM_WHY_ONE_GROUP);
    om_memory_fail_at(0);
    assert_int_equal(om_smd_numeric_largest(groups, 4, &l, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
}

static void
a_numeric_line(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/table1.json"), *e = json_object_get(root, "line");
    uint64_t persons[3];
    struct om_numeric_column column[3];
    struct om_numeric_line line;
    groups_of_json(json_object_get(e, "ages"), 1, &g);
    read_counts(json_object_get(e, "persons"), persons);
    assert_ok(om_table1_numeric(g.of, persons, 3, 0.95, column, &line, &err));
    assert_true(line.group == column && line.all.persons == 20 && line.all.missing == 3 &&
                line.all.of.n == 17);
    assert_true(column[0].missing == 1 && column[1].missing == 0 && column[2].missing == 2);
    assert_close(line.all.of.mean.value, json_at(e, "mean"), 1e-14);
    assert_close(line.all.of.sd.value, json_at(e, "sd"), 1e-14);
    assert_close(column[1].of.mean.value, 32, 0);
    assert_close(line.largest.size.value, json_at(e, "largest"), 1e-14);
    assert_close((double)line.largest.one, json_at(e, "which/0"), 0);
    assert_close((double)line.largest.other, json_at(e, "which/1"), 0);
    assert_close(line.means.classical.p.value, json_at(e, "p"), 1e-12);
    assert_close(line.means.welch.p.value, json_at(e, "welch_p"), 1e-12);
    assert_close(line.ranks.p.value, json_at(e, "rank_p"), 1e-12);
    for (size_t k = 0; k < 6; k++) { /* pooling takes two blocks, twice */
        om_memory_fail_at(k);
        assert_int_equal(om_table1_numeric(g.of, persons, 3, 0.95, column, &line, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at((size_t)-1);
    json_decref(root);
}

static void
a_line_of_categories(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/table1.json"), *e = json_object_get(root, "categorical");
    uint64_t count[6];
    struct om_category_line line;
    read_counts(json_object_get(e, "count"), count);
    assert_ok(om_table1_categories(&(struct om_table){count, 3, 2}, &line, &err));
    assert_close((double)line.known, 127, 0);
    assert_close(line.largest.size.value, json_at(e, "largest"), 1e-13);
    assert_close(line.chi_square.p.value, json_at(e, "p"), 1e-13);
    assert_close(line.fisher_p.value, json_at(e, "fisher"), 1e-11);
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_them),        cmocka_unit_test(by_hand),
        cmocka_unit_test(degenerate_numbers),   cmocka_unit_test(a_numeric_line),
        cmocka_unit_test(a_line_of_categories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
