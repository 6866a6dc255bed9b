/* The result set as CSV: the sixteen columns of the contract, full precision, empty = not applicable. */
#include "report/csv.h"
#include "report/view.h"

enum { SUBJECT = 6 }; /* columns */

static void
add_number(struct om_csv_writer *csv, bool has, double value)
{
    if (has)
        om_csv_write_double(csv, value);
    else
        om_csv_write_empty(csv);
}

static void
add_count(struct om_csv_writer *csv, bool has, uint64_t value)
{
    if (has)
        om_csv_write_integer(csv, (int64_t)value);
    else
        om_csv_write_empty(csv);
}

/* Texts are interned: one that was given before is the same pointer, and its field, with the quotes that it
 * may need, still in the buffer. */
static void
add_text(struct om_csv_view *view, const char *text)
{
    struct om_csv_writer *csv = &view->csv;
    if (!*text) {
        om_csv_write_empty(csv);
        return;
    }
    struct om_csv_kept *kept =
        &view->kept[((uintptr_t)text * UINT64_C(0x9E3779B97F4A7C15) >> 32) % OM_CSV_KEPT];
    if (kept->text == text && kept->part == view->part) {
        om_csv_write_copy(csv, kept->at, kept->length);
        return;
    }
    size_t at = csv->out->length + (csv->n_fields > 0);
    om_csv_write_text(csv, text);
    if (om_buffer_ok(csv->out))
        *kept = (struct om_csv_kept){text, at, csv->out->length - at, view->part};
}

/* What a row is about, up to its statistic. Rows follow each other that are about the same: then
 * the bytes of the row before are taken again. */
static void
add_subject(struct om_csv_view *view, const struct om_result *row)
{
    struct om_csv_writer *csv = &view->csv;
    const struct om_result *before = view->subject;
    if (before && before->group == row->group && before->instrument == row->instrument &&
        before->scale == row->scale && before->population == row->population &&
        before->occasion == row->occasion && before->rule == row->rule) {
        om_csv_write_again(csv, view->subject_at, view->subject_length, SUBJECT);
        return;
    }
    view->subject = row;
    view->subject_at = csv->out->length;
    add_text(view, row->group);
    add_text(view, row->instrument);
    add_text(view, row->scale);
    add_text(view, row->population);
    add_text(view, row->occasion);
    add_text(view, row->rule);
    view->subject_length = csv->out->length - view->subject_at;
}

static void
add_row(struct om_csv_view *view, const struct om_result *row)
{
    struct om_csv_writer *csv = &view->csv;
    add_subject(view, row);
    add_text(view, row->statistic);
    add_number(csv, row->has_value, row->value);
    add_count(csv, row->has_ratio, row->numerator);
    add_count(csv, row->has_ratio, row->denominator);
    add_number(csv, row->has_interval, row->lower);
    add_number(csv, row->has_interval, row->upper);
    add_number(csv, row->has_level, row->level);
    add_text(view, row->method);
    add_count(csv, row->has_n, row->n);
    add_text(view, row->note);
    om_csv_write_end(csv);
}

static void
add_header(struct om_csv_writer *csv)
{
    static const char *const column[] = {
        "group",     "instrument",  "scale", "population", "occasion", "rule",   "statistic", "value",
        "numerator", "denominator", "lower", "upper",      "level",    "method", "n",         "note"};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        om_csv_write_text(csv, column[i]);
    om_csv_write_end(csv);
}

bool
om_view_csv_part(struct om_csv_view *view, struct om_buffer *out, const struct om_results *results,
                 size_t enough)
{
    view->csv.out = out;
    view->csv.formula_guard = true; /* names of columns and groups come from the data */
    view->subject = NULL;           /* its bytes are no more in the buffer */
    view->part++;
    if (!view->begun)
        add_header(&view->csv);
    view->begun = true;
    while (view->next < results->n_rows && out->length < enough)
        add_row(view, &results->row[view->next++]);
    return view->next < results->n_rows;
}

void
om_view_csv(struct om_buffer *out, const struct om_results *results)
{
    struct om_csv_view view = {0};
    (void)om_view_csv_part(&view, out, results, SIZE_MAX);
}
