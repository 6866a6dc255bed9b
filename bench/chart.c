/*
 * The chart: throughput of the whole job, one bar a program, on a linear scale that begins at 0, so that the
 * lengths can be compared. The least and the most of the rounds are marked on each bar.
 */
#include "harness.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 860, LEFT = 214, RIGHT = 216, TOP = 124, PITCH = 31, BAR = 19, BOTTOM = 62, MARGIN = 24 };
enum { SECONDS = WIDTH - 120, TIMES = WIDTH - MARGIN }; /* right edges of the columns */

/* Okabe and Ito's blue and orange, and a light grey: told apart by the colour-blind, and in grey by
 * lightness. */
static const char style[] =
    "<style>\n"
    "text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px; "
    "fill: #1f2933 }\n"
    ".title { font-size: 19px; font-weight: 600 }\n"
    ".quiet { fill: #52606d; font-size: 12px }\n"
    ".strong { font-weight: 600 }\n"
    ".omstat { fill: #0072b2 }\n"
    ".peer { fill: #e69f00 }\n"
    ".limit { fill: #dde3ea; stroke: #7b8794 }\n"
    ".grid { stroke: #e4e7eb }\n"
    ".axis { stroke: #7b8794 }\n"
    ".range { stroke: #1f2933; fill: none }\n"
    "</style>\n";

static void
put_escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        if (*text == '<' || *text == '&' || *text == '>')
            fprintf(out, "&#%d;", *text);
        else
            putc(*text, out);
}

static void
put_label(FILE *out, const char *class, double x, int y, const char *anchor, const char *text)
{
    fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">", class, x, y, anchor);
    put_escaped(out, text);
    fputs("</text>\n", out);
}

/* A step of 1, 2 or 5 times a power of ten, so that there are at most eight. */
static double
step_for(double most)
{
    static const double steps[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(most / 8)));
    int i = 0;
    while (i < 3 && most / (steps[i] * power) > 8)
        i++;
    return steps[i] * power;
}

static void
put_grid(FILE *out, double most, double scale, int bottom)
{
    double step = step_for(most);
    char text[32];
    for (int i = 0; i * step <= most; i++) {
        double x = LEFT + i * step * scale;
        fprintf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n",
                i ? "grid" : "axis", x, TOP - 6, x, bottom);
        snprintf(text, sizeof text, "%g", i * step);
        put_label(out, "quiet", x, bottom + 18, "middle", text);
    }
    put_label(out, "quiet", LEFT, bottom + 42, "start", "GB of CSV a second; longer is faster");
}

/* `best` is the speed of the fastest row of omstat: the others are compared with it. The seconds are for all
 * of the `bytes`, also where a program was given a smaller panel. */
static void
put_bar(FILE *out, const struct bench *bench, const struct bar *bar, int y, double scale, double best,
        uint64_t bytes)
{
    struct summary speed = row_speed(bench, &bench->matrix.row[bar->row]);
    const char *class = strcmp(bar->class, "omstat") == 0 ? "strong" : "";
    int base = y + BAR / 2 + 5, middle = y + BAR / 2;
    double seconds = (double)bytes / speed.median / 1e9, times = best / speed.median;
    double end = LEFT + fmax(speed.most, speed.median) * scale;
    char text[64];
    put_label(out, class, LEFT - 10, base, "end", bar->label);
    fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n", bar->class, LEFT, y,
            fmax(speed.median * scale, 1), BAR);
    if ((speed.most - speed.least) * scale >= 3)
        fprintf(out, "<path class=\"range\" d=\"M%.1f %dv6m0 -3H%.1fm0 -3v6\"/>\n",
                LEFT + speed.least * scale, middle - 3, end);
    snprintf(text, sizeof text, "%.*f", speed.median < 0.1 ? 3 : 2, speed.median);
    put_label(out, class, end + 8, base, "start", text);
    snprintf(text, sizeof text, "%.*f", seconds < 1 ? 3 : seconds < 10 ? 2 : 1, seconds);
    put_label(out, class, SECONDS, base, "end", text);
    snprintf(text, sizeof text, "%.*f", times < 0.995 ? 2 : times < 9.95 ? 1 : 0, times);
    put_label(out, class, TIMES, base, "end", text);
}

static void
put_head(FILE *out, const struct bench *bench, const struct input *input, int height, const char *list)
{
    char model[256], text[512];
    cpu_model(model);
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "role=\"img\" aria-labelledby=\"title desc\">\n"
            "<title id=\"title\">Speed of omstat and other programs at the same job</title>\n"
            "<desc id=\"desc\">",
            WIDTH, height, WIDTH, height);
    put_escaped(out, list);
    fprintf(out, "</desc>\n%s<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", style, WIDTH, height);
    snprintf(text, sizeof text, "Four questionnaires, before and after: %g million people",
             (double)input->people / 1e6);
    put_label(out, "title", MARGIN, 36, "start", text);
    snprintf(text, sizeof text,
             "PHQ-9, GAD-7, PCL-5 and B-IPF scored, paired and compared by cohort. %.3g GB of CSV in memory; "
             "whole processes.",
             (double)input->bytes / 1e9);
    put_label(out, "quiet", MARGIN, 59, "start", text);
    snprintf(text, sizeof text,
             "Medians of up to %d rounds; a thin line goes from the least to the most. %s, %ld processors.",
             bench->rounds, model, sysconf(_SC_NPROCESSORS_ONLN));
    put_label(out, "quiet", MARGIN, 77, "start", text);
    put_label(out, "quiet", SECONDS, TOP - 14, "end", "seconds");
    put_label(out, "quiet", TIMES, TOP - 14, "end", "omstat = 1");
}

/* The bars in words, for those who cannot see them. */
static void
describe(const struct bench *bench, const struct bar bars[], int n, char *text, size_t size)
{
    snprintf(text, size, "Gigabytes of CSV a second.");
    for (int i = 0; i < n; i++)
        snprintf(text + strlen(text), size - strlen(text), " %s: %.3g.", bars[i].label,
                 row_speed(bench, &bench->matrix.row[bars[i].row]).median);
}

/* By class, the fastest first. */
static int
compare_bars(const void *a, const void *b, void *context)
{
    static const char order[] = "lop"; /* limit, omstat, peer */
    const struct bar *x = a, *y = b;
    const struct bench *bench = context;
    long class = strchr(order, *x->class) - strchr(order, *y->class);
    double slower = row_speed(bench, &bench->matrix.row[y->row]).median -
                    row_speed(bench, &bench->matrix.row[x->row]).median;
    return class ? (int)class : (slower > 0) - (slower < 0);
}

static void
put_chart(FILE *out, struct bench *bench)
{
    const struct matrix *matrix = &bench->matrix;
    struct bar bars[BARS_LIMIT];
    double most = 0, best = 0;
    int n = 0;
    for (int i = 0; i < matrix->n_bars; i++) {
        const struct row *row = &matrix->row[matrix->bar[i].row];
        if (!row_good(row))
            continue;
        most = fmax(most, row_speed(bench, row).most);
        if (strcmp(matrix->bar[i].class, "omstat") == 0)
            best = fmax(best, row_speed(bench, row).median);
        bars[n++] = matrix->bar[i];
    }
    char list[2048];
    const struct input *input = &matrix->input[matrix->row[matrix->bar[0].row].input];
    int bottom = TOP + n * PITCH;
    double scale = (WIDTH - LEFT - RIGHT) / fmax(most, 1e-9);
    qsort_r(bars, (size_t)n, sizeof *bars, compare_bars, bench);
    describe(bench, bars, n, list, sizeof list);
    put_head(out, bench, input, bottom + BOTTOM, list);
    put_grid(out, fmax(most, 1e-9), scale, bottom);
    for (int i = 0; i < n; i++)
        put_bar(out, bench, &bars[i], TOP + i * PITCH, scale, best, input->bytes);
    fputs("</svg>\n", out);
}

/* Nothing is written when no bar was measured. */
bool
write_chart(struct bench *bench)
{
    bool any = false;
    for (int i = 0; i < bench->matrix.n_bars; i++)
        any |= row_good(&bench->matrix.row[bench->matrix.bar[i].row]);
    FILE *out = any ? fopen(bench->chart, "we") : NULL;
    if (!out)
        return !any;
    put_chart(out, bench);
    bool failed = ferror(out);
    return fclose(out) == 0 && !failed;
}
