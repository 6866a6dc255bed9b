#include "support/support.h"

#include "base/memory.h"
#include <omstat/report.h>
#include <string.h>

static void
collect(struct om_findings *set, int code, enum om_severity severity, const char *column, uint64_t line,
        int times)
{
    struct om_finding finding = {.code = code,
                                 .severity = severity,
                                 .file = "panel.csv",
                                 .line = line,
                                 .record = line - 1,
                                 .column = column,
                                 .column_number = (uint64_t)strlen(column),
                                 .message = code == 132 ? "out of range" : "something \x1b[2J else",
                                 .hint = code == 132 ? "allowed codes: 0 to 3" : ""};
    for (int i = 0; i < times; i++, finding.line++, finding.record++)
        om_findings_collect(set, &finding);
}

static struct om_findings *
some_findings(void)
{
    struct om_error err;
    struct om_findings *set;
    assert_ok(om_findings_new(&set, &err));
    collect(set, 132, OM_BAD, "gad7_3_pre", 17, 4);
    collect(set, 132, OM_BAD, "gad7_3", 20, 1);
    collect(set, 201, OM_WARNING, "", 2, 3);
    collect(set, 202, OM_WARNING, "x\n", 5, 1);
    collect(set, 40, OM_NOTE, "", 6, 1); /* for omstat validate, and nowhere else */
    return set;
}

static char *
render(const struct om_findings *set, bool color, size_t lines)
{
    struct om_error err;
    char *text;
    size_t n;
    assert_ok(om_findings_render(set, color, lines, &text, &n, &err));
    assert_int_equal(strlen(text), n);
    return text;
}

static void
test_whole(void **state)
{
    (void)state;
    struct om_findings *set = some_findings();
    char *text = render(set, false, 100);
    assert_string_equal(
        text, "error OM132 out of range, column gad7_3: panel.csv:20 (record 19)\n"
              "error OM132 out of range, column gad7_3_pre: 4 times, first at panel.csv:17 (record 16)\n"
              "    allowed codes: 0 to 3\n"
              "warning OM201 something \\x1b[2J else: 3 times, first at panel.csv:2 (record 1)\n"
              "warning OM202 something \\x1b[2J else, column x\\n: panel.csv:5 (record 4)\n");
    om_free(text);
    text = render(set, true, 100);
    assert_non_null(strstr(text, "\x1b[31merror OM132\x1b[0m out of range"));
    om_free(text);
    om_findings_free(set);
}

/* At every cap: no more lines than asked, the hint beside what it is about, the rest counted. */
static void
test_capped(void **state)
{
    (void)state;
    struct om_findings *set = some_findings();
    for (size_t cap = 0; cap < 8; cap++) {
        char *text = render(set, false, cap);
        size_t lines = 0;
        for (const char *p = text; *p; p++)
            lines += *p == '\n';
        assert_true(lines <= cap);
        assert_int_equal(strstr(text, "allowed codes") != NULL, strstr(text, "OM132") != NULL);
        if (cap >= 1 && cap < 5)
            assert_non_null(strstr(text, "and "));
        if (cap >= 5)
            assert_null(strstr(text, "and "));
        om_free(text);
    }
    char *text = render(set, false, 3);
    assert_non_null(strstr(text, "and 8 more of 3 other kinds\n"));
    om_free(text);
    text = render(set, false, 4);
    assert_non_null(strstr(text, "and 4 more of 2 other kinds\n"));
    om_free(text);
    om_findings_free(set);
}

static void
test_none(void **state)
{
    (void)state;
    struct om_error err;
    struct om_findings *set;
    assert_ok(om_findings_new(&set, &err));
    char *text = render(set, false, 10);
    assert_string_equal(text, "");
    om_free(text);
    om_findings_free(set);
}

static void
test_out_of_memory(void **state)
{
    (void)state;
    struct om_findings *set = some_findings();
    char *whole;
    size_t length;
    assert_int_equal(om_findings_render(set, true, 100, &whole, &length, NULL), OM_OK);
    size_t before = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    for (size_t k = 0; status != OM_OK; k++) {
        char *text;
        size_t n;
        om_memory_fail_at(k);
        status = om_findings_render(set, true, 100, &text, &n, NULL);
        om_memory_fail_at((size_t)-1);
        if (status == OM_OK) { /* not because a failure went unnoticed */
            assert_string_equal(text, whole);
            om_free(text);
        }
        assert_int_equal(om_memory_live(), before);
    }
    om_free(whole);
    om_findings_free(set);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_capped),
        cmocka_unit_test(test_none),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
