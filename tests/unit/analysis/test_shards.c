/*
 * However many shards: each record in one of them, with the place it has in the file; and nothing else is
 * found.
 */
#include "panels.h"
#include "analysis/study.h"
#include "panel/flow.h"
#include "panel/shard.h"

static bool thorough; /* more panels, in the nightly check */

/* What one reading saw. */
struct seen {
    struct om_panel *panel;
    struct om_buffer records, findings;
    uint64_t n;
};

static void
note_finding(void *context, const struct om_finding *finding)
{
    struct seen *seen = context;
    om_buffer_format(&seen->findings, "%d %llu/%llu/%s/%llu %s\n", finding->code,
                     (unsigned long long)finding->line, (unsigned long long)finding->record, finding->column,
                     (unsigned long long)finding->byte_offset, finding->message);
}

static om_status
note_records(void *context, size_t thread, struct om_record_block *block, bool *stop, struct om_error *err)
{
    struct seen *seen = context;
    (void)thread, (void)stop, (void)err;
    for (size_t r = 0; r < block->n; r++, seen->n++) {
        struct om_record_place place = om_panel_place(seen->panel, om_block_place(block, r));
        om_buffer_format(&seen->records, "%zu:%llu/%llu/%llu %d %.*s:", place.file,
                         (unsigned long long)place.line, (unsigned long long)place.number,
                         (unsigned long long)place.byte_offset, block->row[r].rejected,
                         (int)block->row[r].id_length, block->row[r].id);
        for (size_t i = 0; i < ITEMS && !block->row[r].rejected; i++)
            om_buffer_format(&seen->records, " %u", block->code[r * block->stride + block->where[i]]);
        om_buffer_char(&seen->records, '\n');
    }
    return OM_OK;
}

static struct om_study *
study_of(const char *const *path, size_t n_paths)
{
    struct om_study *study = NULL;
    struct om_error err = {0};
    assert_ok(om_study_new(&study, &err));
    for (size_t i = 0; i < n_paths; i++)
        assert_ok(om_study_set(study, "input", path[i], &err));
    assert_ok(om_study_set(study, "by", "site", &err));
    study->panel.threads = 2;
    return study;
}

/* Reads one shard, or all with n_shards 0, and adds what it saw. */
static void
look(struct om_study *study, size_t shard, size_t n_shards, size_t piece, struct seen *seen)
{
    struct om_error err = {0};
    study->panel.shard = shard;
    study->panel.n_shards = n_shards;
    study->panel.piece = piece;
    struct om_flow_user user = {.join = note_records, .context = seen};
    om_status status = om_panel_open(&study->panel, study->registry, note_finding, seen, &seen->panel, &err);
    if (status == OM_OK)
        status = om_flow_run(seen->panel, &user, &err);
    if (status != OM_OK)
        fail_msg("shard %zu/%zu: %s", shard, n_shards, err.message);
    om_panel_close(seen->panel);
}

static void
release_seen(struct seen *seen)
{
    om_buffer_release(&seen->records);
    om_buffer_release(&seen->findings);
}

static void
assert_same_text(const char *got, const char *want, size_t n_shards, const char *what)
{
    size_t i = 0;
    while (want[i] && want[i] == got[i])
        i++;
    if (want[i] != got[i])
        fail_msg("%s of %zu shards: \"%.200s\", not \"%.200s\"", what, n_shards, got + (i < 60 ? 0 : i - 60),
                 want + (i < 60 ? 0 : i - 60));
}

static void
assert_shards(struct om_study *study, size_t n_shards, size_t piece, const struct seen *want)
{
    struct seen got = {0};
    for (size_t k = 1; k <= n_shards; k++)
        look(study, k, n_shards, piece, &got);
    assert_same_text(om_buffer_string(&got.records), om_buffer_string(&want->records), n_shards, "records");
    assert_same_text(om_buffer_string(&got.findings), om_buffer_string(&want->findings), n_shards,
                     "findings");
    release_seen(&got);
}

static void
check_shards(const char *const *path, size_t n_paths)
{
    struct seen want = {0};
    struct om_study *study = study_of(path, n_paths);
    look(study, 0, 0, 0, &want);
    for (size_t n = 1; n <= 40; n++)
        assert_shards(study, n, n % 3 ? 0 : 100, &want);
    assert_shards(study, 3 * (size_t)want.n, 0, &want);
    release_seen(&want);
    om_study_free(study);
}

static void
every_number_of_shards(void **state)
{
    (void)state;
    seed = 29;
    for (int round = 0; round < (thorough ? 8 : 2); round++)
        for (unsigned style = 0; style < 3; style++)
            for (int odd = 0; odd < 2; odd++) {
                const char *path = make_panel(style, odd, round % 2, false);
                check_shards(&path, 1);
            }
}

/* Shards of several files end to end; some are smaller than a shard, some larger. */
static void
several_files(void **state)
{
    (void)state;
    seed = 31;
    const char *path[] = {
        make_panel(0, true, true, false), make_panel(1, false, true, false),
        file_of("id,occasion,site,note,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
                "\n\nX1,pre,A,none,0,1,2,3,0,1,2,3,0\n\n\n"),
        make_panel(2, true, false, false)};
    check_shards(path, 4);
}

/* A file larger than what is looked at for a proof, of rows that all say the same. */
static void
check_large(const char *row, size_t bytes)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out,
                   "id,occasion,site,note,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n");
    for (unsigned i = 0; out.length < bytes; i++)
        om_buffer_format(&out, row, i);
    const char *path = temporary_file(".csv", out.data, out.length);
    om_buffer_release(&out);
    struct seen want = {0};
    struct om_study *study = study_of(&path, 1);
    look(study, 0, 0, 0, &want);
    assert_shards(study, 5, 0, &want);
    release_seen(&want);
    om_study_free(study);
}

static void
large_files(void **state)
{
    (void)state;
    check_large("%u,pre,A,none,0,1,2,3,0,1,2,3,0\n", 6 << 20); /* no quote: 2 MiB are looked at */
    check_large("\"%u\",\"pre\",\"A\",\"none\",0,1,2,3,0,1,2,3,0\n", 2 << 20);
    check_large("%u,pre,A,\"a\nb\nc\",0,1,2,3,0,1,2,3,0\n", 2 << 20);
    check_large("%u,pre,A,\"\",0,1,2,3,0,1,2,3,0\n",
                6 << 20); /* closing quotes that look like opening ones */
    check_large("%u,pre,A,\"\n\",0,1,2,3,0,1,2,3,0\r\n", 2 << 20);
    check_large("%u,pre,A,\"x\n,pre,A,none,0,1,2,3,0,1,2,3,0\n\",0,1,2,3,0,1,2,3,0\n", 2 << 20);
}

/* A text in quotes of nearly 1 MiB that looks like records, and one that is too long and is one. */
static void
records_in_quotes(void **state)
{
    (void)state;
    static const size_t sizes[] = {OM_CSV_FIELD_LIMIT - 100, OM_CSV_FIELD_LIMIT + 100};
    for (size_t k = 0; k < 2; k++) {
        struct om_buffer out = OM_BUFFER_EMPTY;
        om_buffer_text(
            &out, "id,occasion,site,note,phq9_1,phq9_2,phq9_3,phq9_4,phq9_5,phq9_6,phq9_7,phq9_8,phq9_9\n"
                  "1,pre,A,\"");
        for (unsigned i = 0; out.length < sizes[k]; i++)
            om_buffer_format(&out, "%u,pre,A,none,0,1,2,3,0,1,2,3,0\n", i);
        om_buffer_text(&out, "\",0,1,2,3,0,1,2,3,0\n2,pre,A,none,0,1,2,3,0,1,2,3,0\n");
        const char *path = temporary_file(".csv", out.data, out.length);
        om_buffer_release(&out);
        struct seen want = {0};
        struct om_study *study = study_of(&path, 1);
        look(study, 0, 0, 0, &want);
        assert_int_equal(want.n > 1000, k == 1);
        assert_shards(study, 2, 0, &want);
        assert_shards(study, 7, 0, &want);
        release_seen(&want);
        om_study_free(study);
    }
}

static void
a_pipe_has_no_shards(void **state)
{
    (void)state;
    struct run run = RUN("input", "/dev/null", "shard", "1/2");
    assert_int_equal(run.status, OM_ERR_PANEL); /* empty before anything else */
    release(&run);
    static const char *const wrong[] = {"0/2", "3/2", "1", "1/", "/2", "a/b", "1/0", "1/1000001", "-1/2", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        run = RUN("shard", wrong[i]);
        assert_int_equal(run.status, OM_ERR_USAGE);
        release(&run);
    }
}

int
main(int argc, char **argv)
{
    thorough = argc > 1 && strcmp(argv[1], "thorough") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_shards),
        cmocka_unit_test(several_files),
        cmocka_unit_test(large_files),
        cmocka_unit_test(records_in_quotes),
        cmocka_unit_test(a_pipe_has_no_shards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
