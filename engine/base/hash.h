/* The hash function of every table (XXH3). Equal bytes, equal hash, on every machine. */
#ifndef OM_BASE_HASH_H
#define OM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t om_hash(const void *bytes, size_t length);

#endif
