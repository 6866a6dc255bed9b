/* The result set as CSV: the sixteen columns of the contract, full precision, empty = not applicable. */
#include "csv/writer.h"
#include "report/view.h"

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

static void
add_row(struct om_csv_writer *csv, const struct om_result *row)
{
    om_csv_write_text(csv, row->group);
    om_csv_write_text(csv, row->instrument);
    om_csv_write_text(csv, row->scale);
    om_csv_write_text(csv, row->population);
    om_csv_write_text(csv, row->occasion);
    om_csv_write_text(csv, row->rule);
    om_csv_write_text(csv, row->statistic);
    add_number(csv, row->has_value, row->value);
    add_count(csv, row->has_ratio, row->numerator);
    add_count(csv, row->has_ratio, row->denominator);
    add_number(csv, row->has_interval, row->lower);
    add_number(csv, row->has_interval, row->upper);
    add_number(csv, row->has_level, row->level);
    om_csv_write_text(csv, row->method);
    add_count(csv, row->has_n, row->n);
    om_csv_write_text(csv, row->note);
    om_csv_write_end(csv);
}

void
om_view_csv(struct om_buffer *out, const struct om_results *results)
{
    static const char *const column[] = {
        "group",     "instrument",  "scale", "population", "occasion", "rule",   "statistic", "value",
        "numerator", "denominator", "lower", "upper",      "level",    "method", "n",         "note"};
    struct om_csv_writer csv = {.out = out};
    for (size_t i = 0; i < sizeof column / sizeof *column; i++)
        om_csv_write_text(&csv, column[i]);
    om_csv_write_end(&csv);
    for (size_t i = 0; i < results->n_rows; i++)
        add_row(&csv, &results->row[i]);
}
