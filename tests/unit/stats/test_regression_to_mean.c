#include <omstat/regression_to_mean.h>

#include <math.h>
#include <omstat/paired.h>
#include "stats/outcome.h"
#include "unit/stats/cells.h"

static struct om_pair_count cells[CELLS_MAX], chosen[CELLS_MAX];
static struct om_error err;

/* Those of the pairs at or beyond the cut-off. */
static struct om_pairs
select_pairs(const struct om_pairs *pairs, const struct om_rtm_selection *by)
{
    struct om_pairs out = {.at = chosen, .unit = pairs->unit};
    for (size_t i = 0; i < pairs->n; i++) {
        double score = (double)pairs->at[i].pre / (double)pairs->unit;
        if (by->low ? score <= by->cutoff : score >= by->cutoff)
            chosen[out.n++] = pairs->at[i];
    }
    return out;
}

static struct om_rtm_result
regress(const struct om_pairs *pairs, const struct om_rtm_selection *by)
{
    struct om_pairs selected = select_pairs(pairs, by);
    struct om_rtm_result r;
    assert_ok(om_regression_to_mean(pairs, &selected, by, &r, &err));
    return r;
}

static struct om_stat
correlation(const struct om_pairs *pairs)
{
    struct om_paired_result r;
    assert_ok(om_paired(pairs, 0.95, &r, &err));
    return r.correlation;
}

static void
check_estimate(const struct om_rtm_estimate *got, const json_t *want, double rel)
{
    check_stat(got->expected, json_object_get(want, "expected"), rel, 0, "expected");
    check_stat(got->beyond, json_object_get(want, "beyond"), rel, 0, "beyond");
    check_stat(got->share, json_object_get(want, "share"), rel, 0, "share");
}

/* Slips this sees: r for 1 - r, the wrong sign, the mean or sd of the selected for everyone's, means in
 * units, a selection at the low end treated like one at the high end, a share where the change went the other
 * way. The normal theory is compared with numeric integration: to 1e-9. */
static void
as_r_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/regression_to_mean.json"), *at;
    const char *name;
    json_object_foreach(json_object_get(root, "panels"), name, at)
    {
        struct om_pairs pairs = pairs_of_json(json_object_get(at, "pre"), json_object_get(at, "post"),
                                              (int64_t)json_at(at, "unit"), cells);
        struct om_rtm_selection by = {.cutoff = json_at(at, "cutoff"),
                                      .low = json_at(at, "low") != 0,
                                      .correlation = om_defined(json_at(at, "r"))};
        if (json_at(at, "own_r") == 0)
            by.correlation = correlation(&pairs);
        struct om_rtm_result r = regress(&pairs, &by);
        assert_close((double)r.n, json_at(at, "n"), 0);
        assert_close((double)r.n_selected, json_at(at, "n_selected"), 0);
        assert_close(r.observed.value, json_at(at, "observed"), 1e-14);
        check_estimate(&r.linear, json_object_get(at, "linear"), 1e-12);
        check_estimate(&r.normal, json_object_get(at, "normal"), 1e-9);
    }
    json_decref(root);
}

/* Barnett, van der Pols & Dobson (2005): mean 60, sd 15, selected at 40 or below, and as far above 80 for the
 * other direction. 2^50 people make the one who is selected unimportant. */
static void
published_example(void **state)
{
    (void)state;
    const uint64_t many = (uint64_t)1 << 50;
    json_t *root = load_json("tests/oracle/regression_to_mean.json"), *at;
    size_t i;
    json_array_foreach(json_object_get(root, "published"), i, at)
    {
        struct om_pair_count low[] = {{40, 50, 1}, {45, 45, many}, {75, 75, many}};
        struct om_pair_count high[] = {{45, 45, many}, {75, 75, many}, {80, 70, 1}};
        struct om_rtm_selection by = {.cutoff = 40, .low = true, .correlation = om_defined(json_at(at, "r"))};
        struct om_rtm_result r = regress(&(struct om_pairs){low, 3, 1}, &by);
        assert_close(r.normal.expected.value, json_at(at, "expected"), 1e-9);
        assert_close(r.linear.expected.value, 20 * (1 - json_at(at, "r")), 1e-12);
        by.low = false;
        by.cutoff = 80;
        r = regress(&(struct om_pairs){high, 3, 1}, &by);
        assert_close(r.normal.expected.value, -json_at(at, "expected"), 1e-9);
    }
    json_decref(root);
}

static const int64_t rows[][2] = {{3, 3}, {8, 4}, {12, 8}, {5, 9}, {20, 10}, {7, 7}, {10, 3}, {15, 16}};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* Shifted, in other units, turned over and everybody twice: the same but for the sign. */
static void
what_must_not_matter(void **state)
{
    (void)state;
    const struct om_rtm_selection by = {.cutoff = 10, .correlation = om_defined(0.6)};
    struct om_pairs pairs = pairs_of(rows, ROWS, cells);
    struct om_rtm_result a = regress(&pairs, &by), b;

    int64_t other[ROWS][2];
    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < 2; k++)
            other[i][k] = 100 * rows[i][k] + 5000;
    pairs = pairs_of((const int64_t(*)[2])other, ROWS, cells);
    pairs.unit = 100;
    b = regress(&pairs, &(struct om_rtm_selection){.cutoff = 60, .correlation = om_defined(0.6)});
    assert_close(b.linear.expected.value, a.linear.expected.value, 1e-13);
    assert_close(b.normal.expected.value, a.normal.expected.value, 1e-13);
    assert_close(b.linear.share.value, a.linear.share.value, 1e-13);

    for (size_t i = 0; i < ROWS; i++)
        for (size_t k = 0; k < 2; k++)
            other[i][k] = 27 - rows[i][k];
    pairs = pairs_of((const int64_t(*)[2])other, ROWS, cells);
    b = regress(&pairs,
                &(struct om_rtm_selection){.cutoff = 17, .low = true, .correlation = om_defined(0.6)});
    assert_close(b.linear.expected.value, -a.linear.expected.value, 1e-13);
    assert_close(b.normal.beyond.value, -a.normal.beyond.value, 1e-13);

    pairs = pairs_of(rows, ROWS, cells);
    for (size_t i = 0; i < pairs.n; i++)
        cells[i].count *= 2;
    b = regress(&pairs, &by);
    assert_close(b.linear.beyond.value, a.linear.beyond.value, 1e-14);
    assert_true(b.n == 2 * a.n && b.n_selected == 2 * a.n_selected);
}

/* A perfect measure does not regress; a useless one goes all the way back to the mean. */
static void
extreme_correlations(void **state)
{
    (void)state;
    struct om_pairs pairs = pairs_of(rows, ROWS, cells);
    struct om_rtm_selection by = {.cutoff = 10, .correlation = om_defined(1)};
    struct om_rtm_result r = regress(&pairs, &by);
    assert_true(r.linear.expected.value == 0 && r.normal.expected.value == 0 && r.linear.share.value == 0);
    assert_close(r.linear.beyond.value, r.observed.value, 0);
    by.correlation = om_defined(0);
    r = regress(&pairs, &by);
    assert_close(r.linear.expected.value, 80 / 8.0 - 57 / 4.0, 1e-14);
}

static void
assert_no_estimate(const struct om_rtm_estimate *e, const char *why)
{
    assert_undefined(e->expected, why);
    assert_undefined(e->beyond, why);
    assert_undefined(e->share, why);
}

static void
undefined_cases(void **state)
{
    (void)state;
    static const char why_all[] = "everybody was selected: the mean to regress to is not known";
    struct om_rtm_selection by = {.cutoff = 10, .correlation = om_defined(0.6)};
    struct om_rtm_result r = regress(&(struct om_pairs){NULL, 0, 1}, &by);
    assert_undefined(r.observed, OM_WHY_EMPTY);
    assert_no_estimate(&r.linear, OM_WHY_EMPTY);
    assert_no_estimate(&r.normal, OM_WHY_EMPTY);

    struct om_pairs pairs = pairs_of(rows, ROWS, cells);
    by.cutoff = 21;
    r = regress(&pairs, &by);
    assert_undefined(r.observed, "nobody was selected");
    assert_no_estimate(&r.linear, "nobody was selected");
    by.cutoff = 0;
    r = regress(&pairs, &by);
    assert_null(r.observed.reason);
    assert_no_estimate(&r.linear, why_all);
    assert_no_estimate(&r.normal, why_all);
    by.cutoff = 10;
    by.correlation = om_undefined(OM_WHY_FLAT_OCCASION);
    r = regress(&pairs, &by);
    assert_no_estimate(&r.linear, OM_WHY_FLAT_OCCASION);
    assert_no_estimate(&r.normal, OM_WHY_FLAT_OCCASION);

    const int64_t one[][2] = {{12, 4}};
    pairs = pairs_of(one, 1, cells);
    by.correlation = om_defined(0.6);
    r = regress(&pairs, &by);
    assert_close(r.observed.value, -8, 0);
    assert_no_estimate(&r.linear, why_all);
}

/* The mean of the selected did not change: there is an expected change, but no share of nothing. A cut-off no
 * normal distribution reaches has no expected change. */
static void
no_share_and_too_far(void **state)
{
    (void)state;
    const int64_t same[][2] = {{3, 3}, {4, 6}, {12, 10}, {14, 16}};
    struct om_pairs pairs = pairs_of(same, 4, cells);
    struct om_rtm_selection by = {.cutoff = 10, .correlation = om_defined(0.6)};
    struct om_rtm_result r = regress(&pairs, &by);
    assert_null(r.linear.expected.reason);
    assert_undefined(r.linear.share, OM_WHY_NO_CHANGE);
    struct om_pair_count far[] = {{0, 0, 1000000000}, {1, 1, 1}, {9, 1, 1}};
    by.cutoff = 9;
    r = regress(&(struct om_pairs){far, 3, 1}, &by);
    assert_null(r.linear.expected.reason);
    assert_no_estimate(&r.normal, "the cut-off lies too far from the mean");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_r_has_it),          cmocka_unit_test(published_example),
        cmocka_unit_test(what_must_not_matter), cmocka_unit_test(extreme_correlations),
        cmocka_unit_test(undefined_cases),      cmocka_unit_test(no_share_and_too_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
