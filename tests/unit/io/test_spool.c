/* Records put away in parts come out of them, whatever the limit; the file they wait in tells nothing. */
#include "support/support.h"

#include "base/memory.h"
#include "base/parallel.h"
#include "io/scratch.h"
#include "io/spool.h"
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PARTS = 37, THREADS = 3, EACH = 50000 };

struct record {
    uint32_t number, thread;
};

struct task {
    struct om_spool *spool;
    om_status status[THREADS];
};

static size_t
part_of(uint32_t number)
{
    return number % 5 == 0 ? 0 : number % PARTS; /* one is larger than the others */
}

/* Numbers ascend by thread, and are dealt out to the threads in turn. */
static void
put_all(void *context, size_t thread)
{
    struct task *task = context;
    for (uint32_t i = 0; i < EACH && task->status[thread] == OM_OK; i++) {
        const struct record record = {i * THREADS + (uint32_t)thread, (uint32_t)thread};
        uint8_t *at = NULL;
        task->status[thread] =
            om_spool_room(task->spool, thread, part_of(record.number), sizeof record, &at, NULL);
        if (at)
            memcpy(at, &record, sizeof record);
    }
}

static struct task
filled(size_t limit, bool firm)
{
    struct task task = {0};
    const struct om_spool_spec spec = {.parts = PARTS, .threads = THREADS, .limit = limit, .firm = firm};
    struct om_error err;
    assert_ok(om_spool_new(&spec, &task.spool, &err));
    om_parallel(THREADS, put_all, &task);
    return task;
}

static uint64_t
number_of(const void *context, const uint8_t *bytes)
{
    struct record record;
    (void)context;
    memcpy(&record, bytes, sizeof record);
    return record.number;
}

/* All numbers of the part, in their order. */
static void
check_walk(const struct om_spool *spool, size_t part)
{
    struct om_spool_walk *walk;
    struct om_error err;
    const uint8_t *record;
    assert_ok(om_spool_walk_new(spool, part, sizeof(struct record), number_of, NULL, &walk, &err));
    for (uint32_t number = 0; number < THREADS * EACH; number++) {
        if (part_of(number) != part)
            continue;
        assert_ok(om_spool_walk_next(walk, &record, &err));
        assert_non_null(record);
        assert_int_equal(number_of(NULL, record), number);
    }
    assert_ok(om_spool_walk_next(walk, &record, &err));
    assert_null(record);
    om_spool_walk_free(walk);
}

/* The same, thread by thread. */
static void
check_take(struct om_spool *spool, size_t part)
{
    const size_t bytes = (size_t)om_spool_bytes(spool, part), n = bytes / sizeof(struct record);
    struct record *record = om_alloc(n, sizeof *record), *at = record;
    struct om_error err;
    assert_non_null(record);
    assert_ok(om_spool_take(spool, part, (uint8_t *)record, &err));
    for (uint32_t thread = 0; thread < THREADS; thread++)
        for (uint32_t i = 0; i < EACH; i++)
            if (part_of(i * THREADS + thread) == part) {
                assert_true(at < record + n);
                assert_int_equal(at->number, i * THREADS + thread);
                assert_int_equal(at->thread, thread);
                at++;
            }
    assert_ptr_equal(at, record + n);
    om_free(record);
}

static void
check_limit(size_t limit, bool firm)
{
    struct task task = filled(limit, firm);
    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(task.status[t], OM_OK);
    for (size_t part = 0; part < PARTS; part++) {
        check_walk(task.spool, part);
        check_take(task.spool, part);
    }
    om_spool_free(task.spool);
}

static void
a_limit_makes_no_difference(void **state)
{
    (void)state;
    const size_t live = om_memory_live();
    check_limit(0, false);
    check_limit(1, true);
    check_limit(1 << 18, true);
    check_limit(1 << 18, false);
    check_limit(1 << 30, true);
    assert_int_equal(om_memory_live(), live);
}

/* What is written goes nowhere. */
static void
a_full_disk_matters_where_the_limit_holds(void **state)
{
    (void)state;
    struct rlimit before, none = {100000, 100000};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    struct task task = filled(1 << 18, true);
    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(task.status[t], OM_ERR_IO);
    om_spool_free(task.spool);
    check_limit(1 << 18, false);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
}

/* From any place on what was written is read, and something else lies in the file. */
static void
a_scratch_file_is_encrypted(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    static uint8_t plain[LENGTH], read[LENGTH];
    struct om_scratch scratch = OM_SCRATCH_EMPTY;
    struct om_error err;
    for (size_t i = 0; i < LENGTH; i++)
        plain[i] = (uint8_t)(i / 7);
    for (size_t from = 0, step = 1; from < LENGTH; from += step, step = step * 3 + 1) {
        step = step < LENGTH - from ? step : LENGTH - from;
        assert_ok(om_scratch_write(&scratch, plain + from, step, &err));
    }
    assert_ok(om_scratch_flush(&scratch, &err));
    assert_int_equal(scratch.length, LENGTH);
    static const size_t place[] = {0, 1, 15, 16, 17, 4095, 16384, 99990};
    for (size_t i = 0; i < sizeof place / sizeof *place; i++) {
        assert_ok(om_scratch_read(&scratch, place[i], read, LENGTH - place[i], &err));
        assert_memory_equal(read, plain + place[i], LENGTH - place[i]);
    }
    assert_int_equal(pread(scratch.fd, read, LENGTH, 0), LENGTH);
    size_t same = 0; /* by chance one in 256 */
    for (size_t i = 0; i < LENGTH; i++)
        same += read[i] == plain[i];
    assert_in_range(same, LENGTH / 512, LENGTH / 128);
    om_scratch_close(&scratch);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_makes_no_difference),
        cmocka_unit_test(a_full_disk_matters_where_the_limit_holds),
        cmocka_unit_test(a_scratch_file_is_encrypted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
