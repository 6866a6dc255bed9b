/* zstd by libzstd. Skippable frames give nothing; a window above the library's limit (128 MiB) is refused. */
#include "io/codec.h"
#include "base/memory.h"

#include <stdbool.h>
#include <zstd.h>
#include <zstd_errors.h>

struct zstd {
    ZSTD_DStream *stream;
    bool between;
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
    if (zstd->stream)
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

/* 0 means that a frame has ended and is given out whole; without input the library would then begin the next
 * one. */
static enum om_codec_state
step_zstd(void *codec, struct om_flow *flow)
{
    struct zstd *zstd = codec;
    if (zstd->between && flow->in_left == 0)
        return OM_CODEC_BETWEEN;
    ZSTD_inBuffer in = {flow->in, flow->in_left, 0};
    ZSTD_outBuffer out = {flow->out, flow->out_left, 0};
    size_t outcome = ZSTD_decompressStream(zstd->stream, &out, &in);
    flow->in += in.pos;
    flow->in_left -= in.pos;
    flow->out += out.pos;
    flow->out_left -= out.pos;
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
