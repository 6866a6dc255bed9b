/* The sums behind Fisher's exact test. */
#ifndef OM_STATS_FISHER_H
#define OM_STATS_FISHER_H

#include <omstat/stat.h>

#define OM_WHY_MANY_TABLES "too many tables with these margins for an exact test"

enum { OM_FISHER_CELLS = 1000 };

/* A table by its margins, all above 0. There are at least as many lines as columns. */
struct om_fisher_table {
    size_t lines, columns;
    uint64_t line[OM_FISHER_CELLS], column[OM_FISHER_CELLS];
    const uint64_t *cell; /* in any order, with those of empty lines or without */
    size_t cells;
};

/* Two lines and columns; x is the cell of this row and column, which have these totals. */
double om_fisher_2x2(uint64_t x, uint64_t row, uint64_t column, uint64_t n);

/* Undefined when there are too many tables. Errors: OM_ERR_NOMEM. */
OM_NODISCARD om_status om_fisher_enumerate(const struct om_fisher_table *table, struct om_stat *p,
                                           struct om_error *err);

#endif
