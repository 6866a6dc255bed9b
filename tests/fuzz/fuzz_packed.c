/*
 * Compressed input against zlib and libzstd themselves: what they take to the end is read to the same bytes,
 * and nothing else is.
 */
#include "fuzz/fuzz.h"
#include "io/source.h"

#include <zlib.h>
#include <zstd.h>

enum { MOST = 1 << 22, WINDOW_LOG = 25 };
static uint8_t got[MOST + 1], want[MOST + 1];

/* All members of a gzip file; false when it is damaged, cut or followed by something else. */
static bool
with_zlib(const uint8_t *data, size_t size, size_t *length)
{
    z_stream stream = {.next_in = (uint8_t *)(uintptr_t)data, .avail_in = (uInt)size};
    bool whole = inflateInit2(&stream, 16 + 15) == Z_OK && size > 0;
    *length = 0;
    while (whole && stream.avail_in) {
        stream.next_out = want + *length;
        stream.avail_out = (uInt)(MOST - *length);
        whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
        *length = (size_t)(stream.next_out - want);
        whole = whole && inflateReset(&stream) == Z_OK;
    }
    inflateEnd(&stream);
    return whole;
}

/* All frames. A frame that wants more memory than omstat gives is refused (io/zstd.c). */
static bool
with_libzstd(const uint8_t *data, size_t size, size_t *length)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {.src = data, .size = size};
    ZSTD_outBuffer out = {.dst = want, .size = MOST};
    size_t state = 1;
    require(context && !ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG)));
    while (!ZSTD_isError(state) && (in.pos < in.size || state > 0)) {
        const size_t before = in.pos + out.pos;
        state = ZSTD_decompressStream(context, &out, &in);
        if (in.pos + out.pos == before)
            break;
    }
    ZSTD_freeDCtx(context);
    *length = out.pos;
    return state == 0 && in.pos == in.size;
}

static om_status
read_all(const char *path, size_t *length, struct om_error *err)
{
    struct om_input input = OM_INPUT_CLOSED;
    size_t n = 1;
    om_status status = om_input_open(&input, path, err);
    *length = 0;
    while (status == OM_OK && n > 0 && *length < MOST) {
        status = om_input_read(&input, got + *length, MOST - *length, &n, err);
        *length += status == OM_OK ? n : 0;
    }
    om_input_close(&input);
    return status;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    struct om_error err = {0};
    size_t n_got, n_want = 0;
    if (size > 1 << 16)
        return 0;
    const size_t live = om_memory_live();
    om_status status = read_all(fuzz_file(data, size), &n_got, &err);
    require_words(status, &err);
    require(om_memory_live() == live);
    if (n_got >= MOST)
        return 0;
    bool whole = true;
    if (size >= 2 && memcmp(data, gzip, 2) == 0)
        whole = with_zlib(data, size, &n_want);
    else if (size >= 4 && memcmp(data, zstd, 4) == 0)
        whole = with_libzstd(data, size, &n_want);
    else if (status == OM_OK && n_got == size) /* as it is */
        require(memcmp(got, data, size) == 0);
    else
        return 0;
    if (size < 2 || (memcmp(data, gzip, 2) != 0 && (size < 4 || memcmp(data, zstd, 4) != 0)))
        return 0;
    require((status == OM_OK) == whole);
    require(!whole || (n_got == n_want && memcmp(got, want, n_got) == 0));
    return 0;
}
