#include "support/support.h"

#include "report/number.h"
#include <locale.h>
#include <math.h>

static void
test_fixed(void **state)
{
    (void)state;
    assert_string_equal(om_show_fixed(14.25, 1).text, "14.2"); /* exact tie: to even, as printf */
    assert_string_equal(om_show_fixed(14.26, 1).text, "14.3");
    assert_string_equal(om_show_fixed(-3.19, 1).text, "-3.2");
    assert_string_equal(om_show_fixed(-0.04, 1).text, "0.0");
    assert_string_equal(om_show_fixed(-0.4, 0).text, "0");
    assert_string_equal(om_show_fixed(-10, 0).text, "-10");
    assert_string_equal(om_show_fixed(-0.05, 2).text, "-0.05");
    assert_string_equal(om_show_fixed(1e300, 2).text, "1.0e+300");
    assert_string_equal(om_show_score(27, 1).text, "27");
    assert_string_equal(om_show_score(100, 1).text, "100");
    assert_string_equal(om_show_score(13.5, 1).text, "13.5");
    assert_string_equal(om_show_score(13.5, 2).text, "13.5");
    assert_string_equal(om_show_score(0, 1).text, "0");
    assert_string_equal(om_show_score(100, 0).text, "100");
}

static void
test_p(void **state)
{
    (void)state;
    assert_string_equal(om_show_p(0).text, "< .001");
    assert_string_equal(om_show_p(0.00099).text, "< .001");
    assert_string_equal(om_show_p(0.001).text, ".001");
    assert_string_equal(om_show_p(0.0346).text, ".035");
    assert_string_equal(om_show_p(0.05).text, ".050");
    assert_string_equal(om_show_p(0.999).text, ".999");
    assert_string_equal(om_show_p(0.9995).text, "> .999");
    assert_string_equal(om_show_p(1).text, "> .999");
}

static void
test_coefficient(void **state)
{
    (void)state;
    assert_string_equal(om_show_coefficient(0.894).text, ".89");
    assert_string_equal(om_show_coefficient(-0.12).text, "-.12");
    assert_string_equal(om_show_coefficient(1).text, "1.00");
    assert_string_equal(om_show_coefficient(-1.5).text, "-1.50");
    assert_string_equal(om_show_coefficient(10.25).text, "10.25");
    assert_string_equal(om_show_coefficient(-0.001).text, ".00");
}

/* Halves up, exactly, from the counts: 12.5 % of 8 is 13 %; none and all are said only when true. */
static void
test_percent(void **state)
{
    (void)state;
    assert_string_equal(om_show_percent(1, 8).text, "13 %");
    assert_string_equal(om_show_percent(3, 8).text, "38 %");
    assert_string_equal(om_show_percent(1, 3).text, "33 %");
    assert_string_equal(om_show_percent(2, 3).text, "67 %");
    assert_string_equal(om_show_percent(0, 5).text, "0 %");
    assert_string_equal(om_show_percent(5, 5).text, "100 %");
    assert_string_equal(om_show_percent(1, 200).text, "1 %");
    assert_string_equal(om_show_percent(1, 201).text, "< 1 %");
    assert_string_equal(om_show_percent(199, 201).text, "99 %");
    assert_string_equal(om_show_percent(999, 1000).text, "> 99 %");
    assert_string_equal(om_show_percent(UINT64_MAX - 1, UINT64_MAX).text, "> 99 %");
    assert_string_equal(om_show_percent(UINT64_MAX / 2, UINT64_MAX).text, "50 %");
}

static void
test_bounds_and_fractions(void **state)
{
    (void)state;
    assert_string_equal(om_show_bounds(-7.42, -5.18, 1).text, "-7.4 to -5.2");
    assert_string_equal(om_show_bounds(-1e300, 1e300, 2).text, "-1.0e+300 to 1.0e+300");
    assert_string_equal(om_show_percent_bounds(0.329, 0.581).text, "33-58");
    assert_string_equal(om_show_percent_bounds(1.4e-17, 1).text, "0-100");
    assert_string_equal(om_show_fraction((struct om_fraction){10, 1}).text, "10");
    assert_string_equal(om_show_fraction((struct om_fraction){25, 10}).text, "2.5");
}

/* The point is a point wherever the program runs. */
static void
test_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
        skip();
    assert_string_equal(om_show_fixed(1.5, 1).text, "1.5");
    assert_string_equal(om_show_p(0.25).text, ".250");
    setlocale(LC_NUMERIC, "C");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed),   cmocka_unit_test(test_p),
        cmocka_unit_test(test_percent), cmocka_unit_test(test_coefficient),
        cmocka_unit_test(test_locale),  cmocka_unit_test(test_bounds_and_fractions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
