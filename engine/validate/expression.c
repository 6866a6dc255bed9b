#include "validate/expression.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

enum node_kind { NODE_OR, NODE_AND, NODE_NOT, NODE_COMPARE };
enum comparison { EQUAL, UNEQUAL, LESS, LESS_EQUAL, MORE, MORE_EQUAL };

struct operand {
    bool is_column;
    size_t column; /* index into the expression's columns */
    struct om_expression_value value;
};

struct node {
    enum node_kind kind;
    size_t left, right; /* nodes */
    enum comparison comparison;
    struct operand a, b;
};

struct om_expression {
    char *text; /* operands point into it */
    struct node *node;
    size_t n_nodes, node_capacity, root;
    char **column;
    size_t n_columns, column_capacity;
};

struct parser {
    struct om_expression *out;
    const char *at;
    int depth;
    struct om_error *err;
};

/* --- reading -------------------------------------------------------------------------------------------- */

static om_status
fail(const struct parser *p, const char *at, const char *what)
{
    om_fail(p->err, OM_ERR_USAGE, "%s", what);
    om_place(p->err, NULL, 0, (uint64_t)(at - p->out->text) + 1);
    om_hint(p->err, "conditions look like: bipf_5 == na and not (employed != 0 or age < 18)");
    return OM_ERR_USAGE;
}

static void
skip_blanks(struct parser *p)
{
    while (*p->at == ' ' || *p->at == '\t')
        p->at++;
}

static bool
is_letter(char c)
{
    c = om_ascii_lower(c);
    return (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80) != 0;
}

static size_t
name_length(const char *at)
{
    size_t n = 0;
    if (is_letter(*at))
        while (is_letter(at[n]) || om_ascii_digit(at[n]) || at[n] == '.')
            n++;
    return n;
}

/* Takes a word of the grammar if it comes next. */
static bool
take_word(struct parser *p, const char *word)
{
    skip_blanks(p);
    if (!om_ascii_equal(p->at, name_length(p->at), word))
        return false;
    p->at += strlen(word);
    return true;
}

static om_status
add_node(struct parser *p, struct node node, size_t *at)
{
    struct om_expression *out = p->out;
    if (!om_grow(&out->node, &out->node_capacity, out->n_nodes, sizeof *out->node))
        return om_fail_memory(p->err);
    *at = out->n_nodes;
    out->node[out->n_nodes++] = node;
    return OM_OK;
}

static om_status
take_column(struct parser *p, const char *name, size_t length, struct operand *operand)
{
    struct om_expression *out = p->out;
    operand->is_column = true;
    for (operand->column = 0; operand->column < out->n_columns; operand->column++)
        if (om_ascii_equal(name, length, out->column[operand->column]))
            return OM_OK;
    if (!om_grow(&out->column, &out->column_capacity, out->n_columns, sizeof *out->column) ||
        !(out->column[out->n_columns] = om_strndup(name, length)))
        return om_fail_memory(p->err);
    out->n_columns++;
    return OM_OK;
}

/* 'words', "words" and `column`: up to the same mark again. */
static om_status
take_quoted(struct parser *p, struct operand *operand)
{
    const char *open = p->at, *close = strchr(open + 1, *open);
    if (!close)
        return fail(p, open, "a quote that does not close");
    p->at = close + 1;
    const char *text = open + 1;
    size_t length = (size_t)(close - text);
    om_trim(&text, &length);
    if (*open == '`')
        return length ? take_column(p, text, length, operand) : fail(p, open, "a column without a name");
    operand->value = (struct om_expression_value){.kind = OM_VALUE_TEXT, .text = text, .length = length};
    return OM_OK;
}

static om_status
take_number(struct parser *p, struct operand *operand)
{
    const char *from = p->at;
    size_t n = strspn(from, "+-.0123456789");
    const size_t sign = *from == '+';
    if (!om_fraction_parse(from + sign, n - sign, &operand->value.number) || is_letter(from[n]))
        return fail(p, from, "this is no number");
    operand->value.kind = OM_VALUE_TEXT;
    operand->value.is_number = true;
    operand->value.text = from;
    operand->value.length = n;
    p->at += n;
    return OM_OK;
}

static om_status
take_operand(struct parser *p, struct operand *operand)
{
    static const char *const words[] = {"and", "or", "not"};
    *operand = (struct operand){0};
    skip_blanks(p);
    if (*p->at && strchr("'\"`", *p->at))
        return take_quoted(p, operand);
    if (*p->at && strchr("+-.0123456789", *p->at))
        return take_number(p, operand);
    size_t n = name_length(p->at);
    if (n == 0)
        return fail(p, p->at,
                    *p->at ? "a column, a number or a word in quotes belongs here"
                           : "the condition ends where a column, a number or a word is missing");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (om_ascii_equal(p->at, n, words[i]))
            return fail(p, p->at, "a column, a number or a word in quotes belongs here");
    const char *name = p->at;
    p->at += n;
    if (om_ascii_equal(name, n, "na"))
        operand->value.kind = OM_VALUE_NA;
    else if (om_ascii_equal(name, n, "blank"))
        operand->value.kind = OM_VALUE_BLANK;
    else
        return take_column(p, name, n, operand);
    return OM_OK;
}

static om_status
take_comparison(struct parser *p, enum comparison *comparison)
{
    static const struct {
        const char *sign;
        enum comparison comparison;
    } signs[] = {{"==", EQUAL},      {"!=", UNEQUAL}, {"<=", LESS_EQUAL},
                 {">=", MORE_EQUAL}, {"<", LESS},     {">", MORE}};
    skip_blanks(p);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(p->at, signs[i].sign, strlen(signs[i].sign)) == 0) {
            p->at += strlen(signs[i].sign);
            *comparison = signs[i].comparison;
            return OM_OK;
        }
    return fail(p, p->at, "one of == != < <= > >= belongs here");
}

static om_status
take_compare(struct parser *p, size_t *at)
{
    struct node node = {.kind = NODE_COMPARE};
    skip_blanks(p);
    const char *from = p->at;
    OM_TRY(take_operand(p, &node.a));
    OM_TRY(take_comparison(p, &node.comparison));
    OM_TRY(take_operand(p, &node.b));
    if (!node.a.is_column && !node.b.is_column)
        return fail(p, from, "a comparison needs a column");
    const struct operand *word = node.a.is_column ? &node.b : &node.a;
    const bool ordered = node.comparison != EQUAL && node.comparison != UNEQUAL;
    if (ordered && !word->is_column && !word->value.is_number)
        return fail(p, from, "words, na and blank have no order: compare them with == or !=");
    return add_node(p, node, at);
}

static om_status take_or(struct parser *p, size_t *at);

static om_status
take_not(struct parser *p, size_t *at)
{
    skip_blanks(p);
    const char *from = p->at;
    const bool negated = take_word(p, "not");
    if (!negated && *p->at != '(')
        return take_compare(p, at);
    if (++p->depth > OM_EXPRESSION_DEPTH_MAX)
        return fail(p, from, "the condition is nested too deeply");
    if (negated) {
        struct node node = {.kind = NODE_NOT};
        OM_TRY(take_not(p, &node.left));
        p->depth--;
        return add_node(p, node, at);
    }
    p->at++;
    OM_TRY(take_or(p, at));
    skip_blanks(p);
    if (*p->at != ')')
        return fail(p, *p->at ? p->at : from,
                    *p->at ? "and, or, or a closing parenthesis belongs here"
                           : "a parenthesis that does not close");
    p->at++;
    p->depth--;
    return OM_OK;
}

/* Parts joined by one word; they are put together from the left. */
static om_status
take_chain(struct parser *p, enum node_kind kind, const char *word,
           om_status (*part)(struct parser *, size_t *), size_t *at)
{
    OM_TRY(part(p, at));
    while (take_word(p, word)) {
        struct node node = {.kind = kind, .left = *at};
        OM_TRY(part(p, &node.right));
        OM_TRY(add_node(p, node, at));
    }
    return OM_OK;
}

static om_status
take_and(struct parser *p, size_t *at)
{
    return take_chain(p, NODE_AND, "and", take_not, at);
}

static om_status
take_or(struct parser *p, size_t *at)
{
    return take_chain(p, NODE_OR, "or", take_and, at);
}

static om_status
parse(struct parser *p)
{
    if (strlen(p->at) > OM_EXPRESSION_LENGTH_MAX)
        return fail(p, p->at, "the condition is longer than 1000 bytes");
    OM_TRY(take_or(p, &p->out->root));
    skip_blanks(p);
    return *p->at ? fail(p, p->at, "and, or, or the end belongs here") : OM_OK;
}

om_status
om_expression_parse(const char *text, struct om_expression **out, struct om_error *err)
{
    struct om_expression *expression = om_calloc(1, sizeof *expression);
    if (!expression || !(expression->text = om_strdup(text))) {
        om_expression_free(expression);
        return om_fail_memory(err);
    }
    struct parser parser = {.out = expression, .at = expression->text, .err = err};
    om_status status = parse(&parser);
    if (status == OM_OK)
        *out = expression;
    else
        om_expression_free(expression);
    return status;
}

void
om_expression_free(struct om_expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->n_columns; i++)
        om_free(expression->column[i]);
    om_free(expression->column);
    om_free(expression->node);
    om_free(expression->text);
    om_free(expression);
}

size_t
om_expression_columns(const struct om_expression *expression)
{
    return expression->n_columns;
}

const char *
om_expression_column(const struct om_expression *expression, size_t index)
{
    return expression->column[index];
}

/* --- evaluating ----------------------------------------------------------------------------------------- */

static enum om_truth
truth(bool holds)
{
    return holds ? OM_TRUE : OM_FALSE;
}

static bool
same_text(const struct om_expression_value *a, const struct om_expression_value *b)
{
    if (a->length != b->length)
        return false;
    for (size_t i = 0; i < a->length; i++)
        if (om_ascii_lower(a->text[i]) != om_ascii_lower(b->text[i]))
            return false;
    return true;
}

static enum om_truth
compare(const struct om_expression_value *a, const struct om_expression_value *b, enum comparison comparison)
{
    if (!a->is_number || !b->is_number) {
        const bool same = same_text(a, b);
        return comparison == EQUAL ? truth(same) : comparison == UNEQUAL ? truth(!same) : OM_UNKNOWN;
    }
    const int order = om_fraction_compare(a->number, b->number);
    switch (comparison) {
    case EQUAL:
        return truth(order == 0);
    case UNEQUAL:
        return truth(order != 0);
    case LESS:
        return truth(order < 0);
    case LESS_EQUAL:
        return truth(order <= 0);
    case MORE:
        return truth(order > 0);
    case MORE_EQUAL:
        return truth(order >= 0);
    }
    return OM_UNKNOWN;
}

static enum om_truth
hold_comparison(const struct node *node, const struct om_expression_value *value)
{
    const struct om_expression_value *a = node->a.is_column ? &value[node->a.column] : &node->a.value;
    const struct om_expression_value *b = node->b.is_column ? &value[node->b.column] : &node->b.value;
    const struct operand *literal = !node->a.is_column ? &node->a : !node->b.is_column ? &node->b : NULL;
    if (literal && literal->value.kind != OM_VALUE_TEXT) { /* == na, != blank */
        const bool same = a->kind == b->kind;
        return truth(same == (node->comparison == EQUAL));
    }
    if (a->kind != OM_VALUE_TEXT || b->kind != OM_VALUE_TEXT)
        return OM_UNKNOWN;
    return compare(a, b, node->comparison);
}

/* As deep as the parentheses were, and as long as the chains: both are bounded by the length of the text. */
static enum om_truth
hold(const struct om_expression *expression, size_t at, const struct om_expression_value *value)
{
    const struct node *node = &expression->node[at];
    if (node->kind == NODE_COMPARE)
        return hold_comparison(node, value);
    const enum om_truth left = hold(expression, node->left, value);
    if (node->kind == NODE_NOT)
        return left == OM_UNKNOWN ? OM_UNKNOWN : truth(left == OM_FALSE);
    const enum om_truth settles = node->kind == NODE_AND ? OM_FALSE : OM_TRUE;
    if (left == settles)
        return settles;
    const enum om_truth right = hold(expression, node->right, value);
    return right == settles ? settles : left == OM_UNKNOWN || right == OM_UNKNOWN ? OM_UNKNOWN : right;
}

enum om_truth
om_expression_holds(const struct om_expression *expression, const struct om_expression_value *value)
{
    return hold(expression, expression->root, value);
}
