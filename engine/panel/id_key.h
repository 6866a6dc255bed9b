/*
 * Numbers for ids, to sort and compare records by.
 *
 * An id of at most ten letters, digits, '-' and '_' is packed into 64 bits: exact, different ids have
 * different keys. Any other has a hash of 128 bits, XXH3 with a seed: two of n different ids share one with a
 * probability below n^2 / 2^129 (for 10^8 ids: 10^-23). The two kinds of key are never compared.
 */
#ifndef OM_PANEL_ID_KEY_H
#define OM_PANEL_ID_KEY_H

#include <stddef.h>
#include <stdint.h>

enum {
    OM_ID_KEY_SHORT = 8,
    OM_ID_KEY_LONG = 16,
    OM_ID_KEY_MAX = 16,
};

/* Writes the key and returns its length: OM_ID_KEY_SHORT or OM_ID_KEY_LONG. All bits are mixed, so every byte
 * spreads. */
size_t om_id_key(const char *id, size_t length, uint64_t seed, uint8_t key[OM_ID_KEY_MAX]);

#endif
