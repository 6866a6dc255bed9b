/*
 * A chart of rows: a label, one or two values with intervals on a common axis, and a remark at the right.
 *
 *   everyone      |     <-o- -- -O->      |  n = 94
 *   cohort 1      |   ...
 *
 * Means, effect sizes, caterpillars and missing items are such charts.
 */
#ifndef OM_REPORT_FIGURE_ROWS_H
#define OM_REPORT_FIGURE_ROWS_H

#include "report/figure.h"

struct om_row_value {
    bool has, has_interval;
    double value, lower, upper;
};

struct om_row {
    const char *label; /* borrowed */
    char right[80];
    struct om_row_value at[2];
    const char *color; /* of the last value; NULL: as usual */
    bool strong;       /* everyone */
    size_t left_out;   /* not 0: a line that says how many rows are not shown here; nothing else is used */
};

struct om_row_chart {
    const struct om_row *row;
    size_t n;
    bool two;                    /* at[0] is before, at[1] after, and a line joins them; else at[0] alone */
    bool percent;                /* values are fractions */
    bool dense;                  /* no labels, rows as thin as need be */
    double low, high;            /* the axis shows at least these */
    double floor, ceiling;       /* and nothing beyond these */
    double reference;            /* a line at this value */
    const char *reference_label; /* NULL: no line */
    const char *axis, *left, *right; /* headings */
    const char *series[2];           /* names for the legend; NULL: none */
};

/* Draws the chart below top; the figure grows to hold it. */
void om_rows_draw(struct om_draft *draft, const struct om_row_chart *chart, double top);

/* Which groups a chart of rows shows: all of them in their order when they are at most `most`; else those
 * with the smallest and the largest key, ascending. A group whose key is not a number is left out. */
struct om_row_pick {
    size_t *group; /* indices; group 0, everyone, is not among them */
    size_t n;
    size_t gap;      /* this many stand before those left out; n when nobody is */
    size_t left_out; /* for lack of room */
    size_t without;  /* for lack of a value */
};
om_status om_rows_pick(const double *key, size_t n_groups, size_t most, bool sort, struct om_row_pick *out,
                       struct om_error *err) OM_NODISCARD;

/* The value of a row of the result set, with its interval. */
struct om_row_value om_row_value_of(const struct om_result *row);

#endif
