/*
 * Makes one call of a program fail: LD_PRELOAD=inject.so with these in the environment.
 *
 *   FAULT_KIND    memory   malloc, calloc, realloc, aligned allocations, those of libraries too
 *                 system   open, read, write, fsync, rename and so on, and the start of threads
 *   FAULT_AT      which call of that kind, from 0; none: nothing fails and calls are counted
 *   FAULT_HOW     once     this call fails (the default)
 *                 on       this one and all later ones
 *                 again    system: EINTR where the manual allows it
 *                 short    system: a read or write does a single byte
 *   FAULT_REPORT  a file that gets "CALLS LIVE": how many calls there were, how many blocks were not freed
 *
 * Calls of processes that the program forks off count too, in the order they come; their memory goes with
 * them. Nothing of this is in the program. Calls that the C library makes inside itself are not seen.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

enum kind { MEMORY, SYSTEM };
enum how { ONCE, ON, AGAIN, SHORT };

static atomic_long *calls; /* of each kind; shared with forked processes */
static atomic_long live;
static long at = -1;
static enum kind kind;
static enum how how;
static bool ready;

__attribute__((constructor)) static void
start(void)
{
    const char *word = getenv("FAULT_KIND");
    kind = word && strcmp(word, "system") == 0 ? SYSTEM : MEMORY;
    word = getenv("FAULT_HOW");
    how = !word                     ? ONCE
          : word[0] == 's'          ? SHORT
          : word[0] == 'a'          ? AGAIN
          : strcmp(word, "on") == 0 ? ON
                                    : ONCE;
    word = getenv("FAULT_AT");
    at = word ? atol(word) : -1;
    void *shared = mmap(NULL, 2 * sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    calls = shared;
    ready = shared != MAP_FAILED;
}

__attribute__((destructor)) static void
end(void)
{
    const char *path = getenv("FAULT_REPORT");
    char text[64];
    ready = false;
    if (!path)
        return;
    const int n = snprintf(text, sizeof text, "%ld %ld\n", atomic_load(&calls[kind]), atomic_load(&live));
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd >= 0) {
        (void)!syscall(SYS_write, fd, text, (size_t)n);
        syscall(SYS_close, fd);
    }
}

/* Is it this call's turn? */
static bool
turn(enum kind of)
{
    if (!ready)
        return false;
    const long number = atomic_fetch_add(&calls[of], 1);
    return of == kind && at >= 0 && (number == at || (how == ON && number > at));
}

/* --- memory --------------------------------------------------------------------------------------------- */

/* A thread's own blocks stay with its stack, which the C library keeps for the next thread. */
static __thread bool starts_thread;

static void *
counted(void *memory)
{
    if (memory && ready && !starts_thread)
        atomic_fetch_add(&live, 1);
    return memory;
}

static bool
no_memory(void)
{
    if (!turn(MEMORY))
        return false;
    errno = ENOMEM;
    return true;
}

SHOWN void *
malloc(size_t size)
{
    return no_memory() ? NULL : counted(__libc_malloc(size));
}

SHOWN void *
calloc(size_t count, size_t size)
{
    return no_memory() ? NULL : counted(__libc_calloc(count, size));
}

SHOWN void *
realloc(void *old, size_t size)
{
    if (no_memory())
        return NULL;
    return old ? __libc_realloc(old, size) : counted(__libc_realloc(old, size));
}

SHOWN void *
memalign(size_t alignment, size_t size)
{
    return no_memory() ? NULL : counted(__libc_memalign(alignment, size));
}

SHOWN void *
aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

SHOWN int
posix_memalign(void **out, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);
    if (!memory)
        return ENOMEM;
    *out = memory;
    return 0;
}

SHOWN void
free(void *memory)
{
    if (memory && ready)
        atomic_fetch_sub(&live, 1);
    __libc_free(memory);
}

/* --- the system ----------------------------------------------------------------------------------------- */

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Sets errno and returns true where the call is to fail. */
static bool
fails(int cause, bool may_be_interrupted)
{
    if (!turn(SYSTEM) || how == SHORT)
        return false;
    if (how == AGAIN && !may_be_interrupted)
        return false;
    errno = how == AGAIN ? EINTR : cause;
    return true;
}

/* The same for calls that move bytes; may make them fewer. */
static bool
fails_moving(int cause, size_t *n)
{
    if (!turn(SYSTEM))
        return false;
    if (how == SHORT) {
        *n = *n > 1 ? 1 : *n;
        return false;
    }
    errno = how == AGAIN ? EINTR : cause;
    return true;
}

static mode_t
mode_of(int flags, va_list *more)
{
    return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(*more, unsigned) : 0;
}

SHOWN int
open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, &more);
    va_end(more);
    return fails(EMFILE, true) ? -1 : REAL(open)(path, flags, mode);
}

SHOWN int
open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, &more);
    va_end(more);
    return fails(EMFILE, true) ? -1 : REAL(open64)(path, flags, mode);
}

SHOWN int
openat(int directory, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, &more);
    va_end(more);
    return fails(EMFILE, true) ? -1 : REAL(openat)(directory, path, flags, mode);
}

SHOWN int
openat64(int directory, const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = mode_of(flags, &more);
    va_end(more);
    return fails(EMFILE, true) ? -1 : REAL(openat64)(directory, path, flags, mode);
}

SHOWN ssize_t
read(int fd, void *buffer, size_t n)
{
    return fails_moving(EIO, &n) ? -1 : REAL(read)(fd, buffer, n);
}

SHOWN ssize_t
pread(int fd, void *buffer, size_t n, off_t offset)
{
    return fails_moving(EIO, &n) ? -1 : REAL(pread)(fd, buffer, n, offset);
}

SHOWN ssize_t
pread64(int fd, void *buffer, size_t n, off64_t offset)
{
    return fails_moving(EIO, &n) ? -1 : REAL(pread64)(fd, buffer, n, offset);
}

SHOWN ssize_t
write(int fd, const void *buffer, size_t n)
{
    return fails_moving(ENOSPC, &n) ? -1 : REAL(write)(fd, buffer, n);
}

SHOWN ssize_t
pwrite64(int fd, const void *buffer, size_t n, off64_t offset)
{
    return fails_moving(ENOSPC, &n) ? -1 : REAL(pwrite64)(fd, buffer, n, offset);
}

SHOWN int
close(int fd)
{
    const int done = REAL(close)(fd);
    return fails(EIO, true) ? -1 : done;
}

/* fcntl's third argument is an int or a pointer: it is passed on as it came. */
SHOWN int
fcntl64(int fd, int command, ...)
{
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    return fails(EBADF, false) ? -1 : REAL(fcntl64)(fd, command, argument);
}

/* Not access: it answers what there is, and what is not there is no failure. */
#define WRAP(type, failed, name, cause, again, parameters, arguments)                                        \
    SHOWN type name parameters                                                                               \
    {                                                                                                        \
        return fails(cause, again) ? (failed) : REAL(name) arguments;                                        \
    }

WRAP(int, -1, fsync, EIO, false, (int fd), (fd))
WRAP(int, -1, ftruncate64, EIO, false, (int fd, off64_t n), (fd, n))
WRAP(int, -1, stat64, EIO, false, (const char *path, struct stat64 *out), (path, out))
WRAP(int, -1, lstat64, EIO, false, (const char *path, struct stat64 *out), (path, out))
WRAP(int, -1, fstat64, EIO, false, (int fd, struct stat64 *out), (fd, out))
WRAP(int, -1, fstatat64, EIO, false, (int fd, const char *path, struct stat64 *out, int flags),
     (fd, path, out, flags))
WRAP(off64_t, -1, lseek64, ESPIPE, false, (int fd, off64_t offset, int from), (fd, offset, from))
WRAP(int, -1, rename, EIO, false, (const char *from, const char *to), (from, to))
WRAP(int, -1, renameat, EIO, false, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, -1, linkat, EPERM, false, (int a, const char *from, int b, const char *to, int flags),
     (a, from, b, to, flags))
WRAP(int, -1, fchmod, EPERM, false, (int fd, mode_t mode), (fd, mode))
WRAP(int, -1, fchown, EPERM, false, (int fd, uid_t user, gid_t group), (fd, user, group))
WRAP(int, -1, faccessat, ENOENT, false, (int directory, const char *path, int mode, int flags),
     (directory, path, mode, flags))
WRAP(int, -1, mkdir, ENOSPC, false, (const char *path, mode_t mode), (path, mode))
WRAP(int, -1, renameat2, EIO, false, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
WRAP(int, -1, mkostemp64, EACCES, false, (char *path, int flags), (path, flags))
WRAP(int, -1, memfd_create, EMFILE, false, (const char *name, unsigned flags), (name, flags))
WRAP(int, -1, eventfd, EMFILE, false, (unsigned count, int flags), (count, flags))
WRAP(int, -1, pipe2, EMFILE, false, (int ends[2], int flags), (ends, flags))
WRAP(int, -1, dup2, EBADF, true, (int from, int to), (from, to))
WRAP(int, -1, poll, ENOMEM, true, (struct pollfd * fds, nfds_t n, int timeout), (fds, n, timeout))
WRAP(DIR *, NULL, opendir, EMFILE, false, (const char *path), (path))
WRAP(char *, NULL, getcwd, ENOENT, false, (char *path, size_t n), (path, n))
WRAP(pid_t, -1, fork, EAGAIN, false, (void), ())
WRAP(pid_t, -1, waitpid, ECHILD, true, (pid_t child, int *state, int flags), (child, state, flags))
WRAP(ssize_t, -1, getrandom, EAGAIN, true, (void *out, size_t n, unsigned flags), (out, n, flags))

SHOWN int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    if (fails(EAGAIN, false))
        return EAGAIN;
    starts_thread = true;
    const int cause = REAL(pthread_create)(thread, attributes, run, argument);
    starts_thread = false;
    return cause;
}

/* Returns what it cannot, and leaves errno alone. */
SHOWN int
posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
            const posix_spawnattr_t *attributes, char *const argument[], char *const environment[])
{
    return fails(EAGAIN, false) ? EAGAIN
                                : REAL(posix_spawn)(child, path, actions, attributes, argument, environment);
}
