/* The rules of a schema, and the cells they are about. */
#include "panel/worker.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

/* --- columns -------------------------------------------------------------------------------------------- */

/* Is the column one of an instrument's? */
static bool
is_answer(const struct om_panel_file *file, size_t column)
{
    bool found = false;
    for (size_t k = 0; k < file->n_cells; k++)
        found |= file->cell[k].column == column;
    for (size_t k = 0; k < file->n_totals; k++)
        found |= file->total[k].column == column;
    return found;
}

static om_status
report_absent(const struct om_panel *panel, size_t f, const struct om_column_rule *rule, struct om_error *err)
{
    struct om_buffer message = OM_BUFFER_EMPTY;
    const struct om_record_place place = {.file = f, .line = 1, .number = 1};
    om_buffer_format(&message, "there is no column '%s', which the schema names", rule->column);
    om_status status = om_buffer_ok(&message) ? OM_OK : om_fail_memory(err);
    if (status == OM_OK)
        om_panel_fault(panel,
                       (struct om_fault){.code = 121,
                                         .severity = OM_BAD,
                                         .column = OM_NONE,
                                         .message = om_buffer_string(&message),
                                         .hint = "add the column, or correct its name here or in the schema"},
                       f, &place);
    om_buffer_release(&message);
    return status;
}

static om_status
say_unchecked(struct om_panel *panel, const struct om_column_rule *rule, struct om_error *err)
{
    struct om_buffer s = OM_BUFFER_EMPTY;
    om_buffer_format(&s, "schema, column '%s': not checked are %s", rule->column, rule->unchecked);
    om_status status = om_buffer_ok(&s) ? om_texts_add(&panel->reading, om_buffer_string(&s), s.length, err)
                                        : om_fail_memory(err);
    om_buffer_release(&s);
    return status;
}

/* Columns without a name at the end of the header, from trailing delimiters. */
static size_t
trailing(const struct om_texts *header)
{
    size_t n = 0;
    while (n + 1 < header->n && !*header->at[header->n - 1 - n])
        n++;
    return n;
}

om_status
om_panel_find_checks(struct om_panel *panel, size_t f, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    struct om_panel_file *file = &panel->file[f];
    const size_t n_trailing = spec->thorough ? trailing(&file->header) : 0;
    if (spec->n_rules + n_trailing == 0)
        return OM_OK;
    file->check = om_calloc(spec->n_rules + n_trailing, sizeof *file->check);
    if (!file->check)
        return om_fail_memory(err);
    for (size_t i = 0; i < n_trailing; i++)
        file->check[file->n_checks++] = (struct om_panel_check){file->header.n - n_trailing + i, NULL};
    for (size_t i = 0; i < spec->n_rules; i++) {
        const struct om_column_rule *rule = &spec->rule[i];
        size_t c = 0;
        while (c < file->header.n && strcmp(file->header.at[c], rule->column) != 0)
            c++;
        if (c == file->header.n) {
            if (!rule->optional)
                OM_TRY(report_absent(panel, f, rule, err));
            continue;
        }
        if (is_answer(file, c))
            continue;
        file->check[file->n_checks++] = (struct om_panel_check){c, rule};
        if (rule->unchecked)
            OM_TRY(say_unchecked(panel, rule, err));
    }
    return OM_OK;
}

/* --- cells ---------------------------------------------------------------------------------------------- */

void
om_worker_check(struct om_worker *worker, const struct om_panel_check *check, const struct om_field *field,
                const struct om_record_row *place)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    const int column = (int)check->column;
    const char *text = field->data, *message = NULL;
    size_t length = field->length;
    om_trim(&text, &length);
    if (!check->rule) {
        if (length > 0)
            om_worker_fault(worker,
                            (struct om_fault){.code = 123,
                                              .severity = OM_BAD,
                                              .column = column,
                                              .message = "something stands in a column that has no name",
                                              .hint = "name the column, or remove the delimiter"},
                            place, field);
        return;
    }
    int code = om_column_rule_check(check->rule, text, length, &message);
    const bool key = column == file->id || column == file->occasion_column;
    if (code == 0 || (code == 141 && key) || om_ascii_equal(text, length, file->header.at[column]))
        return; /* a key that is missing, or a header that is repeated, is reported where it is read */
    om_worker_fault(worker,
                    (struct om_fault){.code = code,
                                      .severity = OM_BAD,
                                      .column = column,
                                      .message = message,
                                      .hint = "correct the cell, or the schema"},
                    place, field);
}

void
om_worker_check_rows(struct om_worker *worker, const struct om_csv_part *part, size_t from, size_t to,
                     uint64_t number)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    for (size_t k = 0; k < file->n_checks; k++) {
        om_plain_column(part->rows, from, to, file->check[k].column, worker->key);
        for (size_t i = 0; i < to - from; i++) {
            const struct om_record_row place = {
                .line = (uint32_t)(part->line + from + i),
                .number = (uint32_t)(number + i),
                .byte_offset = (uint32_t)(part->byte_offset + part->rows->row[from + i].start)};
            om_worker_check(worker, &file->check[k], &worker->key[i], &place);
        }
    }
}

static int
compare_faults(const void *a, const void *b)
{
    const struct om_worker_fault *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x->fault.column != y->fault.column)
        return x->fault.column - y->fault.column;
    return x->fault.code - y->fault.code;
}

void
om_worker_sort_faults(struct om_worker *worker)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    if (file->n_checks > 0 && worker->n_faults > 1)
        qsort(worker->fault, worker->n_faults, sizeof *worker->fault, compare_faults);
}
