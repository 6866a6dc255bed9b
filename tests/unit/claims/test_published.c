/* Published numbers: parsing, rounding, what is possible, tests. Oracles: tests/oracle/claims.py, claims_p.R.
 */
#include "support/support.h"

#include <math.h>
#include <omstat/claims.h>
#include <stdio.h>
#include <string.h>

static const struct om_fraction none = {0, 1};
static const char *const roundings[] = {"half-up", "half-even", "either", "truncate"};

static struct om_published
published(const char *text)
{
    struct om_published p;
    if (!om_published_parse(text, &p))
        fail_msg("%s is no number", text);
    return p;
}

static void
assert_published(const char *text, int64_t units, int decimals, bool percent, char relation)
{
    struct om_published p = published(text);
    assert_true(p.units == units && p.decimals == decimals && p.percent == percent && p.relation == relation);
}

static void
test_parse(void **state)
{
    (void)state;
    assert_published("79 %", 79, 0, true, '=');
    assert_published(" 79.0% ", 790, 1, true, '=');
    assert_published("-7.60", -760, 2, false, '=');
    assert_published("\xE2\x88\x92"
                     "7.6",
                     -76, 1, false, '=');
    assert_published("< .001", 1, 3, false, '<');
    assert_published("> .999", 999, 3, false, '>');
    assert_published("= 5.", 5, 0, false, '=');
    assert_published("999999999999999", 999999999999999, 0, false, '=');
    static const char *const bad[] = {"",
                                      " ",
                                      "%",
                                      ".",
                                      "-",
                                      "1e5",
                                      "1,5",
                                      "79 %%",
                                      "--1",
                                      "1.2.3",
                                      "<",
                                      "< >1",
                                      "nan",
                                      "0.1234567890",
                                      "1234567890123456",
                                      "79 % of",
                                      "+5",
                                      "\xE2\x88"};
    struct om_published p;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (om_published_parse(bad[i], &p))
            fail_msg("%s was read", bad[i]);
}

static bool
fits(const char *text, int64_t num, int64_t den, enum om_published_rounding rounding)
{
    const struct om_published p = published(text);
    return om_published_fits(&p, (struct om_fraction){num, den}, rounding, none);
}

/* Halves, both signs, and what doubles get wrong: 1.005 is below its decimal as a double. */
static void
test_rounding(void **state)
{
    (void)state;
    assert_true(fits("79 %", 53, 67, OM_PUBLISHED_HALF_UP));
    assert_false(fits("80 %", 53, 67, OM_PUBLISHED_HALF_UP));
    assert_true(fits("1.01", 1005, 1000, OM_PUBLISHED_HALF_UP));
    assert_false(fits("1.00", 1005, 1000, OM_PUBLISHED_HALF_UP));
    assert_true(fits("1.00", 1005, 1000, OM_PUBLISHED_HALF_EVEN));
    assert_true(fits("1.02", 1015, 1000, OM_PUBLISHED_HALF_EVEN));
    assert_true(fits("1.00", 1005, 1000, OM_PUBLISHED_EITHER));
    assert_true(fits("1.01", 1005, 1000, OM_PUBLISHED_EITHER));
    assert_false(fits("1.02", 1005, 1000, OM_PUBLISHED_EITHER));
    assert_true(fits("85 %", 42, 49, OM_PUBLISHED_TRUNCATE));
    assert_false(fits("86 %", 42, 49, OM_PUBLISHED_TRUNCATE));
    assert_true(fits("-7.7", -765, 100, OM_PUBLISHED_HALF_UP));
    assert_true(fits("-7.6", -765, 100, OM_PUBLISHED_HALF_EVEN));
    assert_true(fits("-7.6", -769, 100, OM_PUBLISHED_TRUNCATE));
    assert_true(fits("0", -49, 100, OM_PUBLISHED_HALF_UP));
    assert_true(fits("12.5 %", 1, 8, OM_PUBLISHED_HALF_UP));
    assert_true(fits("13 %", 1, 8, OM_PUBLISHED_HALF_UP));
    assert_true(fits("12 %", 1, 8, OM_PUBLISHED_HALF_EVEN));
    assert_true(fits("< .001", 999, 1000000, OM_PUBLISHED_HALF_UP));
    assert_false(fits("< .001", 1, 1000, OM_PUBLISHED_HALF_UP));
    assert_true(fits("> .5", 501, 1000, OM_PUBLISHED_HALF_UP));
}

static void
test_tolerance(void **state)
{
    (void)state;
    const struct om_published p = published("80 %");
    const struct om_fraction share = {53, 67};
    assert_false(om_published_fits(&p, share, OM_PUBLISHED_HALF_UP, (struct om_fraction){9, 10}));
    assert_true(om_published_fits(&p, share, OM_PUBLISHED_HALF_UP, (struct om_fraction){1, 1}));
    const struct om_published mean = published("7.60");
    assert_true(om_published_fits(&mean, (struct om_fraction){761, 100}, OM_PUBLISHED_HALF_UP,
                                  (struct om_fraction){1, 100}));
    assert_false(om_published_fits(&mean, (struct om_fraction){762, 100}, OM_PUBLISHED_HALF_UP,
                                   (struct om_fraction){1, 100}));
}

/* Nothing overflows: the largest of everything is an answer, and no undefined behaviour. */
static void
test_huge(void **state)
{
    (void)state;
    const struct om_published large = published("999999.999999999 %");
    const struct om_fraction x = {INT64_MAX / 2, 1}, y = {INT64_MIN / 2, 3}, z = {1, INT64_MAX};
    for (int rounding = 0; rounding < 4; rounding++) {
        const enum om_published_rounding r = (enum om_published_rounding)rounding;
        assert_false(om_published_fits(&large, x, r, (struct om_fraction){1000000, 1}));
        assert_false(om_published_fits(&large, y, r, (struct om_fraction){1, 1000000000}));
        assert_false(om_published_fits(&large, z, r, none));
        assert_false(om_rate_possible(&large, UINT64_MAX, r, none, NULL));
        assert_false(om_rate_possible(&large, 0, r, none, NULL));
        om_mean_possible(&large, (uint64_t)1 << 40, (struct om_fraction){1, 1}, r);
        const struct om_score_range range = {{1, 1}, true, 0, 80};
        om_sd_possible(&large, &large, 1000000, &range, r);
    }
}

/* --- against trying everything -------------------------------------------------------------------------- */

static enum om_published_rounding
rounding_of(const json_t *one)
{
    const char *name = json_string_value(json_object_get(one, "rounding"));
    int i = 0;
    while (strcmp(roundings[i], name) != 0)
        i++;
    return (enum om_published_rounding)i;
}

static bool
bit(const json_t *one, size_t n)
{
    const char digit = json_string_value(json_object_get(one, "n"))[(n - 1) / 4];
    const int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
    return value >> ((n - 1) % 4) & 1;
}

static int64_t
integer(const json_t *one, const char *key)
{
    return json_integer_value(json_object_get(one, key));
}

static void
test_rates_tried(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/claims.json");
    size_t i, checked = 0;
    json_t *one;
    json_array_foreach(json_object_get(root, "rates"), i, one)
    {
        const struct om_published p = {integer(one, "units"), (int)integer(one, "decimals"), true, '='};
        for (size_t n = 1; n <= 200; n++, checked++) {
            uint64_t k;
            const bool possible = om_rate_possible(&p, n, rounding_of(one), none, &k);
            if (possible != bit(one, n))
                fail_msg("%lld of %zu, rounding %d", (long long)p.units, n, (int)rounding_of(one));
            if (possible)
                assert_true(om_published_fits(&p, (struct om_fraction){(int64_t)k, (int64_t)n},
                                              rounding_of(one), none));
        }
    }
    assert_int_equal(checked, 4 * (101 + 20) * 200);
    json_decref(root);
}

static void
test_means_tried(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/claims.json");
    size_t i, possible = 0, checked = 0;
    json_t *one;
    json_array_foreach(json_object_get(root, "means"), i, one)
    {
        const struct om_published p = {integer(one, "units"), 2, false, '='};
        for (size_t n = 1; n <= 200; n++, checked++) {
            const bool now = om_mean_possible(&p, n, (struct om_fraction){1, 1}, rounding_of(one));
            possible += now;
            assert_int_equal(now, bit(one, n));
        }
    }
    assert_true(checked == 4 * 24 * 200 && possible > 0 && possible < checked);
    json_decref(root);
}

static void
test_sds_tried(void **state)
{
    (void)state;
    json_t *root = load_json("tests/oracle/claims.json");
    const struct om_score_range range = {{1, 1}, true, 0, 27};
    size_t i, possible = 0, checked = 0;
    json_t *one;
    json_array_foreach(json_object_get(root, "sds"), i, one)
    {
        const struct om_published mean = {integer(one, "mean"), 2, false, '='},
                                  sd = {integer(one, "sd"), 2, false, '='};
        for (size_t n = 2; n <= 200; n++, checked++) {
            const bool now = om_sd_possible(&mean, &sd, n, &range, rounding_of(one));
            possible += now;
            if (now != bit(one, n))
                fail_msg("mean %lld, sd %lld, n %zu, rounding %d: %d", (long long)mean.units,
                         (long long)sd.units, n, (int)rounding_of(one), now);
        }
    }
    assert_true(possible > 0 && possible < checked);
    json_decref(root);
}

/* Whatever people answered is never called impossible. */
static void
test_real_scores_are_possible(void **state)
{
    (void)state;
    const struct om_score_range range = {{1, 1}, true, 0, 27}, free_range = {{1, 1}, false, 0, 0};
    for (int round = 0; round < 3000; round++) {
        const int64_t n = 2 + test_random() % 60;
        int64_t sum = 0, squares = 0;
        for (int64_t i = 0; i < n; i++) {
            const int64_t x = test_random() % 28;
            sum += x;
            squares += x * x;
        }
        char text[32];
        const long double mean = (long double)sum / n;
        const long double sd = sqrtl((long double)(n * squares - sum * sum) / (n * (n - 1)));
        snprintf(text, sizeof text, "%.2Lf", mean);
        const struct om_published m = published(text);
        snprintf(text, sizeof text, "%.2Lf", sd);
        const struct om_published s = published(text);
        /* printf rounds halves of binary fractions to even; either convention is allowed for here */
        assert_true(om_mean_possible(&m, (uint64_t)n, range.unit, OM_PUBLISHED_EITHER));
        assert_true(om_sd_possible(&m, &s, (uint64_t)n, &range, OM_PUBLISHED_EITHER));
        assert_true(om_sd_possible(&m, &s, (uint64_t)n, &free_range, OM_PUBLISHED_EITHER));
    }
}

/* The n that an evaluation's four percentages exclude, from 20 to 94: a published table. */
/* Half of n people have 8 and half 17: the mean is 12.5 exactly, the SD 4.5 times the root of n / (n - 1). So
 * many sums of squares lie below those that fit that they cannot be tried one by one. */
static void
test_sds_of_many(void **state)
{
    const struct om_score_range range = {.unit = {1, 1}, .has_range = true, .low = 0, .high = 27};
    const struct om_score_range anywhere = {.unit = {1, 1}};
    const struct om_published mean = {.units = 12500000, .decimals = 6, .relation = '='};
    const struct om_published sd = {.units = 45, .decimals = 1, .relation = '='};
    const struct om_published never = {.units = 136, .decimals = 1, .relation = '='};
    (void)state;
    for (uint64_t n = 100; n <= 1000000; n *= 10)
        for (int rounding = OM_PUBLISHED_HALF_UP; rounding <= OM_PUBLISHED_TRUNCATE; rounding++) {
            assert_true(om_sd_possible(&mean, &sd, n, &range, (enum om_published_rounding)rounding));
            assert_true(om_sd_possible(&mean, &sd, n, &anywhere, (enum om_published_rounding)rounding));
            /* with 0 and 27 alone the largest is the root of 12.5 * 14.5 = 13.463 */
            assert_false(om_sd_possible(&mean, &never, n, &range, (enum om_published_rounding)rounding));
        }
}

static void
test_impossible_n(void **state)
{
    (void)state;
    static const struct {
        const char *percent;
        int first_k[3], first_n[3];
        const char *impossible; /* in words of one n each */
    } rows[] = {
        {"91 %",
         {10, 20, 21},
         {11, 22, 23},
         " 20 21 24 25 26 27 28 29 30 31 36 37 38 39 40 41 42 48 49 50 51 52 59 60 61 62 63 71 72 73 83 84 "},
        {"79 %",
         {11, 15, 19},
         {14, 19, 24},
         " 20 21 22 23 25 26 27 30 31 32 35 36 37 40 41 44 45 46 49 50 51 54 55 59 60 64 65 69 74 79 83 88 "
         "93 "},
        {"86 %",
         {6, 12, 18},
         {7, 14, 21},
         " 20 23 24 25 26 27 30 31 32 33 34 38 39 40 41 45 46 47 48 52 53 54 55 60 61 62 67 68 75 82 89 "},
        {"92 %",
         {11, 12, 22},
         {12, 13, 24},
         " 20 21 22 23 27 28 29 30 31 32 33 34 35 40 41 42 43 44 45 46 47 54 55 56 57 58 67 68 69 70 80 81 "
         "82 94 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct om_published p = published(rows[i].percent);
        size_t found = 0;
        for (uint64_t n = 1; n <= 94; n++) {
            uint64_t k;
            char word[16];
            const bool possible = om_rate_possible(&p, n, OM_PUBLISHED_HALF_UP, none, &k);
            if (possible && found < 3) {
                assert_true(k == (uint64_t)rows[i].first_k[found] && n == (uint64_t)rows[i].first_n[found]);
                found++;
            }
            snprintf(word, sizeof word, " %d ", (int)n);
            if (n >= 20)
                assert_int_equal(!possible, strstr(rows[i].impossible, word) != NULL);
        }
    }
}

/* --- tests ---------------------------------------------------------------------------------------------- */

static struct om_test_check
checked(struct om_published_test test)
{
    struct om_error err;
    struct om_test_check check;
    assert_ok(om_published_test_check(&test, OM_PUBLISHED_HALF_UP, &check, &err));
    return check;
}

static void
test_p_of_r(void **state)
{
    (void)state;
    static const char *const kinds[] = {"", "t", "z", "chi2", "f", "r"};
    json_t *root = load_json("tests/oracle/claims_p.json"), *one;
    size_t i;
    json_array_foreach(root, i, one)
    {
        struct om_published_test test = {.kind = OM_TEST_T};
        while (strcmp(kinds[test.kind], json_string_value(json_object_get(one, "kind"))) != 0)
            test.kind++;
        test.statistic = published(json_string_value(json_object_get(one, "text")));
        test.df = json_at(one, "df");
        test.df2 = json_at(one, "df2");
        const struct om_test_check check = checked(test);
        assert_close(check.p_low, json_at(one, "low"), 1e-9);
        assert_close(check.p_high, json_at(one, "high"), 1e-9);
    }
    assert_int_equal(i, 12);
    json_decref(root);
}

static void
test_consistency(void **state)
{
    (void)state;
    struct om_published_test t = {.kind = OM_TEST_T, .statistic = published("2.10"), .df = 39, .has_p = true};
    t.p = published(".042");
    assert_true(checked(t).p_fits);
    t.p = published(".041");
    assert_false(checked(t).p_fits);
    assert_false(checked(t).one_sided_fits);
    t.p = published(".021");
    assert_false(checked(t).p_fits);
    assert_true(checked(t).one_sided_fits);
    t.one_sided = true;
    assert_true(checked(t).p_fits);
    t.one_sided = false;
    t.p = published("< .05");
    assert_true(checked(t).p_fits);
    t.p = published("< .04");
    assert_false(checked(t).p_fits);
    t.p = published("> .04");
    assert_true(checked(t).p_fits);
    /* d_z = 5.60 / sqrt(40) = 0.885: from 0.8847 to 0.8862 */
    struct om_published_test d = {
        .kind = OM_TEST_T, .statistic = published("5.60"), .df = 39, .has_d_z = true};
    d.d_z = published("0.89");
    assert_true(checked(d).d_z_fits);
    d.d_z = published("0.88"); /* up to 0.885: 5.595 / sqrt(40) = 0.88465 is in it */
    assert_true(checked(d).d_z_fits);
    d.d_z = published("0.90");
    assert_false(checked(d).d_z_fits);
    d.d_z = published("-0.89");
    assert_false(checked(d).d_z_fits);
    struct om_error err;
    struct om_test_check check;
    t.df = 0;
    assert_int_equal(om_published_test_check(&t, OM_PUBLISHED_HALF_UP, &check, &err), OM_ERR_INVALID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),       cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_tolerance),   cmocka_unit_test(test_huge),
        cmocka_unit_test(test_rates_tried), cmocka_unit_test(test_means_tried),
        cmocka_unit_test(test_sds_tried),   cmocka_unit_test(test_real_scores_are_possible),
        cmocka_unit_test(test_sds_of_many), cmocka_unit_test(test_impossible_n),
        cmocka_unit_test(test_p_of_r),      cmocka_unit_test(test_consistency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
