#include "io/unpack.h"
#include "io/descriptor.h"
#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

struct om_unpack {
    const struct om_codec *codec;
    void *decoder;
    int fd;
    struct om_read_ahead *ahead;

    /* The thread's until the last block was taken. */
    struct om_flow flow;
    enum om_codec_state state;
    bool more;         /* the last step filled its room: it may have more to give */
    int cause;         /* errno of a read that failed */
    uint64_t got;      /* compressed bytes so far */
    uint64_t boundary; /* offset of the first byte after the last complete member */
    unsigned char input[OM_READ_AHEAD_STORED];
};

/* --- making blocks -------------------------------------------------------------------------------- */

static uint64_t
offset(const struct om_unpack *unpack)
{
    return unpack->got - unpack->flow.in_left;
}

static void
refill(struct om_unpack *unpack, struct om_read_ahead_block *block, int stop)
{
    ssize_t got = om_descriptor_read(unpack->fd, stop, unpack->input, sizeof unpack->input);
    if (got <= 0) {
        unpack->cause = got < 0 ? errno : 0;
        block->last = true;
        return;
    }
    block->n_stored = (size_t)got;
    memcpy(block->stored, unpack->input, block->n_stored);
    unpack->flow.in = unpack->input;
    unpack->flow.in_left = block->n_stored;
    unpack->got += block->n_stored;
}

static void
step(struct om_unpack *unpack, struct om_read_ahead_block *block)
{
    unpack->state = unpack->codec->step(unpack->decoder, &unpack->flow);
    unpack->more = unpack->flow.out_left == 0;
    if (unpack->state == OM_CODEC_BETWEEN)
        unpack->boundary = offset(unpack);
    else if (unpack->state != OM_CODEC_INSIDE)
        block->last = true;
}

/* A block ends when it is full, or when more input is needed and it has had its share. */
static void
make_block(void *context, struct om_read_ahead_block *block, int stop)
{
    struct om_unpack *unpack = context;
    block->n_stored = 0;
    block->last = false;
    unpack->flow.out = block->bytes;
    unpack->flow.out_left = sizeof block->bytes;
    while (unpack->flow.out_left > 0 && !block->last) {
        if (unpack->flow.in_left > 0 || unpack->more)
            step(unpack, block);
        else if (block->n_stored == 0)
            refill(unpack, block, stop);
        else
            break;
    }
    block->length = sizeof block->bytes - unpack->flow.out_left;
}

/* --- the outcome ---------------------------------------------------------------------------------- */

struct fault {
    const char *message; /* takes the name of the format and an offset */
    const char *hint;    /* takes the name of the format */
};

static const struct fault cut = {
    "OM150 the %s data end in the middle, after %llu compressed bytes",
    "the copy or the download is incomplete: fetch it again; %s -t FILE checks it",
};

static const struct fault faults[] = {
    [OM_CODEC_FOREIGN] = {"OM150 the %s data end, but something else follows at compressed byte offset %llu",
                          "it was written to after it was compressed: fetch it again; %s -t FILE checks it"},
    [OM_CODEC_DAMAGED] = {"OM150 the %s data are damaged near compressed byte offset %llu",
                          "fetch the file again; %s -t FILE checks it"},
    [OM_CODEC_CHECKSUM] = {"OM150 the %s data do not match the checksum before compressed byte offset %llu",
                           "fetch the file again; %s -t FILE checks it"},
    [OM_CODEC_WINDOW] = {"OM150 the %s frame at compressed byte offset %llu needs more than 32 MiB of memory",
                         "decompress it on the way in: %s -dc --long=31 FILE | omstat ... -"},
    [OM_CODEC_DICTIONARY] = {"OM150 the %s frame at compressed byte offset %llu needs a dictionary",
                             "decompress it on the way in: %s -dc -D DICTIONARY FILE | omstat ... -"},
};

/* Where the fault is; a whole member is concerned by some. */
static uint64_t
offset_of(const struct om_unpack *unpack, enum om_codec_state state)
{
    bool of_member = state == OM_CODEC_FOREIGN || state == OM_CODEC_WINDOW || state == OM_CODEC_DICTIONARY;
    return of_member ? unpack->boundary : offset(unpack);
}

om_status
om_unpack_outcome(const struct om_unpack *unpack, struct om_error *err)
{
    unsigned long long at = offset_of(unpack, unpack->state);
    const struct fault *fault = &cut;
    if (unpack->cause)
        return om_fail(err, OM_ERR_IO, "reading failed after %llu compressed bytes: %s", at,
                       strerror(unpack->cause));
    if (unpack->state == OM_CODEC_BETWEEN)
        return OM_OK;
    if (unpack->state == OM_CODEC_NO_MEMORY)
        return om_fail_memory(err);
    if (unpack->state != OM_CODEC_INSIDE)
        fault = &faults[unpack->state];
    om_fail(err, OM_ERR_PANEL, fault->message, unpack->codec->name, at);
    om_hint(err, fault->hint, unpack->codec->name);
    return OM_ERR_PANEL;
}

/* --- opening and closing -------------------------------------------------------------------------- */

om_status
om_unpack_open(const struct om_codec *codec, int fd, const unsigned char *head, size_t n_head,
               struct om_unpack **out, struct om_error *err)
{
    struct om_unpack *unpack = om_calloc(1, sizeof *unpack);
    if (!unpack)
        return om_fail_memory(err);
    unpack->codec = codec;
    unpack->fd = fd;
    unpack->got = n_head;
    memcpy(unpack->input, head, n_head);
    unpack->flow = (struct om_flow){.in = unpack->input, .in_left = n_head};
    unpack->decoder = codec->open();
    om_status status =
        unpack->decoder ? om_read_ahead_open(make_block, unpack, &unpack->ahead, err) : om_fail_memory(err);
    if (status == OM_OK)
        *out = unpack;
    else
        om_unpack_close(unpack);
    return status;
}

const struct om_read_ahead_block *
om_unpack_next(struct om_unpack *unpack)
{
    return om_read_ahead_next(unpack->ahead);
}

void
om_unpack_close(struct om_unpack *unpack)
{
    if (!unpack)
        return;
    om_read_ahead_close(unpack->ahead);
    unpack->codec->close(unpack->decoder);
    om_free(unpack);
}
