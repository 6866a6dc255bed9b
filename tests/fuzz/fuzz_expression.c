/*
 * Conditions between fields. What is accepted has a meaning that does not depend on how it is written: not
 * turns it round, parentheses change nothing, and neither do two of it joined by "and" or "or".
 *
 *   up to a NUL: the condition; behind it, a byte for what stands in each column
 */
#include "fuzz/fuzz.h"
#include "base/number.h"
#include "validate/expression.h"

static struct om_expression_value
value_of(unsigned byte)
{
    static const char *const words[] = {"", "NA", "yes", "Yes ", "3.0", "x", "-1", "no"};
    struct om_expression_value value = {.text = words[byte % 8], .length = strlen(words[byte % 8])};
    switch (byte / 8 % 4) {
    case 0:
        value.is_number = true;
        value.number = (struct om_fraction){(int)(byte / 32) - 3, 1 + byte % 3};
        break;
    case 1:
        value.kind = OM_VALUE_BLANK;
        break;
    case 2:
        value.kind = OM_VALUE_NA;
        break;
    default:
        value.kind = byte >= 128 ? OM_VALUE_TEXT : OM_VALUE_UNREADABLE;
    }
    return value;
}

/* What the condition comes to, written within another. -1: refused, for its length or depth. */
static int
holds_as(const char *before, const char *condition, const char *between, const char *again, const char *after,
         const struct om_expression_value *value)
{
    char text[2 * OM_EXPRESSION_LENGTH_MAX + 64];
    struct om_expression *expression = NULL;
    snprintf(text, sizeof text, "%s%s%s%s%s", before, condition, between, again, after);
    if (om_expression_parse(text, &expression, NULL) != OM_OK)
        return -1;
    int truth = (int)om_expression_holds(expression, value);
    om_expression_free(expression);
    return truth;
}

static void
check_meaning(const struct om_expression *expression, const char *condition, const uint8_t *data, size_t size)
{
    static const int turned[] = {[OM_FALSE] = OM_TRUE, [OM_TRUE] = OM_FALSE, [OM_UNKNOWN] = OM_UNKNOWN};
    struct om_expression_value value[OM_EXPRESSION_LENGTH_MAX];
    const size_t n = om_expression_columns(expression);
    require(n > 0 && n < OM_EXPRESSION_LENGTH_MAX);
    for (size_t i = 0; i < n; i++) {
        require(om_expression_column(expression, i)[0]);
        value[i] = value_of(fuzz_byte(&data, &size));
    }
    const int truth = (int)om_expression_holds(expression, value);
    require(truth == OM_FALSE || truth == OM_TRUE || truth == OM_UNKNOWN);
    const int not_so = holds_as("not (", condition, ")", "", "", value);
    require(not_so == -1 || not_so == turned[truth]);
    const int grouped = holds_as(" (", condition, ") ", "", "", value);
    require(grouped == -1 || grouped == truth);
    const int both = holds_as("(", condition, ") and (", condition, ")", value);
    require(both == -1 || both == truth);
    const int either = holds_as("(", condition, ")OR(", condition, ")", value);
    require(either == -1 || either == truth);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct om_expression *expression = NULL;
    struct om_error err = {0};
    const size_t live = om_memory_live();
    size_t length = strnlen((const char *)data, size);
    if (length > 2 * OM_EXPRESSION_LENGTH_MAX)
        return 0;
    char *condition = malloc(length + 1);
    require(condition);
    memcpy(condition, data, length);
    condition[length] = '\0';
    om_status status = om_expression_parse(condition, &expression, &err);
    require_words(status, &err);
    if (status == OM_OK) {
        size_t used = length < size ? length + 1 : length;
        check_meaning(expression, condition, data + used, size - used);
    } else {
        require(status == OM_ERR_USAGE && err.column >= 1 && err.column <= length + 1);
    }
    om_expression_free(expression);
    free(condition);
    require(om_memory_live() == live);
    return 0;
}
