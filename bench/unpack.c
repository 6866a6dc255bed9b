/* The floors of compressed input: the libraries that omstat uses, and nothing done with the text. */
#include "floors.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>

enum { TEXT_SIZE = 256 * 1024 };
static char text[TEXT_SIZE];
static bool ended = true;

bool
take_gzip(struct counts *counts, const char *bytes, size_t n)
{
    static struct inflate_state state;
    static bool begun;
    union {
        const char *in;
        uint8_t *out;
    } next = {.in = bytes}; /* isa-l does not write to its input */
    if (!begun) {
        isal_inflate_init(&state);
        state.crc_flag = ISAL_GZIP;
        begun = true;
    }
    if (n == 0)
        return true;
    state.next_in = next.out;
    state.avail_in = (uint32_t)n;
    do {
        state.next_out = (uint8_t *)text;
        state.avail_out = TEXT_SIZE;
        if (isal_inflate(&state) != ISAL_DECOMP_OK)
            return false;
        counts->records += count_newlines(text, TEXT_SIZE - state.avail_out);
        ended = state.block_state == ISAL_BLOCK_FINISH;
    } while (state.avail_in > 0 || (state.avail_out == 0 && !ended));
    return true;
}

bool
take_zstd(struct counts *counts, const char *bytes, size_t n)
{
    static ZSTD_DStream *stream;
    if (!stream && !(stream = ZSTD_createDStream()))
        return false;
    ZSTD_inBuffer in = {bytes, n, 0};
    ZSTD_outBuffer out = {text, TEXT_SIZE, TEXT_SIZE};
    while (in.pos < in.size || out.pos == out.size) {
        out.pos = 0;
        size_t left = ZSTD_decompressStream(stream, &out, &in);
        if (ZSTD_isError(left))
            return false;
        counts->records += count_newlines(text, out.pos);
        ended = left == 0;
        if (in.size == 0)
            break;
    }
    return true;
}

bool
end_unpacking(struct counts *counts)
{
    (void)counts;
    return ended;
}
