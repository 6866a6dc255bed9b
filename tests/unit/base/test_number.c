#include "support/support.h"

#include "base/number.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A whole number, perhaps followed by a fraction of zeros, read from the end to the beginning. */
static int
plain_integer(const char *text, int n, int32_t *out)
{
    int begin = 0, end = n;
    int64_t value = 0, weight = 1;
    while (begin < end && (text[begin] == ' ' || text[begin] == '\t'))
        begin++;
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == '\t'))
        end--;
    const char *point = memchr(text + begin, '.', (size_t)(end - begin));
    if (point && point + 1 == text + end)
        return 0;
    for (int i = end - 1; point && text + i > point; i--)
        if (text[i] != '0')
            return 0;
    if (point)
        end = (int)(point - text);
    int negative = begin < end && text[begin] == '-', digits = 0;
    for (int i = end - 1; i >= begin + negative; i--, weight *= 10, digits++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        value += weight * (text[i] - '0');
    }
    *out = (int32_t)(negative ? -value : value);
    return digits > 0;
}

static void
test_every_integer_of_three_bytes(void **state)
{
    (void)state;
    for (uint32_t v = 0; v < 1 << 24; v++) {
        char text[] = {(char)(v & 0xff), (char)(v >> 8 & 0xff), (char)(v >> 16)};
        for (int n = v >= 1 << 16 ? 3 : 0; n <= 3; n++) {
            int32_t got = 77, want = 77;
            int ok = om_integer_parse(text, (size_t)n, &got), should = plain_integer(text, n, &want);
            if (ok != should || (ok && got != want) || (!ok && got != 77))
                fail_msg("%d bytes %02x %02x %02x", n, v & 0xff, v >> 8 & 0xff, v >> 16);
        }
    }
}

static void
test_longer_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int result;
        int32_t value;
    } known[] = {
        {"2147483647", 1, INT32_MAX},
        {"2147483648", -1, 0},
        {"-2147483648", 1, INT32_MIN},
        {"-2147483649", -1, 0},
        {"0000000000003", 1, 3},
        {" \t 3.000 ", 1, 3},
        {"99999999999999999999999999999999", -1, 0},
        {"9999999999999999999x", 0, 0},
        {"2147483648.0", -1, 0},
        {"2147483648.5", 0, 0},
        {"3.0.0", 0, 0},
        {"1e400", 0, 0},
        {"=1+1", 0, 0},
        {"0x2", 0, 0},
        {"TRUE", 0, 0},
        {"-9", 1, -9},
        {"- 9", 0, 0},
        {"\xef\xbc\x93", 0, 0},
        /* a full-width 3 */ {"3\xc2\xa0", 0, 0}, /* a hard blank */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        int32_t value = 0;
        int result = om_integer_parse(known[i].text, strlen(known[i].text), &value);
        if (result != known[i].result || value != known[i].value)
            fail_msg("\"%s\" gives %d, %d", known[i].text, result, value);
    }
}

static void
assert_shortest(double value)
{
    char text[OM_NUMBER_TEXT], other[64];
    om_number_format(value, text);
    if (strtod(text, NULL) != value)
        fail_msg("%s is not %.17g", text, value);
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(other, sizeof other, "%.*g", precision, value);
        if (strtod(other, NULL) == value)
            break;
    }
    assert_string_equal(text, other);
}

static void
test_writing_numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } known[] = {
        {0.0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-12.5, "-12.5"},
        {14.625, "14.625"},
        {0.1, "0.1"},
        {0.3, "0.3"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {100, "100"},
        {1e15, "1e+15"},
        {-999999999999999, "-999999999999999"},
        {123456789, "123456789"},
        {5e-9, "5e-09"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {2.0 / 3, "0.6666666666666666"},
    };
    char text[OM_NUMBER_TEXT];
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        om_number_format(known[i].value, text);
        assert_string_equal(text, known[i].text);
    }
    for (int den = 1; den <= 400; den++) /* every rate, mean and prorated score is such a ratio */
        for (int num = 1; num <= 400; num++)
            assert_shortest((double)num / den);
    for (double power = 1; power < 1e17; power *= 10)
        for (int near = -2; near <= 2; near++)
            if (power + near != 0)
                assert_shortest(power + near);
    uint64_t bits = 1;
    for (int i = 0; i < 200000; i++) {
        double value;
        bits = bits * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value) && value != 0)
            assert_shortest(value);
    }
}

/* The sizes that are not left to printf, up to their ends: random digits, decimals with few digits, halves
 * and other short binary fractions (printf rounds them to even), and the doubles beside each power of 2 and
 * of 10. */
static void
test_usual_sizes(void **state)
{
    (void)state;
    for (int exponent = -12; exponent <= 16; exponent++)
        for (int i = 0; i < 20000; i++) {
            double random = (test_random() + test_random() / 4294967296.0) / 4294967296.0;
            assert_shortest((random - 0.5) * pow(10, exponent));
            assert_shortest(round(random * pow(10, i % 17)) * pow(10, exponent - i % 17) + 5e-324);
            assert_shortest(ldexp(round(random * 4096) + 0.5, -i % 50));
        }
    for (int power = -50; power <= 60; power++) {
        double near[] = {ldexp(1, power), pow(10, power / 3)};
        for (int which = 0; which < 2; which++) {
            double below = near[which], above = near[which];
            for (int i = 0; i < 200; i++) {
                assert_shortest(below);
                assert_shortest(-above);
                below = nextafter(below, 0);
                above = nextafter(above, INFINITY);
            }
        }
    }
}

static void
test_the_locale_is_never_asked(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    char text[OM_NUMBER_TEXT];
    bool found = false;
    for (size_t i = 0; i < 4 && !found; i++)
        found = setlocale(LC_ALL, names[i]) && strcmp(localeconv()->decimal_point, ",") == 0;
    om_number_format(-1234.5, text);
    setlocale(LC_ALL, "C");
    assert_string_equal(text, "-1234.5");
    if (!found)
        print_message("no locale with a decimal comma is installed: nothing was put to the test\n");
}

static void
test_whole_numbers(void **state)
{
    (void)state;
    uint64_t value[200];
    size_t n = 0;
    for (uint64_t power = 1; n < 150; power *= 7) {
        value[n++] = power - 1;
        value[n++] = power;
        value[n++] = power + 1;
    }
    for (uint64_t power = 1; n < 190;
         power *= 10) /* 10^19 is the largest; what wraps around will do as well */
        value[n++] = power, value[n++] = power - 1;
    value[n++] = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        char want[32], got[OM_DECIMAL_TEXT + 1];
        snprintf(want, sizeof want, "%llu", (unsigned long long)value[i]);
        *om_decimal_put(value[i], got) = '\0';
        assert_string_equal(got, want);
    }
}

/* Every pair and triple of short texts over an alphabet with digits, zeros and others. */
static void
test_natural_order_is_an_order(void **state)
{
    (void)state;
    static const char alphabet[] = "019-b";
    char word[200][4];
    size_t n = 0;
    for (size_t length = 0; length <= 3; length++)
        for (size_t code = 0, all = (size_t)pow(5, (double)length); code < all; code++, n++)
            for (size_t i = 0, rest = code; i <= length; i++, rest /= 5)
                word[n][i] = i < length ? alphabet[rest % 5] : '\0';
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            int ab = om_natural_compare(word[a], word[b]);
            assert_int_equal(ab, -om_natural_compare(word[b], word[a]));
            assert_int_equal(ab == 0, a == b);
            for (size_t c = 0; c < n; c++)
                if (ab < 0 && om_natural_compare(word[b], word[c]) < 0 &&
                    om_natural_compare(word[a], word[c]) >= 0)
                    fail_msg("%s < %s < %s", word[a], word[b], word[c]);
        }
}

static void
test_natural_order(void **state)
{
    (void)state;
    static const char *const ascending[] = {"",
                                            "0",
                                            "00",
                                            "01a",
                                            "1a",
                                            "1b",
                                            "2",
                                            "10",
                                            "100",
                                            "18446744073709551616",
                                            "18446744073709551617",
                                            "site",
                                            "site1",
                                            "site2",
                                            "site2b",
                                            "site10"};
    for (size_t i = 0; i < sizeof ascending / sizeof ascending[0]; i++)
        for (size_t j = 0; j < sizeof ascending / sizeof ascending[0]; j++) {
            int want = i < j ? -1 : i > j;
            if (om_natural_compare(ascending[i], ascending[j]) != want)
                fail_msg("\"%s\", \"%s\"", ascending[i], ascending[j]);
        }
}

static void
test_letters(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        assert_int_equal((unsigned char)om_ascii_lower((char)c), c >= 'A' && c <= 'Z' ? c + 32 : c);
        assert_int_equal(om_ascii_digit((char)c), c >= '0' && c <= '9');
    }
    assert_true(om_ascii_equal("PHQ9_1x", 6, "phq9_1"));
    assert_true(om_ascii_equal("", 0, ""));
    assert_false(om_ascii_equal("phq9", 4, "phq9_1"));
    assert_false(om_ascii_equal("phq9_1", 6, "phq9"));
    assert_false(om_ascii_equal("[", 1, "{"));
    assert_false(om_ascii_equal("a\0", 2, "a"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_integer_of_three_bytes),
        cmocka_unit_test(test_longer_integers),
        cmocka_unit_test(test_writing_numbers),
        cmocka_unit_test(test_usual_sizes),
        cmocka_unit_test(test_whole_numbers),
        cmocka_unit_test(test_the_locale_is_never_asked),
        cmocka_unit_test(test_natural_order_is_an_order),
        cmocka_unit_test(test_natural_order),
        cmocka_unit_test(test_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
