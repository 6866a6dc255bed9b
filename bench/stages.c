/*
 * The engine up to one stage, through the library: what each stage adds to the one before it.
 *
 *   stages NAME FILE [KERNELS]
 *
 * The answer goes to standard output, seconds to standard error. To add a stage, write its function and one
 * line of the table at the end, and one row in bench/run.c.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <omstat/csv.h>
#include "analysis/score_lines.h"
#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"
#include "csv/plain.h"

/* A stage reads the whole of `path` and fills `answer`, which must be the same at every run. */
enum { ANSWER = 256 };
typedef om_status stage_function(const char *path, char answer[ANSWER], struct om_error *err);

/* --- the scanner alone ---------------------------------------------------------------------------------- */

struct scanning {
    struct om_plain plain;
    char *bytes; /* the last `used` of them are still to be scanned */
    size_t used;
    uint64_t records, plain_records, left;
    uint32_t check; /* over one token of each record: those of all kernels must be the same */
};

enum { SCAN_READ = 1 << 20, SCAN_CARRY = OM_PLAIN_WINDOW };

/* Scans what has been read and keeps what is unfinished. What is not plain is left out, line by line. */
static void
scan_bytes(struct scanning *s, bool last)
{
    const char *at = s->bytes, *end = at + s->used;
    enum om_plain_end why;
    do {
        why = om_plain_scan(&s->plain, at, (size_t)(end - at));
        s->records += s->plain.n_rows;
        s->plain_records += s->plain.n_plain;
        for (size_t r = 0; r < s->plain.n_rows; r++)
            s->check = s->check * 31 + s->plain.token[s->plain.row[r + 1].token - 1];
        at += s->plain.row[s->plain.n_rows].start;
        const char *line = why == OM_PLAIN_STOPPED ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        s->left += why == OM_PLAIN_STOPPED || (last && why == OM_PLAIN_STARVED && at < end);
        if (why == OM_PLAIN_STOPPED)
            at = line ? line + 1 : end;
    } while (why != OM_PLAIN_STARVED);
    s->used = (size_t)(end - at);
    memmove(s->bytes, at, s->used);
}

/* Every record is taken to have as many fields as the first line. */
static om_status
scan_file(struct scanning *s, int file, struct om_error *err)
{
    ssize_t got;
    do {
        got = read(file, s->bytes + s->used, SCAN_READ);
        if (got < 0)
            return om_fail(err, OM_ERR_IO, "it cannot be read to its end");
        s->used += (size_t)got;
        if (!s->plain.token) {
            size_t n_fields = 1;
            for (size_t i = 0; i < s->used && s->bytes[i] != '\n'; i++)
                n_fields += s->bytes[i] == ',';
            om_status status = om_plain_init(&s->plain, ',', n_fields, om_kernels_active(), err);
            if (status != OM_OK)
                return status;
        }
        scan_bytes(s, got == 0);
    } while (got > 0);
    return OM_OK;
}

static om_status
stage_scan(const char *path, char answer[ANSWER], struct om_error *err)
{
    struct scanning s = {.bytes = om_alloc(SCAN_READ + SCAN_CARRY, 1)};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    om_status status = !s.bytes   ? om_fail_memory(err)
                       : file < 0 ? om_fail(err, OM_ERR_NO_INPUT, "it cannot be opened")
                                  : scan_file(&s, file, err);
    snprintf(answer, ANSWER, "%" PRIu64 " lines, %" PRIu64 " plain, %" PRIu64 " left out, %08" PRIx32,
             s.records, s.plain_records, s.left, s.check);
    om_plain_release(&s.plain);
    if (file >= 0)
        close(file);
    om_free(s.bytes);
    return status;
}

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

/* --- from records to counts, through the layers of the engine ------------------------------------------- */

static om_status
open_panel(const char *path, struct om_study **study, struct om_panel **panel, struct om_error *err)
{
    om_status status = om_study_new(study, err);
    if (status == OM_OK)
        status = om_study_set(*study, "by", "cohort", err);
    if (status == OM_OK)
        status = om_study_set(*study, "threads", "1", err);
    if (status == OM_OK)
        status = om_study_add_input(*study, path, err);
    if (status == OM_OK)
        status = om_panel_open(&(*study)->panel, (*study)->registry, NULL, NULL, panel, err);
    return status;
}

/* Reads every block and, when asked, scores it. The answer is a sum over what came out. */
struct reading {
    struct om_run run;
    struct om_score_lines lines;
    struct om_score_block scores;
    bool score;
    uint64_t records, sum;
};

static om_status
take_block(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct reading *reading = context;
    const struct om_run *run = &reading->run;
    size_t columns = run->panel->n_slots * run->n_scales;
    (void)thread;
    (void)stop;
    reading->records += block->n;
    if (!reading->score)
        return OM_OK;
    om_status status = om_score_block(&reading->lines, block, &reading->scores, err);
    for (size_t c = 0; status == OM_OK && block->n && c < columns; c++)
        for (size_t r = 0; r < block->n; r++)
            reading->sum += reading->scores.column[c].level[r];
    return status;
}

static om_status
read_blocks(const char *path, bool score, char answer[ANSWER], struct om_error *err)
{
    struct om_study *study = NULL;
    struct om_panel *panel = NULL;
    struct reading reading = {.score = score};
    struct om_flow_user user = {.join = take_block, .context = &reading};
    om_status status = open_panel(path, &study, &panel, err);
    if (status == OM_OK)
        status = om_run_init(&reading.run, study, panel, true, err);
    if (status == OM_OK)
        status = om_score_lines_init(&reading.lines, &reading.run, err);
    if (status == OM_OK)
        status = om_flow_run(panel, &user, err);
    snprintf(answer, ANSWER, "%" PRIu64 " records, %" PRIu64 " level numbers added up", reading.records,
             reading.sum);
    om_score_block_release(&reading.scores);
    if (reading.lines.run)
        om_score_lines_release(&reading.lines);
    om_run_release(&reading.run);
    om_panel_close(panel);
    om_study_free(study);
    return status;
}

static om_status
stage_decode(const char *path, char answer[ANSWER], struct om_error *err)
{
    return read_blocks(path, false, answer, err);
}

static om_status
stage_score(const char *path, char answer[ANSWER], struct om_error *err)
{
    return read_blocks(path, true, answer, err);
}

/* Reads all persons; a panel that turns out to have no order is to be read again. */
static om_status
tally(const char *path, bool *again, char answer[ANSWER], struct om_error *err)
{
    struct om_study *study = NULL;
    struct om_panel *panel = NULL;
    struct om_run run = {0};
    om_status status = open_panel(path, &study, &panel, err);
    if (status == OM_OK)
        status = om_run_init(&run, study, panel, false, err);
    if (status == OM_OK)
        status = om_persons_read(panel, *again, om_run_consume, &run, NULL, NULL, &run.count, err);
    *again = status == OM_OK && run.count.read_again;
    if (status == OM_OK && !*again)
        status = om_run_finish(&run, err);
    snprintf(answer, ANSWER, "%" PRIu64 " persons, %zu groups", run.count.persons, run.n_groups);
    om_run_release(&run);
    om_panel_close(panel);
    om_study_free(study);
    return status;
}

static om_status
stage_tally(const char *path, char answer[ANSWER], struct om_error *err)
{
    bool again = false;
    om_status status = tally(path, &again, answer, err);
    return again ? tally(path, &again, answer, err) : status;
}

static const struct stage {
    const char *name;
    stage_function *run;
    const char *what;
} stages[] = {
    {"scan", stage_scan, "bytes to tokens, the plain records only"},
    {"parse", stage_parse, "bytes to records and fields"},
    {"decode", stage_decode, "... to item codes in blocks"},
    {"score", stage_score, "... to levels of every scale"},
    {"tally", stage_tally, "... to persons paired and counted in crosstabs"},
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
    bool usable = argc == 3 || (argc == 4 && om_kernels_choose(argv[3]));
    for (int i = 0; usable && i < STAGES; i++)
        if (strcmp(argv[1], stages[i].name) == 0)
            return run(&stages[i], argv[2]);
    fputs("usage: stages NAME FILE [scalar|avx2|avx512]\n", stderr);
    for (int i = 0; i < STAGES; i++)
        fprintf(stderr, "  %-8s %s\n", stages[i].name, stages[i].what);
    return 64;
}
