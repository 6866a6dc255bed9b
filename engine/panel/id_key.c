#include "panel/id_key.h"
#include "base/hash.h"

#include <stdbool.h>
#include <string.h>

enum { PACKED_MAX = 10 };

/* 1 to 64 for the characters of a short id, 0 for all others. */
static unsigned
digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0') + 1;
    if (c >= 'A' && c <= 'Z')
        return (unsigned)(c - 'A') + 11;
    if (c >= 'a' && c <= 'z')
        return (unsigned)(c - 'a') + 37;
    return c == '-' ? 63 : c == '_' ? 64 : 0;
}

/* Six bits a character and four for their number: different ids, different numbers. */
static bool
pack(const char *id, size_t length, uint64_t *packed)
{
    uint64_t all = length;
    if (length > PACKED_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = digit_of(id[i]);
        if (digit == 0)
            return false;
        all = all << 6 | (digit - 1);
    }
    *packed = all;
    return true;
}

/* Spreads the bits. Every step can be undone, so different numbers stay different (the finaliser of
 * SplitMix64: Steele, Lea and Flood 2014, OOPSLA). */
static uint64_t
mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

size_t
om_id_key(const char *id, size_t length, uint64_t seed, uint8_t key[OM_ID_KEY_MAX])
{
    uint64_t packed;
    if (pack(id, length, &packed)) {
        packed = mix(packed);
        memcpy(key, &packed, sizeof packed);
        return OM_ID_KEY_SHORT;
    }
    struct om_hash128 hash = om_hash128(id, length, seed);
    memcpy(key, &hash.low, sizeof hash.low);
    memcpy(key + 8, &hash.high, sizeof hash.high);
    return OM_ID_KEY_LONG;
}
