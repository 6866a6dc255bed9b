#include "io/sink.h"
#include "io/path.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* "/dev/stdout" is a symbolic link to whatever standard output is; it means the same as "-". */
static bool
is_stdout(const char *path)
{
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

static const char *
sink_name(const struct om_sink *sink)
{
    return is_stdout(sink->path) ? "standard output" : sink->path;
}

static om_status
cannot_create(const struct om_sink *sink, const char *why, const char *hint, struct om_error *err)
{
    om_fail(err, OM_ERR_CREATE, "cannot create %s: %s", sink_name(sink), why);
    om_hint(err, "%s", hint);
    om_place(err, sink_name(sink), 0, 0);
    return OM_ERR_CREATE;
}

/* --- a file --------------------------------------------------------------------------------------- */

/* O_PATH: a directory that may be written and searched but not listed will do. */
static om_status
open_directory(struct om_sink *sink, struct om_error *err)
{
    size_t length = (size_t)(om_path_base(sink->path) - sink->path);
    char *directory = length ? om_strndup(sink->path, length) : om_strdup(".");
    if (!directory)
        return om_fail_memory(err);
    do
        sink->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (sink->directory < 0 && errno == EINTR);
    int cause = errno;
    om_free(directory);
    if (sink->directory < 0)
        return cannot_create(sink, strerror(cause), "name a directory that exists and may be written", err);
    return OM_OK;
}

static om_status
check_target(const struct om_sink *sink, const struct stat *target, bool exists, struct om_error *err)
{
    const char *base = om_path_base(sink->path);
    if (!*base || (exists && S_ISDIR(target->st_mode)))
        return cannot_create(sink, "it is a directory", "add a file name", err);
    if (!exists)
        return OM_OK;
    if (S_ISLNK(target->st_mode))
        return cannot_create(sink, "it is a symbolic link", "name the file it leads to, or remove the link",
                             err);
    if (!S_ISREG(target->st_mode))
        return cannot_create(sink, "it is no regular file", "name another file", err);
    if (faccessat(sink->directory, base, W_OK, AT_EACCESS) != 0)
        return cannot_create(sink, "it is write-protected", "name another file, or allow writing to it", err);
    return OM_OK;
}

static om_status
open_file(struct om_sink *sink, struct om_error *err)
{
    struct stat target;
    OM_TRY(open_directory(sink, err));
    bool exists = fstatat(sink->directory, om_path_base(sink->path), &target, AT_SYMLINK_NOFOLLOW) == 0;
    OM_TRY(check_target(sink, &target, exists, err));
    int cause = om_temporary_open(&sink->file, sink->directory, exists || sink->secret ? 0600 : 0666,
                                  sink->named_only);
    if (!cause && exists && !sink->secret)
        cause = om_temporary_keep_mode(&sink->file, &target);
    if (cause)
        return cannot_create(sink, strerror(cause), "name a directory that may be written", err);
    sink->fd = sink->file.fd;
    return OM_OK;
}

/* --- what cannot be replaced, only written -------------------------------------------------------- */

static bool
is_special(const struct stat *file)
{
    return S_ISCHR(file->st_mode) || S_ISFIFO(file->st_mode) || S_ISSOCK(file->st_mode);
}

static om_status
open_special(struct om_sink *sink, struct om_error *err)
{
    struct stat opened;
    do
        sink->fd = open(sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    while (sink->fd < 0 && errno == EINTR);
    if (sink->fd < 0 || fstat(sink->fd, &opened) != 0)
        return cannot_create(sink, strerror(errno), "name a file instead", err);
    if (!is_special(&opened)) /* swapped between the look and the opening */
        return cannot_create(sink, "it is no device or FIFO any more", "name a file instead", err);
    return OM_OK;
}

static om_status
open_stdout(struct om_sink *sink, struct om_error *err)
{
    if (fcntl(STDOUT_FILENO, F_GETFD) < 0)
        return cannot_create(sink, strerror(errno), "name a file instead", err);
    sink->fd = STDOUT_FILENO;
    struct stat file;
    if (fstat(sink->fd, &file) == 0 && S_ISREG(file.st_mode) && !(fcntl(sink->fd, F_GETFL) & O_APPEND))
        sink->start = lseek(sink->fd, 0, SEEK_CUR);
    return OM_OK;
}

/* The output of a run that failed is no output. What somebody else wrote to the same file stays, and then so
 * does ours. */
static void
take_back(const struct om_sink *sink)
{
    struct stat file;
    off_t end = sink->start + (off_t)sink->done;
    if (sink->start < 0 || sink->done == 0)
        return;
    if (lseek(sink->fd, 0, SEEK_CUR) == end && fstat(sink->fd, &file) == 0 && file.st_size == end &&
        ftruncate(sink->fd, sink->start) == 0)
        (void)lseek(sink->fd, sink->start, SEEK_SET);
}

/* --- the sink ------------------------------------------------------------------------------------- */

om_status
om_sink_open(struct om_sink *sink, const char *path, struct om_error *err)
{
    om_status status;
    struct stat target;
    struct om_sink opening = OM_SINK_CLOSED;

    opening.named_only = sink->named_only;
    opening.secret = sink->secret;
    opening.path = om_strdup(path);
    opening.buffer = om_alloc(OM_SINK_BUFFER, 1);
    if (!opening.path || !opening.buffer)
        status = om_fail_memory(err);
    else if (is_stdout(path))
        status = open_stdout(&opening, err);
    else if (stat(path, &target) == 0 && is_special(&target))
        status = open_special(&opening, err);
    else
        status = open_file(&opening, err);
    if (status == OM_OK)
        *sink = opening;
    else
        om_sink_abort(&opening);
    return status;
}

static om_status
write_failed(const struct om_sink *sink, struct om_error *err)
{
    om_fail(err, OM_ERR_IO, "writing %s failed: %s", sink_name(sink), strerror(sink->cause));
    if (sink->cause == ENOSPC || sink->cause == EDQUOT)
        om_hint(err, "make room, or name a file on another disk");
    om_place(err, sink_name(sink), 0, 0);
    return OM_ERR_IO;
}

/* For a descriptor that was handed over in non-blocking mode. */
static void
wait_for_room(int fd)
{
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    (void)poll(&wanted, 1, -1);
}

/* Writes all of it, or remembers why not. */
static void
write_through(struct om_sink *sink, const char *bytes, size_t length)
{
    while (length && !sink->cause) {
        ssize_t done = write(sink->fd, bytes, length);
        if (done > 0) {
            bytes += done;
            length -= (size_t)done;
            sink->done += (uint64_t)done;
        } else if (done == 0) {
            sink->cause = EIO;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            wait_for_room(sink->fd);
        } else if (errno != EINTR) {
            sink->cause = errno;
        }
    }
}

static void
flush_buffer(struct om_sink *sink)
{
    write_through(sink, sink->buffer, sink->used);
    sink->used = 0;
}

bool
om_sink_can_undo(const struct om_sink *sink)
{
    return sink->directory >= 0 || sink->start >= 0;
}

om_status
om_sink_write(struct om_sink *sink, const void *bytes, size_t length, struct om_error *err)
{
    if (sink->fd < 0)
        return om_fail(err, OM_ERR_INVALID, "writing needs an open sink");
    if (sink->tap)
        sink->tap(sink->tap_context, bytes, length);
    if (length > OM_SINK_BUFFER - sink->used)
        flush_buffer(sink);
    if (length >= OM_SINK_BUFFER) {
        write_through(sink, bytes, length);
    } else if (length) {
        memcpy(sink->buffer + sink->used, bytes, length);
        sink->used += length;
    }
    return sink->cause ? write_failed(sink, err) : OM_OK;
}

/* Closes what was written directly; a file belongs to sink->file. */
static int
close_direct(struct om_sink *sink)
{
    bool own = sink->fd >= 0 && sink->directory < 0 && !is_stdout(sink->path);
    int fd = sink->fd;
    sink->fd = -1;
    return own && close(fd) != 0 && errno != EINTR ? errno : 0;
}

om_status
om_sink_commit(struct om_sink *sink, struct om_error *err)
{
    if (sink->fd < 0)
        return om_fail(err, OM_ERR_INVALID, "committing needs an open sink");
    flush_buffer(sink);
    if (!sink->cause)
        sink->cause = sink->directory >= 0 ? om_temporary_publish(&sink->file, om_path_base(sink->path))
                                           : close_direct(sink);
    om_status status = sink->cause ? write_failed(sink, err) : OM_OK;
    if (status == OM_OK)
        sink->start = -1; /* it stays */
    om_sink_abort(sink);
    return status;
}

void
om_sink_abort(struct om_sink *sink)
{
    take_back(sink);
    close_direct(sink);
    om_temporary_discard(&sink->file);
    if (sink->directory >= 0)
        close(sink->directory);
    om_free(sink->buffer);
    om_free(sink->path);
    *sink = OM_SINK_CLOSED;
}

static bool
look_up(const char *path, int standard, struct stat *file)
{
    return (standard >= 0 ? fstat(standard, file) : stat(path, file)) == 0;
}

om_status
om_sink_write_all(const char *path, const struct om_buffer *bytes, struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    if (!om_buffer_ok(bytes))
        return om_fail_memory(err);
    om_status status = om_sink_open(&sink, path, err);
    if (status == OM_OK)
        status = om_sink_write(&sink, om_buffer_string(bytes), bytes->length, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    return status;
}

bool
om_sink_same_file(const char *path, const char *input_path)
{
    struct stat out, in;
    return look_up(path, is_stdout(path) ? STDOUT_FILENO : -1, &out) &&
           look_up(input_path, strcmp(input_path, "-") == 0 ? STDIN_FILENO : -1, &in) &&
           S_ISREG(out.st_mode) && S_ISREG(in.st_mode) && out.st_dev == in.st_dev && out.st_ino == in.st_ino;
}
