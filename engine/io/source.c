#include "io/source.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static bool
is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *
om_source_name(const struct om_source *source)
{
    return is_stdin(source->path) ? "standard input" : source->path;
}

static om_status
open_failed(int cause, struct om_error *err)
{
    om_status status;
    switch (cause) {
    case ENOENT:
    case ENOTDIR:
        status = om_fail(err, OM_ERR_NO_INPUT, "no such file");
        om_hint(err, "check the spelling, and the directory it is looked for in");
        return status;
    case EACCES:
    case EPERM:
        status = om_fail(err, OM_ERR_PERMISSION, "not allowed to read it");
        om_hint(err, "ask its owner for permission to read it");
        return status;
    case ELOOP:
    case ENAMETOOLONG:
        return om_fail(err, OM_ERR_NO_INPUT, "cannot open it: %s", strerror(cause));
    default:
        return om_fail(err, OM_ERR_IO, "cannot open it: %s", strerror(cause));
    }
}

static int
open_retrying(const char *path)
{
    int fd;
    do
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd;
}

/* Standard input may be a file that someone has read a part of already. */
static uint64_t
bytes_ahead(const struct om_source *source)
{
    if (!S_ISREG(source->opened.st_mode))
        return 0;
    off_t at = lseek(source->fd, 0, SEEK_CUR);
    return at >= 0 && at < source->opened.st_size ? (uint64_t)(source->opened.st_size - at) : 0;
}

om_status
om_source_open(struct om_source *source, const char *path, struct om_error *err)
{
    om_status status = OM_OK;
    struct om_source opening = OM_SOURCE_CLOSED;

    opening.path = om_strdup(path);
    if (!opening.path)
        return om_fail_memory(err);
    opening.fd = is_stdin(path) ? STDIN_FILENO : open_retrying(path);
    if (opening.fd < 0) {
        status = open_failed(errno, err);
        goto cleanup;
    }
    if (fstat(opening.fd, &opening.opened) != 0) {
        status = om_fail(err, OM_ERR_NO_INPUT, "cannot read it: %s", strerror(errno));
        goto cleanup;
    }
    if (S_ISDIR(opening.opened.st_mode)) {
        status = om_fail(err, OM_ERR_NO_INPUT, "a directory, not a file");
        om_hint(err, "name the file inside it");
        goto cleanup;
    }
    opening.total = bytes_ahead(&opening);
    *source = opening;
    return OM_OK;
cleanup:
    om_place(err, om_source_name(&opening), 0, 0);
    om_source_close(&opening);
    return status;
}

void
om_source_close(struct om_source *source)
{
    if (source->fd >= 0 && !is_stdin(source->path))
        close(source->fd);
    om_free(source->path);
    *source = OM_SOURCE_CLOSED;
}

static bool
same_state(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The open file must be as it was, and the path must still lead to it: a file renamed over the path was meant
 * to replace what was read. */
static bool
unchanged(const struct om_source *source)
{
    struct stat now;
    if (!S_ISREG(source->opened.st_mode))
        return true;
    if (fstat(source->fd, &now) != 0 || !same_state(&source->opened, &now))
        return false;
    if (is_stdin(source->path))
        return true;
    return stat(source->path, &now) == 0 && same_state(&source->opened, &now);
}

static om_status
read_failed(const struct om_source *source, int cause, struct om_error *err)
{
    om_fail(err, OM_ERR_IO, "reading %s failed after %llu bytes: %s", om_source_name(source),
            (unsigned long long)source->taken, strerror(cause));
    om_place(err, om_source_name(source), 0, 0);
    return OM_ERR_IO;
}

static om_status
reached_end(struct om_source *source, struct om_error *err)
{
    if (!unchanged(source)) {
        om_fail(err, OM_ERR_IO, "%s changed while it was read", om_source_name(source));
        om_hint(err, "wait until nothing writes to it, or read a copy");
        om_place(err, om_source_name(source), 0, 0);
        return OM_ERR_IO;
    }
    source->ended = true;
    return OM_OK;
}

/* Waits for a descriptor that was handed over in non-blocking mode. */
static void
wait_for_input(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    (void)poll(&wanted, 1, -1);
}

om_status
om_source_read(struct om_source *source, void *buffer, size_t capacity, size_t *length, struct om_error *err)
{
    ssize_t got = 0;

    if (source->fd < 0 || capacity == 0)
        return om_fail(err, OM_ERR_INVALID, "reading needs an open source and room for a byte");
    while (!source->ended) {
        got = read(source->fd, buffer, capacity);
        if (got > 0)
            break;
        if (got == 0)
            OM_TRY(reached_end(source, err));
        else if (errno == EAGAIN || errno == EWOULDBLOCK)
            wait_for_input(source->fd);
        else if (errno != EINTR)
            return read_failed(source, errno, err);
    }
    *length = (size_t)got;
    source->taken += (size_t)got;
    if (source->tap && got > 0)
        source->tap(source->tap_context, buffer, (size_t)got);
    return OM_OK;
}
