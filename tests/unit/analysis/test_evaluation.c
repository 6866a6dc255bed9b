/* Every number of the reports on data/, against the same numbers computed independently:
 * tests/oracle/reproduce_evaluation.py, whose output is tests/oracle/evaluation.csv. */
#include "oracle_rows.h"

/* Every row of the analysis. */
static void
assert_report(struct run *run, const char *name)
{
    assert_run(run);
    assert_lines(run, "tests/oracle/evaluation.csv", name, run->analysis->results.n_rows);
}

/* The rules that look at norms: all of them, with norms of every origin, for the whole questionnaires. */
static void
test_rules_with_norms(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "population", "all", "rule",
                         "jt,gln,hll,en,nk,ha,anchor,cwb,functional,functional-ha", "reliability",
                         "phq9=.86:.8", "reliability", "gad2=.7", "functional-norms", "phq9=3.3:3.8",
                         "functional-norms", "gad7=.5:.25", "functional-norms", "bipf=8:11", "clinical-norms",
                         "gad7=14:4", "anchor", "phq9=6:4", "anchor", "bipf=12.5");
    assert_run(&run);
    size_t rows = 0;
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i];
        rows += *row->rule && strcmp(row->rule, "safety") != 0 && strcmp(row->scale, "total") == 0 &&
                strcmp(row->instrument, "phq2") != 0 && strcmp(row->instrument, "phq8") != 0;
    }
    assert_lines(&run, "tests/oracle/evaluation.csv", "evaluation-rules", rows);
}

/* By the index, `reliable` is `jt` without its cut-off; the rows of jt are recomputed independently. */
static void
test_reliable_by_index(void **state)
{
    (void)state;
    static const char *const twin[][2] = {{"class.improved", "improved.any"},
                                          {"class.unchanged", "class.unchanged"},
                                          {"class.deteriorated", "deteriorated.any"}};
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "reliable", "index");
    size_t n = 0;
    assert_run(&run);
    for (size_t i = 0; i < run.analysis->results.n_rows; i++) {
        const struct om_result *row = &run.analysis->results.row[i];
        for (size_t k = 0; k < 3 && strcmp(row->rule, "reliable") == 0; k++) {
            if (strcmp(row->statistic, twin[k][0]) != 0)
                continue;
            const struct om_result *jt = row_of(&run, row->group, row->instrument, row->scale,
                                                row->population, row->occasion, "jt", twin[k][1]);
            assert_int_equal(row->numerator, jt->numerator);
            assert_int_equal(row->denominator, jt->denominator);
            n++;
        }
    }
    assert_true(n >= 3 * 4 * 9); /* every scale of points, also those without published ones */
    assert_non_null(om_results_find(&run.analysis->results, "all", "bipf", "total", "all", "change",
                                    "reliable", "class.improved"));
    release(&run);
}

static void
test_evaluation(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort");
    assert_report(&run, "evaluation");
}

static void
test_nhanes(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/nhanes_2015_2016_phq9.csv");
    assert_report(&run, "nhanes");
}

static void
test_nhanes_prorated(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/nhanes_2015_2016_phq9.csv", "missing-rule", "prorate");
    assert_report(&run, "nhanes-prorated");
}

/* The published percentages: improved, of those screening positive. */
static void
test_published_percentages(void **state)
{
    (void)state;
    static const struct {
        const char *instrument, *rule;
        uint64_t k, n;
    } published[] = {{"gad7", "band-or-shift", 52, 57},
                     {"phq9", "band-or-shift", 53, 67},
                     {"pcl5", "screen", 42, 49},
                     {"bipf", "shift", 72, 78}};
    struct run run = RUN("input", "data/evaluation_wide.csv");
    assert_run(&run);
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        const struct om_result *row = row_of(&run, "all", published[i].instrument, "total", "positive",
                                             "change", published[i].rule, "class.improved");
        assert_int_equal(row->numerator, published[i].k);
        assert_int_equal(row->denominator, published[i].n);
    }
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evaluation),       cmocka_unit_test(test_reliable_by_index),
        cmocka_unit_test(test_rules_with_norms), cmocka_unit_test(test_nhanes),
        cmocka_unit_test(test_nhanes_prorated),  cmocka_unit_test(test_published_percentages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
