/* Every number of the reports on data/, against the same numbers computed independently:
 * tests/oracle/reproduce_evaluation.py, whose output is tests/oracle/evaluation.csv. */
#include "studies.h"

#include <omstat/csv.h>

enum {
    REPORT,
    GROUP,
    INSTRUMENT,
    SCALE,
    POPULATION,
    OCCASION,
    RULE,
    STATISTIC,
    VALUE,
    LOWER,
    UPPER,
    NUMERATOR,
    DENOMINATOR,
    N,
    FIELDS
};

static const char *
text_of(const struct om_field *field, char buffer[80])
{
    snprintf(buffer, 80, "%.*s", (int)field->length, field->data);
    return buffer;
}

static void
assert_number(const struct om_field *want, bool has, double got, const char *what, const char *place)
{
    char text[80];
    if ((want->length > 0) != has)
        fail_msg("%s: %s is %s", place, what, has ? "there" : "not there");
    if (!has)
        return;
    double expected = strtod(text_of(want, text), NULL);
    double error = got > expected ? got - expected : expected - got;
    if (error > 1e-9 * (expected < 0 ? -expected : expected))
        fail_msg("%s: %s is %.17g, expected %s", place, what, got, text);
}

static void
assert_line(const struct run *run, const struct om_field *field)
{
    char part[RULE + 2][80], place[700];
    for (int i = GROUP; i <= STATISTIC; i++)
        text_of(&field[i], part[i - GROUP]);
    snprintf(place, sizeof place, "%s/%s/%s/%s/%s/%s/%s", part[0], part[1], part[2], part[3], part[4],
             part[5], part[6]);
    const struct om_result *row = om_results_find(&run->analysis->results, part[0], part[1], part[2], part[3],
                                                  part[4], part[5], part[6]);
    if (!row)
        fail_msg("no row %s", place);
    assert_number(&field[VALUE], row->has_value, row->value, "value", place);
    assert_number(&field[LOWER], row->has_interval, row->lower, "lower", place);
    assert_number(&field[UPPER], row->has_interval, row->upper, "upper", place);
    assert_number(&field[NUMERATOR], row->has_ratio, (double)row->numerator, "numerator", place);
    assert_number(&field[DENOMINATOR], row->has_ratio, (double)row->denominator, "denominator", place);
    assert_number(&field[N], row->has_n, (double)row->n, "n", place);
    if (!row->has_value)
        assert_true(*row->note); /* why not */
}

/* The lines of one report, which are as many as the rows that should be among them. */
static void
assert_lines(struct run *run, const char *name, size_t rows)
{
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    size_t n = 0;
    assert_run(run);
    assert_ok(om_csv_open("tests/oracle/evaluation.csv", NULL, &reader, &err));
    do {
        assert_ok(om_csv_next(reader, &batch, &err));
        for (size_t r = 0; r < batch.n_records; r++) {
            const struct om_field *field = &batch.field[batch.record[r].first_field];
            char report[80];
            assert_int_equal(batch.record[r].n_fields, FIELDS);
            if (strcmp(text_of(&field[REPORT], report), name) != 0)
                continue;
            assert_line(run, field);
            n++;
        }
    } while (batch.n_records > 0);
    om_csv_close(reader);
    assert_int_equal(rows, n);
    release(run);
}

/* Every row of the analysis. */
static void
assert_report(struct run *run, const char *name)
{
    assert_run(run);
    assert_lines(run, name, run->analysis->results.n_rows);
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
    assert_lines(&run, "evaluation-rules", rows);
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
        cmocka_unit_test(test_evaluation),
        cmocka_unit_test(test_rules_with_norms),
        cmocka_unit_test(test_nhanes),
        cmocka_unit_test(test_nhanes_prorated),
        cmocka_unit_test(test_published_percentages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
