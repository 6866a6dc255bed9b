#include "harness.h"

#include <stdlib.h>

static int
compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Of sorted values, between neighbours as R's type 7. */
static double
quantile(const double values[], int n, double p)
{
    double at = p * (n - 1);
    int i = (int)at;
    return i + 1 < n ? values[i] + (at - i) * (values[i + 1] - values[i]) : values[i];
}

static struct summary
summarise(double values[], int n)
{
    if (n == 0)
        return (struct summary){.n = 0};
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return (struct summary){n,
                            quantile(values, n, 0.5),
                            values[0],
                            values[n - 1],
                            quantile(values, n, 0.25),
                            quantile(values, n, 0.75)};
}

bool
row_good(const struct row *row)
{
    return !row->absent && !row->wrong && row->exit_code == 0 && row->run[0].done;
}

static double
wall_of(const struct run *run)
{
    return run->wall;
}

static double
cpu_of(const struct run *run)
{
    return run->cpu;
}

static double
peak_of(const struct run *run)
{
    return (double)run->peak / 1024;
}

static struct summary
over_rounds(const struct row *row, double (*value)(const struct run *))
{
    double values[ROUNDS_LIMIT];
    int n = 0;
    for (int round = 0; round < ROUNDS_LIMIT; round++)
        if (row->run[round].done)
            values[n++] = value(&row->run[round]);
    return summarise(values, n);
}

struct summary
row_wall(const struct row *row)
{
    return over_rounds(row, wall_of);
}

struct summary
row_cpu(const struct row *row)
{
    return over_rounds(row, cpu_of);
}

struct summary
row_peak(const struct row *row)
{
    return over_rounds(row, peak_of);
}

struct summary
row_speed(const struct bench *bench, const struct row *row)
{
    double values[ROUNDS_LIMIT];
    int n = 0;
    for (int round = 0; round < ROUNDS_LIMIT; round++)
        if (row->run[round].done)
            values[n++] = (double)bench->matrix.input[row->input].bytes / row->run[round].wall / 1e9;
    return summarise(values, n);
}

static double
value_of(const struct bench *bench, const struct figure *figure, int round)
{
    const struct row *row = &bench->matrix.row[figure->row];
    const struct row *base = &bench->matrix.row[figure->base < 0 ? figure->row : figure->base];
    const struct run *a = &row->run[round], *b = &base->run[round];
    const struct input *input = &bench->matrix.input[row->input];
    switch (figure->kind) {
    case KIND_TIME:
        return a->wall / b->wall;
    case KIND_SPEED:
        return ((double)input->bytes / a->wall) / ((double)bench->matrix.input[base->input].bytes / b->wall);
    case KIND_CPU:
        return ((double)input->bytes / a->cpu) / ((double)bench->matrix.input[base->input].bytes / b->cpu);
    case KIND_PEAK:
        return (double)a->peak / (double)b->peak;
    case KIND_BEYOND:
        return a->cpu - b->cpu;
    case KIND_BYTES:
        return (double)a->peak * 1024 / (double)input->people;
    case KIND_MS:
        return a->wall * 1e3;
    case KIND_OUTPUT:
        return (double)row->output_bytes / a->wall / 1e6;
    }
    return 0;
}

/* Only rounds in which both rows were measured count. */
struct summary
figure_values(const struct bench *bench, const struct figure *figure)
{
    const struct row *row = &bench->matrix.row[figure->row];
    const struct row *base = &bench->matrix.row[figure->base < 0 ? figure->row : figure->base];
    double values[ROUNDS_LIMIT];
    int n = 0;
    for (int round = 0; row_good(row) && row_good(base) && round < ROUNDS_LIMIT; round++)
        if (row->run[round].done && base->run[round].done)
            values[n++] = value_of(bench, figure, round);
    return summarise(values, n);
}
