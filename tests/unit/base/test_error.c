#include "support/support.h"

#include "base/error.h"
#include <string.h>

static om_status
answer(om_status status)
{
    OM_TRY(status);
    return OM_OK;
}

static void
test_failing_fills_the_error_and_clears_what_was_there(void **state)
{
    (void)state;
    struct om_error err;
    memset(&err, 'x', sizeof err);
    assert_int_equal(om_fail(&err, OM_ERR_PANEL, "%d of %s", 3, "four"), OM_ERR_PANEL);
    assert_int_equal(err.status, OM_ERR_PANEL);
    assert_string_equal(err.message, "3 of four");
    assert_string_equal(err.hint, "");
    assert_string_equal(err.file, "");
    assert_int_equal(err.line + err.column, 0);
    om_hint(&err, "try %s", "again");
    om_place(&err, "panel.csv", 7, 2);
    assert_string_equal(err.hint, "try again");
    assert_string_equal(err.file, "panel.csv");
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 2);
    assert_string_equal(err.message, "3 of four");
    om_place(&err, NULL, 0, 0);
    assert_string_equal(err.file, "");
    assert_int_equal(om_fail_memory(&err), OM_ERR_NOMEM);
    assert_string_equal(err.hint, "");
}

static void
test_nobody_has_to_ask_for_the_error(void **state)
{
    (void)state;
    assert_int_equal(om_fail(NULL, OM_ERR_IO, "%s", "lost"), OM_ERR_IO);
    assert_int_equal(om_fail_memory(NULL), OM_ERR_NOMEM);
    om_hint(NULL, "%s", "lost");
    om_place(NULL, "f", 1, 1);
}

static void
test_long_texts_are_cut(void **state)
{
    (void)state;
    struct om_error err;
    static char text[3000];
    memset(text, 'a', sizeof text - 1);
    om_fail(&err, OM_ERR_IO, "%s", text);
    om_hint(&err, "%s", text);
    om_place(&err, text, 1, 1);
    assert_int_equal(strlen(err.message), OM_ERROR_TEXT - 1);
    assert_int_equal(strlen(err.hint), OM_ERROR_TEXT - 1);
    assert_int_equal(strlen(err.file), OM_ERROR_PLACE - 1);
}

static void
test_try_passes_failure_on(void **state)
{
    (void)state;
    assert_int_equal(answer(OM_ERR_CREATE), OM_ERR_CREATE);
    assert_int_equal(answer(OM_OK), OM_OK);
}

/* Both are contracts: programs branch on the exit code. */
static void
test_exit_codes_and_names(void **state)
{
    (void)state;
    static const struct {
        om_status status;
        int value, exit_code;
        const char *name;
    } known[] = {
        {OM_OK, 0, 0, "OM_OK"},
        {OM_ERR_INVALID, 1, 70, "OM_ERR_INVALID"},
        {OM_ERR_NOMEM, 2, 71, "OM_ERR_NOMEM"},
        {OM_ERR_INTERNAL, 3, 70, "OM_ERR_INTERNAL"},
        {OM_ERR_USAGE, 4, 64, "OM_ERR_USAGE"},
        {OM_ERR_UNSUPPORTED, 5, 69, "OM_ERR_UNSUPPORTED"},
        {OM_ERR_TOO_FEW, 10, 65, "OM_ERR_TOO_FEW"},
        {OM_ERR_DEGENERATE, 11, 65, "OM_ERR_DEGENERATE"},
        {OM_ERR_PANEL, 20, 65, "OM_ERR_PANEL"},
        {OM_ERR_DATA, 21, 1, "OM_ERR_DATA"},
        {OM_ERR_DEFINITION, 30, 78, "OM_ERR_DEFINITION"},
        {OM_ERR_NO_INPUT, 40, 66, "OM_ERR_NO_INPUT"},
        {OM_ERR_PERMISSION, 41, 77, "OM_ERR_PERMISSION"},
        {OM_ERR_IO, 42, 74, "OM_ERR_IO"},
        {OM_ERR_CREATE, 43, 73, "OM_ERR_CREATE"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(known[i].status, known[i].value);
        assert_int_equal(om_status_exit_code(known[i].status), known[i].exit_code);
        assert_string_equal(om_status_name(known[i].status), known[i].name);
    }
    assert_int_equal(om_status_exit_code((om_status)99), 70);
    assert_string_equal(om_status_name((om_status)99), "OM_ERR_UNKNOWN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failing_fills_the_error_and_clears_what_was_there),
        cmocka_unit_test(test_nobody_has_to_ask_for_the_error),
        cmocka_unit_test(test_long_texts_are_cut),
        cmocka_unit_test(test_try_passes_failure_on),
        cmocka_unit_test(test_exit_codes_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
