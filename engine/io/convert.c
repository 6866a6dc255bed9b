#include "io/convert.h"
#include "base/error.h"
#include "io/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static om_status
fail(const char *const *argument, const char *why, struct om_error *err)
{
    om_fail(err, OM_ERR_IO, "%s: %s", argument[0], why);
    om_hint(err, "try '%s --version'", argument[0]);
    return OM_ERR_IO;
}

/* Starts the program between two descriptors; returns an errno value. */
static int
start(const char *const *argument, int from, int to, pid_t *child)
{
    static const char *const environment[] = {"LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    int problem = posix_spawn_file_actions_init(&actions);
    if (problem)
        return problem;
    problem = posix_spawnattr_init(&attributes);
    if (!problem) {
        sigemptyset(&defaults); /* a program that ignores these passes that on */
        sigaddset(&defaults, SIGPIPE);
        sigaddset(&defaults, SIGXFSZ);
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
        problem = posix_spawn_file_actions_adddup2(&actions, from, STDIN_FILENO);
    }
    if (!problem)
        problem = posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
    if (!problem)
        problem = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    union {
        const char *const *in;
        char *const *out;
    } words = {argument}, settings = {environment};
    if (!problem)
        problem = posix_spawn(child, argument[0], &actions, &attributes, words.out, settings.out);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/* Everything the program writes; returns an errno value. */
static int
collect(int fd, struct om_buffer *out)
{
    for (;;) {
        char part[1 << 14];
        ssize_t n = read(fd, part, sizeof part);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            om_buffer_add(out, part, (size_t)n);
    }
}

static om_status
run(const char *const *argument, int from, struct om_buffer *out, struct om_error *err)
{
    int ends[2], status = 0;
    pid_t child = 0;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(argument, strerror(errno), err);
    int problem = start(argument, from, ends[1], &child);
    close(ends[1]);
    if (problem) {
        close(ends[0]);
        return fail(argument, strerror(problem), err);
    }
    problem = collect(ends[0], out);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (problem)
        return fail(argument, strerror(problem), err);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return fail(argument, "it failed to convert what it was given", err);
    return om_buffer_ok(out) ? OM_OK : om_fail_memory(err);
}

om_status
om_convert(const char *const *argument, const void *bytes, size_t length, struct om_buffer *out,
           struct om_error *err)
{
    /* What it reads lies in a file: then nobody can wait for the other. */
    struct om_scratch input = OM_SCRATCH_EMPTY;
    input.plain = true;
    om_status status = om_scratch_write(&input, bytes, length, err);
    if (status == OM_OK)
        status = om_scratch_flush(&input, err);
    if (status == OM_OK && lseek(input.fd, 0, SEEK_SET) != 0)
        status = fail(argument, strerror(errno), err);
    if (status == OM_OK)
        status = run(argument, input.fd, out, err);
    om_scratch_close(&input);
    return status;
}
