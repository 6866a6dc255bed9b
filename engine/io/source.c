#include "io/source.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/descriptor.h"
#include "io/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool
is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *
om_input_name(const struct om_input *source)
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
static void
find_extent(struct om_input *source)
{
    if (!S_ISREG(source->opened.st_mode))
        return;
    off_t at = lseek(source->fd, 0, SEEK_CUR);
    if (at < 0 || at >= source->opened.st_size)
        return;
    source->start = (uint64_t)at;
    source->total = (uint64_t)(source->opened.st_size - at);
}

om_status
om_input_open(struct om_input *source, const char *path, struct om_error *err)
{
    om_status status = OM_OK;
    struct om_input opening = OM_INPUT_CLOSED;

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
    find_extent(&opening);
    if (S_ISFIFO(
            opening.opened.st_mode)) /* three times the speed of the usual size; no matter when refused */
        (void)fcntl(opening.fd, F_SETPIPE_SZ, 1 << 20);
    *source = opening;
    return OM_OK;
cleanup:
    om_place(err, om_input_name(&opening), 0, 0);
    om_input_close(&opening);
    return status;
}

void
om_input_close(struct om_input *source)
{
    om_unpack_close(source->unpack);
    om_free(source->text);
    if (source->fd >= 0 && !is_stdin(source->path))
        close(source->fd);
    om_free(source->path);
    *source = OM_INPUT_CLOSED;
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
unchanged(const struct om_input *source)
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
placed(const struct om_input *source, om_status status, struct om_error *err)
{
    if (status != OM_OK)
        om_place(err, om_input_name(source), 0, 0);
    return status;
}

static om_status
fail_changed(const struct om_input *source, struct om_error *err)
{
    om_fail(err, OM_ERR_IO, "OM161 %s changed while it was read", om_input_name(source));
    om_hint(err, "wait until nothing writes to it, or read a copy");
    return placed(source, OM_ERR_IO, err);
}

/* A change of the file goes first: it explains every other fault. */
static om_status
reached_end(struct om_input *source, struct om_error *err)
{
    if (!unchanged(source))
        return fail_changed(source, err);
    if (source->unpack)
        OM_TRY(placed(source, om_unpack_outcome(source->unpack, err), err));
    source->ended = true;
    return OM_OK;
}

/* Notes bytes of the input as they are stored. */
static void
note(struct om_input *source, const void *bytes, size_t length)
{
    source->taken += length;
    if (source->tap && length > 0)
        source->tap(source->tap_context, bytes, length);
}

static om_status
fail_reading(const struct om_input *source, uint64_t after, struct om_error *err)
{
    om_fail(err, OM_ERR_IO, "OM160 reading %s failed after %llu bytes: %s", om_input_name(source),
            (unsigned long long)after, strerror(errno));
    return placed(source, OM_ERR_IO, err);
}

static om_status
read_stored(struct om_input *source, void *buffer, size_t capacity, size_t *length, struct om_error *err)
{
    ssize_t got = om_descriptor_read(source->fd, -1, buffer, capacity);
    if (got < 0)
        return fail_reading(source, source->taken, err);
    note(source, buffer, (size_t)got);
    *length = (size_t)got;
    return OM_OK;
}

/* --- what it is, and what it holds ---------------------------------------------------------------- */

/* A pipe may give the first bytes one by one. */
static om_status
recognise(struct om_input *source, struct om_error *err)
{
    size_t got = 1;
    while (source->n_head < sizeof source->head && got > 0) {
        OM_TRY(read_stored(source, source->head + source->n_head, sizeof source->head - source->n_head, &got,
                           err));
        source->n_head += got;
    }
    const struct om_codec *codec = om_codec_recognise(source->head, source->n_head);
    if (codec) {
        OM_TRY(om_unpack_open(codec, source->fd, source->head, source->n_head, &source->unpack, err));
    } else {
        source->rest = source->head;
        source->n_rest = source->n_head;
    }
    source->recognised = true;
    return OM_OK;
}

/* Makes the next decompressed bytes the rest, unless this is the end. */
static om_status
refill(struct om_input *source, struct om_error *err)
{
    while (source->n_rest == 0 && !source->ended) {
        const struct om_read_ahead_block *block = om_unpack_next(source->unpack);
        if (!block)
            return reached_end(source, err);
        note(source, block->stored, block->n_stored);
        source->rest = block->bytes;
        source->n_rest = block->length;
    }
    return OM_OK;
}

static size_t
take_rest(struct om_input *source, void *buffer, size_t capacity)
{
    size_t n = source->n_rest < capacity ? source->n_rest : capacity;
    if (n == 0)
        return 0;
    memcpy(buffer, source->rest, n);
    source->rest += n;
    source->n_rest -= n;
    return n;
}

/* Decompressed, in the encoding that it has. */
static om_status
read_raw(struct om_input *source, void *buffer, size_t capacity, size_t *length, struct om_error *err)
{
    size_t got = 0;
    if (!source->recognised)
        OM_TRY(recognise(source, err));
    if (source->unpack)
        OM_TRY(refill(source, err));
    if (source->n_rest > 0) {
        got = take_rest(source, buffer, capacity);
    } else if (!source->ended) {
        OM_TRY(read_stored(source, buffer, capacity, &got, err));
        if (got == 0)
            OM_TRY(reached_end(source, err));
    }
    *length = got;
    return OM_OK;
}

/* --- in another encoding -------------------------------------------------------------------------- */

enum { RAW = 1 << 16 };

struct om_input_text {
    struct om_charset conversion;
    bool begun, ended;
    size_t next, n; /* converted bytes: those to hand out next, and all */
    unsigned char raw[RAW];
    unsigned char converted[3 * RAW + 8]; /* om_charset_room(RAW) */
};

om_status
om_input_decode(struct om_input *source, enum om_encoding encoding, struct om_error *err)
{
    if (encoding == OM_ENCODING_UTF8)
        return OM_OK;
    source->text = om_alloc(1, sizeof *source->text);
    if (!source->text)
        return om_fail_memory(err);
    source->text->conversion = (struct om_charset){.from = encoding};
    source->text->begun = source->text->ended = false;
    source->text->next = source->text->n = 0;
    return OM_OK;
}

/* The next bytes to convert; the first ones are enough to look at. */
static om_status
read_for_text(struct om_input *source, size_t *n, struct om_error *err)
{
    struct om_input_text *text = source->text;
    const size_t wanted = text->begun ? 1 : OM_CHARSET_PROBE;
    size_t got = 1;
    for (*n = 0; *n < wanted && got > 0; *n += got)
        OM_TRY(read_raw(source, text->raw + *n, RAW - *n, &got, err));
    text->ended = got == 0;
    if (text->begun)
        return OM_OK;
    text->begun = true;
    return placed(source, om_charset_probe(&text->conversion, text->raw, *n, err), err);
}

static om_status
read_text(struct om_input *source, void *buffer, size_t capacity, size_t *length, struct om_error *err)
{
    struct om_input_text *text = source->text;
    while (text->next == text->n && !text->ended) {
        size_t n;
        OM_TRY(read_for_text(source, &n, err));
        text->next = 0;
        text->n = om_charset_convert(&text->conversion, text->raw, n, text->ended, text->converted);
    }
    const size_t left = text->n - text->next;
    *length = left < capacity ? left : capacity;
    if (*length)
        memcpy(buffer, text->converted + text->next, *length);
    text->next += *length;
    return OM_OK;
}

om_status
om_input_read(struct om_input *source, void *buffer, size_t capacity, size_t *length, struct om_error *err)
{
    if (source->fd < 0 || capacity == 0)
        return om_fail(err, OM_ERR_INVALID, "reading needs an open source and room for a byte");
    return source->text ? read_text(source, buffer, capacity, length, err)
                        : read_raw(source, buffer, capacity, length, err);
}

/* --- at any place --------------------------------------------------------------------------------- */

bool
om_input_anywhere(const struct om_input *source)
{
    return source->recognised && !source->unpack && !source->text && source->n_rest == 0 &&
           source->total > 0 && !source->ended;
}

bool
om_input_is_plain(const struct om_input *source)
{
    return source->recognised && !source->unpack && !source->text && source->total > 0;
}

om_status
om_input_read_at(const struct om_input *source, uint64_t offset, void *buffer, size_t length,
                 struct om_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t got =
            pread(source->fd, (char *)buffer + done, length - done, (off_t)(source->start + offset + done));
        if (got == 0)
            return fail_changed(source, err);
        if (got < 0 && errno != EINTR)
            return fail_reading(source, offset + done, err);
        done += got > 0 ? (size_t)got : 0;
    }
    return OM_OK;
}

om_status
om_input_finish(struct om_input *source, struct om_error *err)
{
    return source->ended && source->unpack ? OM_OK : reached_end(source, err);
}
