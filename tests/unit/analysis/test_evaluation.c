/* Every number of the reports on data/, against the same numbers computed independently:
 * tests/oracle/reproduce_evaluation.py, whose output is tests/oracle/evaluation.csv. */
#include "oracle_rows.h"

static void
test_evaluation(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort");
    assert_report(&run, "tests/oracle/evaluation.csv", "", "evaluation");
}

static void
test_nhanes(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/nhanes_2015_2016_phq9.csv");
    assert_report(&run, "tests/oracle/evaluation.csv", "", "nhanes");
}

static void
test_nhanes_prorated(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/nhanes_2015_2016_phq9.csv", "missing-rule", "prorate");
    assert_report(&run, "tests/oracle/evaluation.csv", "", "nhanes-prorated");
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
        cmocka_unit_test(test_evaluation),
        cmocka_unit_test(test_nhanes),
        cmocka_unit_test(test_nhanes_prorated),
        cmocka_unit_test(test_published_percentages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
