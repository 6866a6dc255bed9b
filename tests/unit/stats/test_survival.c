#include <omstat/survival.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/outcome.h"
#include "unit/stats/cells.h"

enum { TIMES_MAX = 64, GROUPS_MAX = 8 };

static struct om_error err;

struct panel {
    struct om_event_count at[GROUPS_MAX][TIMES_MAX];
    struct om_event_counts group[GROUPS_MAX];
    size_t n_groups;
};

static void
read_panel(const json_t *counts, struct panel *panel)
{
    panel->n_groups = json_array_size(counts);
    for (size_t g = 0; g < panel->n_groups; g++) {
        const json_t *c = json_array_get(counts, g), *time = json_object_get(c, "time");
        size_t n = json_array_size(time);
        for (size_t i = 0; i < n; i++)
            panel->at[g][i] = (struct om_event_count){
                .time = json_number_value(json_array_get(time, i)),
                .events = (uint64_t)json_number_value(json_array_get(json_object_get(c, "events"), i)),
                .censored = (uint64_t)json_number_value(json_array_get(json_object_get(c, "censored"), i))};
        panel->group[g] = (struct om_event_counts){panel->at[g], n};
    }
}

/* survival gives no point to a time at which nothing happened; a list of one is a number. */
static const json_t *
item(const json_t *of, const char *key, size_t i)
{
    const json_t *list = json_object_get(of, key);
    return json_is_array(list) ? json_array_get(list, i) : list;
}

static void
check_curve(const struct om_event_counts *counts, const json_t *want, double level,
            enum om_survival_method method)
{
    struct om_survival_point point[TIMES_MAX];
    struct om_survival s;
    size_t at = 0;
    om_kaplan_meier(counts, level, method, point, &s);
    for (size_t i = 0; i < counts->n; i++) {
        if (counts->at[i].events + counts->at[i].censored == 0)
            continue;
        assert_close(point[i].time, json_number_value(item(want, "times", at)), 0);
        assert_close((double)point[i].at_risk, json_number_value(item(want, "n", at)), 0);
        check_stat(point[i].survival, item(want, "survival", at), 1e-13, 1e-15, "survival");
        check_stat(point[i].se, item(want, "se", at), 1e-12, 0, "se");
        assert_string_equal(point[i].interval.method, method == OM_SURVIVAL_LOG ? "log" : "log-log");
        if (point[i].survival.value == 1) /* R: from 1 to 1 by the logarithm, NA by the double one */
            assert_no_bounds(point[i].interval, "no event so far");
        else
            check_bounds(point[i].interval, item(want, "lower", at), item(want, "upper", at), 1e-12, 0,
                         "interval");
        at++;
    }
    check_stat(s.median, json_object_get(want, "median"), 0, 0, "median");
    check_stat(s.median_lower, json_object_get(want, "median_lower"), 0, 0, "median_lower");
    check_stat(s.median_upper, json_object_get(want, "median_upper"), 0, 0, "median_upper");
}

/* Slips this sees: censored people taken from those at risk too early, Greenwood with n^2, z of the wrong
 * level, bounds exchanged, the median one time too late, one half taken as not yet reached. */
static void
as_survival_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/survival.json"), *want;
    const char *name;
    json_object_foreach(root, name, want)
    {
        struct panel panel;
        struct om_log_rank_group group[GROUPS_MAX];
        struct om_log_rank_result r;
        read_panel(json_object_get(want, "counts"), &panel);
        for (size_t g = 0; g < panel.n_groups; g++) {
            const json_t *curve = json_array_get(json_object_get(want, "curves"), g);
            check_curve(&panel.group[g], json_object_get(curve, "loglog"), 0.95, OM_SURVIVAL_LOG_LOG);
            check_curve(&panel.group[g], json_object_get(curve, "log"), 0.9, OM_SURVIVAL_LOG);
        }
        const json_t *test = json_object_get(want, "test");
        if (!test)
            continue;
        assert_ok(om_log_rank(panel.group, panel.n_groups, group, &r, &err));
        for (size_t g = 0; g < panel.n_groups; g++) {
            assert_close((double)group[g].observed, json_number_value(item(test, "observed", g)), 0);
            assert_close(group[g].expected, json_number_value(item(test, "expected", g)), 1e-12);
        }
        check_stat(r.chi2, json_object_get(test, "chi2"), 1e-11, 0, "chi2");
        check_stat(r.df, json_object_get(test, "df"), 0, 0, "df");
        check_stat(r.p, json_object_get(test, "p"), 1e-9, 0, "p");
    }
    json_decref(root);
}

/* The order of the groups, and the numbers on the axis, do not matter; the same group twice says nothing. */
static void
groups_and_times(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/survival.json");
    struct panel panel;
    struct om_log_rank_group group[GROUPS_MAX];
    struct om_log_rank_result r, other;
    read_panel(json_object_get(json_object_get(root, "waves"), "counts"), &panel);
    assert_ok(om_log_rank(panel.group, 3, group, &r, &err));
    struct om_event_counts turned[3] = {panel.group[2], panel.group[0], panel.group[1]};
    assert_ok(om_log_rank(turned, 3, group, &other, &err));
    assert_close(other.chi2.value, r.chi2.value, 1e-12);
    for (size_t g = 0; g < 3; g++)
        for (size_t i = 0; i < panel.group[g].n; i++)
            panel.at[g][i].time = panel.at[g][i].time * panel.at[g][i].time + 3;
    assert_ok(om_log_rank(panel.group, 3, group, &other, &err));
    assert_close(other.chi2.value, r.chi2.value, 0);
    struct om_event_counts twice[2] = {panel.group[0], panel.group[0]};
    assert_ok(om_log_rank(twice, 2, group, &other, &err));
    assert_true(other.chi2.value < 1e-25 && other.df.value == 1 && other.p.value > 0.999999);
    json_decref(root);
}

/* Everybody k times: the curve stays, Greenwood's variance falls by k. */
static void
counts_multiplied(void **state)
{
    (void)state;
    struct om_event_count few[] = {{1, 12, 4}, {2, 7, 2}, {5, 3, 6}}, many[3];
    struct om_event_counts a = {few, 3}, b = {many, 3};
    struct om_survival_point p[3], q[3];
    struct om_survival s;
    for (size_t i = 0; i < 3; i++)
        many[i] =
            (struct om_event_count){few[i].time, few[i].events * 1000000000, few[i].censored * 1000000000};
    om_kaplan_meier(&a, 0.95, OM_SURVIVAL_LOG_LOG, p, &s);
    om_kaplan_meier(&b, 0.95, OM_SURVIVAL_LOG_LOG, q, &s);
    for (size_t i = 0; i < 3; i++) {
        assert_close(q[i].survival.value, p[i].survival.value, 1e-14);
        assert_close(q[i].se.value * sqrt(1e9), p[i].se.value, 1e-12);
    }
    assert_int_equal(s.n, 34000000000u);
}

/* Without censoring the curve is the share that is left, and its variance that of a proportion. */
static void
without_censoring(void **state)
{
    (void)state;
    struct om_event_count at[] = {{1, 3, 0}, {2, 0, 0}, {3, 4, 0}, {4, 1, 2}};
    struct om_event_counts counts = {at, 4};
    struct om_survival_point p[4];
    struct om_survival s;
    om_kaplan_meier(&counts, 0.95, OM_SURVIVAL_LOG_LOG, p, &s);
    const double left[] = {0.7, 0.7, 0.3, 0.2};
    for (size_t i = 0; i < 4; i++) {
        assert_close(p[i].survival.value, left[i], 1e-14);
        assert_close(p[i].se.value, sqrt(left[i] * (1 - left[i]) / 10), 1e-14);
    }
    assert_true(s.median.value == 3 && s.n == 10 && s.events == 8);
}

static void
nothing_to_see(void **state)
{
    (void)state;
    struct om_event_count none[] = {{0, 0, 0}, {1, 0, 0}}, early[] = {{0, 2, 0}, {1, 0, 0}},
                          one[] = {{0, 0, 0}, {1, 1, 0}}, kept[] = {{0, 0, 3}, {1, 0, 4}};
    struct om_event_counts empty = {none, 2}, single = {one, 2}, censored = {kept, 2}, first = {early, 2};
    struct om_survival_point p[2];
    struct om_survival s;
    om_kaplan_meier(&empty, 0.95, OM_SURVIVAL_LOG_LOG, p, &s);
    assert_undefined(p[1].survival, OM_WHY_EMPTY);
    assert_undefined(p[1].se, OM_WHY_EMPTY);
    assert_no_bounds(p[1].interval, OM_WHY_EMPTY);
    assert_undefined(s.median, OM_WHY_EMPTY);
    om_kaplan_meier(&single, 0.95, OM_SURVIVAL_LOG, p, &s);
    assert_true(p[0].survival.value == 1 && p[1].survival.value == 0 && !p[1].survival.reason);
    assert_no_bounds(p[1].interval, "nobody is left without the event");
    assert_close(s.median.value, 1, 0);
    assert_undefined(s.median_lower, "the bound of the curve does not reach one half");
    om_kaplan_meier(&censored, 0.95, OM_SURVIVAL_LOG_LOG, p, &s);
    assert_true(p[1].survival.value == 1 && p[1].at_risk == 4 && s.events == 0);
    assert_undefined(s.median, "less than half had the event");
    om_kaplan_meier(&censored, 1, OM_SURVIVAL_LOG_LOG, p, &s);
    assert_no_bounds(p[1].interval, OM_WHY_LEVEL);

    struct om_log_rank_group group[3];
    struct om_log_rank_result r;
    struct om_event_counts apart[] = {first, censored}; /* all are at risk at time 0 */
    assert_ok(om_log_rank(apart, 2, group, &r, &err));
    assert_true(!r.chi2.reason && r.df.value == 1);
    assert_ok(om_log_rank(&single, 1, group, &r, &err));
    assert_undefined(r.chi2, "no two groups have people at risk when an event happens");
    assert_ok(om_log_rank(NULL, 0, group, &r, &err));
    assert_undefined(r.p, "no two groups have people at risk when an event happens");
    struct om_event_counts quiet[] = {censored, censored}, alone[] = {empty, single};
    assert_ok(om_log_rank(quiet, 2, group, &r, &err));
    assert_undefined(r.df, "nobody had the event");
    assert_ok(om_log_rank(alone, 2, group, &r, &err));
    assert_undefined(r.chi2, "no two groups have people at risk when an event happens");
    struct om_event_count other[] = {{0, 1, 1}, {2, 1, 1}};
    struct om_event_counts odd[] = {censored, {other, 2}}, shorter[] = {censored, {kept, 1}};
    assert_int_equal(om_log_rank(odd, 2, group, &r, &err), OM_ERR_INVALID);
    assert_int_equal(om_log_rank(shorter, 2, group, &r, &err), OM_ERR_INVALID);
    om_memory_fail_at(0);
    assert_int_equal(om_log_rank(quiet, 2, group, &r, &err), OM_ERR_NOMEM);
    om_memory_fail_at((size_t)-1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_survival_has_it), cmocka_unit_test(groups_and_times),
        cmocka_unit_test(counts_multiplied),  cmocka_unit_test(without_censoring),
        cmocka_unit_test(nothing_to_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
