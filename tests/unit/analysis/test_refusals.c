/* Bad input: the status, words that name the place and the remedy, no output; and never a cell or an id in
 * any of it. */
#include "studies.h"

#include <sys/stat.h>
#include <unistd.h>

/* om_score on the same settings fails too, and leaves nothing behind. */
static void
assert_no_output(const char *const *setting)
{
    char out[64];
    snprintf(out, sizeof out, "/tmp/omstat-test-none-%ld.csv", (long)getpid());
    struct om_study *study;
    struct om_scoring done = {.n_reading = 0};
    struct om_error err;
    struct stat info;
    assert_ok(om_study_new(&study, &err));
    for (size_t i = 0; setting[i]; i += 2)
        assert_ok(om_study_set(study, setting[i], setting[i + 1], &err));
    assert_int_not_equal(om_score(study, out, NULL, &done, &err), OM_OK);
    assert_int_not_equal(stat(out, &info), 0);
    om_scoring_release(&done);
    om_study_free(study);
}

/* The report is refused with this status and these words; so are scores, unless only the report asks for
 * pairs. */
static void
refuse(const char *const *setting, om_status status, const char *message_has, const char *hint_has,
       bool scores_too)
{
    struct run run = run_settings(setting);
    if (run.status == OM_OK)
        fail_msg("%s was read", setting[1]);
    if (run.status != OM_ERR_USAGE && run.status != OM_ERR_DATA && !*run.err.file)
        fail_msg("no place: %s", run.err.message);
    assert_true(*run.err.hint || run.status == OM_ERR_NO_INPUT);
    assert_refused(&run, status, message_has, hint_has);
    if (scores_too)
        assert_no_output(setting);
}
#define REFUSE(status, message, hint, ...)                                                                   \
    refuse((const char *const[]){__VA_ARGS__, NULL}, status, message, hint, true)
#define REFUSE_REPORT(status, message, hint, ...)                                                            \
    refuse((const char *const[]){__VA_ARGS__, NULL}, status, message, hint, false)

static void
test_no_such_file(void **state)
{
    (void)state;
    REFUSE(OM_ERR_NO_INPUT, "", "", "input", "/nowhere/panel.csv");
    REFUSE(OM_ERR_NO_INPUT, "", "", "input", "data");
    REFUSE(OM_ERR_NO_INPUT, "", "", "occasion", "pre=data/evaluation_wide.csv", "occasion",
           "post=/nowhere.csv");
    struct run run = RUN("by", "cohort");
    assert_refused(&run, OM_ERR_USAGE, "no input", "name one");
}

static void
test_no_panel(void **state)
{
    (void)state;
    REFUSE(OM_ERR_PANEL, "empty", "header", "input", file_of(""));
    REFUSE(OM_ERR_PANEL, "empty", "header", "input", file_of("\n\n\n"));
    REFUSE(OM_ERR_PANEL, "no record", "export", "input", file_of("id,gad2_1,gad2_2\n"));
    REFUSE(OM_ERR_PANEL, "no instrument", "--map", "input", file_of("id,a,b\n1,2,3\n"));
    REFUSE(OM_ERR_PANEL, "';'", "--delimiter", "input", file_of("id;gad2_1;gad2_2\n1;2;3\n"));
    REFUSE(OM_ERR_PANEL, "tab", "--delimiter", "input", file_of("id\tgad2_1\tgad2_2\n1\t2\t3\n"));
    REFUSE(OM_ERR_PANEL, "sep=", "delete", "input", file_of("sep=,\nid,gad2_1,gad2_2\n1,2,3\n"));
    REFUSE(OM_ERR_PANEL, "none of the 1 records", "findings",
           "input", /* and one says that a quote is not closed */
           file_of("id,gad2_1,gad2_2\n\"1,2,3\n"));
    REFUSE(OM_ERR_PANEL, "OM112", "close it", "input", file_of("id,\"gad2_1,gad2_2\n1,2,3\n"));
    REFUSE(OM_ERR_PANEL, "OM151", "--max-input", "input", file_of("id,gad2_1,gad2_2\n1,2,3\n"), "max-input",
           "20");
    REFUSE(OM_ERR_PANEL, "UTF-8", "iconv", "input", file_of("id,gad2_1,gad2_2,\xff\n1,2,3,4\n"));
}

static void
test_columns(void **state)
{
    (void)state;
    REFUSE(OM_ERR_PANEL, "item 2", "--map", "input",
           file_of("id,gad7_1,gad7_3,gad7_4,gad7_5,gad7_6,gad7_7\n"));
    REFUSE(OM_ERR_PANEL, "columns 2 and 3 are both 'gad2_1'", "name of its own", "input",
           file_of("id,gad2_1,gad2_1,gad2_2\n1,2,2,3\n"));
    REFUSE(OM_ERR_PANEL, "two ways", "--map", "input",
           file_of("id,gad2_1,gad2_2,gad2.1,gad2.2\n1,2,2,3,3\n"));
    REFUSE(OM_ERR_USAGE, "'person'", "first line", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "id",
           "person");
    REFUSE(OM_ERR_USAGE, "'wave'", "first line", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"),
           "occasion-column", "wave");
    REFUSE(OM_ERR_USAGE, "'phq9'", "", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "missing", "phq9=99");
    REFUSE(OM_ERR_USAGE, "'gad2_3'", "", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "recode",
           "gad2_3=1:0");
    REFUSE(OM_ERR_USAGE, "gives 4", "0 to 3", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "recode",
           "gad2=5:4");
    REFUSE(OM_ERR_USAGE, "'phq9'", "", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "cutoff", "phq9=12");
    REFUSE(OM_ERR_USAGE, "'phq9'", "", "input", file_of("id,gad2_1,gad2_2\n1,2,2\n"), "shift", "phq9=4");
    REFUSE(OM_ERR_PANEL, "say an occasion", "--map", "input",
           file_of("id,gad2_1_pre,gad2_2_pre,phq2_1,phq2_2\n1,2,2,1,1\n"));
}

static void
test_occasions_and_pairs(void **state)
{
    (void)state;
#define HEADER "id,visit,gad2_1,gad2_2\n"
    REFUSE_REPORT(OM_ERR_USAGE, "'week 9'", "pre, post", "input", file_of(HEADER "a,pre,1,1\na,post,1,0\n"),
                  "occasions", "pre,week 9");
    REFUSE_REPORT(OM_ERR_PANEL, "no person has a score at both occasions: 2 at 'pre', 1 at 'post'", "--id",
                  "input", file_of(HEADER "a,pre,1,1\nb,pre,1,0\nc,post,2,2\n"));
    REFUSE_REPORT(OM_ERR_PANEL, "1 at 'pre', 0 at 'post'", "answers", "input",
                  file_of("id,gad2_1_pre,gad2_2_pre,gad2_1_post,gad2_2_post\na,1,1,,\nb,1,,2,\n"));
    REFUSE(OM_ERR_PANEL, "none of the 2 records", "findings", "input",
           file_of(HEADER ",pre,1,1\n,post,1,1\n"));
    struct text text = {0};
    text_put(&text, HEADER);
    for (int i = 0; i < 70; i++) {
        char line[40];
        snprintf(line, sizeof line, "a,canary%d,1,1\n", i);
        text_put(&text, line);
    }
    REFUSE(OM_ERR_PANEL, "more than 64", "--occasion-column", "input", text_file(&text));
    REFUSE(OM_ERR_PANEL, "longer than", "--occasion-column", "input",
           file_of(HEADER "a,canary canary canary canary canary canary,1,1\n"));
}

/* --- no cell and no id in any message
 * --------------------------------------------------------------------------------- */

static void
assert_silent(const char *text, const char *const *canary)
{
    for (size_t i = 0; canary[i]; i++)
        if (text && strstr(text, canary[i]))
            fail_msg("'%s' is said in \"%s\"", canary[i], text);
}

static void
assert_keeps_silent(struct run *run, const char *const *canary)
{
    assert_silent(run->err.message, canary);
    assert_silent(run->err.hint, canary);
    for (size_t i = 0; run->findings && i < om_findings_groups(run->findings); i++) {
        const struct om_finding_group *group = om_findings_group(run->findings, i);
        for (size_t k = 0; k < group->n_kept; k++) {
            assert_silent(group->first[k].message, canary);
            assert_silent(group->first[k].hint, canary);
            assert_silent(group->first[k].column, canary);
        }
    }
    for (size_t i = 0; run->analysis && i < run->analysis->n_reading; i++)
        assert_silent(run->analysis->reading[i], canary);
    for (size_t i = 0; run->analysis && i < run->analysis->results.n_rows; i++)
        assert_silent(run->analysis->results.row[i].note, canary);
    release(run);
}

static void
test_canary(void **state)
{
    (void)state;
    static const char *const canary[] = {"zebra", "71717", "81818", "3.1415", "91919", "quagga", NULL};
    static const char *const header = "id,site,visit,gad2_1,gad2_2\n";
    static const char *const bodies[] = {
        "zebra1,quagga1,pre,71717,1\nzebra1,quagga2,post,zebra,1\nzebra2,quagga1,pre,1,1\nzebra2,x,post,1,"
        "1\n",
        "zebra1,x,pre,1,1\nzebra1,x,pre,81818,1\nzebra1,x,post,1,1\n",
        "zebra1,x,pre,1\nzebra2,x,pre,1,1,zebra\nzebra3,x,pre,3.1415,-91919\nzebra3,x,pre,1,1\nzebra3,x,post,"
        "1,1\n",
        "zebra1,x,pre,1,1\nzebra2,x,post,1,1\n",
        "zebra1,x,,1,1\n,quagga,pre,1,1\n",
        "zebra\xff,quagga\xff,pre,\xff,91919\nzebra\xff,quagga\xff,post,1e71717,91919\n",
        "zebra1,x,pre,1,\"zebra\n",
        "zebra1,x,pre,gad2_1,91919\nzebra1,x,post,NaN,inf\n",
        "zebra1,x,pre,=71717,0x81818\nzebra1,x,post,99999999999971717,7 71717\n",
    };
    static const char *const policies[] = {"error", "first", "last", "reject-all"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct text text = {0};
        text_put(&text, header);
        text_put(&text, bodies[i]);
        const char *path = text_file(&text);
        for (size_t p = 0; p < 4; p++) {
            struct run run = RUN("input", path, "by", "site", "duplicates", policies[p]);
            assert_keeps_silent(&run, canary);
        }
        struct run run = RUN("input", path, "by", "site", "strict", "true", "duplicates", "first");
        assert_keeps_silent(&run, canary);
        run = RUN("input", path, "by", "site", "max-groups", "1", "duplicates", "first");
        assert_keeps_silent(&run, canary);
        run = RUN("input", path, "layout", "wide", "occasions", "pre,post");
        assert_keeps_silent(&run, canary);
    }
}

/* A finding says where: file, line, record, column. */
static void
test_places(void **state)
{
    (void)state;
    struct run run = RUN("input", file_of("id,gad2_1,gad2_2\n\"a\nb\",1,1\nc,4,1\nd,1,1\ne,1,-9\n"));
    assert_run(&run);
    assert_int_equal(om_findings_groups(run.findings), 2);
    const struct om_finding *first = &om_findings_group(run.findings, 0)->first[0];
    assert_int_equal(first->code, 132);
    assert_int_equal(first->line, 4);
    assert_int_equal(first->record, 3);
    assert_string_equal(first->column, "gad2_1");
    assert_int_equal(first->column_number, 2);
    assert_int_equal(first->byte_offset, 27);
    assert_int_equal(first->severity, OM_BAD);
    const struct om_finding *second = &om_findings_group(run.findings, 1)->first[0];
    assert_int_equal(second->code, 133);
    assert_int_equal(second->line, 6);
    assert_int_equal(second->record, 5);
    assert_string_equal(second->column, "gad2_2");
    assert_non_null(strstr(second->hint, "--missing"));
    release(&run);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_such_file), cmocka_unit_test(test_no_panel),
        cmocka_unit_test(test_columns),      cmocka_unit_test(test_occasions_and_pairs),
        cmocka_unit_test(test_canary),       cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
