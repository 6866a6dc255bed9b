/* The hash functions (XXH3). Equal bytes, equal hash, on every machine. */
#ifndef OM_BASE_HASH_H
#define OM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Of every table. */
uint64_t om_hash(const void *bytes, size_t length);

/* With 128 bits two of n different strings share one with a probability below n^2 / 2^129: for a hundred
 * million strings 10^-23. */
struct om_hash128 {
    uint64_t low, high;
};
struct om_hash128 om_hash128(const void *bytes, size_t length, uint64_t key);

/* Of bytes as they come by. */
struct om_hash_stream;
struct om_hash_stream *om_hash_stream_new(void); /* NULL without memory */
void om_hash_stream_update(struct om_hash_stream *stream, const void *bytes, size_t length);
struct om_hash128 om_hash_stream_final(const struct om_hash_stream *stream);
void om_hash_stream_free(struct om_hash_stream *stream); /* accepts NULL */

/* The version of xxHash that is used: "0.8.1". Static storage. */
const char *om_hash_library_version(void);

#endif
