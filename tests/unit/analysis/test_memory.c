/* Every allocation of a run may fail: it says so, and gives everything back. */
#include "studies.h"

#include "base/memory.h"

#define WIDE_PANEL                                                                                           \
    "id,site,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,x,3,3,1,0\nb,y,2,2,1,1\nc,x,1,9,2,2\nd,y,"     \
    "1\ne,x,,,,\n"
#define LONG_PANEL                                                                                           \
    "id,site,visit,phq2_1,phq2_2\na,x,pre,3,3\na,y,post,1,0\nb,y,pre,2,2\nb,y,post,,2\nb,y,post,1,1\nc,x,"   \
    "mid,1,1\n"

#define TOTALS_PANEL "id,phq_pre,gad_pre,phq_post,gad_post\na,15,8.5,9,7\nb,4,3,10,\nc,12,7,11,7\n"
#define JOINT_PANEL                                                                                          \
    "id,visit,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9,gad7_1,gad7_2,gad7_3,gad7_4,"   \
    "gad7_5,gad7_6,gad7_7\n"                                                                                 \
    "a,pre,3,3,3,3,2,1,0,0,0,2,2,2,1,1,0,0\na,post,1,1,1,1,0,0,0,0,0,1,1,0,0,0,0,0\n"                        \
    "b,pre,1,1,0,0,0,0,0,0,0,0,0,1,1,0,0,0\n"

static struct om_study *
study_of(const char *const *setting)
{
    struct om_study *study;
    struct om_error err;
    assert_ok(om_study_new(&study, &err));
    for (size_t i = 0; setting[i]; i += 2)
        assert_ok(om_study_set(study, setting[i], setting[i + 1], &err));
    return study;
}

/* One run with the k-th allocation failing. The settings of the study and its rendering are part of it. */
static om_status
report_once(const char *const *setting, size_t k)
{
    struct om_error err = {.status = OM_OK};
    struct om_study *study = NULL;
    struct om_analysis *analysis = NULL;
    struct om_findings *findings = NULL;
    struct om_report_options options = {.format = OM_FORMAT_TEXT};
    char *text = NULL, *yaml = NULL;
    size_t length;
    om_memory_fail_at(k);
    om_status status = om_study_new(&study, &err);
    for (size_t i = 0; setting[i] && status == OM_OK; i += 2)
        status = om_study_set(study, setting[i], setting[i + 1], &err);
    if (status == OM_OK)
        status = om_study_describe(study, &yaml, &err);
    if (status == OM_OK)
        status = om_analyse(study, NULL, &analysis, &findings, &err);
    if (status == OM_OK)
        status = om_report_render(analysis, &options, &text, &length, &err);
    om_memory_fail_at((size_t)-1);
    if (status == OM_ERR_NOMEM)
        assert_true(*err.message);
    om_text_free(text);
    om_text_free(yaml);
    if (!analysis)
        om_findings_free(findings);
    om_analysis_free(analysis);
    om_study_free(study);
    return status;
}

/* Some memory is for speed alone, and a run goes on without it: the end has come when many runs in a row do.
 */
static void
assert_survives(const char *const *setting, size_t at_least)
{
    enum { MANY = 100 };
    size_t live = om_memory_live(), failures = 0;
    for (size_t k = 0, well = 0; well < MANY; k++) {
        om_status status = report_once(setting, k);
        assert_int_equal(om_memory_live(), live);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        failures += status == OM_ERR_NOMEM;
        well = status == OM_OK ? well + 1 : 0;
    }
    assert_true(failures > at_least);
}
#define ASSERT_SURVIVES(at_least, ...) assert_survives((const char *const[]){__VA_ARGS__, NULL}, at_least)

/* With a group that has to be put together with others, and something to take away. */
static void
test_shareable(void **state)
{
    (void)state;
    struct text text = {0};
    char line[80];
    text_put(&text, "id,site,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\n");
    for (int i = 0; i < 24; i++) {
        snprintf(line, sizeof line, "p%02d,%c,%d,%d,%d,%d\n", i, "xyyyyzzz"[i % 8], i % 4, i / 6, i % 3,
                 i / 12);
        text_put(&text, line);
    }
    ASSERT_SURVIVES(100, "input", text_file(&text), "by", "site", "threads", "1", "shareable", "below=3");
}

static void
test_report(void **state)
{
    (void)state;
    ASSERT_SURVIVES(300, "input", file_of(WIDE_PANEL), "by", "site", "recode", "gad2=4:3,0:0,1:1,2:2,3:3");
    ASSERT_SURVIVES(300, "input", file_of(LONG_PANEL), "by", "site", "duplicates", "last");
    ASSERT_SURVIVES(300, "input", file_of(LONG_PANEL), "occasions", "pre,post", "duplicates", "reject-all",
                    "map", "phq2=phq2_{item}", "missing", "phq2=9", "shift", "phq2=2", "cutoff", "phq2=2");
    ASSERT_SURVIVES(300, "input", file_of(WIDE_PANEL), "statistics", "paired,effects,symmetry,equivalence",
                    "statistics", "bootstrap,power", "equivalence", "gad2=2", "replicates", "100", "rule",
                    "shift", "population", "all", "effect", "0.5", "wilcoxon", "pratt,exact");
}

/* Statistics of every occasion, in two groups. */
static void
test_occasions(void **state)
{
    (void)state;
    ASSERT_SURVIVES(
        300, "input",
        file_of("id,arm,bdi_1,bdi_2,bdi_3\na,x,30,24,11\nb,x,22,25,13\nc,y,28,,20\nd,y,19,14,18\n"), "scale",
        "bdi:bdi", "by", "arm", "statistics", "waves,friedman,survival,sudden-gains,mixed", "population",
        "all", "threads", "1");
}

static void
test_families(void **state)
{
    (void)state;
    ASSERT_SURVIVES(300, "input", file_of(JOINT_PANEL), "statistics", "agreement", "nhs", "both");
    ASSERT_SURVIVES(300, "input", file_of(TOTALS_PANEL), "scale", "phq9:phq_{occasion}", "scale",
                    "gad7:gad_{occasion}", "statistics", "sensitivity", "statistics", "regression-to-mean",
                    "rtm-correlation", "phq9=0.8", "rtm-correlation", "alpha");
}

static void
test_score(void **state)
{
    (void)state;
    const char *const settings[][5] = {{"input", file_of(WIDE_PANEL), NULL},
                                       {"input", file_of(LONG_PANEL), "duplicates", "last", NULL}};
    const char *out = file_of("old");
    for (size_t i = 0; i < 2; i++) {
        struct om_study *study = study_of(settings[i]);
        size_t live = om_memory_live();
        om_status status = OM_ERR_NOMEM;
        for (size_t k = 0; status == OM_ERR_NOMEM; k++) {
            struct om_scoring done = {.n_reading = 0};
            struct om_error err = {.status = OM_OK};
            om_memory_fail_at(k);
            status = om_score(study, out, NULL, &done, &err);
            om_memory_fail_at((size_t)-1);
            om_scoring_release(&done);
            assert_int_equal(om_memory_live(), live);
            struct text text = text_read(out);
            assert_true((status == OM_OK) == (strncmp(text.at, "id,", 3) == 0) || i > 0);
            free(text.at);
        }
        assert_int_equal(status, OM_OK);
        om_study_free(study);
    }
}

/* A failure in the data costs no memory either. */
static void
test_refusals_leak_nothing(void **state)
{
    (void)state;
    size_t live = om_memory_live();
    struct run run = RUN("input", file_of(LONG_PANEL));
    assert_refused(&run, OM_ERR_DATA, "OM140", "--duplicates");
    run = RUN("input", file_of("id,gad2_1\n"));
    assert_refused(&run, OM_ERR_PANEL, "", "");
    run = RUN("input", "/nowhere.csv");
    assert_refused(&run, OM_ERR_NO_INPUT, "", "");
    assert_int_equal(om_memory_live(), live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report),   cmocka_unit_test(test_shareable),
        cmocka_unit_test(test_families), cmocka_unit_test(test_occasions),
        cmocka_unit_test(test_score),    cmocka_unit_test(test_refusals_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
