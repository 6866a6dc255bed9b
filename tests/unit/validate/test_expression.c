/* Conditions between fields: what they mean, what is refused and where, and that nothing else gets through.
 */
#include "support/support.h"
#include "base/memory.h"
#include "validate/expression.h"

#include <stdio.h>
#include <string.h>

/* Values of the columns a, b, c, d in the tests: 3, a word, blank, not applicable. */
static struct om_expression_value
value_of(const char *column)
{
    struct om_expression_value value = {.text = "3", .length = 1, .is_number = true, .number = {3, 1}};
    switch (column[0] | 0x20) {
    case 'a':
        return value;
    case 'b':
        return (struct om_expression_value){.text = "Yes", .length = 3};
    case 'c':
        return (struct om_expression_value){.kind = OM_VALUE_BLANK, .text = ""};
    case 'd':
        return (struct om_expression_value){.kind = OM_VALUE_NA, .text = "NA", .length = 2};
    default: /* something that cannot be read */
        return (struct om_expression_value){.kind = OM_VALUE_UNREADABLE, .text = "?", .length = 1};
    }
}

static enum om_truth
hold(const struct om_expression *expression)
{
    struct om_expression_value value[OM_EXPRESSION_LENGTH_MAX];
    for (size_t i = 0; i < om_expression_columns(expression); i++)
        value[i] = value_of(om_expression_column(expression, i));
    return om_expression_holds(expression, value);
}

static const struct {
    const char *text;
    enum om_truth truth;
} cases[] = {
    {"a == 3", OM_TRUE},
    {"a==3.0", OM_TRUE},
    {"A == +3", OM_TRUE},
    {"3 == a", OM_TRUE},
    {"a != 3", OM_FALSE},
    {"a < 4", OM_TRUE},
    {"4 < a", OM_FALSE},
    {"a <= 3", OM_TRUE},
    {"a > 3", OM_FALSE},
    {"a >= 3", OM_TRUE},
    {"a > -1.5", OM_TRUE},
    {"a == '3'", OM_TRUE}, /* a word: what stands in the cell */
    {"a == '3.0'", OM_FALSE},
    {"a == a", OM_TRUE},
    {"a == b", OM_FALSE},
    {"a < b", OM_UNKNOWN},
    {"b == 'yes'", OM_TRUE},
    {"b == \"YES \"", OM_TRUE},
    {"b != 'no'", OM_TRUE},
    {"b == 3", OM_FALSE},
    {"b < 3", OM_UNKNOWN},
    {"c == blank", OM_TRUE},
    {"c != blank", OM_FALSE},
    {"c == na", OM_FALSE},
    {"d == na", OM_TRUE},
    {"d == blank", OM_FALSE},
    {"na == d", OM_TRUE},
    {"a == na", OM_FALSE},
    {"a != blank", OM_TRUE},
    {"c == 3", OM_UNKNOWN},
    {"c != 3", OM_UNKNOWN},
    {"d < 3", OM_UNKNOWN},
    {"e == 3", OM_UNKNOWN},
    {"e == blank", OM_FALSE},
    {"not a == 4", OM_TRUE},
    {"not not a == 4", OM_FALSE},
    {"not c == 3", OM_UNKNOWN},
    {"a == 3 and b == 'yes'", OM_TRUE},
    {"a == 3 and c == 3", OM_UNKNOWN},
    {"a == 4 and c == 3", OM_FALSE},
    {"c == 3 and a == 4", OM_FALSE},
    {"a == 3 or c == 3", OM_TRUE},
    {"c == 3 or a == 3", OM_TRUE},
    {"c == 3 or a == 4", OM_UNKNOWN},
    {"a == 4 or a == 3 and b == 'no'", OM_FALSE}, /* and binds closer */
    {"(a == 3 or a == 4) and b == 'no'", OM_FALSE},
    {"a == 3 or a == 4 and b == 'no'", OM_TRUE},
    {"not a == 4 and b == 'yes'", OM_TRUE}, /* not binds closest */
    {"not (a == 3 and b == 'no')", OM_TRUE},
    {"`a` == 3 AND NOT `b` == 'no'", OM_TRUE},
    {"((((a == 3))))", OM_TRUE},
    {"\ta\t==\t3 ", OM_TRUE},
};

static void
test_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct om_expression *expression = NULL;
        struct om_error err;
        if (om_expression_parse(cases[i].text, &expression, &err) != OM_OK)
            fail_msg("%s: %s at %d", cases[i].text, err.message, (int)err.column);
        if (hold(expression) != cases[i].truth)
            fail_msg("%s: %d, expected %d", cases[i].text, (int)hold(expression), (int)cases[i].truth);
        om_expression_free(expression);
    }
}

static void
test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned column;
    } bad[] = {
        {"", 1},           {"a", 2},
        {"a =", 3},        {"a = 3", 3},
        {"a ==", 5},       {"a == 3 3", 8},
        {"a == 3 b", 8},   {"and", 1},
        {"a == and", 6},   {"a == 3 and", 11},
        {"(a == 3", 1},    {"a == 3)", 7},
        {"(a == 3 b)", 9}, {"a == 'x", 6},
        {"`a == 3", 1},    {"`` == 3", 1},
        {"3 == 4", 1},     {"na == blank", 1},
        {"a < na", 1},     {"b < 'x'", 1},
        {"a == 3x", 6},    {"a == 1.2.3", 6},
        {"a == --3", 6},   {"a + 1 == 3", 3},
        {"f(a) == 3", 2},  {"a == 3; b == 2", 7},
        {"not", 4},        {"a == b == 3", 8},
        {"a == 1e5", 6},   {"$a == 3", 1},
        {"a == 3\n", 7},   {"a & b == 3", 3},
        {"()", 2},         {"a == 12345678901234567890", 6},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct om_expression *expression = NULL;
        struct om_error err = {0};
        if (om_expression_parse(bad[i].text, &expression, &err) != OM_ERR_USAGE)
            fail_msg("'%s' is accepted", bad[i].text);
        if (err.column != bad[i].column)
            fail_msg("'%s': %s at %d, expected at %u", bad[i].text, err.message, (int)err.column,
                     bad[i].column);
    }
}

/* Whatever is cut off: accepted or refused within the text, and nothing kept. */
static void
try_text(const char *text)
{
    struct om_expression *expression = NULL;
    struct om_error err = {0};
    const size_t live = om_memory_live();
    om_status status = om_expression_parse(text, &expression, &err);
    if (status == OM_OK)
        hold(expression);
    else if (status != OM_ERR_USAGE || err.column < 1 || err.column > strlen(text) + 1)
        fail_msg("'%s': %s at %d", text, err.message, (int)err.column);
    om_expression_free(expression);
    assert_int_equal(om_memory_live(), live);
}

static void
test_prefixes(void **state)
{
    (void)state;
    char text[256];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t n = 0; n <= strlen(cases[i].text); n++) {
            snprintf(text, sizeof text, "%.*s", (int)n, cases[i].text);
            try_text(text);
            try_text(cases[i].text + n);
        }
}

static void
test_random_tokens(void **state)
{
    (void)state;
    static const char *const tokens[] = {
        "a",  "b", "c",  "3", "-1.5", "'x'",  "\"y\"", "`d`", "na",   "==",  "blank",
        "!=", "<", "<=", ">", ">=",   "(",    ")",     "and", "or",   "not", " ",
        "'",  "`", "=",  ".", "\x80", "\xff", "+",     "%n",  "\x01", "e"};
    uint32_t random = 1;
    for (int round = 0; round < 20000; round++) {
        char text[200] = "";
        size_t n = 1 + round % 12;
        for (size_t i = 0; i < n; i++) {
            random = random * 1664525 + 1013904223;
            strcat(text, tokens[random >> 16 & 31]);
            if (random & 1 << 22)
                strcat(text, " ");
        }
        try_text(text);
    }
}

static void
test_limits(void **state)
{
    (void)state;
    struct om_expression *expression = NULL;
    struct om_error err = {0};
    char text[2 * OM_EXPRESSION_LENGTH_MAX];
    for (int depth = OM_EXPRESSION_DEPTH_MAX; depth <= OM_EXPRESSION_DEPTH_MAX + 1; depth++) {
        snprintf(text, sizeof text, "%.*s%s%.*s", depth, "((((((((((((((((((((((((((((((((((((((((((((((((",
                 "a == 3", depth, "))))))))))))))))))))))))))))))))))))))))))))))))");
        const om_status expected = depth <= OM_EXPRESSION_DEPTH_MAX ? OM_OK : OM_ERR_USAGE;
        assert_int_equal(om_expression_parse(text, &expression, &err), expected);
        if (expected == OM_OK)
            om_expression_free(expression);
    }
    text[0] = '\0';
    while (strlen(text) + 11 <= OM_EXPRESSION_LENGTH_MAX) /* as long a chain as there can be */
        strcat(text, "a == 3 and ");
    try_text(text);
    strcat(text, "a == 3");
    try_text(text);
    memset(text, ' ', OM_EXPRESSION_LENGTH_MAX + 1);
    text[OM_EXPRESSION_LENGTH_MAX + 1] = '\0';
    assert_int_equal(om_expression_parse(text, &expression, &err), OM_ERR_USAGE);
}

static void
test_columns(void **state)
{
    (void)state;
    struct om_expression *expression = NULL;
    struct om_error err;
    assert_int_equal(om_expression_parse("a == 3 and (`two words` > 1 or A != b.c)", &expression, &err),
                     OM_OK);
    assert_int_equal(om_expression_columns(expression), 3);
    assert_string_equal(om_expression_column(expression, 0), "a");
    assert_string_equal(om_expression_column(expression, 1), "two words");
    assert_string_equal(om_expression_column(expression, 2), "b.c");
    om_expression_free(expression);
}

static void
test_no_memory(void **state)
{
    (void)state;
    const size_t live = om_memory_live();
    for (size_t k = 0;; k++) {
        struct om_expression *expression = NULL;
        struct om_error err = {0};
        om_memory_fail_at(k);
        om_status status = om_expression_parse("a == 3 and not (b == 'x' or c < 2)", &expression, &err);
        om_memory_fail_at((size_t)-1);
        om_expression_free(expression);
        assert_int_equal(om_memory_live(), live);
        if (status == OM_OK)
            break;
        assert_int_equal(status, OM_ERR_NOMEM);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meaning),       cmocka_unit_test(test_refused),
        cmocka_unit_test(test_prefixes),      cmocka_unit_test(test_limits),
        cmocka_unit_test(test_random_tokens), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
