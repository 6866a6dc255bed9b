/* The tables on standard output. */
#include "harness.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* A number with about three figures. */
static const char *
brief(double value, char text[32])
{
    double size = value < 0 ? -value : value;
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 3 : 5;
    snprintf(text, 32, "%.*f", digits, value);
    return text;
}

static const char *
spread(struct summary s, char text[72])
{
    char least[32], most[32];
    snprintf(text, 72, "[%s-%s]", brief(s.least, least), brief(s.most, most));
    return text;
}

static const char *
remark(const struct row *row, char text[96])
{
    if (row->wrong)
        snprintf(text, 96, row->answer == ANSWER_SAME ? "WRONG: output differs" : "WRONG answer");
    else if (row->exit_code)
        snprintf(text, 96, "FAILED: exit code %d", row->exit_code);
    else
        snprintf(text, 96, "not measured: no %s here", row->absent);
    return text;
}

static void
print_row(const struct bench *bench, const struct row *row)
{
    const struct input *input = &bench->matrix.input[row->input];
    char text[96], a[32], b[32], c[32], d[32], e[32];
    if (!row_good(row)) {
        printf("  %-22s %-14s %s\n", row->name, input->name, remark(row, text));
        return;
    }
    struct summary wall = row_wall(row), speed = row_speed(bench, row);
    printf("  %-22s %-14s %9s %-17s %8s %9s %10s %8s  %d\n", row->name, input->name, brief(wall.median, a),
           spread(wall, text), brief(row_cpu(row).median, b), brief(row_peak(row).most, c),
           brief((double)input->people / wall.median / 1e6, d), brief(speed.median, e), wall.n);
}

static void
print_groups(const struct bench *bench)
{
    const struct matrix *matrix = &bench->matrix;
    for (int i = 0, group = -1; i < matrix->n_rows; i++) {
        const struct row *row = &matrix->row[i];
        if (!matrix->group[row->group].chosen)
            continue;
        if (row->group != group) {
            group = row->group;
            printf("\n%s: %s\n", matrix->group[group].name, matrix->group[group].title);
            printf("  %-22s %-14s %9s %-17s %8s %9s %10s %8s  %s\n", "row", "panel", "wall s", "", "CPU s",
                   "peak MiB", "M people/s", "GB/s", "rounds");
        }
        print_row(bench, row);
    }
}

static const char *
unit(enum kind kind)
{
    static const char *const units[] = {"x time",   "x speed",  "x per CPU", "x memory",
                                        "s beyond", "B/person", "ms",        "MB/s"};
    return units[kind];
}

static void
print_figures(const struct bench *bench)
{
    const struct matrix *matrix = &bench->matrix;
    puts("\nfigures: medians [least-most] of values taken round by round");
    for (int i = 0; i < matrix->n_figures; i++) {
        const struct figure *figure = &matrix->figure[i];
        struct summary values = figure_values(bench, figure);
        char median[32], text[96];
        if (!matrix->group[matrix->row[figure->row].group].chosen)
            continue;
        if (values.n > 0)
            printf("  %-58s %8s %-9s %-18s %d\n", figure->label, brief(values.median, median),
                   unit(figure->kind), spread(values, text), values.n);
        else
            printf("  %-58s %8s\n", figure->label, "-");
    }
}

void
cpu_model(char text[256])
{
    FILE *in = fopen("/proc/cpuinfo", "re");
    snprintf(text, 256, "unknown");
    for (char line[512]; in && fgets(line, sizeof line, in);) {
        char *value = strstr(line, ": ");
        if (value && strncmp(line, "model name", 10) == 0) {
            snprintf(text, 256, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
            break;
        }
    }
    if (in)
        fclose(in);
}

void
print_tables(const struct bench *bench)
{
    char model[256];
    cpu_model(model);
    printf("%" PRIu64 " people; %d rounds, medians [least-most]; whole processes, files in memory\n",
           bench->people, bench->rounds);
    printf("%s, %ld processors, %.2f of them used by other work\n", model, sysconf(_SC_NPROCESSORS_ONLN),
           bench->others);
    print_groups(bench);
    print_figures(bench);
}
