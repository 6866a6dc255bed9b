#include "base/hash.h"
#include "base/memory.h"

#if defined(__x86_64__)
#include <xxh_x86dispatch.h> /* the same functions, with the vectors the processor has */
#else
#include <xxhash.h>
#endif

#define TEXT_OF(number)  #number
#define DIGITS_OF(macro) TEXT_OF(macro)

const char *
om_hash_library_version(void)
{
    return DIGITS_OF(XXH_VERSION_MAJOR) "." DIGITS_OF(XXH_VERSION_MINOR) "." DIGITS_OF(XXH_VERSION_RELEASE);
}

uint64_t
om_hash(const void *bytes, size_t length)
{
    return XXH3_64bits(bytes, length);
}

static struct om_hash128
hash_of(XXH128_hash_t hash)
{
    return (struct om_hash128){.low = hash.low64, .high = hash.high64};
}

struct om_hash128
om_hash128(const void *bytes, size_t length, uint64_t key)
{
    return hash_of(XXH3_128bits_withSeed(bytes, length, key));
}

struct om_hash_stream {
    XXH3_state_t *state; /* aligned as XXH3 wants it */
};

struct om_hash_stream *
om_hash_stream_new(void)
{
    struct om_hash_stream *stream = om_alloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    stream->state = XXH3_createState();
    if (stream->state && XXH3_128bits_reset(stream->state) == XXH_OK)
        return stream;
    om_hash_stream_free(stream);
    return NULL;
}

void
om_hash_stream_update(struct om_hash_stream *stream, const void *bytes, size_t length)
{
    XXH3_128bits_update(stream->state, bytes, length); /* fails for a null pointer only */
}

struct om_hash128
om_hash_stream_final(const struct om_hash_stream *stream)
{
    return hash_of(XXH3_128bits_digest(stream->state));
}

void
om_hash_stream_free(struct om_hash_stream *stream)
{
    if (!stream)
        return;
    XXH3_freeState(stream->state);
    om_free(stream);
}
