/*
 * What the machine can do at all with a file: the floors the engine is measured against.
 *
 *   floor read FILE       large reads, nothing else
 *   floor newlines FILE   the same reads, newlines counted with memchr
 *   floor libcsv FILE     the same reads, libcsv with callbacks that only count
 *
 * The count goes to standard output, seconds and GB/s to standard error.
 */
#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 1 << 20 };

struct counts {
    uint64_t bytes, records;
    struct csv_parser csv;
};

static bool
take_nothing(struct counts *counts, const char *bytes, size_t n)
{
    (void)counts;
    (void)bytes;
    (void)n;
    return true;
}

static bool
take_newlines(struct counts *counts, const char *bytes, size_t n)
{
    const char *end = bytes + n;
    for (const char *p = bytes; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        counts->records++;
    return true;
}

static void
ignore_field(void *field, size_t length, void *context)
{
    (void)field;
    (void)length;
    (void)context;
}

static void
count_record(int end, void *context)
{
    struct counts *counts = context;
    (void)end;
    counts->records++;
}

static bool
take_csv(struct counts *counts, const char *bytes, size_t n)
{
    return csv_parse(&counts->csv, bytes, n, ignore_field, count_record, counts) == n;
}

static const struct floor {
    const char *name;
    bool (*take)(struct counts *, const char *, size_t);
} floors[] = {{"read", take_nothing}, {"newlines", take_newlines}, {"libcsv", take_csv}};

static bool
read_all(int file, const struct floor *floor, struct counts *counts)
{
    static char buffer[READ_SIZE];
    for (;;) {
        ssize_t n = read(file, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        counts->bytes += (uint64_t)n;
        if (!floor->take(counts, buffer, (size_t)n))
            return false;
    }
}

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
run(const struct floor *floor, const char *path)
{
    struct counts counts = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || csv_init(&counts.csv, 0)) {
        perror(path);
        return 66;
    }
    double start = now();
    bool good = read_all(file, floor, &counts);
    good = csv_fini(&counts.csv, ignore_field, count_record, &counts) == 0 && good;
    double seconds = now() - start;
    csv_free(&counts.csv);
    close(file);
    if (!good) {
        fprintf(stderr, "%s: cannot be read to its end\n", path);
        return 74;
    }
    printf("%" PRIu64 " bytes, %" PRIu64 " records\n", counts.bytes, counts.records);
    fprintf(stderr, "%.6f s, %.3f GB/s\n", seconds, (double)counts.bytes / seconds / 1e9);
    return 0;
}

int
main(int argc, char **argv)
{
    for (size_t i = 0; argc == 3 && i < sizeof floors / sizeof *floors; i++)
        if (strcmp(argv[1], floors[i].name) == 0)
            return run(&floors[i], argv[2]);
    fputs("usage: floor read|newlines|libcsv FILE\n", stderr);
    return 64;
}
