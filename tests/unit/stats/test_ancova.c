#include <omstat/ancova.h>

#include <math.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/groups.h"

enum { MOST = 8, CELLS = 64 };

static struct om_pair_count cell[MOST][CELLS];
static struct om_pairs group[MOST];
static struct om_ancova_result r;
static struct om_adjusted adjusted[MOST];
static struct om_error err;

static void
check_coefficient(struct om_coefficient got, const json_t *e, size_t i, const char *const *key)
{
    const struct om_stat part[] = {got.estimate,
                                   got.se,
                                   {got.interval.lower, got.interval.reason},
                                   {got.interval.upper, got.interval.reason},
                                   got.t,
                                   got.p};
    for (size_t k = 0; key[k]; k++) {
        const json_t *want = json_object_get(e, key[k]);
        check_stat(part[k], json_is_array(want) ? json_array_get(want, i) : want, 1e-10, 1e-13, key[k]);
    }
}

static void
check(const json_t *e, size_t n)
{
    static const char *const slope[] = {"slope",   "slope_se", "slope_lower", "slope_upper",
                                        "slope_t", "slope_p",  NULL},
                             *const mean[] = {"mean", "se", "lower", "upper", NULL},
                             *const difference[] = {"difference", "d_se", "d_lower", "d_upper",
                                                    "d_t",        "d_p",  NULL};
    assert_ok(om_ancova(group, n, 0, 0.95, &r, adjusted, &err));
    assert_close((double)r.n, json_at(e, "n"), 0);
    const struct {
        const char *key;
        struct om_stat got;
    } all[] = {{"grand_mean", r.grand_mean},
               {"sd", r.residual_sd},
               {"df", r.df},
               {"f", r.f},
               {"f_df", r.f_df},
               {"p", r.p},
               {"eta", r.partial_eta_squared},
               {"slopes_f", r.slopes_f},
               {"slopes_df1", r.slopes_df1},
               {"slopes_df2", r.slopes_df2},
               {"slopes_p", r.slopes_p}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check_stat(all[i].got, json_object_get(e, all[i].key), 1e-9, 1e-13,
                   all[i].key); /* R loses digits near lines */
    check_coefficient(r.slope, e, 0, slope);
    for (size_t g = 0; g < n; g++) {
        check_coefficient(adjusted[g].mean, e, g, mean);
        if (g > 0)
            check_coefficient(adjusted[g].difference, e, g - 1, difference);
    }
    assert_undefined(adjusted[0].difference.estimate, "the reference is not compared with itself");
}

static size_t
from_trial(int column)
{
    struct trial trial;
    if (!trial_read(column, &trial))
        return 0;
    for (size_t arm = 0; arm < 2; arm++)
        group[arm] = pairs_of(trial.row[arm], trial.size[arm], cell[arm]);
    return 2;
}

static size_t
from_json(const json_t *e)
{
    const json_t *pre = json_object_get(e, "pre"), *post = json_object_get(e, "post");
    size_t n = json_array_size(pre);
    for (size_t g = 0; g < n; g++)
        group[g] = pairs_of_json(json_array_get(pre, g), json_array_get(post, g), (int64_t)json_at(e, "unit"),
                                 cell[g]);
    return n;
}

/* Slips this sees: df n - k, the slope of everybody instead of within groups, means at 0 or at the group's
 * own mean of pre, an SE without the distance from the grand mean, the slopes' df where a group has none. */
static void
as_r_has_it(void **state)
{
    (void)state;
    static const char *const outcome[] = {"claus_bdi", "claus_shaps", "claus_who", "claus_hamd"};
    json_t *root = load_json("tests/oracle/ancova.json"), *e;
    const char *name;
    json_object_foreach(root, name, e)
    {
        size_t n = 0;
        if (json_object_get(e, "pre"))
            n = from_json(e);
        for (int i = 0; i < 4; i++)
            if (strcmp(outcome[i], name) == 0)
                n = from_trial(5 + i);
        if (n)
            check(e, n);
    }
    json_decref(root);
}

/* --- what must not matter ------------------------------------------------------------------------------- */

static const int64_t one[][2] = {{10, 8}, {14, 12}, {9, 9}, {20, 15}, {17, 14}, {12, 7}},
                     two[][2] = {{15, 7}, {18, 9}, {11, 6}, {22, 14}, {13, 5}, {19, 10}, {16, 9}},
                     three[][2] = {{3, 2}, {8, 8}, {13, 9}, {7, 1}};
#define PAIRS(i, rows) pairs_of(rows, sizeof(rows) / sizeof(rows)[0], cell[i])

static void
set_three(void)
{
    group[0] = PAIRS(0, one);
    group[1] = PAIRS(1, two);
    group[2] = PAIRS(2, three);
}

/* Another reference turns differences round and leaves the tests; empty groups are nobody. */
static void
reference_and_order(void **state)
{
    (void)state;
    set_three();
    struct om_ancova_result s;
    struct om_adjusted other[MOST];
    assert_ok(om_ancova(group, 3, 0, 0.95, &r, adjusted, &err));
    struct om_pairs moved[] = {group[2], {NULL, 0, 1}, group[1], group[0]};
    assert_ok(om_ancova(moved, 4, 2, 0.95, &s, other, &err));
    assert_int_equal(s.n_groups, 3);
    assert_close(s.f.value, r.f.value, 1e-13);
    assert_close(s.slopes_p.value, r.slopes_p.value, 1e-13);
    assert_close(other[3].mean.estimate.value, adjusted[0].mean.estimate.value, 1e-14);
    assert_close(other[3].difference.estimate.value, -adjusted[1].difference.estimate.value, 1e-13);
    assert_close(other[3].difference.interval.lower, -adjusted[1].difference.interval.upper, 1e-13);
    assert_undefined(other[1].mean.estimate, OM_WHY_EMPTY_GROUP);
    assert_undefined(other[1].difference.p, OM_WHY_EMPTY_GROUP);
    assert_ok(om_ancova(moved, 4, 1, 0.95, &s, other, &err)); /* a reference without anybody */
    assert_undefined(other[0].difference.estimate, OM_WHY_EMPTY_GROUP);
    assert_ok(om_ancova(group, 3, 0, 0.95, &s, NULL, &err));
    assert_close(s.p.value, r.p.value, 0);
}

/* Post instead of change on the same pre: the slope is one less, all else the same. Adding pre to post is
 * adding 1 to the slope. Shifts move means; scales keep tests. */
static void
shift_and_scale(void **state)
{
    (void)state;
    static struct om_pair_count other_cell[3][CELLS];
    struct om_pairs other[3];
    struct om_ancova_result s;
    struct om_adjusted a[3];
    set_three();
    assert_ok(om_ancova(group, 3, 0, 0.95, &r, adjusted, &err));
    for (int way = 0; way < 3; way++) {
        for (size_t g = 0; g < 3; g++) {
            for (size_t i = 0; i < group[g].n; i++) {
                const struct om_pair_count *c = &group[g].at[i];
                other_cell[g][i] = way == 0 ? (struct om_pair_count){c->pre, c->post - c->pre, c->count}
                                   : way == 1
                                       ? (struct om_pair_count){c->pre + 1000000, c->post - 500, c->count}
                                       : (struct om_pair_count){c->pre * 7, c->post * 7, c->count};
            }
            other[g] = (struct om_pairs){other_cell[g], group[g].n, way == 2 ? 7 : 1};
        }
        assert_ok(om_ancova(other, 3, 0, 0.95, &s, a, &err));
        assert_close(s.f.value, r.f.value, 1e-12);
        assert_close(s.slopes_f.value, r.slopes_f.value, 1e-12);
        assert_close(s.slope.estimate.value, r.slope.estimate.value - (way == 0), 1e-12);
        assert_close(a[2].difference.estimate.value, adjusted[2].difference.estimate.value, 1e-12);
        assert_close(a[2].difference.p.value, adjusted[2].difference.p.value, 1e-12);
        if (way == 1)
            assert_close(a[1].mean.estimate.value, adjusted[1].mean.estimate.value - 500, 1e-12);
    }
}

/* Everybody a billion times: estimates stay, residual variance nearly, and the work is the same. */
static void
billions(void **state)
{
    (void)state;
    struct om_ancova_result s;
    set_three();
    assert_ok(om_ancova(group, 3, 0, 0.95, &r, adjusted, &err));
    for (size_t g = 0; g < 3; g++)
        for (size_t i = 0; i < group[g].n; i++)
            cell[g][i].count *= 1000000000;
    assert_ok(om_ancova(group, 3, 0, 0.95, &s, adjusted, &err));
    assert_close(s.slope.estimate.value, r.slope.estimate.value, 1e-14);
    assert_close(s.partial_eta_squared.value, r.partial_eta_squared.value, 1e-13);
}

/* Whatever the groups: numbers are finite, p probabilities; and with two groups the difference's p is that of
 * F. */
static void
random_groups(void **state)
{
    (void)state;
    for (int round = 0; round < 3000; round++) {
        uint32_t spread = 1 + test_random() % (round % 2 ? 3 : 40);
        size_t n = 2 + test_random() % 3;
        for (size_t g = 0; g < n; g++) {
            int64_t rows[8][2];
            size_t size = test_random() % 8;
            for (size_t i = 0; i < size; i++) {
                rows[i][0] = test_random() % spread;
                rows[i][1] = test_random() % spread;
            }
            group[g] = pairs_of((const int64_t(*)[2])rows, size, cell[g]);
        }
        assert_ok(om_ancova(group, n, 0, 0.95, &r, adjusted, &err));
        const struct om_stat p[] = {r.p, r.slopes_p, r.slope.p, r.partial_eta_squared,
                                    adjusted[1].difference.p},
                             any[] = {r.f, r.slopes_f, r.slope.estimate, r.slope.se,
                                      adjusted[0].mean.estimate};
        for (size_t i = 0; i < 5; i++) {
            assert_true(p[i].value >= 0 && p[i].value <= 1);
            assert_true(isfinite(any[i].value));
        }
        if (n == 2 && !r.p.reason && group[0].n && group[1].n)
            assert_true(fabs(r.p.value - adjusted[1].difference.p.value) < 1e-9);
    }
}

/* --- nothing to say ------------------------------------------------------------------------------------- */

static void
check_nothing(size_t n, const char *slope, const char *groups, const char *slopes)
{
    assert_ok(om_ancova(group, n, 0, 0.95, &r, adjusted, &err));
    const struct om_stat f[] = {r.f, r.f_df, r.p, r.partial_eta_squared},
                         s[] = {r.slopes_f, r.slopes_df1, r.slopes_df2, r.slopes_p};
    if (slope)
        assert_undefined(r.slope.estimate, slope);
    for (size_t i = 0; i < 4; i++) {
        assert_undefined(f[i], groups);
        assert_undefined(s[i], slopes);
    }
}

static void
degenerate(void **state)
{
    (void)state;
    static const char flat[] = "nobody differs at the first occasion from others of the group",
                      few[] = "too few persons for this many groups";
    const int64_t lone[][2] = {{4, 5}}, same[][2] = {{6, 5}, {6, 9}, {6, 2}},
                  line[][2] = {{1, 3}, {2, 5}, {5, 11}}, other_line[][2] = {{2, 9}, {3, 11}, {7, 19}},
                  steep[][2] = {{1, 0}, {2, 3}, {4, 9}};
    check_nothing(0, OM_WHY_EMPTY, OM_WHY_EMPTY, OM_WHY_EMPTY);
    group[0] = group[1] = (struct om_pairs){NULL, 0, 1};
    check_nothing(2, OM_WHY_EMPTY, OM_WHY_EMPTY, OM_WHY_EMPTY);
    group[0] = PAIRS(0, lone);
    check_nothing(2, flat, flat, flat);
    assert_close(r.grand_mean.value, 4, 0);
    assert_undefined(adjusted[0].mean.estimate, flat);
    group[1] = PAIRS(1, same);
    check_nothing(2, flat, flat, flat);
    group[0] = PAIRS(0, one);
    group[1] = (struct om_pairs){NULL, 0, 1};
    check_nothing(2, NULL, OM_WHY_ONE_GROUP, "fewer than two groups have a slope");
    assert_null(r.slope.p.reason); /* a regression of one group is one */
    group[0] = PAIRS(0, line);
    group[1] = PAIRS(1, other_line);
    check_nothing(2, NULL, "the groups and the first occasion explain the last one exactly",
                  "a slope for each group explains everything");
    assert_close(r.slope.estimate.value, 2, 1e-15);
    assert_undefined(r.slope.se, "the groups and the first occasion explain the last one exactly");
    assert_close(adjusted[1].difference.estimate.value, 4, 1e-14);
    assert_no_bounds(adjusted[1].mean.interval,
                     "the groups and the first occasion explain the last one exactly");
    group[1] = PAIRS(1, steep);
    assert_ok(om_ancova(group, 2, 0, 0.95, &r, adjusted, &err));
    assert_null(r.p.reason);
    assert_undefined(r.slopes_p, "a slope for each group explains everything");
    const int64_t pair[][2] = {{1, 3}, {2, 4}};
    group[0] = PAIRS(0, pair);
    group[1] = PAIRS(1, lone);
    check_nothing(2, NULL, few, "fewer than two groups have a slope");
    assert_undefined(r.df, few);
    assert_undefined(r.slope.se, few);
    assert_close(r.slope.estimate.value, 1, 0);
}

static void
levels_and_memory(void **state)
{
    (void)state;
    set_three();
    assert_ok(om_ancova(group, 3, 0, NAN, &r, adjusted, &err));
    assert_no_bounds(r.slope.interval, OM_WHY_LEVEL);
    assert_no_bounds(adjusted[1].difference.interval, OM_WHY_LEVEL);
    assert_null(r.p.reason);
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_ancova(group, 3, 0, 0.95, &r, adjusted, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),       cmocka_unit_test(reference_and_order),
        cmocka_unit_test(shift_and_scale),   cmocka_unit_test(billions),
        cmocka_unit_test(random_groups),     cmocka_unit_test(degenerate),
        cmocka_unit_test(levels_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
