/* Change rules in a run: where their norms come from, which goes before which, and what is said where nothing
 * can be computed. The numbers themselves: test_evaluation.c. */
#include "studies.h"

#include <math.h>

/* A scale of two items, whose definition has norms of both populations and a reliability. */
#define NORMS                                                                                                \
    "id: tiny\nversion: 1.0\nname: Tiny\nsource: {citation: me, evidence: verified}\n"                       \
    "references: {me: none}\nitems: {1: a, 2: b}\nanswers: {0-9: }\n"                                        \
    "scales:\n  total:\n    combine: sum\n    range: [0, 18]\n"                                              \
    "    meaningful_change: {3: {default: true}}\n"                                                          \
    "    norms:\n"                                                                                           \
    "      clinic: {population: p, kind: clinical, mean: 12, sd: 3}\n"                                       \
    "      retest: {population: p, sd: 4, reliability: 0.9, reliability_kind: test-retest}\n"                \
    "      public: {population: q, kind: functional, mean: 4, sd: 2}\n"                                      \
    "  first: {combine: sum, items: 1-2}\n"                                                                  \
    "vectors:\n  - {name: one, answers: 1 1, expect: {total: 2}}\n"

static const char *
panel(void)
{
    return file_of("id,arm,tiny_1_pre,tiny_2_pre,tiny_1_post,tiny_2_post\n"
                   "a,x,9,8,1,2\nb,x,7,8,3,2\nc,y,5,6,9,9\nd,y,8,6,8,6\ne,y,6,4,2,2\nf,x,9,9,4,1\n");
}

static const char *
definition(void)
{
    return temporary_file(".yaml", NORMS, sizeof NORMS - 1);
}

static double
value(const struct run *run, const char *instrument, const char *rule, const char *statistic)
{
    return value_of(run, "all", instrument, "total", "all", "change", rule, statistic);
}

static const char *
note(const struct run *run, const char *instrument, const char *rule, const char *statistic)
{
    return row_of(run, "all", instrument, "total", "all", "change", rule, statistic)->note;
}

static void
assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" does not say \"%s\"", text, part);
}

/* The definition's norms. The SD of its clinical population goes before the one beside the reliability. */
static void
norms_of_the_definition(void **state)
{
    (void)state;
    struct run run = RUN("instrument", definition(), "input", panel());
    assert_run(&run);
    assert_close(value(&run, "tiny", "jt", "reliability"), .9, 1e-15);
    assert_close(value(&run, "tiny", "jt", "sem"), 3 * sqrt(.1), 1e-14);
    assert_close(value(&run, "tiny", "jt", "cutoff"), (3 * 4 + 2 * 12) / 5., 1e-14);
    assert_string_equal(note(&run, "tiny", "jt", "reliability"), "tiny, retest");
    assert_string_equal(note(&run, "tiny", "jt", "sem"), "tiny, clinic");
    assert_has(
        note(&run, "tiny", "jt", "class.recovered"),
        "reliability 0.9 (tiny, retest), SD 3 (tiny, clinic); cut-off c at 7.2 (clinical: tiny, clinic; "
        "functional: tiny, public)");
    assert_null(
        om_results_find(&run.analysis->results, "all", "tiny", "total", "all", "change", "jt", "flips"));
    /* the other scale has no norms: everything is the sample's own */
    assert_has(row_of(&run, "all", "tiny", "first", "all", "change", "jt", "class.recovered")->note,
               "(alpha of the sample)");
    assert_has(row_of(&run, "all", "tiny", "first", "all", "change", "jt", "flips")->note,
               "the ends of its interval");
    release(&run);
}

/* The study's go before the definition's, one by one. */
static void
norms_of_the_study(void **state)
{
    (void)state;
    struct run run = RUN("instrument", definition(), "input", panel(), "rule", "all", "clinical-norms",
                         "tiny=11:5", "reliability", "tiny=.75:.5", "jt-cutoff", "a", "anchor", "tiny=6:2",
                         "reliability", "tiny.first=.6", "percent", "tiny=.4", "by", "arm");
    assert_run(&run);
    assert_close(value(&run, "tiny", "jt", "sem"), 2.5, 1e-15);
    assert_close(value(&run, "tiny", "jt", "cutoff"), 11 - 2 * 5, 1e-15);
    assert_close(value(&run, "tiny", "nk", "reliability_post"), .5, 1e-15);
    assert_close(value(&run, "tiny", "nk", "se_difference"), 5 * sqrt(.75 * .75 * .25 + .5), 1e-15);
    assert_close(value(&run, "tiny", "gln", "se_prediction"), 5 * sqrt(1 - .5625), 1e-15);
    assert_has(note(&run, "tiny", "jt", "class.recovered"), "cut-off a at 1 (clinical: the study)");
    assert_string_equal(note(&run, "tiny", "anchor", "class.improved"),
                        "6 points or more, 2 for deterioration");
    assert_string_equal(note(&run, "tiny", "percent", "class.improved"), "40 % of the first score or more");
    assert_has(row_of(&run, "all", "tiny", "first", "all", "change", "jt", "reliability")->note, "the study");
    assert_null(
        om_results_find(&run.analysis->results, "all", "tiny", "first", "all", "change", "anchor", NULL));
    /* what holds for everyone stands once */
    assert_null(om_results_find(&run.analysis->results, "arm=x", NULL, NULL, NULL, "change", "jt", "sem"));
    assert_non_null(om_results_find(&run.analysis->results, "arm=x", "tiny", "total", "all", "change", "jt",
                                    "class.harmed"));
    release(&run);
}

/* Everyone's SD is used for every group, and for those screening positive. */
static void
groups_are_judged_alike(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "by", "cohort", "rule", "jt");
    assert_run(&run);
    static const char *const classes[] = {"class.recovered",    "class.improved", "class.unchanged",
                                          "class.deteriorated", "class.harmed",   "flips"};
    for (size_t c = 0; c < sizeof classes / sizeof classes[0]; c++) {
        uint64_t sum = 0;
        static const char *const cohorts[] = {"cohort=1", "cohort=2", "cohort=3"};
        for (size_t g = 0; g < 3; g++)
            sum += row_of(&run, cohorts[g], "bipf", "total", "all", "change", "jt", classes[c])->numerator;
        assert_int_equal(sum,
                         row_of(&run, "all", "bipf", "total", "all", "change", "jt", classes[c])->numerator);
    }
    struct run positive = RUN("input", "data/evaluation_wide.csv", "population", "positive", "rule", "jt");
    assert_run(&positive);
    const struct om_result *a =
        row_of(&run, "all", "bipf", "total", "positive", "change", "jt", "class.recovered");
    const struct om_result *b =
        row_of(&positive, "all", "bipf", "total", "positive", "change", "jt", "class.recovered");
    assert_int_equal(a->numerator, b->numerator);
    assert_string_equal(a->note, b->note);
    assert_true(value_of(&positive, "all", "bipf", "total", "positive", "change", "jt", "sem") ==
                value_of(&run, "all", "bipf", "total", "all", "change", "jt", "sem"));
    release(&run);
    release(&positive);
}

/* Totals have no items and so no alpha: no index without a reliability, and all of them with one. */
static void
totals(void **state)
{
    (void)state;
    const char *csv = file_of("id,mood_pre,mood_post\na,30.5,12\nb,41,38.5\nc,28,33\nd,35,10.5\ne,44,0\n");
    struct run run = RUN("input", csv, "scale", "mood:mood_{occasion}", "rule", "all");
    assert_run(&run);
    assert_null(om_results_find(&run.analysis->results, "all", "mood", "total", "all", "change", "jt", NULL));
    assert_close(value(&run, "mood", "functional", "class.improved"), .6, 1e-15); /* 35.7 - 2 * 6.8 = 22.1 */
    release(&run);
    run = RUN("input", csv, "scale", "mood:mood_{occasion}", "rule", "jt,cwb", "reliability", "mood=.9",
              "functional-norms", "mood=8:6", "anchor", "mood=2.5");
    assert_run(&run);
    assert_close(value(&run, "mood", "jt", "improved.any"), .6, 1e-15);
    assert_close(value(&run, "mood", "cwb", "improved.any"), .8, 1e-15); /* 41 to 38.5 is 2.5 points */
    assert_has(note(&run, "mood", "jt", "class.recovered"),
               "cut-off b at 20 (functional: the study)"); /* a: 22.1 */
    release(&run);
}

/* From 0 upwards: left out here, counted twice by the package. */
static void
compatible(void **state)
{
    (void)state;
    const char *csv = file_of("id,mood_pre,mood_post\na,0,2\nb,10,5\nc,0,0\nd,8,8\ne,4,6\n");
    struct run run = RUN("input", csv, "scale", "mood:mood_{occasion}", "rule", "percent");
    assert_run(&run);
    assert_close(value(&run, "mood", "percent", "class.improved"), 1 / 3., 1e-15);
    assert_has(note(&run, "mood", "percent", "class.improved"), "2 left out, their first score is 0");
    release(&run);
    run = RUN("input", csv, "scale", "mood:mood_{occasion}", "rule", "percent,functional", "compat",
              "clinicalsignificance", "functional-norms", "mood=2:1", "jt-cutoff", "b");
    assert_run(&run);
    assert_close(value(&run, "mood", "percent", "class.improved"), 2 / 5., 1e-15);
    assert_close(value(&run, "mood", "percent", "class.deteriorated"), 2 / 5., 1e-15);
    assert_close(value(&run, "mood", "percent", "class.unchanged"), 2 / 5., 1e-15);
    assert_has(note(&run, "mood", "percent", "class.improved"), "1 in both classes");
    /* b with the SD of the sample: 2 + 2 * 4.56 */
    assert_close(value(&run, "mood", "functional", "cutoff"), 2 + 2 * sqrt(20.8), 1e-14);
    release(&run);
}

static void
nothing_to_compute_from(void **state)
{
    (void)state;
    static const struct {
        const char *csv, *rule, *why;
    } cases[] = {
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,1,2,3,3\n", "jt", "n is 1"},
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,1,2,3,3\nb,1,2,0,0\n", "jt",
         "same on every form"},
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,1,2,3,3\nb,2,1,0,0\nc,3,0,1,1\n", "gln",
         "on every form"},
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,0,3,1,1\nb,3,1,0,0\nc,0,2,1,0\n", "jt",
         "below 0"},
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,0,0,0,0\nb,3,3,3,3\nc,1,1,1,1\n", "jt",
         "1 or more"},
        {"id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,1,0,1,0\nb,2,3,2,3\nc,1,1,1,1\n", "ha",
         "vary no more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct run run = RUN("input", file_of(cases[i].csv), "rule", "all", "statistics", "group-change");
        assert_run(&run);
        const struct om_result *row =
            row_of(&run, "all", "gad2", "total", "all", "change", cases[i].rule, "class.improved");
        assert_false(row->has_value);
        assert_has(row->note, cases[i].why);
        row = row_of(&run, "all", "gad2", "total", "all", "change", "ha", "group.changed");
        assert_false(row->has_value);
        release(&run);
    }
    /* nobody at both: with pairs of another scale only */
    struct run run = RUN("input",
                         file_of("id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post,phq2_1_pre,phq2_2_pre,"
                                 "phq2_1_post,phq2_2_post\na,1,2,,,1,2,1,1\nb,,,2,2,2,3,1,0\n"),
                         "rule", "all", "statistics", "group-change");
    assert_run(&run);
    assert_false(
        row_of(&run, "all", "gad2", "total", "all", "change", "functional", "class.improved")->has_value);
    release(&run);
}

static void
refused(void **state)
{
    (void)state;
    struct run run = RUN("input", "data/evaluation_wide.csv", "reliability", "bdi=.8");
    assert_refused(&run, OM_ERR_USAGE, "--reliability names 'bdi'", "INSTRUMENT.SCALE");
    run = RUN("input", "data/evaluation_wide.csv", "anchor", "pcl5.cluster_x=3");
    assert_refused(&run, OM_ERR_USAGE, "--anchor names 'pcl5.cluster_x'", "INSTRUMENT.SCALE");
    run = RUN("input", "data/evaluation_wide.csv", "anchor", "pcl=3");
    assert_refused(&run, OM_ERR_USAGE, "--anchor names 'pcl'", "");
}

/* Rows of the group against the same numbers from their parts. */
static void
group_change(void **state)
{
    (void)state;
    struct run run = RUN("instrument", definition(), "input", panel(), "by", "arm", "statistics",
                         "group-change", "reliability", "tiny=.8");
    assert_run(&run);
    const struct om_result *row =
        row_of(&run, "all", "tiny", "total", "all", "change", "anchor", "within.difference");
    assert_close(row->value, value_of(&run, "all", "tiny", "total", "all", "change", "", "mean"), 1e-15);
    assert_string_equal(row->family, "group-change");
    row = row_of(&run, "all", "tiny", "total", "all", "change", "anchor", "within.category");
    assert_string_equal(row->method, "not-significant");
    row = row_of(&run, "arm=y - arm=x", "tiny", "total", "all", "post", "anchor", "between.difference");
    assert_close(row->value, 12 - 13 / 3., 1e-14); /* 18, 14, 4 against 3, 5, 5 */
    assert_int_equal(row->n, 6);
    row = row_of(&run, "arm=y - arm=x", "tiny", "total", "all", "post", "anchor", "between.category");
    assert_has(row->note, "the threshold is 3 points");
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(norms_of_the_definition),
        cmocka_unit_test(norms_of_the_study),
        cmocka_unit_test(groups_are_judged_alike),
        cmocka_unit_test(totals),
        cmocka_unit_test(compatible),
        cmocka_unit_test(nothing_to_compute_from),
        cmocka_unit_test(refused),
        cmocka_unit_test(group_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
