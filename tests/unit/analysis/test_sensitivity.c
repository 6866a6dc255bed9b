/* The families agreement, sensitivity and regression-to-mean, from panels to rows. */
#include "oracle_rows.h"

#define ORACLE "tests/oracle/agreement_evaluation.csv"

/* Every row, against the same numbers computed independently: tests/oracle/agreement_evaluation.py. */
static void
every_row(void **state)
{
    (void)state;
    static const char *const families[] = {"agreement", "sensitivity", "regression-to-mean"};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        struct run run = RUN("input", "data/evaluation_wide.csv", "statistics", families[i]);
        size_t rows = 0;
        assert_run(&run);
        for (size_t k = 0; k < run.analysis->results.n_rows; k++)
            rows += strcmp(run.analysis->results.row[k].family, families[i]) == 0;
        assert_lines(&run, ORACLE, families[i], rows);
    }
}

#define PHQ9(rule, statistic) value_of(&run, "all", "phq9", "total", "all", "change", rule, statistic)

/* The points and the cut-off in force are among the thresholds, and give the rates of the rules. */
static void
thresholds_in_force(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "statistics", "sensitivity");
    assert_run(&run);
    assert_close(PHQ9("shift", "improved.5"), PHQ9("shift", "class.improved"), 0);
    assert_close(PHQ9("shift", "deteriorated.5"), PHQ9("shift", "class.deteriorated"), 0);
    assert_close(PHQ9("shift", "improved.6"), PHQ9("reliable", "class.improved"), 0);
    const struct om_result *left = row_of(&run, "all", "phq9", "total", "all", "change", "screen", "left.10");
    const struct om_result *improved =
        row_of(&run, "all", "phq9", "total", "positive", "change", "screen", "class.improved");
    assert_int_equal(left->numerator, improved->numerator);
    assert_int_equal(left->denominator, improved->denominator);
    double before = 1;
    for (int p = 1; p <= 27; p++) { /* more points, fewer responders */
        char statistic[32];
        snprintf(statistic, sizeof statistic, "improved.%d", p);
        assert_true(PHQ9("shift", statistic) <= before);
        before = PHQ9("shift", statistic);
    }
    assert_null(
        om_results_find(&run.analysis->results, NULL, "phq9", "total", NULL, NULL, NULL, "improved.28"));
    assert_null(
        om_results_find(&run.analysis->results, NULL, "phq9", "total", "positive", NULL, NULL, "left.10"));
    release(&run);
}

/* A scale where more is better, a mean of answers (0 to 4 in hundredths, every 5th), and one of 300 points.
 */
#define DEFINITION                                                                                           \
    "id: well\nversion: 1.0\nname: Well\nsource: {citation: me, evidence: verified}\nreferences: {me: "      \
    "none}\n"                                                                                                \
    "items: {1: a, 2: b, 3: c}\nanswers: {0-100: }\nprefixes: [well]\nscales:\n"                             \
    "  total: {combine: sum, higher_is: better, cutoffs: {150: {default: true, source: {citation: me, "      \
    "evidence: verified}}}}\n"                                                                               \
    "  mean: {combine: mean, items: 1-2}\n"                                                                  \
    "vectors:\n  - {name: one, answers: 1 1 1, expect: {total: 3}}\n"

static void
other_kinds_of_scale(void **state)
{
    (void)state;
    const char *definition = temporary_file(".yaml", DEFINITION, sizeof DEFINITION - 1);
    const char *panel = file_of("id,well_1_pre,well_2_pre,well_3_pre,well_1_post,well_2_post,well_3_post\n"
                                "a,10,20,30,40,50,69\n" /* 60 to 159, mean 15 to 45 */
                                "b,50,50,50,50,50,53\n" /* 150 to 153 */
                                "c,90,90,90,80,80,80\n" /* 270 to 240 */
                                "d,20,20,20,,,\n"       /* 60, lost */
                                "e,100,100,90,,,\n");   /* 290, lost */
    struct run run =
        RUN("instrument", definition, "input", panel, "statistics", "sensitivity,regression-to-mean");
    assert_run(&run);
#define WELL(population, rule, statistic)                                                                    \
    value_of(&run, "all", "well", "total", population, "change", rule, statistic)
    assert_close(WELL("all", "shift", "improved.5"), 1 / 3.0, 1e-15);
    assert_close(WELL("all", "shift", "improved.95"), 1 / 3.0, 1e-15);
    assert_true(WELL("all", "shift", "improved.100") == 0);
    assert_close(WELL("all", "shift", "deteriorated.30"), 1 / 3.0, 1e-15);
    assert_null(
        om_results_find(&run.analysis->results, NULL, "well", "total", NULL, NULL, NULL, "improved.1"));
    assert_close(WELL("all", "screen", "left.150"), 1, 0); /* a and b are positive and leave */
    assert_close(WELL("all", "screen", "left.155"), 1 / 2.0, 1e-15);
    assert_close(WELL("all", "screen", "left.60"), 1, 0);
    assert_null(om_results_find(&run.analysis->results, NULL, "well", "total", NULL, NULL, NULL, "left.300"));
    assert_true(value_of(&run, "all", "well", "mean", "all", "change", "shift", "deteriorated.30") > 0.3);
    assert_close(WELL("positive", "shift", "worst_case.improved"), 1 / 3.0, 1e-15);
    assert_close(WELL("positive", "shift", "best_case.improved"), 2 / 3.0, 1e-15);
    assert_close(WELL("all", "shift", "worst_case.deteriorated"), 3 / 5.0, 1e-15);
    assert_close(value_of(&run, "all", "well", "total", "all", "pre", "", "dropouts.mean"), 175, 0);
    assert_close(value_of(&run, "all", "well", "total", "all", "pre", "", "completers.mean"), 160, 0);
    /* The low ones are selected and come up by themselves. */
    assert_true(value_of(&run, "all", "well", "total", "positive", "change", "", "rtm.expected") > 0);
    assert_true(value_of(&run, "all", "well", "total", "positive", "change", "", "rtm_normal.expected") > 0);
    release(&run);
}

/* Totals: the range is that of the scores, and small ones with decimals are looked at in hundredths. */
static void
totals(void **state)
{
    (void)state;
    const char *panel = file_of("id,bdi_pre,bdi_post,core_pre,core_post\n"
                                "a,40.5,12.5,2.5,1.25\nb,-3,4,1,1.3\nc,20,20,3.1,2.9\n");
    struct run run =
        RUN("input", panel, "scale", "bdi:bdi", "scale", "core:core", "statistics", "sensitivity");
    assert_run(&run);
    assert_close(value_of(&run, "all", "bdi", "total", "all", "change", "shift", "improved.28"), 1 / 3.0,
                 1e-15);
    assert_true(value_of(&run, "all", "bdi", "total", "all", "change", "shift", "improved.29") == 0);
    assert_close(value_of(&run, "all", "bdi", "total", "all", "change", "screen", "left.13"), 1 / 2.0, 1e-15);
    assert_close(value_of(&run, "all", "bdi", "total", "all", "change", "screen", "entered.-2"), 1, 0);
    assert_null(om_results_find(&run.analysis->results, NULL, "bdi", NULL, NULL, NULL, NULL, "improved.45"));
    assert_close(value_of(&run, "all", "core", "total", "all", "change", "shift", "improved.0.2"), 2 / 3.0,
                 1e-15);
    assert_close(value_of(&run, "all", "core", "total", "all", "change", "screen", "left.3"), 1, 0);
    release(&run);
}

/* Who began at 0 has no per cent, come back or not. */
static void
bounds_of_percent(void **state)
{
    (void)state;
    struct run run = RUN("input",
                         file_of("id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n"
                                 "a,2,2,1,1\nb,0,0,0,0\nc,0,0,,\nd,1,1,,\n"),
                         "statistics", "sensitivity");
    assert_run(&run);
    const struct om_result *best =
        row_of(&run, "all", "gad2", "total", "all", "change", "percent", "best_case.improved");
    assert_int_equal(best->numerator, 2);
    assert_int_equal(best->denominator, 2);
    best = row_of(&run, "all", "gad2", "total", "all", "change", "shift", "best_case.improved");
    assert_int_equal(best->denominator, 4);
    release(&run);
}

/* The correlation: that of the sample, alpha, or the study's own for an instrument. */
static void
correlation_of_regression(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "statistics", "regression-to-mean",
                         "rtm-correlation", "alpha", "rtm-correlation", "phq9=0.84");
    assert_run(&run);
#define RTM(instrument, statistic)                                                                           \
    row_of(&run, "all", instrument, "total", "positive", "change", "", statistic)
    assert_close(RTM("phq9", "rtm.correlation")->value, 0.84, 0);
    assert_string_equal(RTM("phq9", "rtm.correlation")->method, "study");
    assert_close(RTM("gad7", "rtm.correlation")->value,
                 value_of(&run, "all", "gad7", "total", "all", "pre", "", "alpha"), 0);
    assert_string_equal(RTM("gad7", "rtm.correlation")->method, "alpha");
    assert_close(RTM("phq9", "rtm.expected")->value,
                 0.16 * (value_of(&run, "all", "phq9", "total", "all", "pre", "", "mean") -
                         value_of(&run, "all", "phq9", "total", "positive", "pre", "", "mean")),
                 1e-13);
    release(&run);
    run = RUN("input", "data/evaluation_wide.csv", "rtm-correlation", "moca=0.8");
    assert_refused(&run, OM_ERR_USAGE, "moca", "instruments list");
}

/* One occasion: nothing to compare, and nothing made up. */
static void
one_occasion(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/nhanes_2015_2016_phq9.csv", "statistics", "all");
    assert_run(&run);
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const char *family = run.analysis->results.row[i].family;
        assert_true(strcmp(family, "agreement") != 0 && strcmp(family, "sensitivity") != 0 &&
                    strcmp(family, "regression-to-mean") != 0);
    }
    release(&run);
}

/* Rules that were not asked for are not crossed. */
static void
agreement_of_rules_asked_for(void **state)
{
    (void)state;
    struct run run =
        RUN("input", "data/evaluation_wide.csv", "statistics", "agreement", "rule", "reliable,shift");
    assert_run(&run);
    size_t pairs = 0;
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i];
        pairs += strcmp(row->statistic, "agree") == 0;
        assert_true(strchr(row->rule, '*') == NULL || strcmp(row->rule, "shift*reliable") == 0);
    }
    assert_int_equal(pairs, 6); /* PHQ-9, GAD-7 and PCL-5 totals, two populations */
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(thresholds_in_force),
        cmocka_unit_test(other_kinds_of_scale),
        cmocka_unit_test(totals),
        cmocka_unit_test(bounds_of_percent),
        cmocka_unit_test(correlation_of_regression),
        cmocka_unit_test(one_occasion),
        cmocka_unit_test(agreement_of_rules_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
