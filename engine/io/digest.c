#include "io/digest.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

om_status
om_digest_open(struct om_digest *digest, enum om_digest_kind kind, uint64_t size, struct om_error *err)
{
    if (kind == OM_DIGEST_AUTO)
        kind = size > OM_DIGEST_SHA256_LIMIT ? OM_DIGEST_XXH128 : OM_DIGEST_SHA256;
    *digest = (struct om_digest){.kind = kind};
    if (kind == OM_DIGEST_SHA256)
        return om_sha256_init(&digest->sha256, err);
    digest->xxh128 = om_hash_stream_new();
    return digest->xxh128 ? OM_OK : om_fail_memory(err);
}

void
om_digest_update(struct om_digest *digest, const void *bytes, size_t length)
{
    if (digest->kind == OM_DIGEST_SHA256)
        om_sha256_update(&digest->sha256, bytes, length);
    else
        om_hash_stream_update(digest->xxh128, bytes, length);
}

om_status
om_digest_final(struct om_digest *digest, char text[OM_SHA256_TEXT], struct om_error *err)
{
    if (digest->kind == OM_DIGEST_SHA256)
        return om_sha256_final(&digest->sha256, text, err);
    struct om_hash128 hash = om_hash_stream_final(digest->xxh128);
    snprintf(text, OM_SHA256_TEXT, "%016llx%016llx", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
    om_digest_release(digest);
    return OM_OK;
}

void
om_digest_release(struct om_digest *digest)
{
    om_sha256_release(&digest->sha256);
    om_hash_stream_free(digest->xxh128);
    *digest = (struct om_digest){0};
}

static om_status
cannot_open(const char *path, int cause, struct om_error *err)
{
    om_status status = cause == EACCES || cause == EPERM     ? OM_ERR_PERMISSION
                       : cause == ENOENT || cause == ENOTDIR ? OM_ERR_NO_INPUT
                                                             : OM_ERR_IO;
    om_fail(err, status, "cannot open it: %s", strerror(cause));
    om_place(err, path, 0, 0);
    return status;
}

/* Opens a regular file for reading; a FIFO of that name is not waited for. */
static om_status
open_regular(const char *path, int *fd, struct om_error *err)
{
    struct stat state;
    do
        *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    while (*fd < 0 && errno == EINTR);
    if (*fd < 0)
        return cannot_open(path, errno, err);
    const bool known = fstat(*fd, &state) == 0;
    if (known && S_ISREG(state.st_mode))
        return OM_OK;
    om_status status =
        known ? om_fail(err, OM_ERR_NO_INPUT, "no regular file") : cannot_open(path, errno, err);
    om_place(err, path, 0, 0);
    close(*fd);
    *fd = -1;
    return status;
}

om_status
om_digest_file(const char *path, enum om_digest_kind kind, uint64_t *bytes, char text[OM_SHA256_TEXT],
               struct om_error *err)
{
    struct om_digest digest = {0};
    char block[1 << 16];
    int fd;
    ssize_t n = 0;
    OM_TRY(open_regular(path, &fd, err));
    om_status status = om_digest_open(&digest, kind, 0, err);
    *bytes = 0;
    while (status == OM_OK && ((n = read(fd, block, sizeof block)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0) {
            om_digest_update(&digest, block, (size_t)n);
            *bytes += (uint64_t)n;
        }
    if (status == OM_OK && n < 0) {
        status = om_fail(err, OM_ERR_IO, "reading failed: %s", strerror(errno));
        om_place(err, path, 0, 0);
    }
    close(fd);
    if (status == OM_OK)
        return om_digest_final(&digest, text, err);
    om_digest_release(&digest);
    return status;
}
