/* Standard output that is a file: a run that fails leaves it as it was, and nobody else's bytes are lost. */
#include "support/support.h"
#include "io/sink.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
file_of(const char *text)
{
    return temporary_file("", text, strlen(text));
}

static off_t
size_of(const char *path)
{
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    return file.st_size;
}

static void
assert_holds(const char *path, const char *text)
{
    char got[256] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, text);
}

/* Makes a file standard output; nothing may be printed until it is restored. */
static int
redirect(const char *path, int flags)
{
    fflush(stdout);
    int keep = dup(STDOUT_FILENO), fd = open(path, O_WRONLY | flags);
    assert_int_not_equal(fd, -1);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    return keep;
}

static void
restore(int keep)
{
    dup2(keep, STDOUT_FILENO);
    close(keep);
}

/* A run that writes more than the sink's buffer and then fails; then `next` goes to standard output. `other`
 * is what somebody else writes to it meanwhile. */
static void
run_that_fails(const char *path, int flags, const char *other, bool can_undo)
{
    static char bytes[OM_SINK_BUFFER];
    struct om_sink sink = OM_SINK_CLOSED;
    int keep = redirect(path, flags);
    om_status opened = om_sink_open(&sink, "-", NULL);
    bool can = om_sink_can_undo(&sink);
    om_status first = om_sink_write(&sink, "abc", 3, NULL);
    om_status second = om_sink_write(&sink, bytes, sizeof bytes, NULL);
    ssize_t theirs = write(STDOUT_FILENO, other, strlen(other));
    om_sink_abort(&sink);
    ssize_t next = write(STDOUT_FILENO, "next", 4);
    restore(keep);
    assert_int_equal(opened, OM_OK);
    assert_int_equal(first, OM_OK);
    assert_int_equal(second, OM_OK);
    assert_int_equal(theirs, strlen(other));
    assert_int_equal(next, 4);
    assert_int_equal(can, can_undo);
}

static void
what_a_failed_run_wrote_is_taken_back(void **state)
{
    (void)state;
    const char *path = file_of("old");
    run_that_fails(path, O_TRUNC, "", true);
    assert_holds(path, "next");
    run_that_fails(path, 0, "", true); /* written over: too late for that, not for the rest */
    assert_holds(path, "next");
}

static void
what_stood_before_stays(void **state)
{
    struct om_sink sink = OM_SINK_CLOSED;
    static char bytes[2 * OM_SINK_BUFFER];
    (void)state;
    const char *path = file_of("");
    int keep = redirect(path, O_TRUNC);
    ssize_t before = write(STDOUT_FILENO, "before", 6);
    om_status opened = om_sink_open(&sink, "/dev/stdout", NULL);
    om_status written = om_sink_write(&sink, bytes, sizeof bytes, NULL);
    om_sink_abort(&sink);
    restore(keep);
    assert_int_equal(before, 6);
    assert_int_equal(opened, OM_OK);
    assert_int_equal(written, OM_OK);
    assert_holds(path, "before");
}

static void
a_file_that_others_write_to_is_left_alone(void **state)
{
    (void)state;
    const char *path = file_of("");
    run_that_fails(path, O_TRUNC, "a message", true);
    assert_int_equal(size_of(path), 3 + OM_SINK_BUFFER + 9 + 4);
    path = file_of("old");
    run_that_fails(path, O_APPEND, "", false);
    assert_int_equal(size_of(path), 3 + 3 + OM_SINK_BUFFER + 4);
}

static void
what_was_committed_stays(void **state)
{
    struct om_sink sink = OM_SINK_CLOSED;
    (void)state;
    const char *path = file_of("");
    int keep = redirect(path, O_TRUNC);
    om_status opened = om_sink_open(&sink, "-", NULL);
    om_status written = om_sink_write(&sink, "abc", 3, NULL);
    om_status committed = om_sink_commit(&sink, NULL);
    om_sink_abort(&sink);
    restore(keep);
    assert_int_equal(opened, OM_OK);
    assert_int_equal(written, OM_OK);
    assert_int_equal(committed, OM_OK);
    assert_holds(path, "abc");
}

static void
a_device_takes_nothing_back(void **state)
{
    struct om_sink sink = OM_SINK_CLOSED;
    struct om_error err;
    (void)state;
    assert_ok(om_sink_open(&sink, "/dev/null", &err));
    assert_false(om_sink_can_undo(&sink));
    om_sink_abort(&sink);
    assert_ok(om_sink_open(&sink, file_of("old"), &err));
    assert_true(om_sink_can_undo(&sink));
    om_sink_abort(&sink);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_failed_run_wrote_is_taken_back),
        cmocka_unit_test(what_stood_before_stays),
        cmocka_unit_test(a_file_that_others_write_to_is_left_alone),
        cmocka_unit_test(what_was_committed_stays),
        cmocka_unit_test(a_device_takes_nothing_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
