#include "io/child.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_LENGTH = 40 };

/* Bytes of address space in use; 0 when the system does not say. */
static size_t
space_in_use(void)
{
    char text[64];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    size_t pages = 0;
    for (ssize_t i = 0; i < n && text[i] >= '0' && text[i] <= '9'; i++)
        pages = 10 * pages + (size_t)(text[i] - '0');
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* A limit that cannot be lowered is the limit there was. */
static void
limit(int resource, rlim_t value)
{
    struct rlimit now;
    if (getrlimit(resource, &now) == 0 && value < now.rlim_cur) {
        now.rlim_cur = value;
        (void)setrlimit(resource, &now);
    }
}

static void
confine(pid_t parent, size_t memory, unsigned seconds)
{
    const int null = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; null >= 0 && fd <= STDOUT_FILENO; fd++)
        (void)dup2(null, fd);
    limit(RLIMIT_CORE, 0);
    if (memory)
        limit(RLIMIT_AS, space_in_use() + memory);
    if (seconds)
        limit(RLIMIT_CPU, seconds);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it ended before it could be watched */
        _exit(OM_ERR_INTERNAL);
}

/* Some of what goes wrong in a library it only says on standard error, and goes on: what it made is not
 * whole. */
static om_status
work_and_listen(om_child_work *work, void *context, const char *path)
{
    const int said = memfd_create("said", 0);
    if (said < 0)
        return OM_ERR_NOMEM;
    while (dup2(said, STDERR_FILENO) < 0)
        if (errno != EINTR)
            return OM_ERR_NOMEM;
    const om_status status = (om_status)work(context, path);
    return status == OM_OK && lseek(said, 0, SEEK_END) != 0 ? OM_ERR_INTERNAL : status;
}

static om_status
outcome(int state, const char *what, struct om_error *err)
{
    om_status status = WIFEXITED(state) ? (om_status)WEXITSTATUS(state) : OM_ERR_INTERNAL;
    if (status == OM_OK)
        return OM_OK;
    if (status == OM_ERR_NOMEM)
        return om_fail_memory(err);
    if (WIFSIGNALED(state))
        return om_fail(err, status, "%s could not be made: the process that makes it ended by signal %d",
                       what, WTERMSIG(state));
    return om_fail(err, status, "%s could not be made", what);
}

static om_status
await(pid_t child, const char *what, struct om_error *err)
{
    int state;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR)
            return om_fail(err, OM_ERR_INTERNAL, "%s could not be made: the process that makes it is gone",
                           what);
    return outcome(state, what, err);
}

static om_status
take(int fd, struct om_buffer *out, struct om_error *err)
{
    enum { PART = 1 << 16 };
    for (off_t at = 0;;) {
        char *room = om_buffer_room(out, PART);
        if (!room)
            return om_fail_memory(err);
        ssize_t n = pread(fd, room, PART, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return om_fail(err, OM_ERR_IO, "cannot read what was made: %s", strerror(errno));
        om_buffer_wrote(out, room + n);
        if (n == 0)
            return OM_OK;
        at += n;
    }
}

om_status
om_child_make(om_child_work *work, void *context, const char *what, size_t memory, unsigned seconds,
              struct om_buffer *out, struct om_error *err)
{
    char path[PATH_LENGTH];
    int fd = memfd_create("omstat", 0);
    if (fd < 0)
        return om_fail_memory(err);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        confine(parent, memory, seconds);
        _exit((int)work_and_listen(work, context, path));
    }
    om_status status = child < 0 ? om_fail(err, OM_ERR_NOMEM, "%s could not be made: no new process", what)
                                 : await(child, what, err);
    if (status == OM_OK)
        status = take(fd, out, err);
    close(fd);
    return status;
}
