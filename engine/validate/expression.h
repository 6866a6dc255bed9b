/*
 * Conditions on the fields of a record: bipf_5 == na and employed != 0
 *
 *   expression  and-part { "or" and-part }
 *   and-part    not-part { "and" not-part }
 *   not-part    "not" not-part | "(" expression ")" | operand comparison operand
 *   comparison  == != < <= > >=
 *   operand     column | `column` | number | 'words' | "words" | na | blank
 *
 * Nothing else is evaluated. A record can leave a condition unknown: a comparison with a cell that holds
 * nothing is neither true nor false, unless it asks for just that (== blank, == na). Full grammar and
 * examples: docs/formats/study.md.
 */
#ifndef OM_VALIDATE_EXPRESSION_H
#define OM_VALIDATE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/number.h>
#include <omstat/status.h>

enum {
    OM_EXPRESSION_LENGTH_MAX = 1000, /* bytes */
    OM_EXPRESSION_DEPTH_MAX = 32,    /* of parentheses and "not" */
};

enum om_truth { OM_FALSE, OM_TRUE, OM_UNKNOWN };

/* What stands in a cell. */
struct om_expression_value {
    enum { OM_VALUE_TEXT, OM_VALUE_BLANK, OM_VALUE_NA, OM_VALUE_UNREADABLE } kind;
    bool is_number;
    struct om_fraction number;
    const char *text; /* trimmed, not terminated */
    size_t length;
};

struct om_expression;

/* Errors: OM_ERR_USAGE with err->column, the place in the text from 1; OM_ERR_NOMEM. */
om_status om_expression_parse(const char *text, struct om_expression **out,
                              struct om_error *err) OM_NODISCARD;
void om_expression_free(struct om_expression *expression); /* accepts NULL */

/* The columns it names, each once. */
size_t om_expression_columns(const struct om_expression *expression);
const char *om_expression_column(const struct om_expression *expression, size_t index);

/* value[i] is what stands in column i. Pure. */
enum om_truth om_expression_holds(const struct om_expression *expression,
                                  const struct om_expression_value *value);

#endif
