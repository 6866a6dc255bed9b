/*
 * The harness: whole processes, in interleaved rounds, each against counting newlines in the same round.
 *
 *   run [--rounds N] [--build DIRECTORY] [--json FILE] PANEL
 *
 * Prints a table and writes every single measurement as JSON. Ends with 1 when a program fails or does not
 * give the same output in every round. To measure something else, add a line to `rows`.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char PANEL[] = "PANEL"; /* stands for the file in a command */

/* A program that starts with "./" lies in the build directory; its row is left out when it is not built. */
static const struct row {
    const char *name;
    bool discard; /* the output is the file itself: not worth comparing */
    const char *command[6];
} rows[] = {
    {"cat", true, {"cat", PANEL}},
    {"newlines", false, {"./bench/floor", "newlines", PANEL}},
    {"libcsv", false, {"./bench/floor", "libcsv", PANEL}},
    {"scan", false, {"./bench/stages", "scan", PANEL}},
    {"parse", false, {"./bench/stages", "parse", PANEL}},
    {"decode", false, {"./bench/stages", "decode", PANEL}},
    {"score", false, {"./bench/stages", "score", PANEL}},
    {"tally", false, {"./bench/stages", "tally", PANEL}},
    {"report", false, {"./omstat", "report", PANEL, "--by", "cohort", "-q"}},
    {"scores", false, {"./omstat", "score", PANEL, "-q", "-o", "/dev/null"}},
};
enum { ROWS = sizeof rows / sizeof *rows, BASE = 1, ROUNDS_LIMIT = 1000 }; /* BASE: the row of the ratios */

struct run {
    double wall, cpu; /* seconds */
    long peak;        /* KiB */
    int exit_code;
    uint64_t output; /* a hash of what it wrote */
};

struct bench {
    const char *build, *json, *panel;
    int rounds;
    uint64_t bytes, records;
    bool present[ROWS], same[ROWS];
    struct run *runs[ROWS]; /* one per round */
};

struct summary {
    double median, least, most;
};

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

/* --- one run ----------------------------------------------------------------------------------------------
 */

static const char *
program_path(const struct bench *bench, const struct row *row, char path[4096])
{
    if (strncmp(row->command[0], "./", 2) != 0)
        return row->command[0];
    snprintf(path, 4096, "%s/%s", bench->build, row->command[0] + 2);
    return path;
}

static void
become(const struct bench *bench, const struct row *row, int output)
{
    char path[4096];
    const char *command[sizeof row->command / sizeof *row->command + 1] = {NULL};
    char *arguments[sizeof command / sizeof *command];
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(row->discard ? nowhere : output, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    for (size_t i = 0; i < sizeof row->command / sizeof *row->command; i++)
        command[i] = row->command[i] == PANEL ? bench->panel : row->command[i];
    memcpy(arguments, command, sizeof arguments); /* execvp does not write to them */
    execvp(program_path(bench, row, path), arguments);
    _exit(127);
}

/* FNV-1a. */
static uint64_t
hash_file(int file)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    unsigned char bytes[65536];
    off_t at = 0;
    for (ssize_t n; (n = pread(file, bytes, sizeof bytes, at)) > 0; at += n)
        for (ssize_t i = 0; i < n; i++)
            hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static struct run
run_once(const struct bench *bench, const struct row *row)
{
    struct run run = {.exit_code = 127};
    struct rusage usage;
    int output = memfd_create("output", MFD_CLOEXEC), state = 0;
    double start = now();
    pid_t child = output < 0 ? -1 : fork();
    if (child == 0)
        become(bench, row, output);
    if (child > 0 && wait4(child, &state, 0, &usage) == child) {
        run.wall = now() - start;
        run.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        run.peak = usage.ru_maxrss;
        run.exit_code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
        run.output = hash_file(output);
    }
    if (output >= 0)
        close(output);
    return run;
}

/* --- all runs ---------------------------------------------------------------------------------------------
 */

/* Reads the panel, so that it is in the page cache, and counts its records: lines less the header. */
static bool
warm(struct bench *bench)
{
    static char buffer[1 << 18];
    int file = open(bench->panel, O_RDONLY | O_CLOEXEC);
    ssize_t n = -1;
    bench->bytes = bench->records = 0;
    while (file >= 0 && (n = read(file, buffer, sizeof buffer)) > 0) {
        bench->bytes += (uint64_t)n;
        for (const char *p = buffer, *end = buffer + n; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
            bench->records++;
    }
    if (file >= 0)
        close(file);
    bench->records -= bench->records > 0;
    return n == 0 && bench->bytes > 0;
}

static bool
measure(struct bench *bench, int row, int round)
{
    struct run *run = &bench->runs[row][round];
    *run = run_once(bench, &rows[row]);
    if (run->output != bench->runs[row][0].output && round > 0)
        bench->same[row] = false;
    if (run->exit_code != 0)
        fprintf(stderr, "%s: exit code %d\n", rows[row].name, run->exit_code);
    return run->exit_code == 0;
}

/* Every round starts with another row, so that none always follows the same one. */
static bool
measure_all(struct bench *bench)
{
    for (int round = 0; round < bench->rounds; round++) {
        if (!warm(bench))
            return false;
        for (int i = 0; i < ROWS; i++) {
            int row = (i + round) % ROWS;
            if (bench->present[row] && !measure(bench, row, round))
                return false;
        }
    }
    return true;
}

/* --- results ----------------------------------------------------------------------------------------------
 */

static int
compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static struct summary
summarise(double values[], int n)
{
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return (struct summary){(values[(n - 1) / 2] + values[n / 2]) / 2, values[0], values[n - 1]};
}

static double
wall_of(const struct bench *bench, int row, int round)
{
    return bench->runs[row][round].wall;
}

static double
cpu_of(const struct bench *bench, int row, int round)
{
    return bench->runs[row][round].cpu;
}

static double
peak_of(const struct bench *bench, int row, int round)
{
    return (double)bench->runs[row][round].peak / 1024;
}

static double
ratio_of(const struct bench *bench, int row, int round)
{
    return wall_of(bench, row, round) / wall_of(bench, BASE, round);
}

static struct summary
over_rounds(const struct bench *bench, int row, double (*value)(const struct bench *, int, int))
{
    double values[ROUNDS_LIMIT] = {0};
    for (int round = 0; round < bench->rounds; round++)
        values[round] = value(bench, row, round);
    return summarise(values, bench->rounds);
}

static void
print_row(const struct bench *bench, int row)
{
    struct summary wall = over_rounds(bench, row, wall_of), ratio = over_rounds(bench, row, ratio_of);
    printf("%-10s %8.3f [%.3f-%.3f] %8.3f %8.1f %10.2f %7.3f %8.2f [%.2f-%.2f]%s\n", rows[row].name,
           wall.median, wall.least, wall.most, over_rounds(bench, row, cpu_of).median,
           over_rounds(bench, row, peak_of).most, (double)bench->records / wall.median / 1e6,
           (double)bench->bytes / wall.median / 1e9, ratio.median, ratio.least, ratio.most,
           bench->same[row] ? "" : "  OUTPUT DIFFERS");
}

static void
print_table(const struct bench *bench)
{
    printf("%s: %" PRIu64 " records, %.3f GB; %d rounds, medians [least-most]; whole processes\n\n",
           bench->panel, bench->records, (double)bench->bytes / 1e9, bench->rounds);
    printf("%-10s %8s %-13s %8s %8s %10s %7s %8s\n", "row", "wall s", "", "CPU s", "peak MiB", "Mrecords/s",
           "GB/s", "x newlines");
    for (int row = 0; row < ROWS; row++) {
        if (bench->present[row])
            print_row(bench, row);
        else
            printf("%-10s not built: %s\n", rows[row].name, rows[row].command[0]);
    }
}

/* --- JSON -------------------------------------------------------------------------------------------------
 */

static void
write_string(FILE *out, const char *text)
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

static void
write_machine(FILE *out)
{
    char model[256];
    struct utsname system = {.release = "unknown"};
    cpu_model(model);
    uname(&system);
    fputs("  \"machine\": {\"cpu\": ", out);
    write_string(out, model);
    fprintf(out, ", \"cpus\": %ld, \"kernel\": ", sysconf(_SC_NPROCESSORS_ONLN));
    write_string(out, system.release);
    fputs(", \"compiler\": ", out);
    write_string(out, __VERSION__);
    fputs("},\n", out);
}

static void
write_row(FILE *out, const struct bench *bench, int row, const char *before)
{
    fprintf(out, "%s    {\"row\": ", before);
    write_string(out, rows[row].name);
    struct summary wall = over_rounds(bench, row, wall_of), ratio = over_rounds(bench, row, ratio_of);
    fprintf(out, ", \"wall_median\": %.6f, \"ratio_median\": %.6f, \"same_output\": %s,\n     \"runs\": [",
            wall.median, ratio.median, bench->same[row] ? "true" : "false");
    for (int round = 0; round < bench->rounds; round++) {
        const struct run *run = &bench->runs[row][round];
        fprintf(out, "%s{\"wall\": %.6f, \"cpu\": %.6f, \"peak_kib\": %ld}", round ? ", " : "", run->wall,
                run->cpu, run->peak);
    }
    fputs("]}", out);
}

static bool
write_json(const struct bench *bench)
{
    FILE *out = fopen(bench->json, "we");
    if (!out)
        return false;
    fputs("{\n  \"schema\": \"omstat/bench/1\",\n", out);
    write_machine(out);
    fputs("  \"panel\": ", out);
    write_string(out, bench->panel);
    fprintf(out,
            ",\n  \"bytes\": %" PRIu64 ",\n  \"records\": %" PRIu64 ",\n  \"rounds\": %d,\n  \"rows\": [",
            bench->bytes, bench->records, bench->rounds);
    const char *before = "\n";
    for (int row = 0; row < ROWS; row++) {
        if (!bench->present[row])
            continue;
        write_row(out, bench, row, before);
        before = ",\n";
    }
    fputs("\n  ]\n}\n", out);
    bool failed = ferror(out);
    return fclose(out) == 0 && !failed;
}

/* --- main -------------------------------------------------------------------------------------------------
 */

static bool
prepare(struct bench *bench)
{
    char path[4096];
    for (int row = 0; row < ROWS; row++) {
        const char *program = program_path(bench, &rows[row], path);
        bench->present[row] = program != path || access(path, X_OK) == 0;
        bench->same[row] = true;
        bench->runs[row] = calloc((size_t)bench->rounds, sizeof *bench->runs[row]);
        if (!bench->runs[row])
            return false;
    }
    if (!bench->present[BASE])
        fprintf(stderr, "%s is needed and not built\n", rows[BASE].command[0]);
    return bench->present[BASE];
}

static bool
parse_options(int argc, char **argv, struct bench *bench)
{
    static const struct option options[] = {
        {"rounds", 1, NULL, 'r'}, {"build", 1, NULL, 'b'}, {"json", 1, NULL, 'j'}, {NULL, 0, NULL, 0}};
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c == 'r')
            bench->rounds = atoi(optarg);
        else if (c == 'b')
            bench->build = optarg;
        else if (c == 'j')
            bench->json = optarg;
        else
            return false;
    }
    bench->panel = optind < argc ? argv[optind] : NULL;
    return optind + 1 == argc && bench->rounds >= 1 && bench->rounds <= ROUNDS_LIMIT;
}

/* Measures, prints, writes; the exit code. */
static int
bench_panel(struct bench *bench)
{
    if (!warm(bench)) {
        fprintf(stderr, "%s: cannot be read, or is empty\n", bench->panel);
        return 66;
    }
    if (!measure_all(bench))
        return 1;
    print_table(bench);
    if (bench->json && !write_json(bench)) {
        perror(bench->json);
        return 73;
    }
    for (int row = 0; row < ROWS; row++)
        if (!bench->same[row])
            return 1;
    return 0;
}

int
main(int argc, char **argv)
{
    struct bench bench = {.build = "build", .rounds = 7};
    if (!parse_options(argc, argv, &bench)) {
        fputs("usage: run [--rounds N] [--build DIRECTORY] [--json FILE] PANEL\n", stderr);
        return 64;
    }
    int code = prepare(&bench) ? bench_panel(&bench) : 1;
    for (int row = 0; row < ROWS; row++)
        free(bench.runs[row]);
    return code;
}
