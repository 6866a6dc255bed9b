/* Pearson's chi-square and Fisher's exact test. */
#include <omstat/rates.h>

#include <math.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/fisher.h"
#include "stats/moments.h"
#include "stats/outcome.h"

static uint64_t
row_total(const struct om_table *table, size_t row)
{
    uint64_t total = 0;
    for (size_t c = 0; c < table->columns; c++)
        total += table->count[row * table->columns + c];
    return total;
}

static uint64_t
column_total(const struct om_table *table, size_t column)
{
    uint64_t total = 0;
    for (size_t r = 0; r < table->rows; r++)
        total += table->count[r * table->columns + column];
    return total;
}

/* What both tests need to know of a table. */
struct shape {
    size_t rows, columns; /* that have anybody */
    uint64_t n, smallest_row, smallest_column;
};

static void
add_line(uint64_t total, size_t *lines, uint64_t *smallest)
{
    if (total > 0 && (*lines == 0 || total < *smallest))
        *smallest = total;
    *lines += total > 0;
}

static struct shape
shape_of(const struct om_table *table)
{
    struct shape shape = {0};
    for (size_t r = 0; r < table->rows; r++) {
        uint64_t total = row_total(table, r);
        shape.n += total;
        add_line(total, &shape.rows, &shape.smallest_row);
    }
    for (size_t c = 0; c < table->columns; c++)
        add_line(column_total(table, c), &shape.columns, &shape.smallest_column);
    return shape;
}

static const char *
why_not(const struct shape *shape)
{
    return shape->n == 0                           ? OM_WHY_EMPTY
           : shape->rows < 2 || shape->columns < 2 ? "the table has one row or one column"
                                                   : NULL;
}

/* Sum of (O - E)^2 / E over the cells, E = row column / n; each O - E is brought nearer to 0 by `correction`
 * at most. */
static long double
chi_square(const struct om_table *table, uint64_t n, long double correction)
{
    long double sum = 0;
    for (size_t c = 0; c < table->columns; c++) {
        uint64_t column = column_total(table, c);
        for (size_t r = 0; r < table->rows; r++) {
            uint64_t row = row_total(table, r);
            if (row == 0 || column == 0)
                continue;
            uint64_t observed = table->count[r * table->columns + c];
            long double off =
                om_cross((om_wide)observed, (om_wide)n, (om_wide)row, (om_wide)column) / (long double)n;
            off = fmaxl(fabsl(off) - correction, 0);
            sum += off * off / ((long double)row * (long double)column / (long double)n);
        }
    }
    return sum;
}

void
om_chi_square(const struct om_table *table, struct om_chi_square_result *out)
{
    struct shape shape = shape_of(table);
    const char *reason = why_not(&shape);
    *out = (struct om_chi_square_result){.n = shape.n};
    if (reason) {
        out->chi2 = out->df = out->p = out->yates_chi2 = out->yates_p = out->smallest_expected =
            om_undefined(reason);
        return;
    }
    double df = (double)(shape.rows - 1) * (double)(shape.columns - 1);
    out->chi2 = om_defined((double)chi_square(table, shape.n, 0));
    out->df = om_defined(df);
    out->p = om_defined(om_chi2_p(out->chi2.value, df));
    out->smallest_expected = om_defined((double)((long double)shape.smallest_row *
                                                 (long double)shape.smallest_column / (long double)shape.n));
    if (df > 1) {
        out->yates_chi2 = out->yates_p = om_undefined("Yates' correction is for two rows and two columns");
        return;
    }
    out->yates_chi2 = om_defined((double)chi_square(table, shape.n, 0.5L));
    out->yates_p = om_defined(om_chi2_p(out->yates_chi2.value, 1));
}

/* The lines with anybody, the more numerous direction first: what is gone through one after the other. */
static void
fill_margins(const struct om_table *table, bool by_rows, struct om_fisher_table *out)
{
    for (size_t r = 0; r < table->rows; r++) {
        uint64_t total = row_total(table, r);
        if (total > 0)
            *(by_rows ? &out->line[out->lines++] : &out->column[out->columns++]) = total;
    }
    for (size_t c = 0; c < table->columns; c++) {
        uint64_t total = column_total(table, c);
        if (total > 0)
            *(by_rows ? &out->column[out->columns++] : &out->line[out->lines++]) = total;
    }
    out->cell = table->count;
    out->cells = table->rows * table->columns;
}

/* The cell where the first row and the first column with anybody meet. */
static uint64_t
first_cell(const struct om_table *table)
{
    size_t r = 0, c = 0;
    while (row_total(table, r) == 0)
        r++;
    while (column_total(table, c) == 0)
        c++;
    return table->count[r * table->columns + c];
}

om_status
om_fisher(const struct om_table *table, struct om_stat *p, struct om_error *err)
{
    struct shape shape = shape_of(table);
    const char *reason = why_not(&shape);
    if (!reason && shape.rows * shape.columns > OM_FISHER_CELLS)
        reason = OM_WHY_MANY_TABLES;
    if (reason) {
        *p = om_undefined(reason);
        return OM_OK;
    }
    struct om_fisher_table all = {0};
    fill_margins(table, shape.rows >= shape.columns, &all);
    if (all.lines == 2 && all.columns == 2) {
        *p = om_defined(om_fisher_2x2(first_cell(table), all.line[0], all.column[0], shape.n));
        return OM_OK;
    }
    return om_fisher_enumerate(&all, p, err);
}
