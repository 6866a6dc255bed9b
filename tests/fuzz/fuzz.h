/*
 * Fuzz targets: one file each, with the entry point of libFuzzer and of AFL++.
 *
 * A target holds what it tests against something independent, or against itself read another way; a crash is
 * the least it looks for. The same files are linked with replay.c, and tests/run.sh replays the corpus in
 * corpus/<target>/ with every run of the tests. README.md says how to run them for longer.
 */
#ifndef OM_TESTS_FUZZ_H
#define OM_TESTS_FUZZ_H

#include "base/memory.h"
#include "io/codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <omstat/status.h>

/* The input to try. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, so that every driver sees a crash, when a promise is broken. */
#define require(promise)                                                                                     \
    do {                                                                                                     \
        if (!(promise)) {                                                                                    \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise);                            \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* A failure says so, in words. */
static inline void
require_words(om_status status, const struct om_error *err)
{
    require(status == OM_OK || err->message[0] != '\0');
}

/* A file in memory whose content is the bytes. The path is the same in every call. */
static inline const char *
fuzz_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        require(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    require(ftruncate(fd, 0) == 0);
    require(size == 0 || pwrite(fd, data, size, 0) == (ssize_t)size);
    return path;
}

/* Would these bytes be unpacked before they are read? That is the matter of another target. */
static inline bool
fuzz_is_packed(const uint8_t *data, size_t size)
{
    return om_codec_recognise(data, size) != NULL;
}

/* Takes bytes off the front of the input, to choose settings from; 0 when there are none left. */
static inline unsigned
fuzz_byte(const uint8_t **data, size_t *size)
{
    if (*size == 0)
        return 0;
    --*size;
    return *(*data)++;
}

#endif
