/*
 * Decompression a step at a time: what the formats have in common. One file each knows its library.
 *
 * Compressed input is a row of members (gzip) or frames (zstd), each complete in itself and with its own
 * checksum; they follow one another directly.
 */
#ifndef OM_IO_CODEC_H
#define OM_IO_CODEC_H

#include <stddef.h>

struct om_flow {
    unsigned char *in; /* compressed; only read */
    size_t in_left;
    unsigned char *out; /* room for what comes out */
    size_t out_left;
};

/* How far the input up to flow->in has got. */
enum om_codec_state {
    OM_CODEC_BETWEEN, /* nothing yet, or a member has ended and no byte of another was seen */
    OM_CODEC_INSIDE,
    /* faults: no further step may follow */
    OM_CODEC_FOREIGN,    /* where a member could begin stands something else */
    OM_CODEC_DAMAGED,    /* what no compressor writes */
    OM_CODEC_CHECKSUM,   /* a checksum or a length does not fit */
    OM_CODEC_WINDOW,     /* it needs more memory than is given to it */
    OM_CODEC_DICTIONARY, /* it needs a dictionary, which is another file */
    OM_CODEC_NO_MEMORY,
};

struct om_codec {
    const char *name;      /* of the format and of the program for it: "gzip" */
    void *(*open)(void);   /* NULL when there is no memory */
    void (*close)(void *); /* accepts NULL */

    /* Goes on until the input or the room is used up, or a member has ended. A step that fills the room may
     * have more to give: call it again, with or without input. */
    enum om_codec_state (*step)(void *codec, struct om_flow *flow);
};

enum { OM_CODEC_MAGIC = 4 }; /* bytes that tell a format; fewer only when the input has fewer */

extern const struct om_codec om_codec_gzip, om_codec_zstd;

/* The format that input beginning with these bytes has, or NULL. */
const struct om_codec *om_codec_recognise(const unsigned char *bytes, size_t length);

/* The versions of isa-l as it was built with and of libzstd as it runs: "2.30.0", "1.5.4". Static storage. */
const char *om_gzip_library_version(void);
const char *om_zstd_library_version(void);

#endif
