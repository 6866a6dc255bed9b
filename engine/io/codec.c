#include "io/codec.h"

#include <string.h>

/* RFC 1952, section 2.3.1; RFC 8878, sections 3.1.1 and 3.1.2 (the first byte of a skippable frame is 0x50
 * to 0x5F). */
static const struct magic {
    const struct om_codec *codec;
    unsigned char first, mask; /* of the first byte; the mask says which of its bits count */
    unsigned char rest[OM_CODEC_MAGIC - 1];
    size_t length; /* of the whole */
    size_t enough; /* bytes that tell the format when the input has no more: no text begins with them */
} magics[] = {
    {&om_codec_gzip, 0x1F, 0xFF, {0x8B}, 2, 2},
    {&om_codec_zstd, 0x28, 0xFF, {0xB5, 0x2F, 0xFD}, 4, 2},
    {&om_codec_zstd, 0x50, 0xF0, {0x2A, 0x4D, 0x18}, 4, 4},
};

const struct om_codec *
om_codec_recognise(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *magic = &magics[i];
        size_t n = length < magic->length ? length : magic->length;
        if (n >= magic->enough && (bytes[0] & magic->mask) == magic->first &&
            memcmp(bytes + 1, magic->rest, n - 1) == 0)
            return magic->codec;
    }
    return NULL;
}
