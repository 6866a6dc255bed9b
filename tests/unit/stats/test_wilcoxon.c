#include <omstat/paired.h>

#include <math.h>
#include <stdio.h>
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX];
static struct om_error err;

static struct om_wilcoxon_result
wilcoxon(const int64_t (*rows)[2], size_t n)
{
    struct om_pairs pairs = pairs_of(rows, n, cells);
    struct om_wilcoxon_result w;
    assert_ok(om_wilcoxon(&pairs, &w, &err));
    return w;
}
#define WILCOXON(rows) wilcoxon(rows, sizeof(rows) / sizeof(rows)[0])

/* Slips this sees: zeros kept in the ranks, ranks by signed change, ties given their lowest rank, variance
 * without tie correction or with t^3 over 24, the correction added instead of taken off, the exact test used
 * with ties or zeros or at 50, one-sided p. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/paired.json");
    const char *name;
    json_t *panel;
    int exact = 0, normal = 0;
    json_object_foreach(root, name, panel)
    {
        json_t *e = json_object_get(json_object_get(panel, "expect"), "wilcoxon");
        struct om_pairs pairs = pairs_of_json(json_object_get(panel, "pre"), json_object_get(panel, "post"),
                                              (int64_t)json_at(panel, "unit"), cells);
        struct om_wilcoxon_result w;
        assert_ok(om_wilcoxon(&pairs, &w, &err));
        assert_close((double)w.n_zero, json_at(e, "n_zero"), 0);
        assert_close((double)w.n_used, json_at(e, "n_used"), 0);
        assert_close((double)w.n, json_at(e, "n_zero") + json_at(e, "n_used"), 0);
        check_stat(w.w_plus, json_object_get(e, "w_plus"), 0, 0, "w_plus");
        check_stat(w.w_minus, json_object_get(e, "w_minus"), 0, 0, "w_minus");
        check_stat(w.z, json_object_get(e, "z"), 1e-14, 0, "z");
        check_stat(w.z_p, json_object_get(e, "z_p"), 1e-13, 0, "z_p");
        check_stat(w.z_cc, json_object_get(e, "z_cc"), 1e-14, 0, "z_cc");
        check_stat(w.z_cc_p, json_object_get(e, "z_cc_p"), 1e-13, 0, "z_cc_p");
        check_stat(w.exact_p, json_object_get(e, "exact_p"), 1e-13, 0, "exact_p");
        check_stat(w.p, json_object_get(e, "p"), 1e-13, 0, "p");
        check_stat(w.rank_biserial, json_object_get(e, "rank_biserial"), 1e-15, 0, "rank_biserial");
        int is_exact = json_at(e, "exact_is_default") > 0;
        assert_string_equal(w.method, is_exact ? "signed-rank-exact" : "signed-rank-normal-cc");
        exact += is_exact;
        normal += !is_exact;
    }
    assert_true(exact >= 3 && normal >= 5);
    json_decref(root);
}

static void
check_reference(const json_t *e, const struct om_wilcoxon_result *w)
{
    assert_close((double)w->n_zero, json_at(e, "n_zero_dropped"), 0);
    assert_close((double)w->n_used, json_at(e, "n_nonzero"), 0);
    assert_close(w->w_plus.value, json_at(e, "W_plus_post_minus_pre"), 0);
    assert_close(w->w_minus.value, json_at(e, "W_minus_post_minus_pre"), 0);
    assert_int_equal(w->ties, json_is_true(json_object_get(e, "has_ties")));
    assert_close(w->z.value, json_at(e, "z_no_continuity"), 1e-13);
    assert_close(w->z_p.value, json_at(e, "p_no_continuity"), 1e-12);
    assert_close(w->z_cc.value, json_at(e, "z_continuity"), 1e-13);
    assert_close(w->z_cc_p.value, json_at(e, "p_continuity"), 1e-12);
    assert_close(w->rank_biserial.value, json_at(e, "matched_rank_biserial"), 1e-14);
    if (json_object_get(e, "p_exact"))
        assert_close(w->p.value, json_at(e, "p_exact"), 1e-14);
}

/* Student (1908) in tenths, where a zero and ties rule the exact test out; Hollander & Wolfe in thousandths,
 * whose two-sided p is 20/512. */
static void
published_examples(void **state)
{
    (void)state;
    const int64_t sleep[][2] = {{7, 19},  {-16, 8}, {-2, 11}, {-12, 1}, {-1, -1},
                                {34, 44}, {37, 55}, {8, 16},  {0, 46},  {20, 34}};
    const int64_t hamilton[][2] = {{1830, 878},  {500, 647},   {1620, 598},  {2480, 2050}, {1680, 1060},
                                   {1880, 1290}, {1550, 1060}, {3060, 3140}, {1300, 1290}};
    struct om_wilcoxon_result s = WILCOXON(sleep), h = WILCOXON(hamilton);
    assert_close(h.p.value, 20 / 512.0, 0);
    assert_string_equal(h.method, "signed-rank-exact");
    assert_non_null(s.exact_p.reason);
    assert_close(s.rank_biserial.value, 1, 0);
    const char *path = shared_path("worked_examples/answers.json");
    if (!path)
        skip();
    json_t *root = load_json(path);
    check_reference(json_object_get(json_object_get(json_array_get(root, 0), "expected"), "wilcoxon"), &s);
    check_reference(json_object_get(json_object_get(json_array_get(root, 1), "expected"), "wilcoxon"), &h);
    json_decref(root);
}

static void
two_waves_reference(void **state)
{
    (void)state;
    const char *path = shared_path("phq9_gad7_two_waves/wide.csv");
    if (!path)
        skip();
    struct om_pairs pairs = pairs_of_two_waves(path, 1, 9, cells);
    struct om_wilcoxon_result w;
    assert_ok(om_wilcoxon(&pairs, &w, &err));
    json_t *root = load_json(shared_path("phq9_gad7_two_waves/reference.json"));
    json_t *phq9 = json_object_get(json_object_get(root, "change"), "phq9");
    check_reference(json_object_get(phq9, "wilcoxon"), &w);
    json_decref(root);
}

static void
assert_all_undefined(const struct om_wilcoxon_result *w, const char *why)
{
    const struct om_stat all[] = {w->w_plus, w->w_minus, w->z, w->z_p,          w->z_cc,
                                  w->z_cc_p, w->exact_p, w->p, w->rank_biserial};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_undefined(all[i], why);
}

static void
nothing_to_rank(void **state)
{
    (void)state;
    struct om_pairs none = {NULL, 0, 1};
    struct om_wilcoxon_result w;
    assert_ok(om_wilcoxon(&none, &w, &err));
    assert_true(w.n == 0 && w.n_zero == 0 && w.n_used == 0);
    assert_all_undefined(&w, OM_WHY_EMPTY);
    const int64_t same[][2] = {{4, 4}, {9, 9}, {9, 9}};
    w = WILCOXON(same);
    assert_true(w.n == 3 && w.n_zero == 3 && w.n_used == 0);
    assert_all_undefined(&w, OM_WHY_NO_CHANGE);
}

static void
one_and_two_changes(void **state)
{
    (void)state;
    const int64_t one[][2] = {{9, 4}}, two[][2] = {{9, 4}, {9, 10}}, alike[][2] = {{9, 4}, {10, 5}};
    struct om_wilcoxon_result w = WILCOXON(one);
    assert_close(w.p.value, 1, 0); /* 2 x 1/2 */
    assert_close(w.z.value, -1, 0);
    assert_close(w.z_cc.value, 0, 0);
    assert_close(w.z_cc_p.value, 1, 0);
    assert_close(w.rank_biserial.value, -1, 0);
    w = WILCOXON(two);
    assert_close(w.p.value, 1, 0); /* P(W <= 1) = 2/4, doubled */
    assert_close(w.rank_biserial.value, -1 / 3.0, 1e-16);
    w = WILCOXON(alike); /* both tied: variance 2 x 3 x 5 / 24 - (2^3 - 2) / 48 = 9/8 */
    assert_true(w.ties);
    assert_close(w.z.value, -1.5 / sqrt(9 / 8.0), 1e-15);
    assert_string_equal(w.method, "signed-rank-normal-cc");
}

/* W+ and W- equal: z is 0, the correction must not push it off 0, p is 1. */
static void
perfect_balance(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{5, 7}, {7, 5}, {6, 6}};
    struct om_wilcoxon_result w = WILCOXON(rows);
    assert_true(w.z.value == 0 && w.z_cc.value == 0);
    assert_close(w.z_cc_p.value, 1, 0);
    assert_true(w.rank_biserial.value == 0 && w.rank_biserial.reason == NULL);
    const int64_t distinct[][2] = {{5, 6}, {5, 7}, {5, 2}}; /* 2 P(W <= 3) is 10/8 */
    w = WILCOXON(distinct);
    assert_close(w.p.value, 1, 0);
    assert_string_equal(w.method, "signed-rank-exact");
}

static void
swapping_occasions(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 6}, {15, 16}, {2, 0}};
    int64_t swapped[8][2];
    for (size_t i = 0; i < 8; i++) {
        swapped[i][0] = rows[i][1] * 3 + 7; /* and another unit and origin: ranks do not care */
        swapped[i][1] = rows[i][0] * 3 + 7;
    }
    struct om_wilcoxon_result w = WILCOXON(rows), s = WILCOXON(swapped);
    assert_close(s.w_plus.value, w.w_minus.value, 0);
    assert_close(s.z_cc.value, -w.z_cc.value, 0);
    assert_close(s.p.value, w.p.value, 0);
    assert_close(s.rank_biserial.value, -w.rank_biserial.value, 0);
}

/* Each row c times: mid-ranks are c (r - 1/2) + 1/2, so W+ is c^2 (W+ - m/2) + c m / 2, m the number of
 * increases. With c = 10^10 nothing may overflow. */
static void
counts_beyond_32_bits(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 6}, {15, 16}, {2, 0}};
    struct om_wilcoxon_result few = WILCOXON(rows), many;
    struct om_pairs pairs = pairs_of(rows, 8, cells);
    const double c = 1e10;
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count = 10000000000u;
    assert_ok(om_wilcoxon(&pairs, &many, &err));
    assert_true(many.n_used == 70000000000u && many.n_zero == 10000000000u);
    assert_close(many.w_plus.value, c * c * (few.w_plus.value - 1) + c, 1e-15);
    assert_close(many.w_minus.value, c * c * (few.w_minus.value - 2.5) + 2.5 * c, 1e-15);
    /* z grows with sqrt(c): its square over c tends to a limit, here found from ten thousand and a million */
    struct om_wilcoxon_result a, b;
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count = 1000000;
    assert_ok(om_wilcoxon(&pairs, &a, &err));
    assert_close(many.z.value / sqrt(1e10), a.z.value / sqrt(1e6), 1e-6);
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count = (uint64_t)1 << 40;
    assert_ok(om_wilcoxon(&pairs, &b, &err));
    assert_close(b.z.value / 1048576, a.z.value / 1000, 1e-6);
    assert_true(b.p.value == 0 && b.p.reason == NULL);
}

/* The exact distribution adds to 1 and is symmetric: W and the total less W have the same p. */
static void
exact_distribution_is_symmetric(void **state)
{
    (void)state;
    int64_t up[49][2], down[49][2];
    for (int64_t i = 0; i < 49; i++) {
        up[i][0] = down[i][0] = 100;
        up[i][1] = 100 + i + 1;
        down[i][1] = 100 - i - 1;
    }
    struct om_wilcoxon_result u = WILCOXON(up), d = WILCOXON(down);
    assert_close(u.p.value, ldexp(1, -48), 0); /* one way in 2^49, two-sided */
    assert_close(d.p.value, u.p.value, 0);
    assert_string_equal(u.method, "signed-rank-exact");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(published_examples),
        cmocka_unit_test(two_waves_reference),
        cmocka_unit_test(nothing_to_rank),
        cmocka_unit_test(one_and_two_changes),
        cmocka_unit_test(perfect_balance),
        cmocka_unit_test(swapping_occasions),
        cmocka_unit_test(counts_beyond_32_bits),
        cmocka_unit_test(exact_distribution_is_symmetric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
