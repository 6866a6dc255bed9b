/*
 * The engine up to one stage, through the library: what each stage adds to the one before it.
 *
 *   stages NAME FILE
 *
 * The answer goes to standard output, seconds to standard error. To add a stage, write its function and one
 * line of the table at the end, and one row in bench/run.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <omstat/csv.h>

/* A stage reads the whole of `path` and fills `answer`, which must be the same at every run. */
enum { ANSWER = 256 };
typedef om_status stage_function(const char *path, char answer[ANSWER], struct om_error *err);

static om_status
stage_parse(const char *path, char answer[ANSWER], struct om_error *err)
{
    struct om_csv_reader *reader = NULL;
    struct om_csv_options options = {0};
    struct om_batch batch;
    uint64_t records = 0, fields = 0, bytes = 0;
    om_status status = om_csv_open(path, &options, &reader, err);
    while (status == OM_OK && (status = om_csv_next(reader, &batch, err)) == OM_OK && batch.n_records) {
        records += batch.n_records;
        for (size_t i = 0; i < batch.n_records; i++)
            fields += batch.record[i].n_fields;
    }
    if (status == OM_OK)
        bytes = om_csv_bytes_read(reader);
    om_csv_close(reader);
    snprintf(answer, ANSWER, "%" PRIu64 " bytes, %" PRIu64 " records, %" PRIu64 " fields", bytes, records,
             fields);
    return status;
}

static const struct stage {
    const char *name;
    stage_function *run;
    const char *what;
} stages[] = {
    {"parse", stage_parse, "bytes to records and fields"},
};
enum { STAGES = sizeof stages / sizeof *stages };

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int
run(const struct stage *stage, const char *path)
{
    char answer[ANSWER] = "";
    struct om_error err = {0};
    double start = now();
    om_status status = stage->run(path, answer, &err);
    double seconds = now() - start;
    if (status != OM_OK) {
        fprintf(stderr, "%s\n", err.message);
        return om_status_exit_code(status);
    }
    printf("%s\n", answer);
    fprintf(stderr, "%.6f s\n", seconds);
    return 0;
}

int
main(int argc, char **argv)
{
    for (int i = 0; argc == 3 && i < STAGES; i++)
        if (strcmp(argv[1], stages[i].name) == 0)
            return run(&stages[i], argv[2]);
    fputs("usage: stages NAME FILE\n", stderr);
    for (int i = 0; i < STAGES; i++)
        fprintf(stderr, "  %-8s %s\n", stages[i].name, stages[i].what);
    return 64;
}
