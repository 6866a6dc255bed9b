#include "io/scratch.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Where there are no files without a name, one with a name that is removed at once. */
static int
open_in(const char *directory, char *pattern)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    fd = mkostemp(pattern, O_CLOEXEC);
    if (fd >= 0)
        unlink(pattern);
    return fd;
}

static om_status
create(struct om_scratch *scratch, struct om_error *err)
{
    char here[] = "/var/tmp/omstat-XXXXXX", there[] = "/tmp/omstat-XXXXXX";
    scratch->fd = open_in("/var/tmp", here);
    if (scratch->fd < 0)
        scratch->fd = open_in("/tmp", there);
    if (scratch->fd >= 0)
        return OM_OK;
    om_fail(err, OM_ERR_CREATE, "no temporary file can be made in /var/tmp or /tmp: %s", strerror(errno));
    om_hint(err, "make room there, or raise --memory");
    return OM_ERR_CREATE;
}

om_status
om_scratch_write(struct om_scratch *scratch, const void *bytes, size_t length, struct om_error *err)
{
    const char *from = bytes;
    if (scratch->fd < 0)
        OM_TRY(create(scratch, err));
    while (length > 0) {
        ssize_t done = write(scratch->fd, from, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            om_fail(err, OM_ERR_IO, "writing a temporary file failed: %s", strerror(errno));
            om_hint(err, "make room in /var/tmp, or raise --memory");
            return OM_ERR_IO;
        }
        from += done;
        length -= (size_t)done;
        scratch->length += (uint64_t)done;
    }
    return OM_OK;
}

om_status
om_scratch_read(const struct om_scratch *scratch, uint64_t offset, void *bytes, size_t length,
                struct om_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(scratch->fd, (char *)bytes + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return om_fail(err, OM_ERR_IO, "reading a temporary file failed: %s",
                           got < 0 ? strerror(errno) : "it has become shorter");
        done += (size_t)got;
    }
    return OM_OK;
}

void
om_scratch_close(struct om_scratch *scratch)
{
    if (scratch->fd >= 0)
        close(scratch->fd);
    *scratch = OM_SCRATCH_EMPTY;
}
