/* Scales that arrive as totals: any decimals, both directions, every layout. */
#include "studies.h"

static const char wide[] =
    "id,arm,bdi_pre,bdi_post,who_pre,who_post\n"
    "1,a,30.5,10,5,12\n2,a,22,25.25,7,7\n3,b,40,,3,9\n4,b,18,9,NA,11\n5,b,33,20.50,6,14\n";
/* The same, a record an occasion, in no order; and with the ids ascending. */
static const char shuffled[] =
    "who,id,time,arm,bdi\n14,5,post,b,20.5\n5,1,pre,a,30.50\n9,3,post,b,\n7,2,pre,a,22\n"
    "NA,4,pre,b,18.0\n12,1,post,a,10\n7,2,post,a,25.25\n3,3,pre,b,40\n11,4,post,b,9\n"
    "6,5,pre,b,33\n";
static const char ordered[] = "who,id,time,arm,bdi\n5,1,pre,a,30.50\n12,1,post,a,10\n7,2,pre,a,22\n"
                              "7,2,post,a,25.25\n3,3,pre,b,40\n9,3,post,b,\nNA,4,pre,b,18.0\n11,4,post,b,9\n"
                              "6,5,pre,b,33\n14,5,post,b,20.5\n";

#define BOTH "scale", "bdi:bdi", "scale", "who:who:better=higher"

static void
test_values(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of(wide), "by", "arm", BOTH);
    assert_run(&run);
    /* 30.5, 22, 18, 33 and 10, 25.25, 9, 20.5 */
    assert_close(value_of(&run, "all", "bdi", "total", "all", "pre", "", "mean"), 25.875, 1e-15);
    assert_close(value_of(&run, "all", "bdi", "total", "all", "post", "", "mean"), 16.1875, 1e-15);
    assert_close(value_of(&run, "all", "bdi", "total", "all", "change", "", "median"), -10.75, 1e-15);
    assert_close(value_of(&run, "arm=a", "bdi", "total", "all", "change", "", "mean"), -8.625, 1e-15);
    /* Lower is better here, and higher there. */
    assert_int_equal(
        row_of(&run, "all", "bdi", "total", "all", "change", "shift", "class.improved")->numerator, 3);
    assert_int_equal(
        row_of(&run, "all", "who", "total", "all", "change", "shift", "class.improved")->numerator, 3);
    assert_int_equal(
        row_of(&run, "all", "who", "total", "all", "change", "shift", "class.deteriorated")->numerator, 0);
    assert_int_equal(
        row_of(&run, "all", "bdi", "total", "all", "change", "percent", "class.improved")->numerator, 2);
    assert_int_equal(row_of(&run, "all", "bdi", "total", "all", "post", "", "missing")->value, 1);
    assert_null(om_results_find(&run.analysis->results, "all", "bdi", "total", "all", "pre", "", "alpha"));
    release(&run);
}

static void
test_layouts(void **state)
{
    (void)state;
    const char *const files[] = {file_of(shuffled), file_of(ordered)};
    const char *const threads[] = {"1", "3"};
    const char *wide_file = file_of(wide);
    for (size_t i = 0; i < 4; i++) {
        struct run a = RUN("input", wide_file, "by", "arm", BOTH);
        struct run b = RUN("input", files[i / 2], "by", "arm", "threads", threads[i % 2], BOTH);
        assert_same_results(&a, &b, i / 2 ? "ordered" : "shuffled");
    }
}

/* A known instrument keeps its bands, cut-off and thresholds. */
static void
test_known_instrument(void **state)
{
    (void)state;
    const char *file =
        file_of("id,when,phq9_total\n1,pre,14.625\n1,post,9\n2,pre,20\n2,post,10\n3,pre,4\n3,post,99\n");
    struct run run = RUN("input", file, "scale", "phq9:phq9_total", "occasion-column", "when");
    assert_run(&run);
    const struct om_result *row =
        row_of(&run, "all", "phq9", "total", "all", "pre", "", "band.moderately_severe");
    assert_int_equal(row->numerator, 1); /* 14.625 rounds half up to 15 */
    assert_int_equal(row_of(&run, "all", "phq9", "total", "positive", "change", "", "n")->n, 2);
    row = row_of(&run, "all", "phq9", "total", "all", "change", "reliable", "class.improved");
    assert_int_equal(row->numerator, 1); /* 10 points; 5.625 are not 6 */
    assert_int_equal(row->denominator, 2);
    assert_int_equal(findings_of(&run, 133), 1); /* 99 */
    release(&run);
}

static void
test_definition(void **state)
{
    (void)state;
    static const char yaml[] =
        "id: bdi2\nversion: 1.0\nname: BDI-II\nprefixes: [bdi, bdi2]\nscales:\n  total:\n"
        "    combine: total\n    range: [0, 63]\n    bands: {minimal: 0, mild: 14, moderate: 20, "
        "severe: 29}\n    cutoffs:\n      14: {default: true}\n    reliable_change:\n"
        "      usual: {points: 9, default: true}\n";
    const char *definition = temporary_file(".yaml", yaml, sizeof yaml - 1);
    struct run run = RUN("input", file_of("id,bdi_total_pre,bdi_total_post\n1,30,12.5\n2,13,13\n"),
                         "instrument", definition);
    assert_run(&run);
    assert_int_equal(row_of(&run, "all", "bdi2", "total", "all", "pre", "", "band.severe")->numerator, 1);
    assert_int_equal(
        row_of(&run, "all", "bdi2", "total", "all", "change", "screen", "class.improved")->numerator, 1);
    assert_int_equal(
        row_of(&run, "all", "bdi2", "total", "all", "change", "reliable", "class.improved")->numerator, 1);
    release(&run);
    static const char *const wrong[][2] = {
        {"id: x\nversion: 1\nname: X\nscales: {total: {combine: sum}}\n", "items"},
        {"id: x\nversion: 1\nname: X\nscales: {a: {combine: total}, b: {combine: total}}\n", "only one"},
        {"id: x\nversion: 1\nname: X\nanswers: {0: no, 1: yes}\nscales: {a: {combine: total}}\n", "answers"},
        {"id: x\nversion: 1\nname: X\nscales: {a: {combine: total, bands: {low: 0}}}\n", "range"},
        {"id: x\nversion: 1\nname: X\nscales: {a: {combine: total, range: [9, 1]}}\n", "backwards"},
        {"id: x\nversion: 1\nname: X\nitems: {1: a, 2: b}\nanswers: {0: no, 1: yes}\nscales: {a: {combine: "
         "total}}\n",
         "without items"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        run = RUN("instrument", temporary_file(".yaml", wrong[i][0], strlen(wrong[i][0])));
        assert_refused(&run, OM_ERR_DEFINITION, wrong[i][1], "");
    }
}

static void
test_columns(void **state)
{
    (void)state;
    static const struct {
        const char *header, *scale;
    } fine[] = {
        {"id,bdi_pre,bdi_post", "bdi:bdi"},
        {"id,pre_bdi,post_bdi", "bdi:bdi"},
        {"id,bdi.1,bdi.2", "bdi:bdi"},
        {"id,T1 BDI total,T2 BDI total", "bdi:bdi_total"},
        {"id,bdi_pre,bdi_post", "bdi:bdi_{occasion}"},
        {"id,Beck pre,Beck post", "bdi:beck"},
    };
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s\n1,20,10\n2,30,25\n", fine[i].header);
        struct run run = RUN("input", file_of(text), "scale", fine[i].scale);
        if (run.status != OM_OK)
            fail_msg("%s: %s", fine[i].header, run.err.message);
        assert_close(value_of(&run, "all", "bdi", "total", "all", "change", "", "mean"), -7.5, 1e-15);
        release(&run);
    }
    const char *file = file_of("id,bdi_pre,bdi_post\n1,20,10\n");
    struct run run = RUN("input", file, "scale", "bdi:hamd");
    assert_refused(&run, OM_ERR_USAGE, "no column 'hamd'", "{occasion}");
    run = RUN("input", file, "scale", "BDI:bdi");
    assert_refused(&run, OM_ERR_USAGE, "cannot be the name", "small letters");
    run = RUN("input", file, "scale", "bdi:bdi", "recode", "bdi=1:0");
    assert_refused(&run, OM_ERR_USAGE, "has no codes", "before they are added up");
}

/* Two studies; R computed the same from the same files. */
static void
check_shared(const char *csv, const char *which, const char *instrument, struct run *run)
{
    struct text expected = text_read(shared_path("change_classification/expected.tsv"));
    static const struct {
        const char *name, *statistic;
        int occasion; /* 0, 1, 2: first, last, change */
    } stats[] = {{"n_used", "n", 2},         {"mean_pre", "mean", 0}, {"sd_pre", "sd", 0},
                 {"mean_post", "mean", 1},   {"sd_post", "sd", 1},    {"cor_pre_post", "correlation", 2},
                 {"mean_change", "mean", 2}, {"sd_change", "sd", 2}};
    (void)csv;
    assert_run(run);
    const char *const occasion[] = {run->analysis->first, run->analysis->last, "change"};
    for (size_t i = 0; i < sizeof stats / sizeof stats[0]; i++) {
        char line[120];
        snprintf(line, sizeof line, "%s/data\t\t%s\t", which, stats[i].name);
        const char *at = strstr(expected.at, line);
        if (!at)
            fail_msg("%s is not in expected.tsv", line);
        double want = strtod(at + strlen(line), NULL); /* written with ten digits */
        assert_close(value_of(run, "all", instrument, "total", "all", occasion[stats[i].occasion], "",
                              stats[i].statistic),
                     want, 1e-9);
    }
    free(expected.at);
}

static void
test_shared_studies(void **state)
{
    (void)state;
    const char *claus = shared_path("change_classification/claus_2020.csv");
    if (!claus)
        skip();
    char claus_path[500], jacobson_path[500];
    snprintf(claus_path, sizeof claus_path, "%s", claus);
    snprintf(jacobson_path, sizeof jacobson_path, "%s",
             shared_path("change_classification/jacobson_1989.csv"));
    struct run run = RUN("input", claus_path, "occasions", "1,4", "scale", "bdi:bdi", "scale", "hamd:hamd",
                         "scale", "who:who:better=higher");
    check_shared(claus_path, "claus_2020:bdi:1-4", "bdi", &run);
    check_shared(claus_path, "claus_2020:hamd:1-4", "hamd", &run);
    check_shared(claus_path, "claus_2020:who:1-4", "who", &run);
    release(&run);
    run = RUN("input", jacobson_path, "scale", "das:das:better=higher", "scale", "gds:gds");
    check_shared(jacobson_path, "jacobson_1989:das:pre-post", "das", &run);
    check_shared(jacobson_path, "jacobson_1989:gds:pre-post", "gds", &run);
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),           cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_known_instrument), cmocka_unit_test(test_definition),
        cmocka_unit_test(test_columns),          cmocka_unit_test(test_shared_studies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
