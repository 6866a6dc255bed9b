#include <omstat/effects.h>

#include <math.h>
#include <omstat/equivalence.h>
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX];
static struct om_error err;

static struct om_paired_result
paired_of(const struct om_pairs *pairs, double level)
{
    struct om_paired_result r;
    assert_ok(om_paired(pairs, level, &r, &err));
    return r;
}

static struct om_effects_result
effects(const int64_t (*rows)[2], size_t n)
{
    struct om_pairs pairs = pairs_of(rows, n, cells);
    struct om_paired_result r = paired_of(&pairs, 0.95);
    struct om_effects_result out;
    om_effects(&r, &out);
    return out;
}
#define EFFECTS(rows) effects(rows, sizeof(rows) / sizeof(rows)[0])

static void
check_effect(struct om_effect got, const json_t *want, const char *name)
{
    check_stat(got.estimate, json_object_get(want, "estimate"), 1e-11, 1e-15, name);
    check_bounds(got.interval, json_object_get(want, "lower"), json_object_get(want, "upper"), 1e-9, 1e-12,
                 name);
}

static void
check_tost(const struct om_paired_result *r, const json_t *want)
{
    struct om_equivalence_result e;
    om_equivalence(r, json_at(want, "bound"), 0.95, &e);
    check_stat(e.lower_t, json_object_get(want, "lower_t"), 1e-11, 1e-14, "lower t");
    check_stat(e.lower_p, json_object_get(want, "lower_p"), 1e-11, 0, "lower p");
    check_stat(e.upper_t, json_object_get(want, "upper_t"), 1e-11, 1e-14, "upper t");
    check_stat(e.upper_p, json_object_get(want, "upper_p"), 1e-11, 0, "upper p");
    check_stat(e.p, json_object_get(want, "p"), 1e-11, 0, "p");
    check_bounds(e.interval, json_object_get(want, "lower"), json_object_get(want, "upper"), 1e-11, 1e-12,
                 "90 %");
    assert_close(e.interval.level, 0.9, 1e-15);
    bool within = e.interval.lower > -json_at(want, "bound") && e.interval.upper < json_at(want, "bound");
    assert_int_equal(within, e.p.value < 0.05);
}

/* Slips this sees: the sd after under d_b, the root mean square of the sds, variances with n - 1 for n or the
 * corrected estimate where the uncorrected belongs, J on the estimate but not on the interval, r^2 for r, the
 * covariance of the two sds left out, n of all for n of those who changed, one-sided p the wrong way round, a
 * 95 % interval for the 90 % one, the smaller p for the larger. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *panels = load_json("tests/oracle/paired.json"), *root = load_json("tests/oracle/effects.json"),
           *e;
    const char *name;
    json_object_foreach(root, name, e)
    {
        json_t *panel = json_object_get(panels, name);
        struct om_pairs pairs = pairs_of_json(json_object_get(panel, "pre"), json_object_get(panel, "post"),
                                              (int64_t)json_at(panel, "unit"), cells);
        struct om_paired_result r = paired_of(&pairs, 0.95);
        struct om_effects_result x;
        om_effects(&r, &x);
        check_effect(x.d_b, json_object_get(e, "d_b"), "d_b");
        check_effect(x.g_b, json_object_get(e, "g_b"), "g_b");
        check_effect(x.g_rm, json_object_get(e, "g_rm"), "g_rm");
        check_effect(x.common_language, json_object_get(e, "common_language"), "common_language");
        check_effect((struct om_effect){r.d_z.estimate, x.d_z_normal}, json_object_get(e, "d_z_normal"),
                     "d_z");
        check_effect((struct om_effect){r.g_z.estimate, x.g_z_normal}, json_object_get(e, "g_z_normal"),
                     "g_z");
        check_effect((struct om_effect){x.d_b.estimate, x.d_b_normal}, json_object_get(e, "d_b_normal"),
                     "d_b n");
        check_effect((struct om_effect){x.g_b.estimate, x.g_b_normal}, json_object_get(e, "g_b_normal"),
                     "g_b n");
        check_effect((struct om_effect){r.d_rm.estimate, x.d_rm_normal}, json_object_get(e, "d_rm_normal"),
                     "d_rm n");
        check_effect((struct om_effect){r.d_av.estimate, x.d_av_normal}, json_object_get(e, "d_av_normal"),
                     "d_av n");
        struct om_wilcoxon_result w;
        assert_ok(om_wilcoxon(&pairs, &w, &err));
        check_effect(
            (struct om_effect){w.rank_biserial, om_rank_biserial_interval(w.rank_biserial, w.n_used, 0.95)},
            json_object_get(e, "rank_biserial"), "rank_biserial");
        const char *which;
        json_t *tost;
        json_object_foreach(json_object_get(e, "tost"), which, tost) check_tost(&r, tost);
    }
    json_decref(root);
    json_decref(panels);
}

/* The corrected intervals are J times the others, and each name says what its formula is. */
static void
corrected_by_one_factor(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}, {15, 16}, {2, 0}};
    struct om_pairs pairs = pairs_of(rows, 8, cells);
    struct om_paired_result r = paired_of(&pairs, 0.95);
    struct om_effects_result x;
    om_effects(&r, &x);
    double j = r.g_z.estimate.value / r.d_z.estimate.value;
    assert_close(x.g_rm_normal.lower, j * x.d_rm_normal.lower, 1e-14);
    assert_close(x.g_av_normal.upper, j * x.d_av_normal.upper, 1e-14);
    assert_close(x.g_rm.estimate.value, j * r.d_rm.estimate.value, 1e-14);
    assert_string_equal(x.g_z_normal.method, "normal-gibbons");
    assert_string_equal(x.g_b_normal.method, "normal-becker");
    assert_string_equal(x.d_rm_normal.method, "normal-becker");
    assert_string_equal(x.d_av_normal.method, "normal-delta");
    assert_string_equal(x.d_b.interval.method, "noncentral-t-scaled");
}

static void
assert_nothing(const struct om_effects_result *x, const char *why)
{
    const struct om_effect effect[] = {x->d_b, x->g_b, x->g_rm, x->common_language};
    const struct om_interval interval[] = {x->d_z_normal, x->d_rm_normal, x->d_b_normal, x->d_av_normal,
                                           x->g_z_normal, x->g_rm_normal, x->g_b_normal, x->g_av_normal};
    for (size_t i = 0; i < 4; i++) {
        assert_undefined(effect[i].estimate, why);
        assert_no_bounds(effect[i].interval, why);
    }
    for (size_t i = 0; i < 8; i++)
        assert_no_bounds(interval[i], why);
}

static void
nobody_and_one(void **state)
{
    (void)state;
    struct om_pairs none = {NULL, 0, 1};
    struct om_paired_result r = paired_of(&none, 0.95);
    struct om_effects_result x;
    struct om_equivalence_result e;
    om_effects(&r, &x);
    assert_nothing(&x, OM_WHY_EMPTY);
    om_equivalence(&r, 2, 0.95, &e);
    assert_undefined(e.p, OM_WHY_EMPTY);
    assert_undefined(e.lower_t, OM_WHY_EMPTY);
    assert_no_bounds(e.interval, OM_WHY_EMPTY);
    const int64_t one[][2] = {{9, 4}};
    x = EFFECTS(one);
    assert_nothing(&x, OM_WHY_ONE);
}

/* n = 2: no Hedges correction; r is 1, so that d_rm is not defined, and d_b's variance has only d^2 / 2n. */
static void
two_pairs(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 4}, {12, 5}};
    struct om_effects_result x = EFFECTS(rows);
    assert_close(x.d_b.estimate.value, -6 / (3 / sqrt(2)), 1e-15);
    assert_null(x.d_b.interval.reason);
    assert_undefined(x.g_b.estimate, OM_WHY_TWO);
    assert_undefined(x.g_rm.estimate, OM_WHY_PERFECT_RM);
    assert_no_bounds(x.g_b_normal, OM_WHY_TWO);
    assert_no_bounds(x.g_z_normal, OM_WHY_TWO);
    assert_no_bounds(x.d_rm_normal, OM_WHY_PERFECT_RM);
    assert_close(x.d_b_normal.upper - x.d_b_normal.lower, 2 * 1.9599639845400545 * sqrt(8 / 4.0), 1e-14);
}

static void
everybody_changes_alike(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 4}, {12, 7}, {15, 10}};
    struct om_effects_result x = EFFECTS(rows);
    assert_close(x.d_b.estimate.value, -5 / 3.0, 1e-15);
    assert_no_bounds(x.d_b.interval, OM_WHY_SAME_CHANGE);
    assert_undefined(x.common_language.estimate, OM_WHY_SAME_CHANGE);
    assert_no_bounds(x.d_z_normal, OM_WHY_SAME_CHANGE);
    const int64_t still[][2] = {{9, 9}, {12, 12}, {15, 15}};
    x = EFFECTS(still);
    assert_true(x.d_b.estimate.value == 0 && !x.d_b.estimate.reason);
    assert_no_bounds(x.d_b_normal,
                     OM_WHY_SAME_CHANGE); /* neither change nor spread: a point is no interval */
}

static void
one_flat_occasion(void **state)
{
    (void)state;
    const int64_t first[][2] = {{10, 4}, {10, 7}, {10, 10}, {10, 3}}, last[][2] = {{4, 10}, {7, 10}, {3, 10}};
    struct om_effects_result x = EFFECTS(first);
    assert_undefined(x.d_b.estimate, "the values of the first occasion are all equal");
    assert_undefined(x.g_b.estimate, "the values of the first occasion are all equal");
    assert_no_bounds(x.d_av_normal, OM_WHY_FLAT_OCCASION);
    assert_null(x.common_language.interval.reason);
    assert_null(x.d_z_normal.reason);
    x = EFFECTS(last);
    assert_null(x.d_b.estimate.reason);
    assert_null(x.d_b.interval.reason);
    assert_no_bounds(x.d_b_normal, OM_WHY_FLAT_OCCASION);
}

static void
impossible_levels_and_bounds(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}};
    struct om_pairs pairs = pairs_of(rows, 5, cells);
    const double levels[] = {0, 1, 95, -1, NAN};
    for (size_t i = 0; i < 5; i++) {
        struct om_paired_result r = paired_of(&pairs, levels[i]);
        struct om_effects_result x;
        struct om_equivalence_result e;
        om_effects(&r, &x);
        assert_null(x.d_b.estimate.reason);
        assert_no_bounds(x.d_b.interval, OM_WHY_LEVEL);
        assert_no_bounds(x.d_z_normal, OM_WHY_LEVEL);
        assert_no_bounds(x.g_av_normal, OM_WHY_LEVEL);
        assert_no_bounds(x.common_language.interval, OM_WHY_LEVEL);
        assert_no_bounds(om_rank_biserial_interval(om_defined(0.3), 9, levels[i]), OM_WHY_LEVEL);
        om_equivalence(&r, 2, levels[i], &e);
        assert_null(e.p.reason);
        assert_no_bounds(e.interval, "the level must lie between 0.5 and 1");
    }
    struct om_paired_result r = paired_of(&pairs, 0.95);
    struct om_equivalence_result e;
    om_equivalence(&r, 0, 0.95, &e);
    assert_undefined(e.p, "the bound must be above 0");
    om_equivalence(&r, NAN, 0.95, &e);
    assert_undefined(e.upper_p, "the bound must be above 0");
    om_equivalence(&r, 2, 0.5, &e);
    assert_non_null(e.interval.reason);
}

/* The occasions exchanged turn the change round; a lower bound becomes an upper one. */
static void
follows_swap(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}, {15, 16}, {2, 0}};
    int64_t swapped[8][2];
    for (size_t i = 0; i < 8; i++) {
        swapped[i][0] = rows[i][1];
        swapped[i][1] = rows[i][0];
    }
    struct om_effects_result a = EFFECTS(rows), b = effects((const int64_t(*)[2])swapped, 8);
    assert_close(b.d_z_normal.lower, -a.d_z_normal.upper, 1e-14);
    assert_close(b.d_av_normal.lower, -a.d_av_normal.upper, 1e-14);
    assert_close(b.common_language.estimate.value, 1 - a.common_language.estimate.value, 1e-14);
    assert_close(b.common_language.interval.lower, 1 - a.common_language.interval.upper, 1e-11);
    struct om_pairs pairs = pairs_of(rows, 8, cells);
    struct om_paired_result r = paired_of(&pairs, 0.95);
    struct om_equivalence_result e, f;
    om_equivalence(&r, 2, 0.95, &e);
    pairs = pairs_of((const int64_t(*)[2])swapped, 8, cells);
    r = paired_of(&pairs, 0.95);
    om_equivalence(&r, 2, 0.95, &f);
    assert_close(f.lower_p.value, e.upper_p.value, 1e-15);
    assert_close(f.lower_t.value, -e.upper_t.value, 1e-15);
    assert_close(f.p.value, e.p.value, 1e-15);
    assert_close(f.interval.lower, -e.interval.upper, 1e-15);
}

/* With many people large-sample and noncentral t intervals of d_z meet. */
static void
intervals_meet_for_millions(void **state)
{
    (void)state;
    struct om_pair_count at[] = {{8, 9, 2000000}, {10, 4, 5000000}, {10, 10, 3000000}, {13, 12, 2000000}};
    struct om_pairs pairs = {at, 4, 1};
    struct om_paired_result r = paired_of(&pairs, 0.95);
    struct om_effects_result x;
    om_effects(&r, &x);
    assert_close(x.d_z_normal.lower, r.d_z.interval.lower, 1e-6);
    assert_close(x.d_z_normal.upper, r.d_z.interval.upper, 1e-6);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(corrected_by_one_factor),
        cmocka_unit_test(nobody_and_one),
        cmocka_unit_test(two_pairs),
        cmocka_unit_test(everybody_changes_alike),
        cmocka_unit_test(one_flat_occasion),
        cmocka_unit_test(impossible_levels_and_bounds),
        cmocka_unit_test(follows_swap),
        cmocka_unit_test(intervals_meet_for_millions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
