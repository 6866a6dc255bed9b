/* The small table that every program must give: per cohort and instrument, six numbers. */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include <stdbool.h>

enum { TABLE_ROWS = 4096, TABLE_NUMBERS = 6 };

struct table {
    int n;
    struct line {
        char cohort[64], instrument[16];
        double number[TABLE_NUMBERS]; /* n, mean before, mean after, SD of change, positive, improved */
        unsigned filled;              /* a bit for each number that is there */
    } line[TABLE_ROWS];
};

/* Reads the table as the peers print it, or takes it from the rows of `omstat report --format csv`. The text
 * is written to. False when it is not such a table. */
bool table_read(struct table *table, char *text);
bool table_extract(struct table *table, char *text);

/* Do both have the same lines, whatever their order, with numbers within a millionth? */
bool table_equal(const struct table *a, const struct table *b);

#endif
