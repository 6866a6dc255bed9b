#include "support/support.h"
#include "base/memory.h"
#include "io/source.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reads to the end with the given capacity; the bytes' sum of value times place tells order and content. */
static om_status
read_all(const char *path, size_t capacity, uint64_t *length, uint64_t *sum, struct om_error *err)
{
    struct om_input source = OM_INPUT_CLOSED;
    unsigned char buffer[4096];
    size_t got = 1;
    *length = *sum = 0;
    om_status status = om_input_open(&source, path, err);
    while (status == OM_OK && got) {
        status = om_input_read(&source, buffer, capacity, &got, err);
        for (size_t i = 0; status == OM_OK && i < got; i++)
            *sum += buffer[i] * ++*length;
    }
    om_input_close(&source);
    return status;
}

static void
a_file_is_read_whole(void **state)
{
    const char *path = temporary_file(".bin", "ab\0cd", 5);
    uint64_t length, sum;
    struct om_error err;
    (void)state;
    for (size_t capacity = 1; capacity < 8; capacity++) {
        assert_ok(read_all(path, capacity, &length, &sum, &err));
        assert_int_equal(length, 5);
        assert_int_equal(sum, 'a' + 2 * 'b' + 4 * 'c' + 5 * 'd');
    }
    assert_ok(read_all("/dev/null", 1, &length, &sum, &err));
    assert_int_equal(length, 0);
}

static void
the_size_is_known_of_files_only(void **state)
{
    const char *path = temporary_file(".bin", "abcde", 5);
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    char buffer[4];
    size_t got;
    (void)state;
    assert_ok(om_input_open(&source, path, &err));
    assert_int_equal(source.total, 5);
    assert_int_equal(source.taken, 0);
    assert_ok(om_input_read(&source, buffer, 3, &got, &err));
    assert_in_range(source.taken, 3, 5);
    do
        assert_ok(om_input_read(&source, buffer, 3, &got, &err));
    while (got);
    assert_int_equal(source.taken, 5);
    om_input_close(&source);
    om_input_close(&source);
    assert_ok(om_input_open(&source, "/dev/zero", &err));
    assert_int_equal(source.total, 0);
    om_input_close(&source);
}

static void
what_is_missing_or_no_file_is_refused(void **state)
{
    struct om_input source = OM_INPUT_CLOSED;
    const char *file = temporary_file(".csv", "a", 1);
    char below[128];
    struct om_error err;
    (void)state;
    snprintf(below, sizeof below, "%s/x", file);
    assert_int_equal(om_input_open(&source, "/nonexistent/a.csv", &err), OM_ERR_NO_INPUT);
    assert_string_equal(err.file, "/nonexistent/a.csv");
    assert_int_equal(om_input_open(&source, "", &err), OM_ERR_NO_INPUT);
    assert_int_equal(om_input_open(&source, below, &err), OM_ERR_NO_INPUT);
    assert_int_equal(om_input_open(&source, "/tmp", &err), OM_ERR_NO_INPUT);
    assert_non_null(strstr(err.message, "a directory"));
    assert_int_equal(om_input_open(&source, "/tmp", NULL), OM_ERR_NO_INPUT);
    assert_int_equal(source.fd, -1);
    assert_int_equal(om_input_read(&source, below, 1, &(size_t){0}, &err), OM_ERR_INVALID);
}

static void
a_file_that_may_not_be_read_is_refused(void **state)
{
    const char *path = temporary_file(".csv", "a", 1);
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may read anything */
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(om_input_open(&source, path, &err), OM_ERR_PERMISSION);
}

/* --- a file that changes -------------------------------------------------------------------------------- */

static void
append(const char *path)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);
}

static void
shorten(const char *path)
{
    assert_int_equal(truncate(path, 4), 0);
}

static void
empty(const char *path)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void
touch(const char *path)
{
    const struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* Same size, same time, another file. */
static void
replace(const char *path)
{
    struct stat old;
    const char *other = temporary_file(".csv", "12345678", 8);
    assert_int_equal(stat(path, &old), 0);
    const struct timespec times[2] = {old.st_atim, old.st_mtim};
    assert_int_equal(utimensat(AT_FDCWD, other, times, 0), 0);
    assert_int_equal(rename(other, path), 0);
}

static void
take_away(const char *path)
{
    assert_int_equal(unlink(path), 0);
}

static void
leave_alone(const char *path)
{
    assert_int_equal(chmod(path, 0644), 0);
}

static void
a_file_that_changes_is_an_error_at_its_end(void **state)
{
    static const struct {
        void (*change)(const char *path);
        om_status want;
    } cases[] = {{leave_alone, OM_OK}, {append, OM_ERR_IO},  {shorten, OM_ERR_IO},  {empty, OM_ERR_IO},
                 {touch, OM_ERR_IO},   {replace, OM_ERR_IO}, {take_away, OM_ERR_IO}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *path = temporary_file(".csv", "abcdefgh", 8);
        struct om_input source = OM_INPUT_CLOSED;
        struct om_error err;
        char buffer[6];
        size_t got;
        om_status status;
        assert_ok(om_input_open(&source, path, &err));
        assert_ok(om_input_read(&source, buffer, sizeof buffer, &got, &err));
        cases[i].change(path);
        do
            status = om_input_read(&source, buffer, sizeof buffer, &got, &err);
        while (status == OM_OK && got);
        assert_int_equal(status, cases[i].want);
        if (status != OM_OK)
            assert_non_null(strstr(err.message, "changed while it was read"));
        om_input_close(&source);
    }
}

/* --- pipes ---------------------------------------------------------------------------------------------- */

/* Runs body with the read end of a pipe as standard input, into which a child writes slowly. */
static void
with_slow_stdin(void (*body)(void))
{
    int ends[2], keep = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 5; i++) {
            usleep(20000);
            if (write(ends[1], "ab", 2) != 2)
                _exit(1);
        }
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    body();
    dup2(keep, STDIN_FILENO);
    close(keep);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void
on_alarm(int signal)
{
    (void)signal;
}

static void
read_stdin(void)
{
    uint64_t length, sum;
    struct om_error err;
    assert_ok(read_all("-", 4096, &length, &sum, &err));
    assert_int_equal(length, 10);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD) >= 0, 1); /* not closed */
}

static void
signals_do_not_disturb_standard_input(void **state)
{
    struct sigaction action = {.sa_handler = on_alarm}, old; /* no SA_RESTART: read returns EINTR */
    struct itimerval every = {{0, 3000}, {0, 3000}}, never = {{0, 0}, {0, 0}};
    (void)state;
    sigaction(SIGALRM, &action, &old);
    setitimer(ITIMER_REAL, &every, NULL);
    with_slow_stdin(read_stdin);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &old, NULL);
}

static void
read_stdin_without_blocking(void)
{
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    read_stdin();
}

static void
a_descriptor_that_does_not_block_is_waited_for(void **state)
{
    (void)state;
    with_slow_stdin(read_stdin_without_blocking);
}

static void
the_rest_of_a_file_on_standard_input_is_read(void **state)
{
    const char *path = temporary_file(".csv", "abcdefgh", 8);
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    char buffer[16];
    size_t got;
    int keep = dup(STDIN_FILENO), fd = open(path, O_RDONLY);
    (void)state;
    assert_int_equal(lseek(fd, 3, SEEK_SET), 3);
    dup2(fd, STDIN_FILENO);
    close(fd);
    assert_ok(om_input_open(&source, "-", &err));
    assert_string_equal(om_input_name(&source), "standard input");
    assert_int_equal(source.total, 5);
    for (size_t at = 0; at < 5; at += got)
        assert_ok(om_input_read(&source, buffer + at, sizeof buffer - at, &got, &err));
    assert_memory_equal(buffer, "defgh", 5);
    assert_ok(om_input_read(&source, buffer, sizeof buffer, &got, &err));
    assert_int_equal(got, 0);
    om_input_close(&source);
    dup2(keep, STDIN_FILENO);
    close(keep);
}

static void
count_bytes(void *context, const void *bytes, size_t length)
{
    (void)bytes;
    *(size_t *)context += length;
}

static void
a_tap_sees_what_is_read(void **state)
{
    const char *path = temporary_file(".csv", "abcdefgh", 8);
    struct om_input source = OM_INPUT_CLOSED;
    struct om_error err;
    char buffer[3];
    size_t got, seen = 0;
    (void)state;
    assert_ok(om_input_open(&source, path, &err));
    source.tap = count_bytes;
    source.tap_context = &seen;
    do
        assert_ok(om_input_read(&source, buffer, sizeof buffer, &got, &err));
    while (got);
    assert_int_equal(seen, 8);
    om_input_close(&source);
}

static void
memory_may_run_out(void **state)
{
    struct om_input source = OM_INPUT_CLOSED;
    size_t live = om_memory_live();
    struct om_error err;
    (void)state;
    om_memory_fail_at(0);
    assert_int_equal(om_input_open(&source, "/dev/null", &err), OM_ERR_NOMEM);
    assert_int_equal(om_memory_live(), live);
    assert_ok(om_input_open(&source, "/dev/null", &err));
    om_input_close(&source);
    assert_int_equal(om_memory_live(), live);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_whole),
        cmocka_unit_test(the_size_is_known_of_files_only),
        cmocka_unit_test(what_is_missing_or_no_file_is_refused),
        cmocka_unit_test(a_file_that_may_not_be_read_is_refused),
        cmocka_unit_test(a_file_that_changes_is_an_error_at_its_end),
        cmocka_unit_test(signals_do_not_disturb_standard_input),
        cmocka_unit_test(a_descriptor_that_does_not_block_is_waited_for),
        cmocka_unit_test(the_rest_of_a_file_on_standard_input_is_read),
        cmocka_unit_test(a_tap_sees_what_is_read),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
