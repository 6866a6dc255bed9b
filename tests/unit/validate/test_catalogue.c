/* The catalogue: complete, in order, and found by every way to write a code. */
#include "support/support.h"

#include <omstat/catalogue.h>
#include <stdio.h>
#include <string.h>

/* The codes are for good: a test that lists them keeps them. */
static const int data_codes[] = {101, 102, 103, 104, 105, 106, 110, 111, 112, 113, 114, 115,
                                 116, 120, 121, 122, 123, 130, 131, 132, 133, 140, 141, 142,
                                 143, 150, 151, 160, 161, 162, 163, 192, 201, 202, 203, 204,
                                 205, 206, 207, 208, 209, 210, 211, 212, 213, 214, 215, 216};
static const int program_codes[] = {170, 171, 172, 173, 180, 190, 191, 193, 194, 195, 196, 197, 198};

static void
test_codes(void **state)
{
    (void)state;
    size_t n, of_data = sizeof data_codes / sizeof data_codes[0];
    size_t of_program = sizeof program_codes / sizeof program_codes[0];
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    assert_int_equal(n, of_data + of_program);
    for (size_t i = 0; i < of_data; i++)
        assert_true(om_catalogue_find(data_codes[i])->of_data);
    for (size_t i = 0; i < of_program; i++)
        assert_false(om_catalogue_find(program_codes[i])->of_data);
    for (size_t i = 1; i < n; i++)
        assert_true(entry[i - 1].code < entry[i].code);
}

static void
test_texts(void **state)
{
    (void)state;
    size_t n;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    for (size_t i = 0; i < n; i++) {
        const char *const sentences[] = {entry[i].does, entry[i].why, entry[i].remedy};
        assert_true(entry[i].title[0] && entry[i].title[strlen(entry[i].title) - 1] != '.');
        for (size_t k = 0; k < 3; k++) {
            size_t length = strlen(sentences[k]);
            if (length == 0 || sentences[k][length - 1] != '.' || strchr(sentences[k], '\n'))
                fail_msg("OM%d: \"%s\" is no sentence", entry[i].code, sentences[k]);
        }
        assert_non_null(entry[i].example);
    }
}

static void
test_parse(void **state)
{
    (void)state;
    static const char *const good[] = {"OM132", "om132", "Om132", "132"};
    static const char *const bad[] = {"",     "O",     "OM",    "OM13", "OM1320", "13",    "1320",   "OM 132",
                                      "-132", "OM-32", "OM999", "000",  "M132",   "OO132", "OM132 ", "0x84"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(om_catalogue_parse(good[i])->code, 132);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (om_catalogue_parse(bad[i]))
            fail_msg("'%s' is a code", bad[i]);
}

/* The code that begins a message, and what is none. */
static void
test_codes_of_errors(void **state)
{
    (void)state;
    struct om_error err = {0};
    const char *rest;
    snprintf(err.message, sizeof err.message, "OM121 no column");
    assert_int_equal(om_error_finding_code(&err, &rest), 121);
    assert_string_equal(rest, "no column");
    static const char *const none[] = {"", "OM", "OM12 x", "OM1211 x", "OM121", "OM121x y", "no OM121 here"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        snprintf(err.message, sizeof err.message, "%s", none[i]);
        assert_int_equal(om_error_finding_code(&err, &rest), 0);
        assert_string_equal(rest, none[i]);
    }
}

/* Baselines hold fingerprints, so they must never change. */
static void
test_fingerprints(void **state)
{
    (void)state;
    const struct om_finding some = {
        .code = 132, .column = "phq2", .file = "a.csv", .line = 4, .message = "m"};
    const struct om_finding other_place = {
        .code = 132, .column = "phq2", .file = "b.csv", .line = 5, .message = "n"};
    const struct om_finding other_column = {.code = 132, .column = "phq3"},
                            other_code = {.code = 133, .column = "phq2"};
    char a[OM_FINGERPRINT_TEXT], b[OM_FINGERPRINT_TEXT];
    om_finding_fingerprint(&some, a);
    assert_string_equal(a, "739760776c5c7b7c42ae2e0eb6b03c5b");
    om_finding_fingerprint(&other_place, b);
    assert_string_equal(a, b);
    om_finding_fingerprint(&other_column, b);
    assert_string_not_equal(a, b);
    om_finding_fingerprint(&other_code, b);
    assert_string_not_equal(a, b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_parse),        cmocka_unit_test(test_codes_of_errors),
        cmocka_unit_test(test_fingerprints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
