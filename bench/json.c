/* Every single measurement, as JSON. */
#include "harness.h"

#include <inttypes.h>
#include <sys/utsname.h>
#include <unistd.h>

static void
put_string(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20)
            fprintf(out, "\\u%04x", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

static void
put_key(FILE *out, const char *before, const char *key, const char *text)
{
    fprintf(out, "%s\"%s\": ", before, key);
    put_string(out, text);
}

static void
put_summary(FILE *out, struct summary s)
{
    fprintf(out,
            "\"rounds\": %d, \"median\": %.9g, \"least\": %.9g, \"most\": %.9g, "
            "\"lower_quartile\": %.9g, \"upper_quartile\": %.9g",
            s.n, s.median, s.least, s.most, s.lower, s.upper);
}

static void
put_machine(FILE *out, const struct bench *bench)
{
    char model[256];
    struct utsname system = {.release = "unknown"};
    cpu_model(model);
    uname(&system);
    put_key(out, "  \"machine\": {", "cpu", model);
    fprintf(out, ", \"cpus\": %ld", sysconf(_SC_NPROCESSORS_ONLN));
    put_key(out, ", ", "kernel", system.release);
    put_key(out, ", ", "compiler", __VERSION__);
    fprintf(out, ", \"load\": %.2f, \"others\": %.3f},\n", bench->load, bench->others);
}

static void
put_probes(FILE *out, const struct matrix *matrix)
{
    fputs("  \"probes\": {", out);
    for (int i = 0; i < matrix->n_probes; i++) {
        put_string(out, matrix->probe[i].name);
        fputs(": ", out);
        if (matrix->probe[i].holds)
            put_string(out, matrix->probe[i].said);
        else
            fputs("null", out);
        fputs(i + 1 < matrix->n_probes ? ", " : "", out);
    }
    fputs("},\n", out);
}

static void
put_runs(FILE *out, const struct row *row)
{
    const char *before = "";
    fputs(", \"runs\": [", out);
    for (int round = 0; round < ROUNDS_LIMIT; round++) {
        const struct run *run = &row->run[round];
        if (!run->done)
            continue;
        fprintf(out, "%s\n     {\"round\": %d, \"wall\": %.6f, \"cpu\": %.6f, \"peak_kib\": %ld}", before,
                round, run->wall, run->cpu, run->peak);
        before = ",";
    }
    putc(']', out);
}

static void
put_row(FILE *out, const struct bench *bench, const struct row *row)
{
    const struct input *input = &bench->matrix.input[row->input];
    const char *state = row->absent ? "absent" : row->wrong ? "wrong" : row->exit_code ? "failed" : "good";
    put_key(out, "    {", "row", row->name);
    put_key(out, ", ", "group", bench->matrix.group[row->group].name);
    put_key(out, ", ", "panel", input->name);
    put_key(out, ", ", "state", state);
    fprintf(out, ", \"bytes\": %" PRIu64 ", \"people\": %" PRIu64, input->bytes, input->people);
    if (row_good(row)) {
        fputs(",\n     \"wall\": {", out);
        put_summary(out, row_wall(row));
        putc('}', out);
        put_runs(out, row);
    }
    putc('}', out);
}

static void
put_figure(FILE *out, const struct bench *bench, const struct figure *figure)
{
    enum kind kind = figure->kind;
    const struct row *row = bench->matrix.row;
    put_key(out, "    {", "figure", figure->label);
    put_key(out, ", ", "kind", kind_name(kind));
    put_key(out, ", ", "better",
            kind == KIND_SPEED || kind == KIND_CPU || kind == KIND_OUTPUT ? "more" : "less");
    put_key(out, ", ", "row", row[figure->row].name);
    if (figure->base >= 0)
        put_key(out, ", ", "base", row[figure->base].name);
    fputs(",\n     ", out);
    put_summary(out, figure_values(bench, figure));
    putc('}', out);
}

static void
put_results(FILE *out, const struct bench *bench)
{
    const struct matrix *matrix = &bench->matrix;
    const char *before = "\n";
    fputs("  \"rows\": [", out);
    for (int i = 0; i < matrix->n_rows; i++) {
        if (!matrix->group[matrix->row[i].group].chosen)
            continue;
        fputs(before, out);
        put_row(out, bench, &matrix->row[i]);
        before = ",\n";
    }
    fputs("\n  ],\n  \"figures\": [", out);
    before = "\n";
    for (int i = 0; i < matrix->n_figures; i++) {
        if (figure_values(bench, &matrix->figure[i]).n == 0)
            continue;
        fputs(before, out);
        put_figure(out, bench, &matrix->figure[i]);
        before = ",\n";
    }
    fputs("\n  ]\n", out);
}

bool
write_json(const struct bench *bench)
{
    FILE *out = fopen(bench->json, "we");
    if (!out)
        return false;
    fputs("{\n  \"schema\": \"omstat/bench/2\",\n", out);
    put_machine(out, bench);
    put_probes(out, &bench->matrix);
    fprintf(out, "  \"people\": %" PRIu64 ",\n  \"rounds\": %d,\n", bench->people, bench->rounds);
    put_results(out, bench);
    fputs("}\n", out);
    bool failed = ferror(out);
    return fclose(out) == 0 && !failed;
}
