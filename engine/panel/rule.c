#include "panel/rule.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"

#include <string.h>

static void
release_words(struct om_rule_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        om_free(words->at[i]);
    om_free(words->at);
}

void
om_column_rule_release(struct om_column_rule *rule)
{
    om_free(rule->column);
    om_free(rule->unchecked);
    release_words(&rule->missing);
    release_words(&rule->allowed);
    *rule = (struct om_column_rule){0};
}

static bool
is_one_of(const struct om_rule_words *words, const char *text, size_t length)
{
    for (size_t i = 0; i < words->n; i++)
        if (strlen(words->at[i]) == length && memcmp(words->at[i], text, length) == 0)
            return true;
    return false;
}

/* Digits to a number; -1 when they are none. */
static int
digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (!om_ascii_digit(text[i]))
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

static bool
read_date(const char *text, size_t length, struct om_fraction *value)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (length != 10 || text[4] != '-' || text[7] != '-')
        return false;
    int year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    *value = (struct om_fraction){.num = 10000 * year + 100 * month + day, .den = 1};
    return day <= days[month - 1] + (month == 2 && leap);
}

bool
om_column_rule_value(enum om_rule_type type, const char *text, size_t length, struct om_fraction *value)
{
    if (type == OM_RULE_DATE)
        return read_date(text, length, value);
    if (length > 0 && *text == '+') {
        text++;
        length--;
    }
    return om_fraction_parse(text, length, value) && (type != OM_RULE_INTEGER || !memchr(text, '.', length));
}

static bool
is_boolean(const char *text, size_t length)
{
    static const char *const words[] = {"true", "True", "TRUE", "1", "false", "False", "FALSE", "0"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strlen(words[i]) == length && memcmp(words[i], text, length) == 0)
            return true;
    return false;
}

static size_t
characters(const char *text, size_t length)
{
    size_t n = 0;
    uint32_t character;
    for (size_t taken; length > 0; text += taken, length -= taken, n++)
        taken = om_utf8_next(text, length, &character);
    return n;
}

static bool
is_within(const struct om_column_rule *rule, struct om_fraction value)
{
    int low = rule->has_minimum ? om_fraction_compare(value, rule->minimum) : 1;
    int high = rule->has_maximum ? om_fraction_compare(value, rule->maximum) : -1;
    return (low > 0 || (low == 0 && !rule->above)) && (high < 0 || (high == 0 && !rule->below));
}

int
om_column_rule_check(const struct om_column_rule *rule, const char *text, size_t length, const char **message)
{
    static const char *const types[] = {
        [OM_RULE_INTEGER] = "not an integer, which the schema asks for",
        [OM_RULE_NUMBER] = "not a number, which the schema asks for",
        [OM_RULE_BOOLEAN] = "neither true nor false, which the schema asks for",
        [OM_RULE_DATE] = "not a date such as 2024-02-29, which the schema asks for",
    };
    if (is_one_of(&rule->missing, text, length)) {
        *message = "missing, though the schema asks for a value";
        return rule->required ? 141 : 0;
    }
    const bool counts =
        rule->type == OM_RULE_INTEGER || rule->type == OM_RULE_NUMBER || rule->type == OM_RULE_DATE;
    struct om_fraction value = {0};
    if ((counts && !om_column_rule_value(rule->type, text, length, &value)) ||
        (rule->type == OM_RULE_BOOLEAN && !is_boolean(text, length))) {
        *message = types[rule->type];
        return 130;
    }
    if (counts && !is_within(rule, value)) {
        *message = "outside the bounds of the schema";
        return 132;
    }
    if (rule->allowed.n && !is_one_of(&rule->allowed, text, length)) {
        *message = "none of the values of the schema";
        return 132;
    }
    const bool sized = rule->type == OM_RULE_TEXT && (rule->shortest || rule->longest);
    const size_t size = sized ? characters(text, length) : 0;
    if (sized && (size < rule->shortest || (rule->longest && size > rule->longest))) {
        *message = "shorter or longer than the schema allows";
        return 132;
    }
    return 0;
}
