#include <omstat/nonparametric.h>

#include <math.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

#include <omstat/paired.h>

static struct om_error err;
static struct om_count change_cells[CELLS_MAX];
static struct om_pair_count pair_cells[CELLS_MAX];

static struct om_counts
changes_of_json(const json_t *panel)
{
    static int64_t values[CELLS_MAX];
    const json_t *d = json_object_get(panel, "d");
    for (size_t i = 0; i < json_array_size(d); i++)
        values[i] = (int64_t)json_number_value(json_array_get(d, i));
    return counts_of(values, json_array_size(d), (int64_t)json_at(panel, "unit"), change_cells);
}

static struct om_counts
changes_of(const int64_t *values, size_t n)
{
    return counts_of(values, n, 1, change_cells);
}
#define CHANGES(...)                                                                                         \
    changes_of((const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

/* Pairs with these changes, all starting from 100. */
static struct om_pairs
pairs_with(const struct om_counts *change)
{
    for (size_t i = 0; i < change->n; i++)
        pair_cells[i] = (struct om_pair_count){100, 100 + change->at[i].value, change->at[i].count};
    return cells_of(pair_cells, change->n, change->unit);
}

/* Slips this sees: zeros in the binomial, one-sided p, Walsh averages without those of one value or of both
 * orders, a rank off by one, zeros dropped from the averages, the unit forgotten, bounds of the difference of
 * shares not brought to the probability, the roles of better and worse exchanged, permuted ranks for values.
 */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/nonparametric.json"), *panel;
    const char *name;
    json_object_foreach(root, name, panel)
    {
        json_t *e = json_object_get(panel, "expect");
        struct om_counts change = changes_of_json(panel);
        struct om_sign_result sign;
        om_sign_test(&change, &sign);
        assert_close((double)sign.increased, json_at(e, "up"), 0);
        assert_close((double)sign.decreased, json_at(e, "down"), 0);
        check_stat(sign.p, json_object_get(e, "sign_p"), 1e-12, 0, "sign");

        struct om_sign_flip_result flip;
        assert_ok(om_sign_flip_test(&change, &flip, &err));
        assert_string_equal(flip.method, "sign-flip-exact");
        check_stat(flip.p, json_object_get(e, "flip_p"), 1e-12, 0, "flip");
        check_stat(flip.z, json_object_get(e, "flip_z"), 1e-14, 0, "flip z");

        struct om_hodges_lehmann_result hl;
        om_hodges_lehmann(&change, 0.95, &hl);
        const json_t *want = json_object_get(e, "hodges_lehmann");
        check_stat(hl.estimate, json_object_get(want, "estimate"), 1e-15, 0, "hodges_lehmann");
        check_bounds(hl.interval, json_object_get(want, "lower"), json_object_get(want, "upper"), 1e-15, 0,
                     name);
        assert_string_equal(hl.interval.method, hl.n < 50 ? "signed-rank-exact" : "signed-rank-normal");

        struct om_superiority_result ps;
        om_superiority(sign.increased, sign.unchanged, sign.decreased, 0.95, &ps);
        want = json_object_get(e, "superiority_bounds");
        check_stat(ps.estimate, json_object_get(e, "superiority"), 1e-15, 0, "superiority");
        /* the oracle's inner maximum is found to 1e-15 of its place, not of its distance from 0 */
        check_bounds(ps.interval, json_array_get(want, 0), json_array_get(want, 1), 1e-9, 1e-12, name);
    }
    json_decref(root);
}

static const struct {
    const char *name;
    enum om_wilcoxon_zeros zeros;
} zeros_of[] = {{"drop", OM_ZEROS_DROP}, {"pratt", OM_ZEROS_PRATT}, {"split", OM_ZEROS_SPLIT}};

/* Every convention, against SciPy and counted sets of signs. Slips this sees: Pratt's zeros given ranks in
 * the sums, their ranks in the variance, the zeros of split without variance, ties by the untied
 * distribution, the correction added. */
static void
wilcoxon_conventions(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/nonparametric.json"), *panel;
    json_t *counted = load_json("tests/oracle/signed_ranks.json");
    const char *name;
    json_object_foreach(root, name, panel)
    {
        struct om_counts change = changes_of_json(panel);
        struct om_pairs pairs = pairs_with(&change);
        json_t *expect = json_object_get(counted, name);
        struct om_sign_flip_result flip;
        assert_ok(om_sign_flip_test(&change, &flip, &err));
        check_stat(flip.p, json_object_get(expect, "flip_p"), 1e-13, 0, "flip");
        for (size_t k = 0; k < 3; k++) {
            json_t *e = json_object_get(expect, zeros_of[k].name);
            struct om_wilcoxon_result w;
            struct om_wilcoxon_rule rule = {zeros_of[k].zeros, OM_WILCOXON_EXACT};
            assert_ok(om_wilcoxon_by(&pairs, &rule, &w, &err));
            check_stat(w.w_plus, json_object_get(e, "w_plus"), 0, 0, "w_plus");
            check_stat(w.z_p, json_object_get(e, "z_p"), 1e-13, 0, "z_p");
            check_stat(w.z_cc_p, json_object_get(e, "z_cc_p"), 1e-13, 0, "z_cc_p");
            check_stat(w.exact_p, json_object_get(e, "exact_p"), 1e-13, 0, "exact_p");
            assert_true(w.p.value == w.exact_p.value);
            assert_non_null(strstr(w.method, "-exact"));
            rule.p = OM_WILCOXON_NORMAL;
            assert_ok(om_wilcoxon_by(&pairs, &rule, &w, &err));
            assert_true(w.p.value == w.z_p.value);
            assert_string_equal(w.method + strlen(w.method) - 7, "-normal");
            rule.p = OM_WILCOXON_NORMAL_CC;
            assert_ok(om_wilcoxon_by(&pairs, &rule, &w, &err));
            assert_true(w.p.value == w.z_cc_p.value);
            assert_string_equal(w.method + strlen(w.method) - 10, "-normal-cc");
            rule.p = OM_WILCOXON_AUTO;
            assert_ok(om_wilcoxon_by(&pairs, &rule, &w, &err));
            assert_int_equal(strstr(w.method, "exact") != NULL, w.n < 50 && !w.ties && !w.n_zero);
        }
        for (size_t k = 0; k < 2; k++) { /* coin has the first two */
            json_t *e = json_object_get(json_object_get(panel, "expect"), zeros_of[k].name);
            struct om_wilcoxon_result w;
            assert_ok(om_wilcoxon_by(&pairs, &(struct om_wilcoxon_rule){zeros_of[k].zeros, OM_WILCOXON_EXACT},
                                     &w, &err));
            check_stat(w.z, json_object_get(e, "z"), 1e-12, 1e-15, "z of coin");
            check_stat(w.exact_p, json_object_get(e, "exact_p"), 1e-12, 0, "exact p of coin");
        }
    }
    json_decref(root);
    json_decref(counted);
}

/* --- where there is little or nothing ------------------------------------------------------------------ */

static void
nothing_at_all(void **state)
{
    (void)state;
    struct om_counts none = {NULL, 0, 1};
    struct om_sign_result sign;
    struct om_sign_flip_result flip;
    struct om_hodges_lehmann_result hl;
    struct om_superiority_result ps;
    om_sign_test(&none, &sign);
    assert_undefined(sign.p, OM_WHY_EMPTY);
    assert_ok(om_sign_flip_test(&none, &flip, &err));
    assert_undefined(flip.p, OM_WHY_EMPTY);
    assert_undefined(flip.z, OM_WHY_EMPTY);
    om_hodges_lehmann(&none, 0.95, &hl);
    assert_undefined(hl.estimate, OM_WHY_EMPTY);
    assert_no_bounds(hl.interval, OM_WHY_EMPTY);
    om_superiority(0, 0, 0, 0.95, &ps);
    assert_undefined(ps.estimate, OM_WHY_EMPTY);
    assert_no_bounds(ps.interval, OM_WHY_EMPTY);
}

static void
nobody_changes(void **state)
{
    (void)state;
    struct om_counts change = CHANGES(0, 0, 0, 0, 0, 0);
    struct om_pairs pairs = pairs_with(&change);
    struct om_sign_result sign;
    struct om_sign_flip_result flip;
    struct om_hodges_lehmann_result hl;
    struct om_superiority_result ps;
    om_sign_test(&change, &sign);
    assert_undefined(sign.p, OM_WHY_NO_CHANGE);
    assert_int_equal(sign.unchanged, 6);
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_undefined(flip.p, OM_WHY_NO_CHANGE);
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_true(hl.estimate.value == 0 && !hl.estimate.reason);
    assert_true(hl.interval.lower == 0 && hl.interval.upper == 0 && !hl.interval.reason);
    for (size_t k = 0; k < 3; k++) {
        struct om_wilcoxon_result w;
        assert_ok(om_wilcoxon_by(&pairs, &(struct om_wilcoxon_rule){zeros_of[k].zeros, OM_WILCOXON_EXACT}, &w,
                                 &err));
        assert_undefined(w.p, OM_WHY_NO_CHANGE);
        assert_undefined(w.exact_p, OM_WHY_NO_CHANGE);
        assert_undefined(w.rank_biserial, OM_WHY_NO_CHANGE);
    }
    /* all equal: delta = z^2 / (n + z^2) on either side of 0 */
    double z2 = 1.9599639845400545 * 1.9599639845400545, delta = z2 / (6 + z2);
    om_superiority(0, 6, 0, 0.95, &ps);
    assert_close(ps.estimate.value, 0.5, 0);
    assert_close(ps.interval.lower, (1 - delta) / 2, 1e-12);
    assert_close(ps.interval.upper, (1 + delta) / 2, 1e-12);
}

/* One, two, five people: p from so few signs; an interval of 95 % needs six. */
static void
few_people(void **state)
{
    (void)state;
    struct om_counts change = CHANGES(-5);
    struct om_sign_flip_result flip;
    struct om_hodges_lehmann_result hl;
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_close(flip.p.value, 1, 0);
    assert_close(flip.z.value, -1, 0);
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_close(hl.estimate.value, -5, 0);
    assert_non_null(hl.interval.reason);
    change = CHANGES(-5, 2);
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_close(flip.p.value, 1, 0); /* sums 0 and 2 of four */
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_close(hl.estimate.value, -1.5, 0);
    change = CHANGES(-5, -4, -3, -2, -1);
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_no_bounds(hl.interval, "too few changes for an interval of this level");
    om_hodges_lehmann(&change, 0.9375, &hl); /* 1 - 2 / 2^5: exactly what five can give */
    assert_true(!hl.interval.reason && hl.interval.lower == -5 && hl.interval.upper == -1);
    change = CHANGES(-6, -5, -4, -3, -2, -1);
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_true(!hl.interval.reason && hl.interval.lower == -6 && hl.interval.upper == -1);
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_close(flip.p.value, 2 / 64.0, 0);
}

static void
all_one_way(void **state)
{
    (void)state;
    struct om_superiority_result ps;
    double z2 = 1.9599639845400545 * 1.9599639845400545;
    om_superiority(20, 0, 0, 0.95, &ps); /* all better, none equal: the score interval of a share, Wilson's */
    assert_close(ps.estimate.value, 1, 0);
    assert_close(ps.interval.upper, 1, 0);
    assert_close(ps.interval.lower, 20 / (20 + z2), 1e-12);
    om_superiority(0, 0, 20, 0.95, &ps);
    assert_close(ps.interval.upper, z2 / (20 + z2), 1e-12);
    assert_true(ps.estimate.value == 0 && ps.interval.lower == 0);
}

static void
impossible_levels(void **state)
{
    (void)state;
    const double levels[] = {0, 1, 95, -1, NAN};
    struct om_counts change = CHANGES(-3, 2, 5, 1, 0, -8, -2, -4);
    for (size_t i = 0; i < 5; i++) {
        struct om_hodges_lehmann_result hl;
        struct om_superiority_result ps;
        om_hodges_lehmann(&change, levels[i], &hl);
        assert_null(hl.estimate.reason);
        assert_no_bounds(hl.interval, OM_WHY_LEVEL);
        om_superiority(3, 1, 4, levels[i], &ps);
        assert_null(ps.estimate.reason);
        assert_no_bounds(ps.interval, OM_WHY_LEVEL);
    }
}

/* --- what must follow ---------------------------------------------------------------------------------- */

/* Turned round, scaled, and shifted (which moves the Hodges-Lehmann estimate with its bounds). */
static void
follows_swap_scale_and_shift(void **state)
{
    (void)state;
    static struct om_count turned[8], scaled[8], shifted[8];
    static const struct om_count at[] = {{-8, 2}, {-4, 5}, {-3, 1}, {-1, 4}, {0, 3}, {2, 6}, {5, 1}, {7, 2}};
    for (size_t i = 0; i < 8; i++) {
        turned[7 - i] = (struct om_count){-at[i].value, at[i].count};
        scaled[i] = (struct om_count){at[i].value * 56, at[i].count};
        shifted[i] = (struct om_count){at[i].value + 1000, at[i].count};
    }
    struct om_counts a = {at, 8, 1}, t = {turned, 8, 1}, s = {scaled, 8, 56}, m = {shifted, 8, 1};
    struct om_hodges_lehmann_result ha, ht, hs, hm;
    om_hodges_lehmann(&a, 0.95, &ha);
    om_hodges_lehmann(&t, 0.95, &ht);
    om_hodges_lehmann(&s, 0.95, &hs);
    om_hodges_lehmann(&m, 0.95, &hm);
    assert_close(ht.estimate.value, -ha.estimate.value, 0);
    assert_close(ht.interval.lower, -ha.interval.upper, 0);
    assert_close(hs.estimate.value, ha.estimate.value, 0);
    assert_close(hs.interval.upper, ha.interval.upper, 0);
    assert_close(hm.estimate.value, ha.estimate.value + 1000, 0);
    assert_close(hm.interval.lower, ha.interval.lower + 1000, 0);
    struct om_sign_flip_result fa, ft, fs;
    assert_ok(om_sign_flip_test(&a, &fa, &err));
    assert_ok(om_sign_flip_test(&t, &ft, &err));
    assert_ok(om_sign_flip_test(&s, &fs, &err));
    assert_close(ft.p.value, fa.p.value, 0);
    assert_close(ft.z.value, -fa.z.value, 0);
    assert_close(fs.p.value, fa.p.value, 0);
    struct om_superiority_result pa, pt;
    om_superiority(9, 3, 12, 0.95, &pa);
    om_superiority(12, 3, 9, 0.95, &pt);
    assert_close(pt.interval.lower, 1 - pa.interval.upper, 1e-14);
    assert_close(pt.estimate.value, 1 - pa.estimate.value, 1e-15);
}

/* An interval and its test are one statement. */
static void
intervals_agree_with_their_tests(void **state)
{
    (void)state;
    for (uint64_t better = 0; better <= 30; better++) {
        struct om_superiority_result ps;
        struct om_mcnemar_result m;
        om_superiority(better, 5, 9, 0.95, &ps);
        om_mcnemar(better, 9, &m);
        assert_int_equal(m.p.value<0.05, ps.interval.lower> 0.5 || ps.interval.upper < 0.5);
    }
    for (int64_t extra = -20; extra <= 20; extra++) { /* untied, so that the exact test is the interval's */
        int64_t values[12];
        for (int64_t i = 0; i < 12; i++)
            values[i] = 100 * (i % 3 ? i + 1 : -i - 1) + 37 * extra + i;
        struct om_counts change = changes_of(values, 12);
        struct om_pairs pairs = pairs_with(&change);
        struct om_hodges_lehmann_result hl;
        struct om_wilcoxon_result w;
        om_hodges_lehmann(&change, 0.95, &hl);
        assert_ok(om_wilcoxon(&pairs, &w, &err));
        if (w.n_zero == 0 && !w.ties)
            assert_int_equal(w.p.value <= 0.05, hl.interval.lower > 0 || hl.interval.upper < 0);
    }
}

/* The order of everything listed, against a list: Walsh averages sorted. */
static int
by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void
hodges_lehmann_by_listing(void **state)
{
    (void)state;
    static int64_t values[60], sums[60 * 61 / 2];
    for (int round = 0; round < 200; round++) {
        size_t n = 1 + test_random() % 60, m = 0;
        int64_t range = 1 + test_random() % 30;
        for (size_t i = 0; i < n; i++)
            values[i] = (int64_t)(test_random() % (uint64_t)range) - range / 2;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i; j < n; j++)
                sums[m++] = values[i] + values[j];
        qsort(sums, m, sizeof *sums, by_size);
        struct om_counts change = changes_of(values, n);
        struct om_hodges_lehmann_result hl;
        om_hodges_lehmann(&change, 0.95, &hl);
        assert_true(hl.estimate.value == (double)(sums[(m - 1) / 2] + sums[m / 2]) / 4);
    }
}

/* Counts of 10^15: as with few in the estimate, a point as the interval, and in no time. */
static void
counts_beyond_32_bits(void **state)
{
    (void)state;
    const uint64_t c = 1000000000000000;
    struct om_count at[] = {{-6, 3 * c}, {-1, 2 * c}, {0, 4 * c}, {3, c}};
    struct om_counts change = {at, 4, 1};
    struct om_hodges_lehmann_result hl;
    struct om_sign_flip_result flip;
    struct om_sign_result sign;
    struct om_superiority_result ps;
    om_hodges_lehmann(&change, 0.95, &hl);
    assert_close(hl.estimate.value, -1.5,
                 0); /* shares of the sums up to -4: .37; -3: .43; -2: .47; -1 from .47 */
    assert_close(hl.interval.lower, hl.interval.upper, 0);
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_string_equal(flip.method, "sign-flip-normal");
    assert_close(flip.z.value, -17 * sqrt((double)c) / sqrt(119), 1e-14);
    assert_true(flip.p.value == 0 && !flip.p.reason);
    om_sign_test(&change, &sign);
    assert_true(sign.p.value == 0 && !sign.p.reason);
    om_superiority(5 * c, 4 * c, c, 0.95, &ps);
    double delta = 0.4, half = 1.9599639845400545 * sqrt((0.6 - 0.16) / 1e16);
    assert_close(ps.interval.lower, (1 + delta - half) / 2, 1e-12);
    assert_close(ps.interval.upper, (1 + delta + half) / 2, 1e-12);
}

/* The normal p takes over where it is good: for the largest n that is still exact the two nearly agree. */
static void
exact_meets_normal(void **state)
{
    (void)state;
    struct om_count at[] = {{-9, 700}, {-2, 1100}, {1, 900}, {6, 1120}};
    struct om_counts change = {at, 4, 1};
    struct om_sign_flip_result flip;
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_string_equal(flip.method, "sign-flip-exact");
    assert_true(flip.p.value > 1e-4 && flip.p.value < 0.5);
    assert_close(flip.p.value, erfc(fabs(flip.z.value) / sqrt(2)), 0.01);
    for (size_t i = 0; i < 4; i++)
        at[i].count *= 100;
    assert_ok(om_sign_flip_test(&change, &flip, &err));
    assert_string_equal(flip.method, "sign-flip-normal");
}

/* A limit on the exact signed-rank test too, and the method says what was done instead. */
static void
too_many_for_exact(void **state)
{
    (void)state;
    struct om_count at[] = {{-9, 7000}, {-2, 11000}, {1, 9000}, {6, 11200}};
    struct om_counts change = {at, 4, 1};
    struct om_pairs pairs = pairs_with(&change);
    struct om_wilcoxon_result w;
    assert_ok(
        om_wilcoxon_by(&pairs, &(struct om_wilcoxon_rule){OM_ZEROS_PRATT, OM_WILCOXON_EXACT}, &w, &err));
    assert_non_null(w.exact_p.reason);
    assert_string_equal(w.method, "signed-rank-pratt-normal-cc");
    assert_true(w.p.value == w.z_cc_p.value);
}

static void
changes_of_pairs(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}};
    struct om_pairs pairs = pairs_of(rows, 6, pair_cells);
    struct om_changes changes;
    size_t before = om_memory_live();
    assert_ok(om_changes_make(&pairs, &changes, &err));
    assert_int_equal(changes.counts.n, 4);
    assert_true(changes.counts.at[0].value == -10 && changes.counts.at[1].count == 2);
    om_changes_release(&changes);
    assert_int_equal(om_memory_live(), before);
}

static void
out_of_memory(void **state)
{
    (void)state;
    struct om_counts change = CHANGES(-3, 2, 5, 1, -8, -2, -4);
    struct om_pairs pairs = pairs_with(&change);
    struct om_sign_flip_result flip;
    struct om_wilcoxon_result w;
    struct om_wilcoxon_rule rule = {OM_ZEROS_DROP, OM_WILCOXON_EXACT};
    struct om_changes changes;
    size_t before = om_memory_live();
    for (size_t k = 0; k < 2; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_sign_flip_test(&change, &flip, &err), OM_ERR_NOMEM);
    }
    for (size_t k = 0; k < 4; k++) {
        om_memory_fail_at(k);
        assert_int_equal(om_wilcoxon_by(&pairs, &rule, &w, &err), OM_ERR_NOMEM);
    }
    om_memory_fail_at(0);
    assert_int_equal(om_changes_make(&pairs, &changes, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(wilcoxon_conventions),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(nobody_changes),
        cmocka_unit_test(few_people),
        cmocka_unit_test(all_one_way),
        cmocka_unit_test(impossible_levels),
        cmocka_unit_test(follows_swap_scale_and_shift),
        cmocka_unit_test(intervals_agree_with_their_tests),
        cmocka_unit_test(hodges_lehmann_by_listing),
        cmocka_unit_test(counts_beyond_32_bits),
        cmocka_unit_test(exact_meets_normal),
        cmocka_unit_test(too_many_for_exact),
        cmocka_unit_test(changes_of_pairs),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
