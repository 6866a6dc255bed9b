/* Batches, limits, memory, and the files of the reference collection. */
#include "unit/csv/reading.h"
#include "base/memory.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reads to the end; counts, and checks that records come in order. Returns the status that ended it. */
static om_status
read_all(const char *path, size_t block, uint64_t *records, uint64_t *fields, struct om_error *err)
{
    struct om_csv_reader *reader = NULL;
    struct om_batch batch = {0};
    *records = *fields = 0;
    om_status status = om_csv_open_blocks(path, NULL, block, &reader, err);
    while (status == OM_OK) {
        status = om_csv_next(reader, &batch, err);
        if (status != OM_OK || batch.n_records == 0)
            break;
        assert_true(batch.n_records <= OM_CSV_BATCH);
        for (size_t r = 0; r < batch.n_records; r++) {
            assert_int_equal(batch.record[r].number, ++*records);
            *fields += batch.record[r].n_fields;
        }
    }
    om_csv_close(reader);
    return status;
}

/* Content of parts, each repeated: {"a,", 3} is "a,a,a,". */
struct part {
    const char *text;
    size_t times;
};

static const char *
file_of(const struct part *parts, size_t n)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < n; i++)
        om_buffer_repeat(&text, parts[i].text, parts[i].times);
    const char *path = temporary_file(".csv", om_buffer_string(&text), text.length);
    om_buffer_release(&text);
    return path;
}
#define FILE_OF(...)                                                                                         \
    file_of((const struct part[]){__VA_ARGS__},                                                              \
            sizeof((const struct part[]){__VA_ARGS__}) / sizeof(struct part))

static void
batches_never_cut_a_record(void **state)
{
    /* 200 fields a record: a batch is full by its fields, in the middle of a block and of a record. */
    const char *path = FILE_OF({"1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,\"0\n\"\n", 30000});
    const size_t blocks[] = {997, 4096, OM_CSV_BLOCK};
    uint64_t records, fields;
    struct om_error err;
    (void)state;
    for (size_t b = 0; b < 3; b++) {
        assert_ok(read_all(path, blocks[b], &records, &fields, &err));
        assert_int_equal(records, 30000);
        assert_int_equal(fields, 600000);
    }
    path = FILE_OF({"1,", 15999}, {"\n", 1}, {"1,", 15999}, {"\n", 1}, {"1,", 15999});
    for (size_t b = 0; b < 3; b++) {
        assert_ok(read_all(path, blocks[b], &records, &fields, &err));
        assert_int_equal(records, 3);
        assert_int_equal(fields, 48000);
    }
}

/* The bytes of a batch move when their memory grows; the fields must follow. */
static void
fields_keep_their_bytes_in_a_large_batch(void **state)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    (void)state;
    for (int i = 0; i < 1000; i++)
        om_buffer_format(&text, "r%d,,\"%0500d\"\n", i, i);
    const char *path = temporary_file(".csv", om_buffer_string(&text), text.length);
    om_buffer_release(&text);
    assert_ok(om_csv_open(path, NULL, &reader, &err));
    assert_ok(om_csv_next(reader, &batch, &err));
    assert_int_equal(batch.n_records, 1000);
    for (int i = 0; i < 1000; i++) {
        char first[16], last[512];
        const struct om_field *field = batch.field + batch.record[i].first_field;
        snprintf(first, sizeof first, "r%d", i);
        snprintf(last, sizeof last, "%0500d", i);
        assert_int_equal(field[0].length, strlen(first));
        assert_memory_equal(field[0].data, first, strlen(first));
        assert_int_equal(field[2].length, 500);
        assert_memory_equal(field[2].data, last, 500);
    }
    om_csv_close(reader);
}

static void
batches_hold_1024_records(void **state)
{
    const char *path = FILE_OF({"a\n", 1025});
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    const size_t want[] = {1024, 1, 0, 0};
    (void)state;
    assert_ok(om_csv_open(path, NULL, &reader, &err));
    for (size_t i = 0; i < 4; i++) {
        assert_ok(om_csv_next(reader, &batch, &err));
        assert_int_equal(batch.n_records, want[i]);
        if (i == 1)
            assert_int_equal(batch.record[0].line, 1025);
    }
    assert_int_equal(om_csv_bytes_read(reader), 2050);
    assert_int_equal(om_csv_bytes_total(reader), 2050);
    om_csv_close(reader);
}

/* --- limits --------------------------------------------------------------------------------------------- */

static void
expect(const char *path, om_status want, uint64_t line, uint64_t column, uint64_t records_before)
{
    const size_t blocks[] = {65536, OM_CSV_BLOCK, 4 << 20};
    for (size_t b = 0; b < 3; b++) {
        uint64_t records, fields;
        struct om_error err = {0};
        assert_int_equal(read_all(path, blocks[b], &records, &fields, &err), want);
        assert_int_equal(err.line, line);
        assert_int_equal(err.column, column);
        assert_int_equal(records, records_before);
    }
}

static void
a_field_may_have_1_mib(void **state)
{
    (void)state;
    expect(FILE_OF({"a\nb,", 1}, {"x", OM_CSV_FIELD_LIMIT}, {",c\n", 1}), OM_OK, 0, 0, 2);
    expect(FILE_OF({"a\nb,\"", 1}, {"x", OM_CSV_FIELD_LIMIT}, {"\",c\n", 1}), OM_OK, 0, 0, 2);
    expect(FILE_OF({"a\nb,", 1}, {"x", OM_CSV_FIELD_LIMIT + 1}, {",c\n", 1}), OM_ERR_PANEL, 2, 3, 1);
    expect(FILE_OF({"a\nb,\"", 1}, {"x", OM_CSV_FIELD_LIMIT + 1}, {"\",c\n", 1}), OM_ERR_PANEL, 2, 3, 1);
    expect(FILE_OF({"a\nb, \"", 1}, {"x,y\n", 1 << 20}), OM_ERR_PANEL, 2, 4, 1);
    expect(FILE_OF({"x", OM_CSV_FIELD_LIMIT + 1}), OM_ERR_PANEL, 1, 1, 0);
}

static void
a_record_may_have_16384_fields(void **state)
{
    (void)state;
    expect(FILE_OF({"a\n", 1}, {"1,", OM_CSV_FIELDS_LIMIT - 1}, {"\n", 1}), OM_OK, 0, 0, 2);
    expect(FILE_OF({"a\n", 1}, {"1,", OM_CSV_FIELDS_LIMIT}, {"\nb\n", 1}), OM_ERR_PANEL, 2, 1, 1);
    expect(FILE_OF({"\"a\n\"\n", 1}, {"\"\",", OM_CSV_FIELDS_LIMIT}, {"\nb\n", 1}), OM_ERR_PANEL, 3, 1, 1);
}

static void
a_record_may_have_16_mib(void **state)
{
    static char field[1 << 12]; /* 4095 bytes with its delimiter; 4097 of them are 16 MiB less one */
    (void)state;
    memset(field, 'x', sizeof field - 2);
    field[sizeof field - 2] = ',';
    expect(FILE_OF({"a\n", 1}, {field, 4097}, {"\n", 1}), OM_OK, 0, 0, 2);
    expect(FILE_OF({"a\n", 1}, {field, 4097}, {"x\n", 1}), OM_ERR_PANEL, 2, 1, 1);
}

static void
a_fault_is_reported_again_and_again(void **state)
{
    const char *path = FILE_OF({"a\nb\n\"c\n", 1});
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    (void)state;
    assert_ok(om_csv_open(path, NULL, &reader, &err));
    assert_ok(om_csv_next(reader, &batch, &err));
    assert_int_equal(batch.n_records, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(om_csv_next(reader, &batch, &err), OM_ERR_PANEL);
        assert_int_equal(err.line, 3);
        assert_int_equal(om_csv_next(reader, &batch, NULL), OM_ERR_PANEL);
    }
    om_csv_close(reader);
}

/* --- memory --------------------------------------------------------------------------------------------- */

static void
every_allocation_may_fail(void **state)
{
    const char *path = FILE_OF({"abc,\"d\ne\",", 1}, {"x", 300000}, {",1,2,3\n", 5000});
    size_t live = om_memory_live(), failures = 0;
    uint64_t records, fields;
    struct om_error err;
    (void)state;
    for (size_t k = 0; k < 60; k++) {
        om_memory_fail_at(k);
        om_status status = read_all(path, OM_CSV_BLOCK, &records, &fields, &err);
        om_memory_fail_at((size_t)-1);
        assert_int_equal(om_memory_live(), live);
        if (status == OM_OK) /* libcsv asks for less when it does not get what it wants */
            assert_int_equal(records, 5000);
        else
            assert_int_equal(status, OM_ERR_NOMEM);
        failures += status != OM_OK;
    }
    assert_true(failures > 6);
}

/* Memory does not depend on the size of the input, and a FIFO will do. */
static void
fifty_megabytes_through_a_fifo(void **state)
{
    static const char line[] = "p1,\"a, b\",3,2,1,0,,NA,0,1,2,3\r\n";
    enum { TIMES = 1600000 };
    char path[] = "/tmp/omstat-fifo-XXXXXX";
    uint64_t records, fields;
    struct rusage before, after;
    struct om_error err;
    (void)state;
    assert_non_null(mkdtemp(path));
    char fifo[64];
    snprintf(fifo, sizeof fifo, "%s/fifo", path);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        FILE *out = fopen(fifo, "wb");
        for (size_t i = 0; out && i < TIMES; i++)
            fwrite(line, 1, sizeof line - 1, out);
        _exit(!out || fclose(out) != 0);
    }
    getrusage(RUSAGE_SELF, &before);
    assert_ok(read_all(fifo, OM_CSV_BLOCK, &records, &fields, &err));
    getrusage(RUSAGE_SELF, &after);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(records, TIMES);
    assert_int_equal(fields, 12ull * TIMES);
    assert_true(after.ru_maxrss - before.ru_maxrss < 20 * 1024);
    unlink(fifo);
    rmdir(path);
}

static void
append_to_buffer(void *context, const void *bytes, size_t length)
{
    om_buffer_add(context, bytes, length);
}

static void
the_tap_sees_every_byte(void **state)
{
    static const char bytes[] = "\xEF\xBB\xBF"
                                "a,b\r\n\n\"x\"\n1";
    const char *path = temporary_file(".csv", bytes, sizeof bytes - 1);
    struct om_buffer seen = OM_BUFFER_EMPTY;
    struct om_csv_options options = {.tap = append_to_buffer, .tap_context = &seen};
    struct om_csv_reader *reader;
    struct om_batch batch;
    struct om_error err;
    (void)state;
    assert_ok(om_csv_open_blocks(path, &options, 2, &reader, &err));
    do
        assert_ok(om_csv_next(reader, &batch, &err));
    while (batch.n_records);
    assert_int_equal(seen.length, sizeof bytes - 1);
    assert_memory_equal(seen.data, bytes, sizeof bytes - 1);
    om_csv_close(reader);
    om_buffer_release(&seen);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_never_cut_a_record),
        cmocka_unit_test(fields_keep_their_bytes_in_a_large_batch),
        cmocka_unit_test(batches_hold_1024_records),
        cmocka_unit_test(a_field_may_have_1_mib),
        cmocka_unit_test(a_record_may_have_16384_fields),
        cmocka_unit_test(a_record_may_have_16_mib),
        cmocka_unit_test(a_fault_is_reported_again_and_again),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(fifty_megabytes_through_a_fifo),
        cmocka_unit_test(the_tap_sees_every_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
