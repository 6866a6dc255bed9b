#include "support/support.h"

#include "base/number.h"
#include <string.h>

static void
test_comparing_fractions(void **state)
{
    (void)state;
    for (int64_t a = -30; a <= 30; a++)
        for (int64_t b = 1; b <= 12; b++)
            for (int64_t c = -30; c <= 30; c++)
                for (int64_t d = 1; d <= 12; d++) {
                    int64_t left = a * d, right = c * b;
                    int want = left < right ? -1 : left > right;
                    if (om_fraction_compare((struct om_fraction){a, b}, (struct om_fraction){c, d}) != want)
                        fail_msg("%d/%d, %d/%d", (int)a, (int)b, (int)c, (int)d);
                }
    /* products beyond 64 bits; the double of both is the same */
    struct om_fraction less = {INT64_MAX - 1, INT64_MAX}, more = {INT64_MAX - 2, INT64_MAX - 1};
    assert_int_equal(om_fraction_compare(less, more), 1);
    assert_int_equal(om_fraction_compare(more, less), -1);
    assert_int_equal(om_fraction_compare(less, less), 0);
}

/* floor(f + 1/2) for halves, quarters, ... and where twice the numerator does not fit. */
static void
test_rounding_half_up(void **state)
{
    (void)state;
    for (int64_t den = 1; den <= 60; den++)
        for (int64_t num = -400; num <= 400; num++) {
            int64_t want = -1000; /* the largest whole number not above num / den + 1/2 */
            while (2 * (want + 1) * den <= 2 * num + den)
                want++;
            if (om_fraction_round((struct om_fraction){num, den}) != want)
                fail_msg("%d/%d: expected %d", (int)num, (int)den, (int)want);
        }
    assert_int_equal(om_fraction_round((struct om_fraction){9, 2}), 5); /* not the even 4 */
    assert_int_equal(om_fraction_round((struct om_fraction){-9, 2}), -4);
    assert_int_equal(om_fraction_round((struct om_fraction){13 * 9, 8}), 15);
    assert_true(om_fraction_round((struct om_fraction){INT64_MAX, 1}) == INT64_MAX);
    assert_true(om_fraction_round((struct om_fraction){INT64_MAX, 2}) == INT64_MAX / 2 + 1);
    assert_true(om_fraction_round((struct om_fraction){-INT64_MAX, 2}) == -(INT64_MAX / 2));
    assert_true(om_fraction_value((struct om_fraction){117, 8}) == 14.625);
    assert_true(om_fraction_value((struct om_fraction){-1, 3}) == -1.0 / 3);
}

static void
test_gcd_and_lcm(void **state)
{
    (void)state;
    for (int64_t a = 0; a <= 60; a++)
        for (int64_t b = 0; b <= 60; b++) {
            int64_t want = 0;
            for (int64_t d = 1; d <= 60; d++)
                if (a % d == 0 && b % d == 0 && (a || b))
                    want = d;
            assert_int_equal(om_gcd(a, b), want);
            assert_int_equal(om_gcd(-a, b), want);
            if (!a || !b)
                continue;
            int64_t multiple = a;
            while (multiple % b)
                multiple += a;
            assert_int_equal(om_lcm(a, b), multiple);
        }
    assert_int_equal(om_lcm(INT64_C(1) << 40, (INT64_C(1) << 40) - 1), 0);
    assert_true(om_lcm(INT64_MAX, INT64_MAX) == INT64_MAX);
}

/* "-12.50" read by hand: sign, digits, at most one point, digits; at most 18 digits and at least one. */
static void
test_parsing_fractions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t num, den; /* den 0: refused */
    } known[] = {
        {"0", 0, 1},
        {"12", 12, 1},
        {"-12.50", -25, 2},
        {".5", 1, 2},
        {"-.25", -1, 4},
        {"5.", 5, 1},
        {"90.5", 181, 2},
        {"007", 7, 1},
        {"0.000", 0, 1},
        {"-0", 0, 1},
        {"", 0, 0},
        {"-", 0, 0},
        {".", 0, 0},
        {"-.", 0, 0},
        {"1.2.3", 0, 0},
        {"1e5", 0, 0},
        {" 1", 0, 0},
        {"1 ", 0, 0},
        {"+1", 0, 0},
        {"--1", 0, 0},
        {"1,5", 0, 0},
        {"0x10", 0, 0},
        {"nan", 0, 0},
        {"inf", 0, 0},
        {"1-", 0, 0},
        {"999999999999999999", INT64_C(999999999999999999), 1},
        {"0.000000000000000001", 0, 0}, /* 19 digits */
        {".000000000000000001", 1, INT64_C(1000000000000000000)},
        {"1000000000000000000", 0, 0},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct om_fraction f = {77, 77};
        int ok = om_fraction_parse(known[i].text, strlen(known[i].text), &f);
        if (ok != (known[i].den != 0) || (ok && (f.num != known[i].num || f.den != known[i].den)) ||
            (!ok && f.num != 77))
            fail_msg("\"%s\"", known[i].text);
    }
    struct om_fraction f;
    assert_true(om_fraction_parse("12.5x", 4, &f)); /* the length says where it ends */
    assert_int_equal(f.num, 25);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparing_fractions),
        cmocka_unit_test(test_rounding_half_up),
        cmocka_unit_test(test_gcd_and_lcm),
        cmocka_unit_test(test_parsing_fractions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
