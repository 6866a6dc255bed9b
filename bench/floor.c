/*
 * What the machine can do at all with a file: the floors the engine is measured against.
 *
 *   floor read FILE [THREADS]       reads, nothing else
 *   floor newlines FILE [THREADS]   the same reads, newlines counted
 *   floor libcsv FILE               the same reads, libcsv with callbacks that only count
 *   floor gunzip FILE               igzip's library, the text thrown away
 *   floor unzstd FILE               zstd's library, the text thrown away
 *
 * The reads are pread of 256 KiB into one buffer a thread, which stays in the cache of its core. Threads take
 * the next piece of the file as they finish one. The count goes to standard output, seconds and GB/s to
 * standard error.
 */
#include "floors.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 256 * 1024, THREADS_LIMIT = 64, ALIGNMENT = 64 };

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
    counts->records += count_newlines(bytes, n);
    return true;
}

/* --- libcsv --------------------------------------------------------------------------------------------- */

static struct csv_parser csv;

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
    return csv_parse(&csv, bytes, n, ignore_field, count_record, counts) == n;
}

static bool
end_csv(struct counts *counts)
{
    return csv_fini(&csv, ignore_field, count_record, counts) == 0;
}

static bool
end_nothing(struct counts *counts)
{
    (void)counts;
    return true;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static const struct floor {
    const char *name;
    bool threads; /* the pieces may be taken in any order */
    bool (*take)(struct counts *, const char *, size_t);
    bool (*end)(struct counts *);
} floors[] = {
    {"read", true, take_nothing, end_nothing},   {"newlines", true, take_newlines, end_nothing},
    {"libcsv", false, take_csv, end_csv},        {"gunzip", false, take_gzip, end_unpacking},
    {"unzstd", false, take_zstd, end_unpacking},
};

struct reading {
    const struct floor *floor;
    int file;
    atomic_uint_fast64_t next; /* piece */
};

struct reader {
    pthread_t thread;
    struct reading *reading;
    struct counts counts;
    bool good;
};

/* The bytes of one piece: fewer than READ_SIZE only at the end of the file, negative when it cannot be read.
 */
static ssize_t
read_piece(int file, char *buffer, uint64_t piece)
{
    size_t used = 0;
    while (used < READ_SIZE) {
        ssize_t n = pread(file, buffer + used, READ_SIZE - used, (off_t)(piece * READ_SIZE + used));
        if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0)
            break;
        used += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)used;
}

static void *
read_pieces(void *context)
{
    struct reader *reader = context;
    struct reading *reading = reader->reading;
    char *buffer = aligned_alloc(ALIGNMENT, READ_SIZE);
    ssize_t n = buffer ? READ_SIZE : -1;
    reader->good = buffer != NULL;
    while (reader->good && n == READ_SIZE) {
        n = read_piece(reading->file, buffer, atomic_fetch_add(&reading->next, 1));
        reader->good = n >= 0 && reading->floor->take(&reader->counts, buffer, (size_t)n);
        reader->counts.bytes += n > 0 ? (uint64_t)n : 0;
    }
    free(buffer);
    return NULL;
}

static bool
read_all(struct reading *reading, int threads, struct counts *counts)
{
    static struct reader readers[THREADS_LIMIT];
    int started = 1;
    for (int t = 0; t < threads; t++)
        readers[t].reading = reading;
    while (started < threads &&
           pthread_create(&readers[started].thread, NULL, read_pieces, &readers[started]) == 0)
        started++;
    read_pieces(&readers[0]);
    bool good = started == threads;
    for (int t = 0; t < started; t++) {
        if (t > 0)
            pthread_join(readers[t].thread, NULL);
        good = good && readers[t].good;
        counts->bytes += readers[t].counts.bytes;
        counts->records += readers[t].counts.records;
    }
    return good;
}

/* --- main ----------------------------------------------------------------------------------------------- */

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
run(const struct floor *floor, const char *path, int threads)
{
    struct counts counts = {0};
    static struct reading reading;
    reading.floor = floor;
    reading.file = open(path, O_RDONLY | O_CLOEXEC);
    if (reading.file < 0 || csv_init(&csv, 0)) {
        perror(path);
        return 66;
    }
    double start = now();
    bool good = read_all(&reading, threads, &counts) && floor->end(&counts);
    double seconds = now() - start;
    csv_free(&csv);
    close(reading.file);
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
    int threads = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 1;
    bool usable = (argc == 3 || argc == 4) && threads >= 1 && threads <= THREADS_LIMIT;
    for (size_t i = 0; usable && i < sizeof floors / sizeof *floors; i++)
        if (strcmp(argv[1], floors[i].name) == 0 && (threads == 1 || floors[i].threads))
            return run(&floors[i], argv[2], threads);
    fputs("usage: floor read|newlines FILE [THREADS]\n"
          "       floor libcsv|gunzip|unzstd FILE\n",
          stderr);
    return 64;
}
