/* What a schema says of a cell. Dates are held against the calendar that counts days, not months. */
#include "support/support.h"
#include "panel/rule.h"

#include <stdio.h>
#include <string.h>

static int
check(const struct om_column_rule *rule, const char *text)
{
    const char *message = NULL;
    int code = om_column_rule_check(rule, text, strlen(text), &message);
    assert_true(code == 0 || message);
    return code;
}

/* Every day of 800 years, by the count of days (Howard Hinnant, "chrono-compatible low-level date
 * algorithms"), and the texts between that are no days. */
static void
test_dates(void **state)
{
    (void)state;
    const struct om_column_rule rule = {.type = OM_RULE_DATE};
    static bool is_day[800][13][32];
    for (long day = -219162; day < -219162 + 292194;
         day++) { /* 1369-12-15 and so on: four hundred years twice */
        long z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
        long yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
             doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        long mp = (5 * doy + 2) / 153, d = doy - (153 * mp + 2) / 5 + 1, m = mp < 10 ? mp + 3 : mp - 9;
        long y = yoe + era * 400 + (m <= 2);
        if (y >= 1370 && y < 2169)
            is_day[y - 1370][m][d] = true;
    }
    for (int y = 1370; y < 2169; y++)
        for (int m = 0; m <= 12; m++)
            for (int d = 0; d <= 31; d++) {
                char text[64];
                snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
                if ((check(&rule, text) == 0) != is_day[y - 1370][m][d])
                    fail_msg("%s", text);
            }
    static const char *const none[] = {"",           "2024-2-29",        "20240229",
                                       "2024/02/29", "2024-02-29 ",      "x024-02-29",
                                       "2024-13-01", "2024-02-29T00:00", "-024-02-29"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(check(&rule, none[i]), 130);
}

static void
test_types(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool integer, number, boolean;
    } cases[] = {
        {"0", true, true, true},       {"1", true, true, true},       {"-7", true, true, false},
        {"+7", true, true, false},     {"1.5", false, true, false},   {".5", false, true, false},
        {"1e3", false, false, false},  {"", false, false, false},     {"x", false, false, false},
        {"1/2", false, false, false},  {"1,5", false, false, false},  {"true", false, false, true},
        {"FALSE", false, false, true}, {"tRue", false, false, false}, {"nan", false, false, false},
        {"++1", false, false, false},
    };
    const struct om_column_rule integer = {.type = OM_RULE_INTEGER}, number = {.type = OM_RULE_NUMBER};
    const struct om_column_rule boolean = {.type = OM_RULE_BOOLEAN}, any = {.type = OM_RULE_ANY};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(check(&integer, cases[i].text), cases[i].integer ? 0 : 130);
        assert_int_equal(check(&number, cases[i].text), cases[i].number ? 0 : 130);
        assert_int_equal(check(&boolean, cases[i].text), cases[i].boolean ? 0 : 130);
        assert_int_equal(check(&any, cases[i].text), 0);
    }
}

static void
test_bounds_and_sizes(void **state)
{
    (void)state;
    struct om_column_rule rule = {.type = OM_RULE_NUMBER,
                                  .has_minimum = true,
                                  .minimum = {1, 10},
                                  .has_maximum = true,
                                  .maximum = {5, 1}};
    assert_int_equal(check(&rule, "0.1"), 0);
    assert_int_equal(check(&rule, "0.099"), 132);
    assert_int_equal(check(&rule, "5.00"), 0);
    assert_int_equal(check(&rule, "5.01"), 132);
    rule.above = rule.below = true;
    assert_int_equal(check(&rule, "0.1"), 132);
    assert_int_equal(check(&rule, "0.11"), 0);
    assert_int_equal(check(&rule, "5"), 132);
    const struct om_column_rule sized = {.type = OM_RULE_TEXT, .shortest = 2, .longest = 3};
    assert_int_equal(check(&sized, "a"), 132);
    assert_int_equal(check(&sized, "\xc3\xa9\xc3\xa9"), 0); /* two characters of two bytes */
    assert_int_equal(check(&sized, "abcd"), 132);
    char blank[] = "", *words[] = {blank};
    const struct om_column_rule missing = {.type = OM_RULE_INTEGER, .missing = {words, 1}};
    assert_int_equal(check(&missing, ""), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dates), cmocka_unit_test(test_types),
                                       cmocka_unit_test(test_bounds_and_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
