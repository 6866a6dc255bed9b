#include <omstat/paired.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/noncentral_t.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX];
static struct om_error err;

static struct om_paired_result
paired(const int64_t (*rows)[2], size_t n)
{
    struct om_pairs pairs = pairs_of(rows, n, cells);
    struct om_paired_result r;
    assert_ok(om_paired(&pairs, 0.95, &r, &err));
    return r;
}
#define PAIRED(rows) paired(rows, sizeof(rows) / sizeof(rows)[0])

static void
check_effect(struct om_effect got, const json_t *want, const char *name)
{
    assert_non_null(want);
    check_stat(got.estimate, json_object_get(want, "estimate"), 1e-12, 1e-15, name);
    check_bounds(got.interval, json_object_get(want, "lower"), json_object_get(want, "upper"), 1e-10, 1e-12,
                 name);
}

/* Slips this sees: change taken as pre minus post, divisor n, the pre SD or the root mean square under d_av,
 * d_rm with 1 - r outside the root, the approximate J = 1 - 3 / (4 df - 1), J with df = n, the noncentral
 * interval without division by sqrt(n), bounds the wrong way round (mean changes of both signs), Fisher's z
 * with n instead of n - 3. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/paired.json");
    const char *name;
    json_t *panel;
    json_object_foreach(root, name, panel)
    {
        json_t *e = json_object_get(panel, "expect");
        struct om_pairs pairs = pairs_of_json(json_object_get(panel, "pre"), json_object_get(panel, "post"),
                                              (int64_t)json_at(panel, "unit"), cells);
        struct om_paired_result r;
        assert_ok(om_paired(&pairs, 0.95, &r, &err));
        assert_close((double)r.n, json_at(e, "n"), 0);
        const struct {
            const char *key;
            struct om_stat got;
        } all[] = {{"mean_pre", r.mean_pre},
                   {"sd_pre", r.sd_pre},
                   {"mean_post", r.mean_post},
                   {"sd_post", r.sd_post},
                   {"mean_change", r.mean_change},
                   {"sd_change", r.sd_change},
                   {"se_change", r.se_change},
                   {"median_change", r.median_change},
                   {"t", r.t},
                   {"df", r.df},
                   {"p", r.p},
                   {"correlation", r.correlation}};
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            check_stat(all[i].got, json_object_get(e, all[i].key), 1e-12, 1e-15, all[i].key);
        check_bounds(r.mean_change_interval, json_object_get(e, "change_lower"),
                     json_object_get(e, "change_upper"), 1e-12, 1e-14, "change interval");
        check_bounds(r.correlation_interval, json_object_get(e, "correlation_lower"),
                     json_object_get(e, "correlation_upper"), 1e-12, 1e-14, "correlation interval");
        check_effect(r.d_z, json_object_get(e, "d_z"), "d_z");
        check_effect(r.d_av, json_object_get(e, "d_av"), "d_av");
        check_effect(r.d_rm, json_object_get(e, "d_rm"), "d_rm");
        check_effect(r.g_z, json_object_get(e, "g_z"), "g_z");
        check_effect(r.g_av, json_object_get(e, "g_av"), "g_av");
        assert_string_equal(r.d_z.interval.method, "noncentral-t");
        assert_string_equal(r.d_av.interval.method, "noncentral-t-scaled");
        assert_string_equal(r.correlation_interval.method, "fisher-z");
    }
    json_decref(root);
}

/* The reference's own figures, from another implementation than R. */
static void
check_reference(const json_t *e, const struct om_pairs *pairs)
{
    struct om_paired_result r;
    assert_ok(om_paired(pairs, 0.95, &r, &err));
    assert_close((double)r.n, json_at(e, "n_pairs"), 0);
    assert_close(r.mean_pre.value, json_at(e, "mean_pre"), 1e-13);
    assert_close(r.sd_pre.value, json_at(e, "sd_pre"), 1e-13);
    assert_close(r.mean_post.value, json_at(e, "mean_post"), 1e-13);
    assert_close(r.sd_post.value, json_at(e, "sd_post"), 1e-13);
    assert_close(r.correlation.value, json_at(e, "correlation_pre_post"), 1e-12);
    assert_close(r.mean_change.value, json_at(e, "mean_change"), 1e-13);
    assert_close(r.sd_change.value, json_at(e, "sd_change"), 1e-13);
    assert_close(r.se_change.value, json_at(e, "se_change"), 1e-13);
    assert_close(r.mean_change_interval.lower, json_at(e, "ci95_change/0"), 1e-10);
    assert_close(r.mean_change_interval.upper, json_at(e, "ci95_change/1"), 1e-10);
    assert_close(r.t.value, json_at(e, "t"), 1e-12);
    assert_close(r.df.value, json_at(e, "df"), 0);
    assert_close(r.p.value, json_at(e, "p_two_sided"), 1e-10);
    assert_close(r.d_z.estimate.value, json_at(e, "d_z"), 1e-12);
    assert_close(r.d_z.interval.lower, json_at(e, "d_z_ci95_noncentral_t/0"), 1e-9);
    assert_close(r.d_z.interval.upper, json_at(e, "d_z_ci95_noncentral_t/1"), 1e-9);
    assert_close(r.d_av.estimate.value, json_at(e, "d_av_mean_sd"), 1e-12);
    assert_close(r.d_rm.estimate.value, json_at(e, "d_rm"), 1e-11);
    assert_close(r.g_z.estimate.value, json_at(e, "g_z_exact_J"), 1e-12);
    assert_close(r.g_av.estimate.value, json_at(e, "g_av_mean_sd_exact_J"), 1e-12);
}

static void
two_waves_reference(void **state)
{
    (void)state;
    char csv[256];
    const char *path = shared_path("phq9_gad7_two_waves/wide.csv");
    if (!path)
        skip();
    snprintf(csv, sizeof csv, "%s", path);
    json_t *root = load_json(shared_path("phq9_gad7_two_waves/reference.json"));
    json_t *change = json_object_get(root, "change");
    struct om_pairs pairs = pairs_of_two_waves(csv, 1, 9, cells);
    check_reference(json_object_get(json_object_get(change, "phq9"), "paired"), &pairs);
    pairs = pairs_of_two_waves(csv, 10, 7, cells);
    check_reference(json_object_get(json_object_get(change, "gad7"), "paired"), &pairs);
    json_decref(root);
}

/* Student (1908) in tenths, Hollander & Wolfe in thousandths (unit changes 10 -> 1 must not matter to t). */
static void
published_examples(void **state)
{
    (void)state;
    const int64_t sleep[][2] = {{7, 19},  {-16, 8}, {-2, 11}, {-12, 1}, {-1, -1},
                                {34, 44}, {37, 55}, {8, 16},  {0, 46},  {20, 34}};
    const int64_t hamilton[][2] = {{1830, 878},  {500, 647},   {1620, 598},  {2480, 2050}, {1680, 1060},
                                   {1880, 1290}, {1550, 1060}, {3060, 3140}, {1300, 1290}};
    const char *path = shared_path("worked_examples/answers.json");
    if (!path)
        skip();
    json_t *root = load_json(path), *cases[2] = {json_array_get(root, 0), json_array_get(root, 1)};
    struct om_pairs pairs = pairs_of(sleep, 10, cells);
    pairs.unit = 10;
    check_reference(json_object_get(json_object_get(cases[0], "expected"), "paired"), &pairs);
    pairs = pairs_of(hamilton, 9, cells);
    pairs.unit = 1000;
    check_reference(json_object_get(json_object_get(cases[1], "expected"), "paired"), &pairs);
    json_decref(root);
}

/* Against the exact series, checked there against R's pt(): also where pt() only approximates. */
static void
noncentral_t_bounds(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/noncentral_t.json"), *at;
    size_t i;
    json_array_foreach(root, i, at)
    {
        double df = json_at(at, "n") - 1, t = json_at(at, "t"), spread = sqrt(1 + t * t / (2 * df));
        double lower = om_noncentral_t_delta(0.975, t, df), upper = om_noncentral_t_delta(0.025, t, df);
        assert_true(fabs(lower - json_at(at, "lower")) < 2e-9 * fmax(1, spread));
        assert_true(fabs(upper - json_at(at, "upper")) < 2e-9 * fmax(1, spread));
        assert_close(om_noncentral_t_delta(0.025, -t, df), -lower, 1e-12);
    }
    json_decref(root);
}

/* Where T is known otherwise: t = 0 gives Phi(-delta); delta = 0 gives Student's t, here with 1 and 2 df. */
static void
noncentral_t_special_cases(void **state)
{
    (void)state;
    assert_close(om_noncentral_t_cdf(0, 7, 1.5), 0.0668072012688580660, 1e-13);
    for (double t = -30; t <= 30; t += 1.7) {
        assert_close(om_noncentral_t_cdf(t, 1, 0), 0.5 + atan(t) / M_PI, 1e-11);
        assert_close(om_noncentral_t_cdf(t, 2, 0), 0.5 + t / (2 * sqrt(2 + t * t)), 1e-11);
    }
    double last = 1;
    for (double delta = -3000; delta <= 3000; delta += 17) { /* falls, and stays a probability */
        double p = om_noncentral_t_cdf(1000, 50, delta);
        assert_true(p >= 0 && p <= 1 && p <= last + 1e-14);
        last = p;
    }
}

/* mpmath, 25 digits: E[Phi(t S - delta)] by adaptive quadrature. Either integral, and the way between them:
 * few degrees of freedom far from the start of the search, and t of 1 to 6 spreads of S. */
static void
noncentral_t_bounds_of_large_t(void **state)
{
    (void)state;
    static const struct {
        double t, df, lower, upper;
    } rows[] = {{30, 1, 0.825720395755250576, 67.2794281691715551},
                {20, 8, 10.2120523890795865, 29.7861771980191159},
                {12, 9, 6.1866870973890502, 17.7548560405223924},
                {5, 39, 2.72502596304084117, 7.225946869004383}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct om_delta_bounds b = om_noncentral_t_bounds(0.025, rows[i].t, rows[i].df, NULL);
        assert_close(b.lower, rows[i].lower, 1e-11);
        assert_close(b.upper, rows[i].upper, 1e-11);
        b = om_noncentral_t_bounds(0.025, -rows[i].t, rows[i].df, NULL);
        assert_close(b.lower, -rows[i].upper, 1e-11);
        assert_close(b.upper, -rows[i].lower, 1e-11);
    }
}

static struct om_delta_bounds
bounds_anew(double tail, double t, double df)
{
    return (struct om_delta_bounds){.lower = om_noncentral_t_delta(1 - tail, t, df),
                                    .upper = om_noncentral_t_delta(tail, t, df)};
}

/* To the last bit, whether they come from the memo, from one that is full, or from none. */
static void
remembered_bounds_are_the_same(void **state)
{
    (void)state;
    struct om_memo_entry one[1] = {0}, many[64] = {0};
    const struct om_memo memos[] = {{one, 1}, {many, 64}};
    for (int i = 0; i < 60; i++) {
        double tail = i % 2 ? 0.025 : 0.005, t = i % 5 * 1.75 - 3, df = 1 + i % 3 * 7;
        struct om_delta_bounds want = bounds_anew(tail, t, df),
                               got = om_noncentral_t_bounds(tail, t, df, NULL);
        assert_memory_equal(&got.lower, &want.lower, 2 * sizeof(double));
        for (size_t k = 0; k < 2; k++) {
            got = om_noncentral_t_bounds(tail, t, df, &memos[k]);
            assert_memory_equal(&got.lower, &want.lower, 2 * sizeof(double));
        }
    }
}

/* n = 10^7 people, far beyond any table: bounds are d_z -+ 1.96 sqrt(1/n + d_z^2 / 2n) to first order. */
static void
intervals_for_millions(void **state)
{
    (void)state;
    struct om_pair_count at[] = {{10, 4, 5000000}, {10, 10, 3000000}, {10, 12, 2000000}};
    struct om_pairs pairs = {at, 3, 1};
    struct om_paired_result r;
    assert_ok(om_paired(&pairs, 0.95, &r, &err));
    double d = r.d_z.estimate.value, half = 1.9599639845400545 * sqrt((1 + d * d / 2) / 1e7);
    assert_close(r.d_z.interval.lower, d - half, 1e-6);
    assert_close(r.d_z.interval.upper, d + half, 1e-6);
    assert_true(r.p.value == 0 && r.p.reason == NULL); /* t below -2000: nothing left in a double */
}

static void
assert_no_effect(struct om_effect e, const char *why)
{
    assert_undefined(e.estimate, why);
    assert_no_bounds(e.interval, why);
}

static void
without_pairs(void **state)
{
    (void)state;
    struct om_pairs none = {NULL, 0, 1};
    struct om_paired_result r;
    assert_ok(om_paired(&none, 0.95, &r, &err));
    assert_int_equal(r.n, 0);
    const struct om_stat all[] = {r.mean_pre,    r.sd_pre,    r.mean_post, r.sd_post,
                                  r.mean_change, r.sd_change, r.se_change, r.median_change,
                                  r.t,           r.df,        r.p,         r.correlation};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_undefined(all[i], OM_WHY_EMPTY);
    assert_no_bounds(r.mean_change_interval, OM_WHY_EMPTY);
    assert_no_bounds(r.correlation_interval, OM_WHY_EMPTY);
    const struct om_effect effects[] = {r.d_z, r.d_av, r.d_rm, r.g_z, r.g_av};
    for (size_t i = 0; i < 5; i++)
        assert_no_effect(effects[i], OM_WHY_EMPTY);
}

static void
one_pair(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 4}};
    struct om_paired_result r = PAIRED(rows);
    assert_close(r.mean_pre.value, 9, 0);
    assert_close(r.mean_change.value, -5, 0);
    assert_close(r.median_change.value, -5, 0);
    const struct om_stat all[] = {r.sd_pre, r.sd_post, r.sd_change, r.se_change,
                                  r.t,      r.df,      r.p,         r.correlation};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_undefined(all[i], OM_WHY_ONE);
    const struct om_effect effects[] = {r.d_z, r.d_av, r.d_rm, r.g_z, r.g_av};
    for (size_t i = 0; i < 5; i++)
        assert_no_effect(effects[i], OM_WHY_ONE);
}

/* n = 2: t and d_z exist, r is trivially 1 or -1, Hedges' correction has no value. */
static void
two_pairs(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 4}, {12, 5}};
    struct om_paired_result r = PAIRED(rows);
    assert_close(r.t.value, -6, 1e-15); /* -6 / (sqrt(2) / sqrt(2)) */
    assert_close(r.df.value, 1, 0);
    assert_close(r.p.value, 1 - 2 * atan(6) / M_PI, 1e-13); /* Cauchy */
    assert_close(r.correlation.value, 1, 0);
    assert_no_bounds(r.correlation_interval, OM_WHY_BELOW_FOUR);
    assert_null(r.d_z.interval.reason);
    assert_true(r.d_z.interval.lower < r.d_z.estimate.value && r.d_z.estimate.value < r.d_z.interval.upper);
    assert_no_effect(r.d_rm, OM_WHY_PERFECT_RM);
    assert_no_effect(r.g_z, OM_WHY_TWO);
    assert_no_effect(r.g_av, OM_WHY_TWO);
}

static void
nobody_changes(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 9}, {12, 12}, {3, 3}, {4, 4}};
    struct om_paired_result r = PAIRED(rows);
    assert_close(r.mean_change.value, 0, 0);
    assert_true(r.sd_change.value == 0 && r.sd_change.reason == NULL);
    assert_undefined(r.t, OM_WHY_SAME_CHANGE);
    assert_undefined(r.df, OM_WHY_SAME_CHANGE);
    assert_undefined(r.p, OM_WHY_SAME_CHANGE);
    assert_no_bounds(r.mean_change_interval, OM_WHY_CONSTANT);
    assert_no_effect(r.d_z, OM_WHY_SAME_CHANGE);
    assert_no_effect(r.d_rm, OM_WHY_SAME_CHANGE);
    assert_no_effect(r.g_z, OM_WHY_SAME_CHANGE);
    assert_true(r.d_av.estimate.reason == NULL && r.d_av.estimate.value == 0);
    assert_no_bounds(r.d_av.interval, OM_WHY_SAME_CHANGE);
    assert_close(r.correlation.value, 1, 0);
    assert_no_bounds(r.correlation_interval, OM_WHY_PERFECT);
}

/* Everybody loses 5: no spread of change, yet d_av has one to stand on. */
static void
everybody_changes_alike(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{9, 4}, {12, 7}, {15, 10}};
    struct om_paired_result r = PAIRED(rows);
    assert_undefined(r.t, OM_WHY_SAME_CHANGE);
    assert_no_effect(r.d_z, OM_WHY_SAME_CHANGE);
    assert_close(r.d_av.estimate.value, -5 / 3.0, 1e-15);
    assert_close(r.g_av.estimate.value, -5 / 3.0 / sqrt(M_PI), 1e-14); /* J at 2 df is 1 / gamma(1/2) */
    assert_no_bounds(r.d_av.interval, OM_WHY_SAME_CHANGE);
    assert_no_bounds(r.g_av.interval, OM_WHY_SAME_CHANGE);
}

static void
one_flat_occasion(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{10, 4}, {10, 7}, {10, 10}, {10, 3}};
    struct om_paired_result r = PAIRED(rows);
    assert_true(r.sd_pre.value == 0 && r.sd_pre.reason == NULL);
    assert_undefined(r.correlation, OM_WHY_FLAT_OCCASION);
    assert_no_bounds(r.correlation_interval, OM_WHY_FLAT_OCCASION);
    assert_no_effect(r.d_rm, OM_WHY_FLAT_OCCASION);
    assert_null(r.t.reason);
    assert_null(r.d_z.interval.reason);
    assert_close(r.d_av.estimate.value, -4 / (sqrt(10) / 2), 1e-15);
    const int64_t turned[][2] = {{4, 10}, {7, 10}, {10, 10}, {3, 10}};
    r = PAIRED(turned);
    assert_undefined(r.correlation, OM_WHY_FLAT_OCCASION);
}

static void
both_occasions_flat(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{10, 4}, {10, 4}, {10, 4}};
    struct om_paired_result r = PAIRED(rows);
    assert_close(r.mean_change.value, -6, 0);
    assert_undefined(r.t, OM_WHY_SAME_CHANGE);
    assert_undefined(r.correlation, OM_WHY_FLAT_OCCASION);
    assert_no_effect(r.d_av, OM_WHY_FLAT_BOTH);
    assert_no_effect(r.g_av, OM_WHY_FLAT_BOTH);
    assert_no_effect(r.d_z, OM_WHY_SAME_CHANGE);
}

/* Points on a line, of all slopes: r must be 1 or -1 to the last bit, and d_rm must not be noise. */
static void
exactly_on_a_line(void **state)
{
    (void)state;
    const int64_t step[] = {0, 1, 2, 4}; /* n Sum(x^2) - Sum(x)^2 = 35: roots of its multiples must round */
    for (int64_t run = 1; run <= 20; run++) {
        for (int64_t rise = -20; rise <= 20; rise++) {
            int64_t rows[4][2];
            for (size_t i = 0; i < 4; i++) {
                rows[i][0] = run * step[i] + 5;
                rows[i][1] = rise * step[i] - 11;
            }
            struct om_paired_result r = PAIRED(rows);
            if (rise == 0)
                continue;
            assert_close(r.correlation.value, rise > 0 ? 1 : -1, 0);
            assert_no_bounds(r.correlation_interval, OM_WHY_PERFECT);
            if (rise == run)
                assert_no_effect(r.d_rm, OM_WHY_SAME_CHANGE);
            else if (rise > 0)
                assert_no_effect(r.d_rm, OM_WHY_PERFECT_RM);
            else
                assert_close(r.d_rm.estimate.value, 2 * r.d_z.estimate.value, 1e-15);
        }
    }
}

/* pre and post change places: the change turns round, and every bound with it. Scale and shift leave effects
 * alone. */
static void
follows_swap_shift_and_scale(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}, {15, 16}, {2, 0}};
    int64_t swapped[8][2], moved[8][2];
    for (size_t i = 0; i < 8; i++) {
        swapped[i][0] = rows[i][1];
        swapped[i][1] = rows[i][0];
        moved[i][0] = rows[i][0] * 56 + 1000;
        moved[i][1] = rows[i][1] * 56 + 1000;
    }
    struct om_paired_result r = PAIRED(rows), s = PAIRED(swapped), m = PAIRED(moved);
    assert_close(s.mean_change.value, -r.mean_change.value, 0);
    assert_close(s.mean_change_interval.lower, -r.mean_change_interval.upper, 0);
    assert_close(s.t.value, -r.t.value, 0);
    assert_close(s.p.value, r.p.value, 0);
    assert_close(s.correlation.value, r.correlation.value, 0);
    assert_close(s.d_z.interval.lower, -r.d_z.interval.upper, 1e-12);
    assert_close(s.g_av.interval.upper, -r.g_av.interval.lower, 1e-12);
    assert_close(m.mean_change.value, 56 * r.mean_change.value, 0);
    assert_close(m.t.value, r.t.value, 1e-15);
    assert_close(m.d_av.estimate.value, r.d_av.estimate.value, 1e-14);
    assert_close(m.d_rm.interval.upper, r.d_rm.interval.upper, 1e-12);
    assert_close(m.correlation.value, r.correlation.value, 1e-15);
}

/* An interval and its test are one statement: 0 lies outside exactly when p < 0.05. */
static void
intervals_agree_with_the_test(void **state)
{
    (void)state;
    for (int64_t extra = -6; extra <= 6; extra++) {
        const int64_t rows[][2] = {{3, 3},   {8, 4},         {12, 8},         {5, 9},
                                   {20, 16}, {7, 7 + extra}, {15, 16 + extra}};
        struct om_paired_result r = PAIRED(rows);
        int significant = r.p.value < 0.05;
        const struct om_interval all[] = {r.mean_change_interval, r.d_z.interval, r.d_av.interval,
                                          r.d_rm.interval,        r.g_z.interval, r.g_av.interval};
        for (size_t i = 0; i < 6; i++)
            assert_int_equal(significant, all[i].lower > 0 || all[i].upper < 0);
    }
}

static void
impossible_levels(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}};
    struct om_pairs pairs = pairs_of(rows, 4, cells);
    struct om_paired_result r;
    const double levels[] = {0, 1, 95, -1, NAN};
    for (size_t i = 0; i < 5; i++) {
        assert_ok(om_paired(&pairs, levels[i], &r, &err));
        assert_null(r.d_z.estimate.reason);
        assert_no_bounds(r.d_z.interval, OM_WHY_LEVEL);
        assert_no_bounds(r.g_av.interval, OM_WHY_LEVEL);
        assert_no_bounds(r.correlation_interval, OM_WHY_LEVEL);
        assert_no_bounds(r.mean_change_interval, OM_WHY_LEVEL);
    }
}

/* Every row 10^10 times: means stay, SDs lose their n / (n - 1), nothing overflows. */
static void
counts_beyond_32_bits(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}};
    struct om_pairs pairs = pairs_of(rows, 6, cells);
    struct om_paired_result few, many;
    assert_ok(om_paired(&pairs, 0.95, &few, &err));
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count = 10000000000u;
    assert_ok(om_paired(&pairs, 0.95, &many, &err));
    assert_true(many.n == 60000000000u);
    assert_close(many.mean_change.value, few.mean_change.value, 0);
    assert_close(many.sd_change.value, few.sd_change.value * sqrt(5.0 / 6), 1e-10);
    assert_close(many.correlation.value, few.correlation.value, 1e-15);
    assert_close(many.median_change.value, -2, 0);
    assert_close(many.d_av.interval.lower, many.d_av.estimate.value, 1e-4);
    assert_close(many.g_z.estimate.value, many.d_z.estimate.value, 1e-10);
}

static void
out_of_memory(void **state)
{
    (void)state;
    const int64_t rows[][2] = {{3, 3}, {8, 4}};
    struct om_pairs pairs = pairs_of(rows, 2, cells);
    struct om_paired_result r;
    struct om_wilcoxon_result w;
    size_t before = om_memory_live();
    om_memory_fail_at(0);
    assert_int_equal(om_paired(&pairs, 0.95, &r, &err), OM_ERR_NOMEM);
    om_memory_fail_at(0);
    assert_int_equal(om_wilcoxon(&pairs, &w, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
    assert_ok(om_paired(&pairs, 0.95, &r, &err));
    assert_ok(om_wilcoxon(&pairs, &w, &err));
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),
        cmocka_unit_test(two_waves_reference),
        cmocka_unit_test(published_examples),
        cmocka_unit_test(noncentral_t_bounds),
        cmocka_unit_test(noncentral_t_special_cases),
        cmocka_unit_test(noncentral_t_bounds_of_large_t),
        cmocka_unit_test(remembered_bounds_are_the_same),
        cmocka_unit_test(intervals_for_millions),
        cmocka_unit_test(without_pairs),
        cmocka_unit_test(one_pair),
        cmocka_unit_test(two_pairs),
        cmocka_unit_test(nobody_changes),
        cmocka_unit_test(everybody_changes_alike),
        cmocka_unit_test(one_flat_occasion),
        cmocka_unit_test(both_occasions_flat),
        cmocka_unit_test(exactly_on_a_line),
        cmocka_unit_test(follows_swap_shift_and_scale),
        cmocka_unit_test(intervals_agree_with_the_test),
        cmocka_unit_test(impossible_levels),
        cmocka_unit_test(counts_beyond_32_bits),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
