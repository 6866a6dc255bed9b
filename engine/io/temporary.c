#include "io/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

static void
invent_name(char name[OM_TEMPORARY_NAME])
{
    uint64_t bits;
    struct timespec now;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits) {
        clock_gettime(CLOCK_REALTIME, &now); /* will do: a name that is taken is tried again */
        bits = (uint64_t)now.tv_nsec << 32 | (uint32_t)getpid();
    }
    snprintf(name, OM_TEMPORARY_NAME, ".omstat-%016" PRIx64, bits);
}

/* The path by which linkat names an unnamed file; false when /proc is not there. */
static bool
unnamed_path(int fd, char path[OM_TEMPORARY_NAME])
{
    snprintf(path, OM_TEMPORARY_NAME, "/proc/self/fd/%d", fd);
    return access(path, F_OK) == 0;
}

static bool
open_unnamed(struct om_temporary *file, mode_t mode)
{
    char path[OM_TEMPORARY_NAME];
    int fd;
    do
        fd = openat(file->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return false;
    if (!unnamed_path(fd, path)) {
        close(fd);
        return false;
    }
    file->fd = fd;
    return true;
}

static int
open_named(struct om_temporary *file, mode_t mode)
{
    do {
        invent_name(file->name);
        file->fd = openat(file->directory, file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    } while (file->fd < 0 && (errno == EEXIST || errno == EINTR));
    if (file->fd >= 0)
        return 0;
    file->name[0] = '\0';
    return errno;
}

int
om_temporary_open(struct om_temporary *file, int directory, mode_t mode, bool named_only)
{
    *file = (struct om_temporary){.fd = -1, .directory = directory};
    if (!named_only && open_unnamed(file, mode))
        return 0;
    return open_named(file, mode);
}

int
om_temporary_keep_mode(struct om_temporary *file, const struct stat *other)
{
    mode_t mode = other->st_mode & 0777;
    struct stat own;
    if (fstat(file->fd, &own) != 0)
        return errno;
    if (own.st_gid != other->st_gid && fchown(file->fd, (uid_t)-1, other->st_gid) != 0)
        mode &= ~(mode_t)070;
    return fchmod(file->fd, mode) == 0 ? 0 : errno;
}

/* Some file systems cannot sync and say so; the write has not failed by that. */
static int
sync_content(int fd)
{
    if (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS)
        return 0;
    return errno;
}

/* linkat cannot replace a file, rename can: so an unnamed file gets a random name first. */
static int
give_name(struct om_temporary *file)
{
    char path[OM_TEMPORARY_NAME];
    int failed;
    if (!unnamed_path(file->fd, path))
        return errno;
    do {
        invent_name(file->name);
        failed = linkat(AT_FDCWD, path, file->directory, file->name, AT_SYMLINK_FOLLOW);
    } while (failed && (errno == EEXIST || errno == EINTR));
    if (!failed)
        return 0;
    file->name[0] = '\0';
    return errno;
}

/* Makes the rename itself last. Without it a power cut may bring back the old file, whole: so a directory
 * that cannot be synced is no failure. */
static void
sync_directory(int directory)
{
    int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

/* The file has a name of its own only from the first step to the second; a signal that ends the program
 * between them would leave it. So signals wait. What ends it at once (SIGKILL) can leave it. */
static int
rename_over(struct om_temporary *file, const char *name)
{
    sigset_t all, before;
    sigfillset(&all);
    const bool blocked = pthread_sigmask(SIG_SETMASK, &all, &before) == 0;
    int cause = file->name[0] ? 0 : give_name(file);
    int fd = file->fd;
    if (!cause) {
        file->fd = -1;
        if (close(fd) != 0 && errno != EINTR) /* network file systems report late */
            cause = errno;
    }
    if (!cause && renameat(file->directory, file->name, file->directory, name) != 0)
        cause = errno;
    if (cause)
        om_temporary_discard(file);
    if (blocked)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    return cause;
}

int
om_temporary_publish(struct om_temporary *file, const char *name)
{
    int cause = sync_content(file->fd);
    if (!cause)
        cause = rename_over(file, name);
    if (cause)
        return cause;
    sync_directory(file->directory);
    *file = OM_TEMPORARY_CLOSED;
    return 0;
}

void
om_temporary_discard(struct om_temporary *file)
{
    if (file->fd >= 0)
        close(file->fd);
    if (file->name[0])
        unlinkat(file->directory, file->name, 0);
    *file = OM_TEMPORARY_CLOSED;
}
