#include "support/support.h"

#include "panel/by_date.h"

#include <string.h>

static void
names_are_taken_apart(void **state)
{
    size_t length;
    (void)state;
    assert_int_equal(om_by_unit_of("start_date:month", &length), OM_BY_MONTH);
    assert_int_equal(length, 10);
    assert_int_equal(om_by_unit_of("a:b:year", &length), OM_BY_YEAR);
    assert_int_equal(length, 3);
    assert_int_equal(om_by_unit_of("start_date:week", &length), OM_BY_VALUE);
    assert_int_equal(length, 15);
    assert_int_equal(om_by_unit_of("month", &length), OM_BY_VALUE);
    assert_true(om_by_is_column("d:quarter", "d") && om_by_is_column("d:quarter", "d:quarter") &&
                om_by_is_column("d", "d"));
    assert_false(om_by_is_column("d:quarter", "d:") || om_by_is_column("d:quarter", "e") ||
                 om_by_is_column("dd", "d"));
}

static void
dates_become_periods(void **state)
{
    static const struct {
        enum om_by_unit unit;
        const char *text, *period;
    } cases[] = {
        {OM_BY_MONTH, "2026-03-14", "2026-03"},       {OM_BY_MONTH, "2024-02-29", "2024-02"},
        {OM_BY_MONTH, "2026-02-29", "(no date)"},     {OM_BY_MONTH, "2026-12-31T23:59:00Z", "2026-12"},
        {OM_BY_MONTH, "2026-12-31 23:59", "2026-12"}, {OM_BY_MONTH, "2026-12-311", "(no date)"},
        {OM_BY_MONTH, "14.03.2026", "(no date)"},     {OM_BY_MONTH, "2026-03", "(no date)"},
        {OM_BY_QUARTER, "2026-01-01", "2026-Q1"},     {OM_BY_QUARTER, "2026-03-31", "2026-Q1"},
        {OM_BY_QUARTER, "2026-04-01", "2026-Q2"},     {OM_BY_QUARTER, "2026-12-01", "2026-Q4"},
        {OM_BY_YEAR, "2026-12-01", "2026"},           {OM_BY_YEAR, "x", "(no date)"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char period[OM_BY_PERIOD];
        size_t length = om_by_period(cases[i].unit, cases[i].text, strlen(cases[i].text), period);
        assert_string_equal(period, cases[i].period);
        assert_int_equal(length, strlen(period));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_taken_apart),
                                       cmocka_unit_test(dates_become_periods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
