/* Comparisons of groups, from the panel to the row: who is compared with whom, over what, and what is
 * adjusted. */
#include "studies.h"

#include "base/memory.h"

#include <omstat/adjust.h>

#define ALL  "between,rates,ancova,adjust"
#define PHQ9 "phq9", "total"

static void
check(const struct run *run, const json_t *e, const char *key, const char *group, const char *population,
      const char *occasion, const char *rule, const char *statistic)
{
    double value = value_of(run, group, PHQ9, population, occasion, rule, statistic);
    om_assert_close(value, json_at(e, key), 1e-10, statistic, __FILE__, __LINE__);
}

static void
check_pair(const struct run *run, const json_t *e, const char *group, const char *population)
{
    check(run, e, "difference", group, population, "change", "", "mean_difference");
    check(run, e, "p", group, population, "change", "", "welch.p");
    check(run, e, "u", group, population, "change", "", "mann_whitney.statistic");
    check(run, e, "u_p", group, population, "change", "", "mann_whitney.p");
    check(run, e, "adjusted", group, population, "post", "", "ancova.difference");
    check(run, e, "adjusted_se", group, population, "post", "", "ancova.difference_se");
    check(run, e, "adjusted_p", group, population, "post", "", "ancova.difference.p");
    check(run, e, "rate_difference", group, population, "change", "shift", "rate.improved.difference");
    check(run, e, "exact", group, population, "change", "shift", "rate.improved.chi2.exact_p");
    const struct om_result *row = row_of(run, group, PHQ9, population, "change", "", "mean_difference");
    assert_close(row->lower, json_at(e, "lower"), 1e-10);
    assert_close(row->upper, json_at(e, "upper"), 1e-10);
}

/* Slips this sees: pairs the wrong way round, everybody instead of the population, pre instead of post as
 * outcome, rates of another rule, cohorts out of order (trend). */
static void
evaluation(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/groups.json");
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "statistics", ALL),
               other = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "statistics", ALL,
                           "reference", "3");
    assert_run(&run);
    assert_run(&other);
    static const char *const population[] = {"all", "positive"};
    for (int p = 0; p < 2; p++) {
        const json_t *e = json_object_get(root, population[p]);
        const char *pop = population[p];
        check(&run, e, "n", "all", pop, "change", "", "n");
        check(&run, e, "f", "all", pop, "change", "", "anova.statistic");
        check(&run, e, "p", "all", pop, "change", "", "anova.p");
        check(&run, e, "welch_p", "all", pop, "change", "", "welch_anova.p");
        check(&run, e, "h_p", "all", pop, "change", "", "kruskal.p");
        check(&run, e, "ancova_f", "all", pop, "post", "", "ancova.statistic");
        check(&run, e, "ancova_p", "all", pop, "post", "", "ancova.p");
        check(&run, e, "slope", "all", pop, "post", "", "ancova.slope");
        check(&run, e, "slopes_p", "all", pop, "post", "", "ancova.slopes_p");
        check(&run, e, "means/0", "cohort=1", pop, "post", "", "ancova.mean");
        check(&run, e, "means/2", "cohort=3", pop, "post", "", "ancova.mean");
        check(&run, e, "improved_p", "all", pop, "change", "shift", "rate.improved.chi2.p");
        check(&run, e, "improved_exact", "all", pop, "change", "shift", "rate.improved.chi2.exact_p");
        check(&run, e, "improved_trend", "all", pop, "change", "shift", "rate.improved.trend.p");
        check(&run, e, "positive_p", "all", pop, "post", "", "rate.positive.chi2.p");
        check_pair(&run, json_object_get(e, "two_one"), "cohort=2 - cohort=1", pop);
        check_pair(&run, json_object_get(e, "three_one"), "cohort=3 - cohort=1", pop);
        check_pair(&other, json_object_get(e, "one_three"), "cohort=1 - cohort=3", pop);
    }
    release(&run);
    release(&other);
    json_decref(root);
}

/* The ends of an interval that goes through infinity stand beside it, turned into people. */
static void
number_needed(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "statistics", "rates");
    assert_run(&run);
    static const char group[] = "cohort=3 - cohort=1";
    const struct om_result *d = row_of(&run, group, PHQ9, "all", "change", "shift",
                                       "rate.improved.difference"),
                           *nnt = row_of(&run, group, PHQ9, "all", "change", "shift", "rate.improved.nnt");
    assert_true(d->lower < 0 && d->upper > 0 && !nnt->has_interval && strstr(nnt->note, "infinity"));
    assert_close(nnt->value, 1 / d->value, 1e-15);
    assert_close(value_of(&run, group, PHQ9, "all", "change", "shift", "rate.improved.nnt_benefit"),
                 1 / d->upper, 1e-15);
    assert_close(value_of(&run, group, PHQ9, "all", "change", "shift", "rate.improved.nnt_harm"),
                 -1 / d->lower, 1e-15);
    release(&run);
    char text[8000] = "id,arm,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n";
    for (int i = 0; i < 80; i++) /* everybody of b is positive at last, nobody of a */
        snprintf(text + strlen(text), sizeof text - strlen(text), "p%d,%s,3,%d,%d,0\n", i, i % 2 ? "b" : "a",
                 i % 4, i % 2 ? 3 : i % 3);
    run = RUN("input", file_of(text), "by", "arm", "statistics", "rates");
    assert_run(&run);
    nnt = row_of(&run, "arm=b - arm=a", "gad2", "total", "all", "post", "", "rate.positive.nnt");
    assert_true(nnt->value == 1 && nnt->lower == 1 && nnt->upper > 1 && nnt->upper < 1.2);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, "post", NULL,
                                "rate.positive.nnt_harm"));
    release(&run);
}

/* --- what is adjusted ----------------------------------------------------------------------------------- */

static bool
ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Every test once: as many rows of each kind as there are defined p, each the adjusted value of its own. */
static void
check_adjusted(const struct run *run, bool two_groups)
{
    enum { MOST = 4000 };
    static double p[MOST], holm[MOST], bh[MOST];
    static const struct om_result *from[MOST];
    struct om_error err;
    const struct om_results *results = &run->analysis->results;
    size_t n = 0, adjusted = 0;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        adjusted += strcmp(row->family, "adjust") == 0;
        bool twice = two_groups && strcmp(row->family, "between") == 0 && strcmp(row->group, "all") == 0;
        if (!row->has_value || !ends_in(row->statistic, ".p") || twice)
            continue;
        assert_true(n < MOST);
        from[n] = row;
        p[n++] = row->value;
    }
    assert_true(n > 10 && adjusted == 2 * n);
    assert_ok(om_adjust(p, n, OM_ADJUST_HOLM, holm, &err));
    assert_ok(om_adjust(p, n, OM_ADJUST_BH, bh, &err));
    for (size_t i = 0; i < n; i++) {
        char statistic[128], note[64];
        snprintf(note, sizeof note, "one of %zu p of this run", n);
        for (int way = 0; way < 2; way++) {
            snprintf(statistic, sizeof statistic, "%.*s.%s", (int)strlen(from[i]->statistic) - 2,
                     from[i]->statistic, way ? "bh_p" : "holm_p");
            const struct om_result *row =
                row_of(run, from[i]->group, from[i]->instrument, from[i]->scale, from[i]->population,
                       from[i]->occasion, from[i]->rule, statistic);
            assert_true(row->value == (way ? bh[i] : holm[i]) && row->n == from[i]->n);
            assert_string_equal(row->note, note);
            assert_string_equal(row->family, "adjust");
        }
    }
}

static const char *
two_arms(void)
{
    static const char *path;
    static char text[20000];
    size_t length =
        (size_t)snprintf(text, sizeof text, "id,arm,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n");
    for (int i = 0; !path && i < 60; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "p%d,%s,%d,%d,%d,%d\n", i,
                                   i % 3 ? "PA" : "TAU", i % 4, (i / 3) % 4, (i / 5) % 4, (i + i / 7) % 3);
    path = path ? path : temporary_file(".csv", text, length);
    return path;
}

static void
adjustment(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "statistics", ALL);
    assert_run(&run);
    check_adjusted(&run, false);
    release(&run);
    run = RUN("input", two_arms(), "by", "arm", "statistics", "all");
    assert_run(&run);
    check_adjusted(&run, true);
    release(&run);
    run = RUN("input", two_arms(), "statistics", "adjust"); /* without groups too */
    assert_run(&run);
    assert_true(value_of(&run, "all", "gad2", "total", "all", "change", "", "t.holm_p") >=
                value_of(&run, "all", "gad2", "total", "all", "change", "", "t.p"));
    release(&run);
}

/* --- one occasion, two groups, references
 * -------------------------------------------------------------------- */

static const char *
one_occasion(void)
{
    return file_of("id,arm,gad2_1,gad2_2\na,x,3,2\nb,x,1,2\nc,x,3,3\nd,x,0,1\ne,y,0,0\nf,y,1,1\ng,y,2,2\nh,y,"
                   "0,1\ni,y,,1\n");
}

/* 5, 3, 6, 1 against 0, 2, 4, 1: scores themselves, and the share at 3 or more. */
static void
scores_of_one_occasion(void **state)
{
    (void)state;
    struct run run = RUN("input", one_occasion(), "by", "arm", "statistics", "all", "reference", "arm=x");
    assert_run(&run);
    assert_close(value_of(&run, "arm=y - arm=x", "gad2", "total", "all", "", "", "mean_difference"), -2,
                 1e-15);
    assert_close(value_of(&run, "arm=y - arm=x", "gad2", "total", "all", "", "", "mann_whitney.statistic"),
                 3.5, 0);
    assert_close(value_of(&run, "arm=y - arm=x", "gad2", "total", "all", "", "", "rate.positive.difference"),
                 -0.5, 1e-15);
    assert_close(value_of(&run, "all", "gad2", "total", "all", "", "", "rate.positive.chi2.exact_p"),
                 34.0 / 70, 1e-14);
    assert_null(om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "ancova.p"));
    assert_null(
        om_results_find(&run.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "rate.positive.trend.p"));
    release(&run);
}

/* With two groups the test over all is that of the pair; other orders of names give the same, turned round.
 */
static void
references(void **state)
{
    (void)state;
    struct run a = RUN("input", two_arms(), "by", "arm", "statistics", ALL),
               b = RUN("input", two_arms(), "by", "arm", "statistics", ALL, "reference", "TAU");
    assert_run(&a);
    assert_run(&b);
    static const char *const pair[] = {"arm=TAU - arm=PA", "arm=PA - arm=TAU"}; /* PA is first by name */
    assert_close(value_of(&b, pair[1], "gad2", "total", "all", "change", "", "mean_difference"),
                 -value_of(&a, pair[0], "gad2", "total", "all", "change", "", "mean_difference"), 1e-15);
    assert_close(value_of(&b, pair[1], "gad2", "total", "all", "post", "", "ancova.difference"),
                 -value_of(&a, pair[0], "gad2", "total", "all", "post", "", "ancova.difference"), 1e-13);
    assert_close(value_of(&a, pair[0], "gad2", "total", "all", "change", "", "welch.p"),
                 value_of(&a, "all", "gad2", "total", "all", "change", "", "welch_anova.p"), 1e-12);
    assert_null(om_results_find(&a.analysis->results, pair[1], NULL, NULL, NULL, NULL, NULL, NULL));
    assert_null(
        om_results_find(&a.analysis->results, NULL, NULL, NULL, NULL, NULL, NULL, "ancova.difference.p"));
    assert_null(
        om_results_find(&a.analysis->results, pair[0], NULL, NULL, NULL, NULL, NULL, "rate.improved.chi2.p"));
    release(&a);
    release(&b);
    b = RUN("input", two_arms(), "by", "arm", "statistics", "between", "reference", "placebo");
    assert_refused(&b, OM_ERR_USAGE, "there is no group", "arm=PA, arm=TAU");
    b = RUN("input", two_arms(), "by", "arm", "reference", "TAU");
    assert_refused(&b, OM_ERR_USAGE, "nothing compares groups", "--statistics");
    b = RUN("input", two_arms(), "statistics", "between", "reference", "TAU");
    assert_refused(&b, OM_ERR_USAGE, "nothing compares groups", "--by");
}

/* Every place that takes memory is made to fail once. */
static void
no_memory(void **state)
{
    (void)state;
    struct om_error err;
    struct om_study *study;
    size_t before = om_memory_live();
    assert_ok(om_study_new(&study, &err));
    assert_ok(om_study_set(study, "input", two_arms(), &err));
    assert_ok(om_study_set(study, "by", "arm", &err));
    assert_ok(om_study_set(study, "statistics", ALL, &err));
    assert_ok(om_study_set(study, "threads", "1", &err));
    bool done = false;
    for (size_t k = 0; !done && k < 100000; k += 1 + k / 200) {
        struct om_analysis *analysis = NULL;
        struct om_findings *findings = NULL;
        om_memory_fail_at(k);
        om_status status = om_analyse(study, NULL, &analysis, &findings, &err);
        om_memory_fail_at((size_t)-1);
        done = status == OM_OK;
        if (done)
            om_analysis_free(analysis);
        else {
            assert_int_equal(status, OM_ERR_NOMEM);
            om_findings_free(findings);
        }
    }
    assert_true(done);
    om_study_free(study);
    assert_int_equal(om_memory_live(), before);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(evaluation), cmocka_unit_test(number_needed),
        cmocka_unit_test(adjustment), cmocka_unit_test(scores_of_one_occasion),
        cmocka_unit_test(references), cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
