/*
 * Where bytes come from: a regular file, a FIFO, or standard input for "-".
 *
 * Input compressed with gzip or zstd is known by its first bytes, not by its name, and handed out
 * decompressed. Sizes and the tap are about the bytes as they are stored: progress is that of the file, and a
 * digest is that of the file.
 *
 * Input is read, never mapped: a mapped file that another program shortens kills the process, a read one is
 * an error with words. A regular file must be the same file, of the same size and time, at its end as at its
 * start; anything else would be a mixture of two versions.
 */
#ifndef OM_IO_SOURCE_H
#define OM_IO_SOURCE_H

#include "io/codec.h"
#include "io/charset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <omstat/status.h>

struct om_unpack;

/* Sees every byte of the input as it is stored (compressed, if it is) once and in order, all of them before
 * the end is reported; for a digest of the file. Called within om_input_read, by its caller's thread. */
typedef void om_input_tap(void *context, const void *bytes, size_t length);

struct om_input {
    int fd;             /* -1 when closed */
    bool ended;         /* the end was reached and was in order */
    char *path;         /* as given: "-" for standard input */
    struct stat opened; /* what the file was when it was opened */
    uint64_t start;     /* where reading starts: standard input may be at any place */
    uint64_t total;     /* bytes a regular file has from where reading starts; 0 for anything else */
    uint64_t taken;     /* bytes of those that went into what was handed out, or a little more */
    om_input_tap *tap;  /* set it after opening, before the first read; may be NULL */
    void *tap_context;

    bool recognised; /* head was looked at */
    unsigned char head[OM_CODEC_MAGIC];
    size_t n_head;
    struct om_unpack *unpack;   /* NULL: not compressed */
    struct om_input_text *text; /* NULL: handed out as it is */
    const unsigned char *rest;  /* borrowed: the next n_rest bytes to hand out */
    size_t n_rest;
};

#define OM_INPUT_CLOSED ((struct om_input){.fd = -1})

/* Opens path into a closed source. Errors: OM_ERR_NO_INPUT (missing, or a directory), OM_ERR_PERMISSION,
 * OM_ERR_IO, OM_ERR_NOMEM; the source is then still closed. Opening a FIFO waits for its writer. */
OM_NODISCARD om_status om_input_open(struct om_input *source, const char *path, struct om_error *err);

/* The text is in another encoding: hands it out as UTF-8. Before the first read. Errors: OM_ERR_NOMEM.
 * Reading then gives OM_ERR_PANEL (OM103) where the first bytes say otherwise. */
OM_NODISCARD om_status om_input_decode(struct om_input *source, enum om_encoding encoding,
                                       struct om_error *err);

/* Reads at least one byte and at most capacity; *length is 0 at the end and only there. Errors: OM_ERR_IO
 * when the system says so or the file changed while it was read; OM_ERR_PANEL (OM150) for compressed data
 * that are cut, damaged, or followed by something else, with the offset among the compressed bytes;
 * OM_ERR_NOMEM. An open source stays where it is in memory once it was read from. */
OM_NODISCARD om_status om_input_read(struct om_input *source, void *buffer, size_t capacity, size_t *length,
                                     struct om_error *err);

/* Can any part of it be read at any time? True for a regular file that is neither compressed nor in another
 * encoding, once the first byte was read. */
bool om_input_anywhere(const struct om_input *source);

/* Is it a regular file, neither compressed nor in another encoding? Once the first byte was read. Any part of
 * it can be read then, whatever was read before. */
bool om_input_is_plain(const struct om_input *source);

/* Reads exactly these bytes of it, counted from where reading started; does not change what om_input_read
 * gives next, nor `taken`. Several threads may do so at once. Errors: OM_ERR_IO, also when the file has
 * become shorter. */
OM_NODISCARD om_status om_input_read_at(const struct om_input *source, uint64_t offset, void *buffer,
                                        size_t length, struct om_error *err);

/* The end, for who reads at any place: the file must be as it was. */
OM_NODISCARD om_status om_input_finish(struct om_input *source, struct om_error *err);

/* The name for messages: the path, or "standard input". */
const char *om_input_name(const struct om_input *source);

void om_input_close(struct om_input *source); /* a closed source stays closed */

#endif
