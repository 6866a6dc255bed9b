/* The harness behind `make bench`: whole processes in interleaved rounds. run.c has the options. */
#ifndef BENCH_HARNESS_H
#define BENCH_HARNESS_H

#include "matrix.h"

#include <stddef.h>
#include <stdio.h>

struct bench {
    struct matrix matrix;
    const char *build, *json, *chart;
    uint64_t people;
    int rounds;
    double budget; /* seconds a row may use; then it sits out the remaining rounds */
    double load;   /* of the machine, before anything was measured */
    double others; /* processors that other work used meanwhile */
};

struct summary {
    int n;
    double median, least, most, lower, upper; /* quartiles */
};

/* --- process.c: one run of one row ---------------------------------------------------------------------- */

/* What the row writes is left in *output (to be freed; NULL when it is thrown away). */
struct run run_once(const struct bench *bench, const struct row *row, char **output);

/* Runs the row and counts what it writes; false when it fails. */
bool count_output(const struct bench *bench, const struct row *row, uint64_t *bytes);

/* The first line the shell command writes; false when it does not end with 0. */
bool ask_shell(const char *command, char *line, size_t size);

/* --- prepare.c: probes, panels, references -------------------------------------------------------------- */

bool prepare(struct bench *bench);
void prepare_release(struct bench *bench);

/* Reads the file, so that it is in the page cache; false when it cannot be read. */
bool warm(const char *path, uint64_t *bytes);

/* --- measure.c ------------------------------------------------------------------------------------------ */

/* Seconds of all processors that were used since the start of the machine, by others than this process and
 * its children. */
double used_by_others(void);

/* All rounds of all chosen groups. A row that fails or is wrong is marked, and measured no more. */
bool measure(struct bench *bench);

/* --- results.c ------------------------------------------------------------------------------------------ */

bool row_good(const struct row *row);
struct summary row_wall(const struct row *row);
struct summary row_cpu(const struct row *row);
struct summary row_peak(const struct row *row);                             /* MiB */
struct summary row_speed(const struct bench *bench, const struct row *row); /* GB/s */
struct summary figure_values(const struct bench *bench, const struct figure *figure);

/* --- what comes out ------------------------------------------------------------------------------------- */

void cpu_model(char text[256]);
void print_tables(const struct bench *bench);
bool write_json(const struct bench *bench);
bool write_chart(struct bench *bench);

#endif
