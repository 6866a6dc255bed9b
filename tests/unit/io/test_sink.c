#include "support/support.h"
#include "base/memory.h"
#include "io/sink.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test has a directory of its own, which must be empty when the test has removed what it knows of. */
static char directory[64];
static char path[512];

static const char *
in_directory(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static int
make_directory(void **state)
{
    (void)state;
    strcpy(directory, "/tmp/omstat-sink-XXXXXX");
    umask(022);
    return mkdtemp(directory) == NULL;
}

static size_t
files_in_directory(void)
{
    size_t n = 0;
    DIR *open = opendir(directory);
    assert_non_null(open);
    while (readdir(open))
        n++;
    closedir(open);
    return n - 2; /* . and .. */
}

static int
remove_directory(void **state)
{
    (void)state;
    unlink(in_directory("out"));
    unlink(in_directory("other"));
    return rmdir(directory); /* fails when a temporary file was left */
}

static void
put(const char *name, const char *text)
{
    FILE *file = fopen(in_directory(name), "wb");
    assert_non_null(file);
    assert_int_equal(fputs(text, file) < 0, 0);
    assert_int_equal(fclose(file), 0);
}

static void
assert_holds(const char *name, const char *text)
{
    char got[256] = "";
    FILE *file = fopen(in_directory(name), "rb");
    assert_non_null(file);
    got[fread(got, 1, sizeof got - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(got, text);
}

static mode_t
mode_of(const char *name)
{
    struct stat file;
    assert_int_equal(lstat(in_directory(name), &file), 0);
    return file.st_mode & 07777;
}

/* Writes text to a file the way a program does. */
static om_status
write_out(const char *to, const char *text, bool named_only, struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    sink.named_only = named_only;
    om_status status = om_sink_open(&sink, to, err);
    if (status == OM_OK)
        status = om_sink_write(&sink, text, strlen(text), err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    return status;
}

static void
a_new_file_appears_at_commit(void **state)
{
    struct om_error err;
    (void)state;
    for (int named = 0; named < 2; named++) {
        struct om_sink sink = OM_SINK_CLOSED;
        sink.named_only = named;
        assert_ok(om_sink_open(&sink, in_directory("out"), &err));
        assert_ok(om_sink_write(&sink, "ab", 2, &err));
        assert_ok(om_sink_write(&sink, "c", 1, &err));
        assert_int_not_equal(access(in_directory("out"), F_OK), 0);
        assert_ok(om_sink_commit(&sink, &err));
        assert_int_equal(sink.fd, -1);
        assert_holds("out", "abc");
        assert_int_equal(files_in_directory(), 1);
        assert_int_equal(mode_of("out"), 0644);
        unlink(in_directory("out"));
    }
}

static void
the_umask_is_respected(void **state)
{
    struct om_error err;
    (void)state;
    umask(077);
    for (int named = 0; named < 2; named++) {
        assert_ok(write_out(in_directory("out"), "a", named, &err));
        assert_int_equal(mode_of("out"), 0600);
        unlink(in_directory("out"));
    }
}

static void
an_existing_file_is_replaced_and_its_mode_kept(void **state)
{
    struct om_error err;
    (void)state;
    for (int named = 0; named < 2; named++) {
        put("out", "old and longer");
        assert_int_equal(chmod(in_directory("out"), 0660), 0);
        assert_ok(write_out(in_directory("out"), "new", named, &err));
        assert_holds("out", "new");
        assert_int_equal(mode_of("out"), 0660);
        assert_int_equal(files_in_directory(), 1);
    }
}

static void
an_aborted_write_leaves_the_old_file(void **state)
{
    struct om_error err;
    (void)state;
    for (int named = 0; named < 2; named++) {
        struct om_sink sink = OM_SINK_CLOSED;
        sink.named_only = named;
        put("out", "old");
        assert_ok(om_sink_open(&sink, in_directory("out"), &err));
        assert_ok(om_sink_write(&sink, "new", 3, &err));
        om_sink_abort(&sink);
        om_sink_abort(&sink);
        assert_holds("out", "old");
        assert_int_equal(files_in_directory(), 1);
        assert_int_equal(om_sink_write(&sink, "x", 1, &err), OM_ERR_INVALID);
        assert_int_equal(om_sink_commit(&sink, &err), OM_ERR_INVALID);
    }
}

/* Killed without a chance to clean up: nothing shows, not even a temporary file. */
static void
a_killed_run_leaves_the_old_file(void **state)
{
    (void)state;
    put("out", "old");
    pid_t child = fork();
    if (child == 0) {
        struct om_sink sink = OM_SINK_CLOSED;
        if (om_sink_open(&sink, in_directory("out"), NULL) == OM_OK && sink.file.name[0])
            _exit(3); /* this file system has no O_TMPFILE */
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status)) {
        print_message("no O_TMPFILE here: skipped\n");
        DIR *open = opendir(directory);
        for (struct dirent *entry; (entry = readdir(open));)
            if (strncmp(entry->d_name, ".omstat-", 8) == 0)
                unlink(in_directory(entry->d_name));
        closedir(open);
        skip();
    }
    assert_holds("out", "old");
    assert_int_equal(files_in_directory(), 1);
}

static void
much_output_arrives_whole(void **state)
{
    static const size_t pieces[] = {1,      7, 4095, OM_SINK_BUFFER - 1, OM_SINK_BUFFER, OM_SINK_BUFFER + 1,
                                    1 << 20};
    enum { TOTAL = 3 << 20 };
    static unsigned char bytes[TOTAL + (1 << 20)], got[TOTAL + (1 << 20)];
    struct om_error err;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 2654435761u >> 13);
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        struct om_sink sink = OM_SINK_CLOSED;
        size_t sent = 0;
        assert_ok(om_sink_open(&sink, in_directory("out"), &err));
        for (size_t k = 0; sent < TOTAL; k++) {
            size_t piece = k % 3 == 2 ? 13 : pieces[p];
            assert_ok(om_sink_write(&sink, bytes + sent, piece, &err));
            sent += piece;
        }
        assert_ok(om_sink_commit(&sink, &err));
        FILE *file = fopen(in_directory("out"), "rb");
        assert_int_equal(fread(got, 1, sizeof got, file), sent);
        fclose(file);
        assert_memory_equal(got, bytes, sent);
    }
}

/* --- refusals ------------------------------------------------------------------------------------------- */

static void
refused(const char *to, const char *why)
{
    struct om_sink sink = OM_SINK_CLOSED;
    struct om_error err = {0};
    size_t live = om_memory_live();
    assert_int_equal(om_sink_open(&sink, to, &err), OM_ERR_CREATE);
    assert_non_null(strstr(err.message, why));
    assert_string_not_equal(err.hint, "");
    assert_int_equal(sink.fd, -1);
    assert_int_equal(om_memory_live(), live);
}

static void
bad_targets_are_refused(void **state)
{
    char slash[160];
    (void)state;
    refused(directory, "directory");
    snprintf(slash, sizeof slash, "%s/", directory);
    refused(slash, "directory");
    refused("", "directory");
    refused(".", "directory");
    refused(in_directory("missing/out"), "No such file");
    assert_int_equal(files_in_directory(), 0);
}

static void
a_symbolic_link_is_not_followed(void **state)
{
    struct om_error err;
    (void)state;
    put("other", "precious");
    assert_int_equal(symlink("other", in_directory("out")), 0);
    refused(in_directory("out"), "symbolic link");
    assert_holds("other", "precious");
    assert_int_equal(unlink(in_directory("other")), 0);
    refused(in_directory("out"), "symbolic link"); /* it leads nowhere now */
    assert_int_equal(files_in_directory(), 1);
    /* a link that turns up after opening is replaced, not followed */
    assert_int_equal(unlink(in_directory("out")), 0);
    put("other", "precious");
    struct om_sink sink = OM_SINK_CLOSED;
    assert_ok(om_sink_open(&sink, in_directory("out"), &err));
    assert_int_equal(symlink("other", in_directory("out")), 0);
    assert_ok(om_sink_write(&sink, "new", 3, &err));
    assert_ok(om_sink_commit(&sink, &err));
    assert_holds("out", "new");
    assert_holds("other", "precious");
}

static void
a_directory_that_turns_up_is_an_error(void **state)
{
    struct om_error err;
    (void)state;
    for (int named = 0; named < 2; named++) {
        struct om_sink sink = OM_SINK_CLOSED;
        sink.named_only = named;
        assert_ok(om_sink_open(&sink, in_directory("out"), &err));
        assert_int_equal(mkdir(in_directory("out"), 0700), 0);
        assert_int_equal(om_sink_commit(&sink, &err), OM_ERR_IO);
        assert_int_equal(files_in_directory(), 1);
        assert_int_equal(rmdir(in_directory("out")), 0);
    }
}

static void
what_is_write_protected_is_refused(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* root may write anything */
    put("out", "old");
    assert_int_equal(chmod(in_directory("out"), 0444), 0);
    refused(in_directory("out"), "write-protected");
    assert_int_equal(chmod(directory, 0500), 0);
    refused(in_directory("other"), "Permission denied");
    assert_int_equal(chmod(directory, 0700), 0);
}

/* --- failing writes ------------------------------------------------------------------------------------- */

/* A limit on the size of files stands in for a full disk. */
static void
a_write_that_fails_leaves_the_old_file(void **state)
{
    static char bytes[3 * OM_SINK_BUFFER];
    struct rlimit old, small;
    struct om_error err;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = OM_SINK_BUFFER + 100;
    put("out", "old");
    for (int named = 0; named < 2; named++) {
        struct om_sink sink = OM_SINK_CLOSED;
        sink.named_only = named;
        assert_ok(om_sink_open(&sink, in_directory("out"), &err));
        setrlimit(RLIMIT_FSIZE, &small);
        om_status all_at_once = om_sink_write(&sink, bytes, sizeof bytes, &err);
        om_status after = om_sink_write(&sink, "x", 1, &err);
        om_status commit = om_sink_commit(&sink, &err);
        /* too late to fail before the commit */
        om_status later = om_sink_open(&sink, in_directory("out"), NULL);
        for (int i = 0; i < 2 && later == OM_OK; i++)
            later = om_sink_write(&sink, bytes, OM_SINK_BUFFER - 1, NULL);
        om_status at_commit = om_sink_commit(&sink, NULL);
        setrlimit(RLIMIT_FSIZE, &old);
        assert_int_equal(all_at_once, OM_ERR_IO);
        assert_int_equal(after, OM_ERR_IO);
        assert_int_equal(commit, OM_ERR_IO);
        assert_int_equal(later, OM_OK);
        assert_int_equal(at_commit, OM_ERR_IO);
        assert_holds("out", "old");
        assert_int_equal(files_in_directory(), 1);
    }
}

static void
a_full_device_is_noticed(void **state)
{
    struct om_error err;
    (void)state;
    assert_int_equal(write_out("/dev/full", "a", false, &err), OM_ERR_IO);
    assert_non_null(strstr(err.message, "No space left"));
    assert_ok(write_out("/dev/null", "a", false, &err));
}

/* Runs write_out("-") with another file as standard output. */
static om_status
write_stdout(const char *target, const char *name, struct om_error *err)
{
    fflush(stdout);
    int keep = dup(STDOUT_FILENO), fd = open(target, O_WRONLY | O_CREAT, 0600);
    dup2(fd, STDOUT_FILENO);
    close(fd);
    om_status status = write_out(name, "abc", false, err);
    int open_still = fcntl(STDOUT_FILENO, F_GETFD);
    dup2(keep, STDOUT_FILENO);
    close(keep);
    assert_int_not_equal(open_still, -1);
    return status;
}

static void
standard_output_is_written_and_checked(void **state)
{
    struct om_error err;
    (void)state;
    assert_ok(write_stdout(in_directory("out"), "-", &err));
    assert_holds("out", "abc");
    assert_ok(write_stdout(in_directory("other"), "/dev/stdout", &err));
    assert_holds("other", "abc");
    assert_int_equal(write_stdout("/dev/full", "-", &err), OM_ERR_IO);
    assert_string_equal(err.file, "standard output");
}

static void
a_fifo_is_written_not_replaced(void **state)
{
    struct om_error err;
    struct stat file;
    char got[4] = "";
    (void)state;
    assert_int_equal(mkfifo(in_directory("out"), 0600), 0);
    int reader = open(in_directory("out"), O_RDONLY | O_NONBLOCK);
    assert_ok(write_out(in_directory("out"), "abc", false, &err));
    assert_int_equal(read(reader, got, 3), 3);
    close(reader);
    assert_string_equal(got, "abc");
    assert_int_equal(lstat(in_directory("out"), &file), 0);
    assert_true(S_ISFIFO(file.st_mode));
}

static void
a_closed_pipe_is_an_error(void **state)
{
    struct om_sink sink = OM_SINK_CLOSED;
    struct om_error err;
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(mkfifo(in_directory("out"), 0600), 0);
    int reader = open(in_directory("out"), O_RDONLY | O_NONBLOCK);
    assert_ok(om_sink_open(&sink, in_directory("out"), &err));
    close(reader);
    assert_ok(om_sink_write(&sink, "abc", 3, &err));
    assert_int_equal(om_sink_commit(&sink, &err), OM_ERR_IO);
}

static void
the_input_is_recognised_under_any_name(void **state)
{
    char out[128], other[128], dotted[160];
    (void)state;
    put("out", "a");
    put("other", "a");
    strcpy(out, in_directory("out"));
    strcpy(other, in_directory("other"));
    snprintf(dotted, sizeof dotted, "%s/./out", directory);
    assert_true(om_sink_same_file(out, dotted));
    assert_false(om_sink_same_file(out, other));
    assert_false(om_sink_same_file(out, "/nonexistent"));
    assert_false(om_sink_same_file("/nonexistent", out));
    assert_false(om_sink_same_file("/dev/null", "/dev/null"));
    assert_int_equal(unlink(other), 0);
    assert_int_equal(link(out, other), 0);
    assert_true(om_sink_same_file(out, other));
    assert_int_equal(unlink(other), 0);
    assert_int_equal(symlink(out, other), 0);
    assert_true(om_sink_same_file(other, out));
    int keep = dup(STDIN_FILENO), fd = open(out, O_RDONLY);
    dup2(fd, STDIN_FILENO);
    close(fd);
    bool same = om_sink_same_file(out, "-");
    dup2(keep, STDIN_FILENO);
    close(keep);
    assert_true(same);
}

static void
every_allocation_may_fail(void **state)
{
    size_t live = om_memory_live();
    om_status status = OM_ERR_NOMEM;
    struct om_error err;
    size_t k = 0;
    (void)state;
    put("out", "old");
    for (; status != OM_OK; k++) {
        om_memory_fail_at(k);
        status = write_out(in_directory("out"), "new", k % 2, &err);
        om_memory_fail_at((size_t)-1);
        assert_true(status == OM_OK || status == OM_ERR_NOMEM);
        assert_int_equal(om_memory_live(), live);
        assert_int_equal(files_in_directory(), 1);
    }
    assert_int_equal(k, 4);
    assert_holds("out", "new");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_new_file_appears_at_commit),
        IN_DIRECTORY(the_umask_is_respected),
        IN_DIRECTORY(an_existing_file_is_replaced_and_its_mode_kept),
        IN_DIRECTORY(an_aborted_write_leaves_the_old_file),
        IN_DIRECTORY(a_killed_run_leaves_the_old_file),
        IN_DIRECTORY(much_output_arrives_whole),
        IN_DIRECTORY(bad_targets_are_refused),
        IN_DIRECTORY(a_symbolic_link_is_not_followed),
        IN_DIRECTORY(a_directory_that_turns_up_is_an_error),
        IN_DIRECTORY(what_is_write_protected_is_refused),
        IN_DIRECTORY(a_write_that_fails_leaves_the_old_file),
        IN_DIRECTORY(a_full_device_is_noticed),
        IN_DIRECTORY(standard_output_is_written_and_checked),
        IN_DIRECTORY(a_fifo_is_written_not_replaced),
        IN_DIRECTORY(a_closed_pipe_is_an_error),
        IN_DIRECTORY(the_input_is_recognised_under_any_name),
        IN_DIRECTORY(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
