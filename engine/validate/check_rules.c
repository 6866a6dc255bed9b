/* The study's own rules between fields (OM216). */
#include "validate/exam.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

enum {
    COLUMNS_MAX = OM_EXPRESSION_LENGTH_MAX
}; /* of both conditions: a comparison takes four bytes and has two */

/* Where a condition finds its columns in a file. */
struct place {
    size_t kept;
    int column;
    const struct om_decoder *decoder; /* of an item; else NULL */
};

/* A rule in a file: the columns of `when`, then those of `then`. */
struct bound {
    bool here; /* the file has all of them */
    struct place *at;
};

struct plan {
    size_t n_rules, n_files;
    struct bound *bound; /* [file][rule] */
};

struct state {
    size_t n;
    struct om_hits hits[];
};

/* --- columns -------------------------------------------------------------------------------------------- */

static size_t
n_columns(const struct om_field_rule *rule)
{
    return om_expression_columns(rule->when) + om_expression_columns(rule->then);
}

static const char *
column_of(const struct om_field_rule *rule, size_t i)
{
    const size_t n = om_expression_columns(rule->when);
    return i < n ? om_expression_column(rule->when, i) : om_expression_column(rule->then, i - n);
}

static om_status
bind_column(struct om_exam *exam, size_t f, int column, struct place *place, struct om_error *err)
{
    const struct om_panel_file *file = &exam->panel->file[f];
    place->column = column;
    for (size_t k = 0; k < file->n_cells; k++)
        if (file->cell[k].column == (size_t)column)
            place->decoder = &file->cell[k].decoder;
    return om_panel_keep(exam->panel, f, (size_t)column, &place->kept, err);
}

static om_status
bind(struct om_exam *exam, size_t f, const struct om_field_rule *rule, struct bound *bound,
     struct om_error *err)
{
    const size_t n = n_columns(rule);
    bound->at = om_calloc(n + 1, sizeof *bound->at);
    if (!bound->at)
        return om_fail_memory(err);
    bound->here = true;
    for (size_t i = 0; i < n; i++)
        bound->here &= om_texts_find(&exam->panel->file[f].header, column_of(rule, i)) >= 0;
    for (size_t i = 0; i < n && bound->here; i++)
        OM_TRY(bind_column(exam, f, om_texts_find(&exam->panel->file[f].header, column_of(rule, i)),
                           &bound->at[i], err));
    return OM_OK;
}

static om_status
fail_column(const struct om_exam *exam, const struct om_field_rule *rule, struct om_error *err)
{
    for (size_t i = 0; i < n_columns(rule); i++) {
        bool found = false;
        for (size_t f = 0; f < exam->panel->n_files; f++)
            found |= om_texts_find(&exam->panel->file[f].header, column_of(rule, i)) >= 0;
        if (!found)
            om_fail(err, OM_ERR_USAGE, "there is no column '%s', which a rule of checks names",
                    column_of(rule, i));
        else
            om_fail(err, OM_ERR_USAGE, "no input has all columns of the rule '%s'", rule->text);
        if (!found)
            break;
    }
    om_hint(err, "look at the first line of the file; names are compared without regard to case");
    return OM_ERR_USAGE;
}

/* --- cells ---------------------------------------------------------------------------------------------- */

/* What a token of the study says of a cell that no instrument reads; 0: nothing. */
static uint8_t
find_token(const struct om_panel_spec *spec, const char *column, const char *text, size_t length)
{
    for (size_t i = 0; i < spec->n_tokens; i++) {
        const struct om_panel_token *token = &spec->token[i];
        if (om_ascii_equal(text, length, token->text) &&
            (!token->column || om_ascii_equal(column, strlen(column), token->column)))
            return token->code;
    }
    return length == 0 || om_ascii_equal(text, length, "na") ? OM_CODE_BLANK : 0;
}

static struct om_expression_value
read_cell(const struct om_panel *panel, const struct om_panel_file *file, const struct place *place,
          const struct om_field *field)
{
    struct om_expression_value value = {.text = field->data, .length = field->length};
    om_trim(&value.text, &value.length);
    enum om_cell_fault fault = OM_CELL_FINE;
    uint8_t code = place->decoder
                       ? om_decode(place->decoder, field->data, field->length, &fault)
                       : find_token(panel->spec, file->header.at[place->column], value.text, value.length);
    if (code >= OM_CODE_BLANK) {
        value.kind = code == OM_CODE_NA        ? OM_VALUE_NA
                     : code == OM_CODE_INVALID ? OM_VALUE_UNREADABLE
                                               : OM_VALUE_BLANK;
    } else if (place->decoder) { /* the answer's code, whatever the wording */
        value.is_number = true;
        value.number = (struct om_fraction){code, 1};
    } else {
        const size_t sign = value.length > 0 && *value.text == '+';
        value.is_number = om_fraction_parse(value.text + sign, value.length - sign, &value.number);
    }
    return value;
}

static om_status
forms(const struct om_exam *exam, const void *context, void *state, const struct om_exam_block *block,
      struct om_error *err)
{
    const struct plan *plan = context;
    const struct om_record_block *records = block->block;
    const struct om_panel_file *file = &exam->panel->file[records->file];
    struct state *all = state;
    if (block->slot != 0) /* once a record */
        return OM_OK;
    for (size_t s = 0; s < plan->n_rules; s++) {
        const struct om_field_rule *rule = &exam->settings->rule[s];
        const struct bound *bound = &plan->bound[records->file * plan->n_rules + s];
        const size_t n_when = om_expression_columns(rule->when), n = n_columns(rule);
        struct om_expression_value value[COLUMNS_MAX];
        for (size_t i = 0; i < block->n && bound->here; i++) {
            const struct om_field *kept = &records->kept[block->row[i] * records->n_kept];
            for (size_t c = 0; c < n; c++)
                value[c] = read_cell(exam->panel, file, &bound->at[c], &kept[bound->at[c].kept]);
            if (om_expression_holds(rule->when, value) == OM_TRUE &&
                om_expression_holds(rule->then, value + n_when) == OM_FALSE)
                OM_TRY(om_hits_add(&all->hits[s], om_exam_ordinal(block, i), err));
        }
    }
    return OM_OK;
}

/* --- the check ------------------------------------------------------------------------------------------ */

static void
end(void *context)
{
    struct plan *plan = context;
    if (!plan)
        return;
    for (size_t i = 0; plan->bound && i < plan->n_files * plan->n_rules; i++)
        om_free(plan->bound[i].at);
    om_free(plan->bound);
    om_free(plan);
}

static om_status
begin(struct om_exam *exam, void **out, struct om_error *err)
{
    if (exam->settings->n_rules == 0)
        return OM_OK;
    struct plan *plan = om_calloc(1, sizeof *plan);
    *out = plan;
    if (!plan)
        return om_fail_memory(err);
    plan->n_rules = exam->settings->n_rules;
    plan->n_files = exam->panel->n_files;
    plan->bound = om_calloc(plan->n_files * plan->n_rules, sizeof *plan->bound);
    if (!plan->bound)
        return om_fail_memory(err);
    for (size_t s = 0; s < plan->n_rules; s++) {
        bool anywhere = false;
        for (size_t f = 0; f < plan->n_files; f++) {
            struct bound *bound = &plan->bound[f * plan->n_rules + s];
            OM_TRY(bind(exam, f, &exam->settings->rule[s], bound, err));
            anywhere |= bound->here;
        }
        if (!anywhere)
            return fail_column(exam, &exam->settings->rule[s], err);
    }
    return OM_OK;
}

static om_status
open(const struct om_exam *exam, const void *context, void **state, struct om_error *err)
{
    const struct plan *plan = context;
    struct state *all = om_calloc(1, sizeof *all + plan->n_rules * sizeof *all->hits);
    *state = all;
    if (!all)
        return om_fail_memory(err);
    all->n = plan->n_rules;
    for (size_t s = 0; s < plan->n_rules; s++)
        all->hits[s].every = om_exam_is_error(exam, 216);
    return OM_OK;
}

static void
close(void *state)
{
    struct state *all = state;
    for (size_t s = 0; all && s < all->n; s++)
        om_hits_release(&all->hits[s]);
    om_free(all);
}

static om_status
finish(struct om_exam *exam, void *context, void *const *state, size_t n, struct om_error *err)
{
    const struct plan *plan = context;
    for (size_t s = 0; s < plan->n_rules; s++) {
        const struct om_field_rule *rule = &exam->settings->rule[s];
        struct om_hits *all = &((struct state *)state[0])->hits[s];
        struct om_exam_column at = {.column = OM_NONE};
        char message[400];
        for (size_t t = 1; t < n; t++)
            OM_TRY(om_hits_join(all, &((const struct state *)state[t])->hits[s], err));
        for (size_t f = plan->n_files;
             f-- > 0;) /* the first column of `then`, in the first file that has it */
            if (plan->bound[f * plan->n_rules + s].here && om_expression_columns(rule->then))
                at = (struct om_exam_column){
                    f, plan->bound[f * plan->n_rules + s].at[om_expression_columns(rule->when)].column};
        snprintf(message, sizeof message, rule->message ? "%.300s" : "a rule does not hold: %.300s",
                 rule->message ? rule->message : rule->text);
        om_exam_report_hits(exam, 216, at, all, message, "correct the record, or the rule");
    }
    return OM_OK;
}

const struct om_check om_check_rules = {
    .begin = begin, .end = end, .open = open, .close = close, .forms = forms, .finish = finish};
