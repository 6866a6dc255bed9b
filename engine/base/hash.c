#include "base/hash.h"

#include <xxhash.h>

uint64_t
om_hash(const void *bytes, size_t length)
{
    return XXH3_64bits(bytes, length);
}
