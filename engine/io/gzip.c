/*
 * gzip by isa-l: the headers are read here, the deflate data and the trailer by the library.
 *
 * RFC 1952 is the format. A header is taken byte by byte, so that it may arrive in any pieces, and a byte
 * that cannot belong to one is known for what it is.
 */
#include "io/codec.h"
#include "base/memory.h"

#include <isa-l.h> /* its version */
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdint.h>

enum { FIXED_BYTES = 10 };

enum flag { /* RFC 1952, section 2.3.1.2; the lowest bit only says that the data are text */
            HEADER_SUM = 0x02,
            EXTRA = 0x04,
            NAME = 0x08,
            COMMENT = 0x10,
            RESERVED = 0xE0,
};

/* The parts of a member, in their order. */
enum part {
    IN_FIXED,
    IN_EXTRA_LENGTH,
    IN_EXTRA,
    IN_NAME,
    IN_COMMENT,
    IN_HEADER_SUM,
    IN_DATA,
};

struct gzip {
    enum part part;
    size_t at;       /* bytes of this part that were seen */
    unsigned flags;  /* of the header */
    size_t extra;    /* bytes of the extra field */
    unsigned stored; /* the lower byte of the header's checksum as stored */
    uint32_t sum;    /* CRC-32 of the header so far */
    struct inflate_state inflate;
};

static void *
open_gzip(void)
{
    return om_calloc(1, sizeof(struct gzip));
}

/* --- the header ----------------------------------------------------------------------------------- */

static bool
is_present(const struct gzip *gzip, enum part part)
{
    switch (part) {
    case IN_EXTRA_LENGTH:
        return gzip->flags & EXTRA;
    case IN_EXTRA:
        return gzip->flags & EXTRA && gzip->extra > 0;
    case IN_NAME:
        return gzip->flags & NAME;
    case IN_COMMENT:
        return gzip->flags & COMMENT;
    case IN_HEADER_SUM:
        return gzip->flags & HEADER_SUM;
    default:
        return true;
    }
}

static void
next_part(struct gzip *gzip)
{
    do
        gzip->part++;
    while (!is_present(gzip, gzip->part));
    gzip->at = 0;
    if (gzip->part != IN_DATA)
        return;
    isal_inflate_init(&gzip->inflate);
    gzip->inflate.crc_flag = ISAL_GZIP_NO_HDR_VER; /* deflate data, then a trailer to verify */
}

/* Magic, method and flags; then a time, hints and a system, which mean nothing here. */
static enum om_codec_state
fixed_byte(struct gzip *gzip, unsigned char byte)
{
    static const unsigned char magic[] = {0x1F, 0x8B};
    enum { METHOD = 2, FLAGS = 3, DEFLATE = 8 };
    size_t at = gzip->at++;
    if (at < METHOD)
        return byte == magic[at] ? OM_CODEC_INSIDE : OM_CODEC_FOREIGN;
    if (at == METHOD && byte != DEFLATE)
        return OM_CODEC_DAMAGED;
    if (at == FLAGS && byte & RESERVED)
        return OM_CODEC_DAMAGED;
    if (at == FLAGS)
        gzip->flags = byte;
    if (gzip->at == FIXED_BYTES)
        next_part(gzip);
    return OM_CODEC_INSIDE;
}

static enum om_codec_state
header_sum_byte(struct gzip *gzip, unsigned char byte)
{
    if (gzip->at++ == 0) {
        gzip->stored = byte;
        return OM_CODEC_INSIDE;
    }
    if ((gzip->sum & 0xFFFF) != (gzip->stored | (unsigned)byte << 8))
        return OM_CODEC_CHECKSUM;
    next_part(gzip);
    return OM_CODEC_INSIDE;
}

static enum om_codec_state
header_byte(struct gzip *gzip, unsigned char byte)
{
    if (gzip->part == IN_HEADER_SUM)
        return header_sum_byte(gzip, byte);
    gzip->sum = crc32_gzip_refl(gzip->sum, &byte, 1);
    switch (gzip->part) {
    case IN_FIXED:
        return fixed_byte(gzip, byte);
    case IN_EXTRA_LENGTH:
        gzip->extra = gzip->at++ == 0 ? byte : gzip->extra | (size_t)byte << 8;
        if (gzip->at == 2)
            next_part(gzip);
        return OM_CODEC_INSIDE;
    case IN_EXTRA:
        if (++gzip->at == gzip->extra)
            next_part(gzip);
        return OM_CODEC_INSIDE;
    default: /* a name or a comment, up to a NUL */
        if (byte == 0)
            next_part(gzip);
        return OM_CODEC_INSIDE;
    }
}

/* --- the data ------------------------------------------------------------------------------------- */

/* The library says "fine" also when the data go on or end early: only its block state tells that the member
 * is complete and its trailer was right. */
static enum om_codec_state
inflate_data(struct gzip *gzip, struct om_flow *flow)
{
    struct inflate_state *inflate = &gzip->inflate;
    inflate->next_in = flow->in;
    inflate->avail_in = (uint32_t)flow->in_left;
    inflate->next_out = flow->out;
    inflate->avail_out = (uint32_t)flow->out_left;
    int outcome = isal_inflate(inflate);
    *flow = (struct om_flow){inflate->next_in, inflate->avail_in, inflate->next_out, inflate->avail_out};
    if (outcome != ISAL_DECOMP_OK)
        return outcome == ISAL_INCORRECT_CHECKSUM ? OM_CODEC_CHECKSUM : OM_CODEC_DAMAGED;
    if (inflate->block_state != ISAL_BLOCK_FINISH)
        return OM_CODEC_INSIDE;
    gzip->part = IN_FIXED;
    gzip->at = 0;
    gzip->sum = 0;
    return OM_CODEC_BETWEEN;
}

static enum om_codec_state
step_gzip(void *codec, struct om_flow *flow)
{
    struct gzip *gzip = codec;
    while (gzip->part != IN_DATA && flow->in_left > 0) {
        enum om_codec_state state = header_byte(gzip, *flow->in);
        if (state != OM_CODEC_INSIDE)
            return state;
        flow->in++;
        flow->in_left--;
    }
    if (gzip->part == IN_DATA)
        return inflate_data(gzip, flow);
    return gzip->part == IN_FIXED && gzip->at == 0 ? OM_CODEC_BETWEEN : OM_CODEC_INSIDE;
}

const struct om_codec om_codec_gzip = {
    .name = "gzip", .open = open_gzip, .close = om_free, .step = step_gzip};

#define TEXT_OF(number)  #number
#define DIGITS_OF(macro) TEXT_OF(macro)

const char *
om_gzip_library_version(void)
{
    return DIGITS_OF(ISAL_MAJOR_VERSION) "." DIGITS_OF(ISAL_MINOR_VERSION) "." DIGITS_OF(ISAL_PATCH_VERSION);
}
