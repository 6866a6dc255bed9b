#include "harness.h"
#include "answer.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Is what the row wrote right? The text is written to. */
static bool
right(const struct bench *bench, const struct row *row, const struct run *run, char *output)
{
    static struct table table;
    switch (row->answer) {
    case ANSWER_NONE:
    case ANSWER_COUNT:
        return true;
    case ANSWER_SAME:
        return output && (!row->run[0].done || run->output == row->run[0].output);
    case ANSWER_TABLE:
        if (!output || !table_read(&table, output))
            return false;
        break;
    case ANSWER_REPORT:
        if (!output || !table_extract(&table, output))
            return false;
        break;
    }
    return table_equal(bench->matrix.input[row->input].reference, &table);
}

static void
measure_row(struct bench *bench, struct row *row, int round)
{
    char *output = NULL;
    struct run run = run_once(bench, row, &output);
    row->exit_code = run.exit_code;
    row->wrong = run.exit_code == 0 && !right(bench, row, &run, output);
    row->run[round] = run;
    row->used += run.wall;
    free(output);
}

static bool
rests(const struct bench *bench, const struct row *row, int round)
{
    return row->absent || row->wrong || row->exit_code != 0 ||
           (round > 0 && row->used + row->run[0].wall > bench->budget);
}

/* Every round starts with another row, so that none always follows the same one. */
static bool
measure_round(struct bench *bench, int first, int n, int round)
{
    for (int i = 0; i < n; i++) {
        struct row *row = &bench->matrix.row[first + (i + round) % n];
        uint64_t bytes;
        if (rests(bench, row, round))
            continue;
        if (!warm(bench->matrix.input[row->input].path, &bytes))
            return false;
        measure_row(bench, row, round);
    }
    return true;
}

static void
count_outputs(struct bench *bench, int first, int n)
{
    for (int i = first; i < first + n; i++) {
        struct row *row = &bench->matrix.row[i];
        if (row->answer == ANSWER_COUNT && !row->absent && !count_output(bench, row, &row->output_bytes))
            row->exit_code = 1;
    }
}

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

bool
measure(struct bench *bench)
{
    const struct matrix *matrix = &bench->matrix;
    double start = now(), used = used_by_others();
    for (int first = 0, end; first < matrix->n_rows; first = end) {
        int group = matrix->row[first].group;
        for (end = first; end < matrix->n_rows && matrix->row[end].group == group;)
            end++;
        if (!matrix->group[group].chosen)
            continue;
        count_outputs(bench, first, end - first);
        for (int round = 0; round < bench->rounds; round++) {
            if (isatty(STDERR_FILENO))
                fprintf(stderr, "\r%s: round %d of %d ", matrix->group[group].name, round + 1, bench->rounds);
            if (!measure_round(bench, first, end - first, round))
                return false;
        }
        if (isatty(STDERR_FILENO))
            fputs("\r\x1b[K", stderr);
    }
    bench->others = (used_by_others() - used) / (now() - start);
    if (bench->others < 0) /* the system counts in hundredths of a second */
        bench->others = 0;
    return true;
}
