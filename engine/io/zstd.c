/* zstd by libzstd. Skippable frames give nothing. A window above 32 MiB is refused: memory must not depend on
 * what a file asks for. Levels up to 20 ask for no more; --ultra -21, -22 and --long do. */
#include "io/codec.h"
#include "base/memory.h"

#include <stdbool.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
    WINDOW_LOG = 25,
    HEADER = 18, /* bytes that a frame's header has at most (RFC 8878, section 3.1.1.1) */
};

struct zstd {
    ZSTD_DStream *stream;
    bool between;
    size_t begun; /* bytes of the frame that were fed */
};

static void
close_zstd(void *codec)
{
    struct zstd *zstd = codec;
    if (zstd)
        ZSTD_freeDStream(zstd->stream);
    om_free(zstd);
}

static void *
open_zstd(void)
{
    struct zstd *zstd = om_calloc(1, sizeof *zstd);
    if (!zstd)
        return NULL;
    zstd->between = true;
    zstd->stream = ZSTD_createDStream();
    if (zstd->stream && !ZSTD_isError(ZSTD_DCtx_setParameter(zstd->stream, ZSTD_d_windowLogMax, WINDOW_LOG)))
        return zstd;
    close_zstd(zstd);
    return NULL;
}

static enum om_codec_state
fault_of(size_t outcome)
{
    switch (ZSTD_getErrorCode(outcome)) {
    case ZSTD_error_prefix_unknown:
        return OM_CODEC_FOREIGN;
    case ZSTD_error_checksum_wrong:
        return OM_CODEC_CHECKSUM;
    case ZSTD_error_frameParameter_windowTooLarge:
        return OM_CODEC_WINDOW;
    case ZSTD_error_dictionary_wrong:
        return OM_CODEC_DICTIONARY;
    case ZSTD_error_memory_allocation:
        return OM_CODEC_NO_MEMORY;
    default:
        return OM_CODEC_DAMAGED;
    }
}

/* One call of the library with n bytes. 0 means that a frame has ended and is given out whole. */
static size_t
feed(struct zstd *zstd, struct om_flow *flow, size_t n)
{
    ZSTD_inBuffer in = {flow->in, n, 0};
    ZSTD_outBuffer out = {flow->out, flow->out_left, 0};
    size_t outcome = ZSTD_decompressStream(zstd->stream, &out, &in);
    flow->in += in.pos;
    flow->in_left -= in.pos;
    flow->out += out.pos;
    flow->out_left -= out.pos;
    zstd->begun += in.pos;
    return outcome;
}

/* Without input behind a frame the library would begin the next one.
 *
 * A frame's header goes in byte by byte. When it comes in two parts, the library (1.5.4 at least) looks for a
 * whole frame from the second part on, and decodes that one instead if there is one. */
static enum om_codec_state
step_zstd(void *codec, struct om_flow *flow)
{
    struct zstd *zstd = codec;
    if (zstd->between && flow->in_left == 0)
        return OM_CODEC_BETWEEN;
    if (zstd->between)
        zstd->begun = 0;
    size_t outcome = 1;
    while (zstd->begun < HEADER && flow->in_left > 0 && outcome != 0 && !ZSTD_isError(outcome))
        outcome = feed(zstd, flow, 1);
    if (outcome != 0 && !ZSTD_isError(outcome))
        outcome = feed(zstd, flow, flow->in_left);
    if (ZSTD_isError(outcome))
        return fault_of(outcome);
    zstd->between = outcome == 0;
    return zstd->between ? OM_CODEC_BETWEEN : OM_CODEC_INSIDE;
}

const struct om_codec om_codec_zstd = {
    .name = "zstd", .open = open_zstd, .close = close_zstd, .step = step_zstd};

const char *
om_zstd_library_version(void)
{
    return ZSTD_versionString();
}
