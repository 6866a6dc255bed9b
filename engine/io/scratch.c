#include "io/scratch.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { KEY = 16, BLOCK = 16, STEP = 64 * 1024, LEFT_TO_OTHERS = 1 << 30 };

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

/* --- the cipher ----------------------------------------------------------------------------------------- */

/* The key stream from a place of the file on: its block of 16 bytes is the counter. No byte of the file is
 * written twice, so no part of the stream is used twice. */
static bool
go_to(EVP_CIPHER_CTX *cipher, uint64_t offset)
{
    uint8_t counter[BLOCK] = {0}, before[BLOCK] = {0};
    uint64_t block = offset / BLOCK;
    int n = 0;
    for (size_t i = BLOCK; i-- > BLOCK / 2; block >>= 8)
        counter[i] = (uint8_t)block;
    return EVP_EncryptInit_ex(cipher, NULL, NULL, NULL, counter) == 1 &&
           EVP_EncryptUpdate(cipher, before, &n, before, (int)(offset % BLOCK)) == 1;
}

static void *
new_cipher(void)
{
    uint8_t key[KEY];
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    if (cipher && getrandom(key, sizeof key, 0) == (ssize_t)sizeof key &&
        EVP_EncryptInit_ex(cipher, EVP_aes_128_ctr(), NULL, key, NULL) == 1 && go_to(cipher, 0))
        return cipher;
    EVP_CIPHER_CTX_free(cipher);
    return NULL;
}

/* --- the file ------------------------------------------------------------------------------------------- */

static om_status
create(struct om_scratch *scratch, struct om_error *err)
{
    char here[] = "/var/tmp/omstat-XXXXXX", there[] = "/tmp/omstat-XXXXXX";
    scratch->cipher = scratch->plain ? NULL : new_cipher();
    scratch->waiting = om_alloc(STEP, 1);
    if ((!scratch->plain && !scratch->cipher) || !scratch->waiting) {
        om_scratch_close(scratch);
        return om_fail_memory(err);
    }
    scratch->fd = open_in("/var/tmp", here);
    if (scratch->fd < 0)
        scratch->fd = open_in("/tmp", there);
    if (scratch->fd >= 0)
        return OM_OK;
    om_fail(err, OM_ERR_CREATE, "no temporary file can be made in /var/tmp or /tmp: %s", strerror(errno));
    om_hint(err, "make room there, or raise --memory");
    om_scratch_close(scratch);
    return OM_ERR_CREATE;
}

om_status
om_scratch_flush(struct om_scratch *scratch, struct om_error *err)
{
    const unsigned char *from = scratch->waiting;
    for (; scratch->n_waiting > 0;) {
        ssize_t done = write(scratch->fd, from, scratch->n_waiting);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            om_fail(err, OM_ERR_IO, "writing a temporary file failed: %s", strerror(errno));
            om_hint(err, "make room in /var/tmp, or raise --memory");
            return OM_ERR_IO;
        }
        from += done;
        scratch->n_waiting -= (size_t)done;
    }
    return OM_OK;
}

om_status
om_scratch_write(struct om_scratch *scratch, const void *bytes, size_t length, struct om_error *err)
{
    const unsigned char *from = bytes;
    if (scratch->fd < 0)
        OM_TRY(create(scratch, err));
    while (length > 0) {
        const size_t room = STEP - scratch->n_waiting, step = length < room ? length : room;
        unsigned char *to = scratch->waiting + scratch->n_waiting;
        int n = 0;
        if (scratch->plain)
            memcpy(to, from, step);
        else if (EVP_EncryptUpdate(scratch->cipher, to, &n, from, (int)step) != 1)
            return om_fail_memory(err);
        scratch->n_waiting += step;
        scratch->length += step;
        from += step;
        length -= step;
        if (scratch->n_waiting == STEP)
            OM_TRY(om_scratch_flush(scratch, err));
    }
    return OM_OK;
}

static om_status
read_all(const struct om_scratch *scratch, uint64_t offset, uint8_t *bytes, size_t length,
         struct om_error *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = pread(scratch->fd, bytes + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return om_fail(err, OM_ERR_IO, "reading a temporary file failed: %s",
                           got < 0 ? strerror(errno) : "it has become shorter");
        done += (size_t)got;
    }
    return OM_OK;
}

om_status
om_scratch_read(const struct om_scratch *scratch, uint64_t offset, void *bytes, size_t length,
                struct om_error *err)
{
    uint8_t *to = bytes;
    OM_TRY(read_all(scratch, offset, to, length, err));
    if (scratch->plain)
        return OM_OK;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    bool fine = cipher && EVP_CIPHER_CTX_copy(cipher, scratch->cipher) == 1 && go_to(cipher, offset);
    for (size_t done = 0; done < length && fine;) {
        const size_t step = length - done < STEP ? length - done : STEP;
        int n = 0;
        fine = EVP_EncryptUpdate(cipher, to + done, &n, to + done, (int)step) == 1;
        done += step;
    }
    EVP_CIPHER_CTX_free(cipher);
    return fine ? OM_OK : om_fail_memory(err);
}

om_status
om_scratch_has_room(struct om_scratch *scratch, bool *room, struct om_error *err)
{
    struct statvfs disk;
    *room = false;
    if (scratch->fd < 0)
        OM_TRY(create(scratch, err));
    *room = fstatvfs(scratch->fd, &disk) == 0 && disk.f_bavail > LEFT_TO_OTHERS / disk.f_frsize;
    return OM_OK;
}

void
om_scratch_close(struct om_scratch *scratch)
{
    if (scratch->fd >= 0)
        close(scratch->fd);
    EVP_CIPHER_CTX_free(scratch->cipher);
    om_free(scratch->waiting);
    *scratch = OM_SCRATCH_EMPTY;
}
