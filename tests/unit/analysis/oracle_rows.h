/* Result rows against stored ones: group ... statistic, value, lower, upper, numerator, denominator, n. */
#ifndef TESTS_ANALYSIS_ORACLE_ROWS_H
#define TESTS_ANALYSIS_ORACLE_ROWS_H

#include "studies.h"

#include <omstat/csv.h>

enum {
    REPORT,
    GROUP,
    INSTRUMENT,
    SCALE,
    POPULATION,
    OCCASION,
    RULE,
    STATISTIC,
    VALUE,
    LOWER,
    UPPER,
    NUMERATOR,
    DENOMINATOR,
    N,
    FIELDS
};

static inline const char *
text_of(const struct om_field *field, char buffer[80])
{
    snprintf(buffer, 80, "%.*s", (int)field->length, field->data);
    return buffer;
}

static inline void
assert_number(const struct om_field *want, bool has, double got, const char *what, const char *place)
{
    char text[80];
    if ((want->length > 0) != has)
        fail_msg("%s: %s is %s", place, what, has ? "there" : "not there");
    if (!has)
        return;
    double expected = strtod(text_of(want, text), NULL);
    double error = got > expected ? got - expected : expected - got;
    if (error > 1e-9 * (expected < 0 ? -expected : expected))
        fail_msg("%s: %s is %.17g, expected %s", place, what, got, text);
}

static inline void
assert_line(const struct run *run, const struct om_field *field)
{
    char part[RULE + 2][80], place[700];
    for (int i = GROUP; i <= STATISTIC; i++)
        text_of(&field[i], part[i - GROUP]);
    snprintf(place, sizeof place, "%s/%s/%s/%s/%s/%s/%s", part[0], part[1], part[2], part[3], part[4],
             part[5], part[6]);
    const struct om_result *row = om_results_find(&run->analysis->results, part[0], part[1], part[2], part[3],
                                                  part[4], part[5], part[6]);
    if (!row)
        fail_msg("no row %s", place);
    assert_number(&field[VALUE], row->has_value, row->value, "value", place);
    assert_number(&field[LOWER], row->has_interval, row->lower, "lower", place);
    assert_number(&field[UPPER], row->has_interval, row->upper, "upper", place);
    assert_number(&field[NUMERATOR], row->has_ratio, (double)row->numerator, "numerator", place);
    assert_number(&field[DENOMINATOR], row->has_ratio, (double)row->denominator, "denominator", place);
    assert_number(&field[N], row->has_n, (double)row->n, "n", place);
    if (!row->has_value)
        assert_true(*row->note); /* why not */
}

/* The lines of one report, which are as many as the rows that should be among them. Releases the run. */
static inline void
assert_lines(struct run *run, const char *file, const char *name, size_t rows)
{
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    size_t n = 0;
    assert_run(run);
    assert_ok(om_csv_open(file, NULL, &reader, &err));
    do {
        assert_ok(om_csv_next(reader, &batch, &err));
        for (size_t r = 0; r < batch.n_records; r++) {
            const struct om_field *field = &batch.field[batch.record[r].first_field];
            char report[80];
            assert_int_equal(batch.record[r].n_fields, FIELDS);
            if (strcmp(text_of(&field[REPORT], report), name) != 0)
                continue;
            assert_line(run, field);
            n++;
        }
    } while (batch.n_records > 0);
    om_csv_close(reader);
    assert_int_equal(rows, n);
    release(run);
}

#endif
