#include <omstat/mixed.h>

#include <math.h>
#include <stdio.h>
#include "base/memory.h"
#include "stats/growth.h"
#include "stats/outcome.h"
#include "unit/stats/rows.h"

static struct rows rows;
static struct om_error err;

/* What lme4 reaches: its optimisers stop when theta moves by less than 1e-7 or so, so the criterion, which is
 * flat there, agrees to 1e-10, but what depends on theta to first order no better than that. On the boundary
 * it stops at a theta of 1e-5 where ours is 0. lmerTest differences numerically for its degrees of freedom.
 */
struct tolerance {
    double criterion, effect, se, variance, df;
};
static const struct tolerance usual = {1e-10, 1e-7, 1e-6, 1e-5, 1e-4};
static const struct tolerance boundary = {1e-9, 1e-6, 1e-5, 1e-4, 1e-3};

static void
check_effect(const struct om_fixed_effect *got, const json_t *want, size_t i, const struct tolerance *t)
{
    char path[32];
    const double se = json_number_value(json_array_get(json_object_get(want, "se"), i));
    const struct {
        const char *key;
        struct om_stat got;
        double rel, absolute;
    } all[] = {{"estimate", got->estimate, t->effect, t->effect * se},
               {"se", got->se, t->se, 0},
               {"df", got->df, t->df, 0},
               {"t", got->t, t->se * 10, 1e-7},
               {"p", got->p, t->df * 10, 1e-9},
               {"lower", {got->interval.lower, got->interval.reason}, t->se * 10, t->se * se},
               {"upper", {got->interval.upper, got->interval.reason}, t->se * 10, t->se * se}};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
        snprintf(path, sizeof path, "%s %zu", all[k].key, i);
        check_stat(all[k].got, json_array_get(json_object_get(want, all[k].key), i), all[k].rel,
                   all[k].absolute, path);
    }
}

/* Coefficients stand in the order of lme4: intercept, time, the groups, time by the groups. */
static void
check_effects(const struct om_mixed_group *group, size_t n_groups, const json_t *want,
              const struct tolerance *t)
{
    check_effect(&group[0].intercept, want, 0, t);
    check_effect(&group[0].slope, want, 1, t);
    for (size_t g = 1; g < n_groups; g++) {
        check_effect(&group[g].intercept_difference, want, 1 + g, t);
        check_effect(&group[g].slope_difference, want, n_groups + g, t);
    }
}

static void
check_people(const struct om_mixed_result *fit, const struct om_mixed_group *group, const json_t *want,
             const struct tolerance *t)
{
    const double scale0 = sqrt(fit->covariance[0]), scale1 = sqrt(fit->covariance[2]);
    size_t at = 0;
    for (size_t i = 0; i < rows.all.n; i++) {
        const int32_t *row = om_trajectory(&rows.all, i);
        struct om_growth person;
        bool any = false;
        for (size_t k = 0; k < rows.all.n_occasions; k++)
            any |= row[k] != OM_NO_SCORE;
        if (!any)
            continue;
        const struct om_mixed_group *own = &group[rows.n_groups > 1 ? rows.group_of[i] : 0];
        om_mixed_person(fit, own, &rows.all, row, &person);
        const double of0 = scale0 + 1e-3 * fit->residual_sd.value,
                     of1 = scale1 + 1e-3 * fit->residual_sd.value;
        const struct {
            const char *key;
            double got, scale;
        } all[] = {{"mode0", person.intercept, of0},
                   {"mode1", person.slope, of1},
                   {"sd0", person.intercept_sd, of0},
                   {"sd1", person.slope_sd, of1}};
        for (size_t k = 0; k < 4; k++) {
            double off =
                all[k].got - json_number_value(json_array_get(json_object_get(want, all[k].key), at));
            if (!(fabs(off) <= 1000 * t->effect * all[k].scale))
                fail_msg("%s of row %zu is off by %g", all[k].key, i, off);
        }
        at++;
    }
    assert_int_equal(at, json_array_size(json_object_get(want, "mode0")));
}

static void
check_fit(const char *name, const struct om_trajectories *groups, size_t n_groups, const json_t *want)
{
    struct om_mixed_group group[GROUPS_MAX];
    struct om_mixed_result fit;
    assert_ok(om_mixed(groups, n_groups, 1, 0.95, group, &fit, &err));
    if (fit.reason)
        fail_msg("%s: %s", name, fit.reason);
    printf("%-18s reml %.12f (%+.1e)%s\n", name, fit.reml.value, fit.reml.value - json_at(want, "reml"),
           fit.singular ? " singular" : "");
    const bool singular = json_at(want, "singular") != 0;
    const struct tolerance *t = singular ? &boundary : &usual;
    assert_int_equal(fit.singular, singular);
    /* never worse than lme4, and no better than its tolerance explains */
    assert_true(fit.reml.value <= json_at(want, "reml") + 1e-8);
    assert_close(fit.reml.value, json_at(want, "reml"), t->criterion);
    check_effects(group, n_groups, want, t);
    check_stat(fit.residual_sd, json_object_get(want, "residual_sd"), t->variance, 0, "residual_sd");
    check_stat(fit.intercept_sd, json_object_get(want, "intercept_sd"), t->variance, 1e-4, "intercept_sd");
    check_stat(fit.slope_sd, json_object_get(want, "slope_sd"), t->variance, 1e-4, "slope_sd");
    if (json_at(want, "intercept_sd") * json_at(want, "slope_sd") < 1e-9)
        assert_undefined(fit.correlation, "no variation between persons");
    else
        check_stat(fit.correlation, json_object_get(want, "correlation"), 10 * t->variance, 1e-5,
                   "correlation");
    if (n_groups > 1) {
        check_stat(fit.slopes_chi2, json_object_get(want, "slopes_chi2"), 20 * t->se, 1e-7, "slopes_chi2");
        check_stat(fit.slopes_p, json_object_get(want, "slopes_p"), 100 * t->se, 1e-9, "slopes_p");
    }
    check_people(&fit, group, want, t);
}

static void
as_lme4_has_it(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/mixed.json"), *panel;
    const char *name;
    json_object_foreach(root, name, panel)
    {
        if (strcmp(name, "claus") == 0)
            continue;
        rows_of_json(panel, &rows);
        check_fit(name, rows.group, rows.n_groups, json_object_get(panel, "expect"));
    }
    json_decref(root);
}

static void
real_people(void **state)
{
    (void)state;
    if (!shared_path("change_classification/claus_2020.csv"))
        skip();
    json_t *root = load_json("tests/oracle/mixed.json"), *fits;
    const char *outcome;
    json_object_foreach(json_object_get(root, "claus"), outcome, fits)
    {
        rows_of_claus(shared_path("change_classification/claus_2020.csv"), outcome, &rows);
        check_fit(outcome, rows.group, 2, json_object_get(fits, "arms"));
        rows.n_groups = 1;
        check_fit(outcome, &rows.all, 1, json_object_get(fits, "one"));
    }
    json_decref(root);
}

/* The rows of a case of expected.tsv: the value of a statistic. */
static double
expected(const char *outcome, const char *statistic)
{
    char line[256], begin[128];
    snprintf(begin, sizeof begin, "claus_2020:%s/distribution/HLM\t\t%s\t", outcome, statistic);
    FILE *file = fopen(shared_path("change_classification/expected.tsv"), "r");
    assert_non_null(file);
    double value = 0;
    bool found = false;
    while (!found && fgets(line, sizeof line, file))
        if (strncmp(line, begin, strlen(begin)) == 0) {
            value = atof(line + strlen(begin));
            found = true;
        }
    fclose(file);
    if (!found)
        fail_msg("no %s for %s", statistic, outcome);
    return value;
}

/* The index of hierarchical linear modelling: a person's slope over its conditional standard deviation. The
 * stored values are those of lme4 with its default stopping rule and 10 digits. For the HAMD it stopped short
 * of the boundary, at a correlation of -0.99994 and a criterion 3.5e-7 above ours. */
static void
classes_by_slope(void **state)
{
    (void)state;
    if (!shared_path("change_classification/expected.tsv"))
        skip();
    const struct {
        const char *outcome;
        double index, sd;
        bool singular;
    } cases[] = {{"bdi", 2e-5, 2e-4, false}, {"hamd", 1e-4, 3e-3, true}};
    for (size_t c = 0; c < 2; c++) {
        const char *o = cases[c].outcome;
        struct om_mixed_group group;
        struct om_mixed_result fit;
        rows_of_claus(shared_path("change_classification/claus_2020.csv"), o, &rows);
        assert_ok(om_mixed(&rows.all, 1, 3, 0.95, &group, &fit, &err));
        assert_int_equal(fit.n, (int)expected(o, "n_used"));
        assert_int_equal(fit.singular, cases[c].singular);
        assert_close(group.intercept.estimate.value, expected(o, "fixef_intercept"), 1e-8);
        assert_close(group.slope.estimate.value, expected(o, "fixef_time"), 1e-8);
        assert_close(fit.intercept_sd.value, expected(o, "sdcor[id:(Intercept):]"), cases[c].sd);
        assert_close(fit.slope_sd.value, expected(o, "sdcor[id:time:]"), cases[c].sd);
        assert_close(fit.correlation.value, expected(o, "sdcor[id:(Intercept):time]"), cases[c].sd);
        assert_close(fit.residual_sd.value, expected(o, "sdcor[Residual::]"), cases[c].sd);
        double least = 0, most = 0, sum = 0, squares = 0;
        int improved = 0, deteriorated = 0;
        for (size_t i = 0; i < rows.all.n; i++) {
            const int32_t *row = om_trajectory(&rows.all, i);
            struct om_growth person;
            if ((row[0] != OM_NO_SCORE) + (row[1] != OM_NO_SCORE) + (row[2] != OM_NO_SCORE) +
                    (row[3] != OM_NO_SCORE) <
                3)
                continue;
            om_mixed_person(&fit, &group, &rows.all, row, &person);
            double index = person.slope / person.slope_sd;
            least = fmin(least, index);
            most = fmax(most, index);
            sum += index;
            squares += index * index;
            improved += index < -1.959963984540054;
            deteriorated += index > 1.959963984540054;
        }
        assert_close(least, expected(o, "rci_min"), cases[c].index);
        assert_close(most, expected(o, "rci_max"), cases[c].index);
        assert_close(squares, expected(o, "rci_sumsq"), 2 * cases[c].index);
        assert_true(fabs(sum) < 1e-9);
        assert_int_equal(improved, (int)expected(o, "n[Improved]"));
        assert_int_equal(deteriorated, (int)expected(o, "n[Deteriorated]"));
    }
}

/* --- what must not matter, and what must follow --------------------------------------------------------- */

static struct om_mixed_group groups[GROUPS_MAX];

static struct om_mixed_result
fit_of(const struct om_trajectories *t, size_t n)
{
    struct om_mixed_result fit;
    assert_ok(om_mixed(t, n, 1, 0.95, groups, &fit, &err));
    return fit;
}

static void
load_case(const char *name)
{
    json_t *root = load_json("tests/oracle/mixed.json");
    rows_of_json(json_object_get(root, name), &rows);
    json_decref(root);
}

/* Rows in another order, and merged: the same bytes. */
static void
order_and_merging(void **state)
{
    (void)state;
    load_case("missing");
    const size_t k = rows.all.n_occasions, n = rows.all.n;
    struct om_mixed_result first = fit_of(&rows.all, 1), again;
    struct om_mixed_group group = groups[0];
    static int32_t turned[ROWS_MAX * 8];
    static uint64_t count[ROWS_MAX];
    for (size_t i = 0; i < n; i++)
        memcpy(turned + i * k, om_trajectory(&rows.all, n - 1 - i), k * sizeof *turned);
    struct om_trajectories t = rows.all;
    t.value = turned;
    again = fit_of(&t, 1);
    assert_memory_equal(&again.reml, &first.reml, sizeof again.reml);
    assert_memory_equal(again.covariance, first.covariance, sizeof again.covariance);
    assert_memory_equal(&groups[0].slope, &group.slope, sizeof group.slope);

    /* everyone three times, in rows and in counts */
    for (size_t i = 0; i < n; i++)
        for (size_t times = 0; times < 3; times++)
            memcpy(turned + (3 * i + times) * k, om_trajectory(&rows.all, i), k * sizeof *turned);
    t.n = 3 * n;
    t.n = 3 * n;
    first = fit_of(&t, 1);
    for (size_t i = 0; i < n; i++)
        count[i] = 3;
    t = rows.all;
    t.count = count;
    again = fit_of(&t, 1);
    assert_memory_equal(&again.reml, &first.reml, sizeof again.reml);
    assert_int_equal(again.n, 3 * n);
}

/* Another unit of time or of scores, another origin of either. */
static void
units_and_origins(void **state)
{
    (void)state;
    load_case("two_groups");
    struct om_mixed_result plain = fit_of(rows.group, 2);
    struct om_mixed_group before[2] = {groups[0], groups[1]};
    const double n = (double)plain.n_scores, p = 4;

    for (size_t k = 0; k < rows.all.n_occasions; k++)
        rows.time[k] = rows.time[k] * 7 + 100; /* days, and a later origin */
    struct om_mixed_result days = fit_of(rows.group, 2);
    assert_close(groups[1].slope.estimate.value * 7, before[1].slope.estimate.value, 1e-10);
    assert_close(groups[1].slope_difference.se.value * 7, before[1].slope_difference.se.value, 1e-7);
    assert_close(groups[1].slope.p.value, before[1].slope.p.value, 1e-5);
    assert_close(groups[0].slope.df.value, before[0].slope.df.value, 1e-5);
    assert_close(groups[0].intercept.estimate.value + 100 * groups[0].slope.estimate.value,
                 before[0].intercept.estimate.value, 1e-9);
    assert_close(days.slope_sd.value * 7, plain.slope_sd.value, 1e-6);
    assert_close(days.residual_sd.value, plain.residual_sd.value, 1e-7);
    assert_close(days.reml.value, plain.reml.value + 2 * 2 * log(7), 1e-11);
    assert_close(days.slopes_chi2.value, plain.slopes_chi2.value, 1e-6);

    load_case("two_groups");
    for (size_t i = 0; i < rows.all.n * rows.all.n_occasions; i++)
        if (rows.sorted[i] != OM_NO_SCORE)
            rows.sorted[i] = 10000 - 3 * rows.sorted[i];
    struct om_mixed_result turned = fit_of(rows.group, 2);
    assert_close(turned.reml.value, plain.reml.value + 2 * (n - p) * log(3), 1e-11);
    assert_close(groups[1].slope_difference.t.value, -before[1].slope_difference.t.value, 1e-7);
    assert_close(turned.intercept_sd.value, 3 * plain.intercept_sd.value, 1e-6);
}

/* Complete rows and one group: the fixed effects are those of least squares, and the standard error of the
 * slope that of the people's own slopes. */
static void
balanced_is_least_squares(void **state)
{
    (void)state;
    load_case("strong");
    struct om_mixed_result fit = fit_of(&rows.all, 1);
    const size_t k = rows.all.n_occasions;
    double sum = 0, squares = 0, tt = 0, middle = (double)(k - 1) / 2;
    for (size_t j = 0; j < k; j++)
        tt += ((double)j - middle) * ((double)j - middle);
    for (size_t i = 0; i < rows.all.n; i++) {
        double slope = 0;
        for (size_t j = 0; j < k; j++)
            slope += ((double)j - middle) * om_trajectory(&rows.all, i)[j] / tt;
        sum += slope;
        squares += slope * slope;
    }
    const double n = (double)rows.all.n, variance = (squares - sum * sum / n) / (n - 1);
    assert_true(!fit.singular);
    assert_close(groups[0].slope.estimate.value, sum / n, 1e-12);
    assert_close(groups[0].slope.se.value, sqrt(variance / n), 1e-9);
    assert_close(groups[0].slope.df.value, n - 1, 1e-6); /* Satterthwaite is exact here */
    assert_close(fit.slope_sd.value * fit.slope_sd.value + fit.variance / tt, variance, 1e-8);
}

/* The minimum is one: no change of theta lowers the criterion, and the gradient is that of differences. */
static void
gradient_is_exact(void **state)
{
    (void)state;
    load_case("three_groups");
    struct om_growth_data data;
    struct om_growth_line line[GROUPS_MAX];
    struct om_growth_look look, low, high;
    assert_ok(om_growth_reduce(rows.group, rows.n_groups, 1, &data, &err));
    const struct om_growth_theta at = {{1.3, -0.4, 0.7}};
    om_growth_look(&data, &at, 0, line, &look);
    for (size_t k = 0; k < 3; k++) {
        struct om_growth_theta a = at, b = at;
        a.at[k] -= 1e-5;
        b.at[k] += 1e-5;
        om_growth_look(&data, &a, 0, line, &low);
        om_growth_look(&data, &b, 0, line, &high);
        assert_close(look.gradient[k], (high.criterion - low.criterion) / 2e-5, 1e-7);
        assert_close(look.residual_gradient[k], (high.residual - low.residual) / 2e-5, 1e-7);
    }
    struct om_growth_theta best;
    int rank;
    assert_true(om_growth_minimise(&data, &best, &rank, line));
    om_growth_look(&data, &best, 0, line, &look);
    for (size_t k = 0; k < 3; k++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct om_growth_theta a = best;
            a.at[k] += sign * 1e-3;
            om_growth_look(&data, &a, 0, line, &low);
            assert_true(low.criterion > look.criterion);
        }
    om_growth_release(&data);
}

/* Rows made up by chance: a fit is found, is no worse than any of a grid, and does not turn with the data. */
static void
always_settles(void **state)
{
    (void)state;
    int singular = 0;
    for (int round = 0; round < 400; round++) {
        const size_t n = 3 + test_random() % 20, k = 3 + test_random() % 4;
        int32_t value[23 * 6];
        for (size_t i = 0; i < n; i++) {
            const int32_t level = (int32_t)(test_random() % 30), slope = (int32_t)(test_random() % 7) - 3;
            for (size_t j = 0; j < k; j++)
                value[i * k + j] = test_random() % 5 == 0 && j > 0
                                       ? OM_NO_SCORE
                                       : level + slope * (int32_t)j + (int32_t)(test_random() % 9);
        }
        struct om_trajectories t = rows_by_hand(&rows, value, n, k);
        struct om_mixed_result fit = fit_of(&t, 1);
        if (fit.reason) {
            assert_string_not_equal(fit.reason, "the search for the best fit did not settle");
            continue;
        }
        singular += fit.singular;
        struct om_growth_data data;
        struct om_growth_line line;
        struct om_growth_look look;
        assert_ok(om_growth_reduce(&t, 1, 1, &data, &err));
        for (int i = 0; i < 7 * 7 * 5; i++) {
            const struct om_growth_theta theta = {
                {ldexp(0.05, i % 7), ldexp(1, i / 49) * (i % 2 ? 0.1 : -0.1), ldexp(0.05, i / 7 % 7)}};
            om_growth_look(&data, &theta, 0, &line, &look);
            assert_true(look.criterion + 2 * log(data.scale) >= fit.reml.value - 1e-8);
        }
        om_growth_release(&data);
    }
    assert_true(singular > 10); /* or the test does not see the boundary */
}

/* --- where nothing is defined --------------------------------------------------------------------------- */

static void
assert_nothing(struct om_trajectories t, const char *why)
{
    struct om_mixed_result fit = fit_of(&t, 1);
    assert_non_null(fit.reason);
    assert_string_equal(fit.reason, why);
    assert_undefined(fit.reml, why);
    assert_undefined(fit.intercept_sd, why);
    assert_undefined(fit.slope_sd, why);
    assert_undefined(fit.correlation, why);
    assert_undefined(fit.residual_sd, why);
    assert_undefined(fit.slopes_p, why);
    assert_undefined(groups[0].slope.estimate, why);
    assert_undefined(groups[0].intercept.p, why);
    assert_undefined(groups[0].slope_difference.se, why);
    assert_no_bounds(groups[0].slope.interval, why);
}

static void
not_identified(void **state)
{
    (void)state;
    enum { NO = OM_NO_SCORE };
    const int32_t empty[] = {NO, NO, NO, NO, NO, NO}, one[] = {5, 7, 3},
                  same_time[] = {5, NO, NO, 7, NO, NO, 9, NO, NO}, pairs[] = {5, 7, NO, 3, 4, NO, 9, NO, 2},
                  lines[] = {1, 2, 3, 4, 6, 8, 9, 5, 1}, constant[] = {4, 4, 4, 4, 4, 4, 4, 4, 4},
                  single[] = {5, 7, 3, 6, NO, NO, NO, 4, NO};
    struct om_trajectories t = rows_by_hand(&rows, empty, 2, 3);
    assert_nothing(t, OM_WHY_EMPTY);
    t.n = 0;
    assert_nothing(t, OM_WHY_EMPTY);
    assert_nothing(rows_by_hand(&rows, one, 1, 3), "no group has two people with scores at two occasions");
    assert_nothing(rows_by_hand(&rows, single, 3, 3), "no group has two people with scores at two occasions");
    assert_nothing(rows_by_hand(&rows, same_time, 3, 3), "a group has scores at one occasion only");
    const char *straight = "everyone's scores lie on a straight line, or nobody has three";
    assert_nothing(rows_by_hand(&rows, pairs, 3, 3), straight);
    assert_nothing(rows_by_hand(&rows, lines, 3, 3), straight);
    assert_nothing(rows_by_hand(&rows, constant, 3, 3), straight);
    assert_nothing(rows_by_hand(&rows, one, 3, 1), "a group has scores at one occasion only");

    /* two people with three scores each: the least there is */
    const int32_t least[] = {5, 7, 3, 8, 8, 1};
    t = rows_by_hand(&rows, least, 2, 3);
    struct om_mixed_result fit = fit_of(&t, 1);
    assert_null(fit.reason);
    assert_true(fit.n == 2 && fit.n_scores == 6);
    assert_undefined(fit.slopes_p, "there is one group");
    assert_undefined(groups[0].slope_difference.p, "this is the group the others are compared with");

    /* a group with scores at one occasion spoils it, even beside a good one */
    struct om_trajectories two[2] = {t, t};
    two[1].value = same_time;
    fit = fit_of(two, 2);
    assert_string_equal(fit.reason, "a group has scores at one occasion only");
    assert_undefined(groups[1].slope_difference.estimate, fit.reason);
    assert_true(groups[0].n == 2 && groups[1].n == 2);
}

static void
bad_arguments_and_memory(void **state)
{
    (void)state;
    load_case("two_groups");
    struct om_mixed_result fit;
    assert_int_equal(om_mixed(rows.group, 0, 1, 0.95, groups, &fit, &err), OM_ERR_INVALID);
    double other[] = {0, 1, 2, 3, 5};
    rows.group[1].time = other;
    assert_int_equal(om_mixed(rows.group, 2, 1, 0.95, groups, &fit, &err), OM_ERR_INVALID);
    rows.group[1].time = rows.time;
    rows.group[1].unit = 2;
    assert_int_equal(om_mixed(rows.group, 2, 1, 0.95, groups, &fit, &err), OM_ERR_INVALID);
    rows.group[1].unit = 1;
    assert_ok(om_mixed(rows.group, 2, 1, 1.5, groups, &fit, &err));
    assert_no_bounds(groups[0].slope.interval, OM_WHY_LEVEL);
    assert_null(groups[0].slope.p.reason);
    const size_t live = om_memory_live();
    for (size_t k = 0;; k++) {
        om_memory_fail_at(k);
        om_status status = om_mixed(rows.group, 2, 1, 0.95, groups, &fit, &err);
        om_memory_fail_at((size_t)-1);
        assert_int_equal(om_memory_live(), live);
        if (status == OM_OK)
            break;
        assert_int_equal(status, OM_ERR_NOMEM);
        assert_true(k < 100);
    }
}

/* Somebody without a score: the line of the group, and the spread of all. */
static void
person_without_scores(void **state)
{
    (void)state;
    load_case("missing");
    struct om_mixed_result fit = fit_of(&rows.all, 1);
    int32_t none[OCCASIONS_MAX];
    struct om_growth person;
    for (size_t k = 0; k < OCCASIONS_MAX; k++)
        none[k] = OM_NO_SCORE;
    om_mixed_person(&fit, &groups[0], &rows.all, none, &person);
    assert_true(person.intercept == 0 && person.slope == 0);
    assert_close(person.intercept_sd, fit.intercept_sd.value, 1e-14);
    assert_close(person.slope_sd, fit.slope_sd.value, 1e-14);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_lme4_has_it),        cmocka_unit_test(real_people),
        cmocka_unit_test(classes_by_slope),      cmocka_unit_test(order_and_merging),
        cmocka_unit_test(units_and_origins),     cmocka_unit_test(balanced_is_least_squares),
        cmocka_unit_test(gradient_is_exact),     cmocka_unit_test(always_settles),
        cmocka_unit_test(not_identified),        cmocka_unit_test(bad_arguments_and_memory),
        cmocka_unit_test(person_without_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
