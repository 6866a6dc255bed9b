/* The collector of findings: groups, their order, the examples kept, the counts. */
#include "support/support.h"

#include "base/memory.h"
#include <omstat/findings.h>
#include <stdio.h>
#include <string.h>

static struct om_findings *
new_findings(void)
{
    struct om_findings *findings;
    struct om_error err;
    assert_ok(om_findings_new(&findings, &err));
    return findings;
}

static void
collect(struct om_findings *findings, int code, enum om_severity severity, uint64_t column, uint64_t line)
{
    char name[32], message[32]; /* gone after the call: the set must hold copies */
    snprintf(name, sizeof name, "column %d", (int)column);
    snprintf(message, sizeof message, "message %d", (int)line);
    struct om_finding finding = {.code = code,
                                 .severity = severity,
                                 .file = "panel.csv",
                                 .line = line,
                                 .record = line + 1,
                                 .column = name,
                                 .column_number = column,
                                 .byte_offset = 10 * line,
                                 .message = message,
                                 .hint = "look again"};
    om_findings_collect(findings, &finding);
    memset(name, 'x', sizeof name - 1);
    memset(message, 'x', sizeof message - 1);
}

static void
assert_group(const struct om_findings *findings, size_t index, int code, enum om_severity severity,
             uint64_t column, uint64_t count)
{
    const struct om_finding_group *group = om_findings_group(findings, index);
    assert_int_equal(group->first[0].code, code);
    assert_int_equal(group->first[0].severity, severity);
    assert_int_equal(group->first[0].column_number, column);
    assert_int_equal(group->count, count);
}

static void
test_the_worst_first_then_code_then_column(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum om_severity severity;
        uint64_t column;
    } order[] = {{103, OM_FATAL, 0},   {121, OM_FATAL, 0},   {130, OM_BAD, 2},
                 {130, OM_BAD, 11},    {132, OM_BAD, 1},     {140, OM_BAD, 0},
                 {101, OM_WARNING, 3}, {132, OM_WARNING, 1}, {102, OM_NOTE, 0}};
    enum { N = sizeof order / sizeof order[0] };
    for (size_t shift = 0; shift < N; shift++) {
        struct om_findings *findings = new_findings();
        assert_int_equal(om_findings_groups(findings), 0);
        for (size_t i = 0; i < 4 * N; i++) { /* each four times, in an order that is not theirs */
            size_t at = (i * 5 + shift) % N;
            collect(findings, order[at].code, order[at].severity, order[at].column, i + 1);
        }
        assert_int_equal(om_findings_groups(findings), N);
        for (size_t i = 0; i < N; i++)
            assert_group(findings, i, order[i].code, order[i].severity, order[i].column, 4);
        assert_int_equal(om_findings_count(findings, OM_NOTE), 4 * 9);
        assert_int_equal(om_findings_count(findings, OM_WARNING), 4 * 8);
        assert_int_equal(om_findings_count(findings, OM_BAD), 4 * 6);
        assert_int_equal(om_findings_count(findings, OM_FATAL), 4 * 2);
        assert_int_equal(om_findings_status(findings), OM_OK);
        om_findings_free(findings);
    }
}

static void
test_the_first_few_are_kept_and_all_are_counted(void **state)
{
    (void)state;
    struct om_findings *findings = new_findings();
    for (uint64_t n = 1; n <= 1000; n++) {
        collect(findings, 132, OM_BAD, 4, n);
        const struct om_finding_group *group = om_findings_group(findings, 0);
        assert_int_equal(group->count, n);
        assert_int_equal(group->n_kept, n < OM_FINDINGS_KEPT ? n : OM_FINDINGS_KEPT);
    }
    const struct om_finding_group *group = om_findings_group(findings, 0);
    for (size_t k = 0; k < group->n_kept; k++) {
        const struct om_finding *kept = &group->first[k];
        char message[32];
        snprintf(message, sizeof message, "message %d", (int)k + 1);
        assert_string_equal(kept->message, message);
        assert_string_equal(kept->column, "column 4");
        assert_string_equal(kept->file, "panel.csv");
        assert_string_equal(kept->hint, "look again");
        assert_int_equal(kept->line, k + 1);
        assert_int_equal(kept->record, k + 2);
        assert_int_equal(kept->byte_offset, 10 * (k + 1));
    }
    assert_int_equal(om_findings_count(findings, OM_NOTE), 1000);
    om_findings_free(findings);
}

/* Files may have different columns in the same place: those are told apart, by name. The same column is one
 * group in all files. */
static void
test_columns_are_told_apart_by_name_too(void **state)
{
    (void)state;
    struct om_findings *findings = new_findings();
    struct om_finding finding = {
        .code = 132, .severity = OM_BAD, .column_number = 3, .message = "m", .hint = "h"};
    static const struct {
        const char *file, *column;
    } seen[] = {{"pre.csv", "phq9_2"}, {"post.csv", "gad7_2"}, {"post.csv", "phq9_2"}, {"pre.csv", "gad7_2"}};
    for (size_t i = 0; i < 4; i++) {
        finding.file = seen[i].file;
        finding.column = seen[i].column;
        om_findings_collect(findings, &finding);
    }
    assert_int_equal(om_findings_groups(findings), 2);
    assert_string_equal(om_findings_group(findings, 0)->first[0].column, "gad7_2");
    assert_string_equal(om_findings_group(findings, 1)->first[0].column, "phq9_2");
    assert_int_equal(om_findings_group(findings, 0)->count, 2);
    om_findings_free(findings);
}

static void
test_text_that_is_not_there_is_empty(void **state)
{
    (void)state;
    struct om_findings *findings = new_findings();
    struct om_finding finding = {.code = 120, .severity = OM_BAD};
    om_findings_collect(findings, &finding);
    finding.column = "";
    om_findings_collect(findings, &finding);
    assert_int_equal(om_findings_groups(findings), 1);
    const struct om_finding *kept = om_findings_group(findings, 0)->first;
    assert_string_equal(kept->file, "");
    assert_string_equal(kept->column, "");
    assert_string_equal(kept->message, "");
    assert_string_equal(kept->hint, "");
    om_findings_free(findings);
    om_findings_free(NULL);
}

static void
test_severities_have_names(void **state)
{
    (void)state;
    assert_string_equal(om_severity_name(OM_NOTE), "note");
    assert_string_equal(om_severity_name(OM_WARNING), "warning");
    assert_string_equal(om_severity_name(OM_BAD), "error");
    assert_string_equal(om_severity_name(OM_FATAL), "fatal");
    assert_string_equal(om_severity_name((enum om_severity)9), "");
}

/* A finding that cannot be kept is not forgotten silently, and the set stays whole. */
static void
test_out_of_memory(void **state)
{
    (void)state;
    size_t live = om_memory_live(), k = 0;
    for (bool failed = true; failed; k++) {
        struct om_findings *findings = NULL;
        struct om_error err = {0};
        om_memory_fail_at(k);
        if (om_findings_new(&findings, &err) == OM_OK) {
            for (uint64_t i = 0; i < 60; i++)
                collect(findings, 130 + (int)(i % 12), OM_BAD, i % 3, i + 1);
            om_memory_fail_at((size_t)-1);
            failed = om_findings_status(findings) != OM_OK;
            uint64_t sum = 0;
            for (size_t g = 0; g < om_findings_groups(findings); g++) {
                const struct om_finding_group *group = om_findings_group(findings, g);
                sum += group->count;
                assert_in_range(group->n_kept, 1, OM_FINDINGS_KEPT);
                assert_true(group->count >= group->n_kept);
                for (size_t f = 0; f < group->n_kept; f++)
                    assert_true(strlen(group->first[f].message) > 0);
            }
            assert_true(sum == 60 ||
                        (failed && sum == 59)); /* one allocation failed: at most one finding is lost */
        } else {
            om_memory_fail_at((size_t)-1);
            assert_null(findings);
            assert_int_equal(err.status, OM_ERR_NOMEM);
        }
        om_findings_free(findings);
        assert_int_equal(om_memory_live(), live);
    }
    assert_true(k > 100);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worst_first_then_code_then_column),
        cmocka_unit_test(test_the_first_few_are_kept_and_all_are_counted),
        cmocka_unit_test(test_columns_are_told_apart_by_name_too),
        cmocka_unit_test(test_text_that_is_not_there_is_empty),
        cmocka_unit_test(test_severities_have_names),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
