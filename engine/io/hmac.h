/* HMAC-SHA-256 (RFC 2104): a hash that nobody can compute without the key, nor look texts up in. */
#ifndef OM_IO_HMAC_H
#define OM_IO_HMAC_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

enum { OM_HMAC_BYTES = 32, OM_HMAC_STATE = 128 };

/* A key that is ready: the states of both hashes behind their first block, which is all that depends on it.
 */
struct om_hmac_key {
    _Alignas(8) unsigned char inner[OM_HMAC_STATE], outer[OM_HMAC_STATE];
};

/* Errors: OM_ERR_INTERNAL. */
om_status om_hmac_start(struct om_hmac_key *key, const void *secret, size_t length,
                        struct om_error *err) OM_NODISCARD;

/* The hash of some bytes. Several threads may use one key. Errors: OM_ERR_INTERNAL. */
om_status om_hmac(const struct om_hmac_key *key, const void *bytes, size_t length, uint8_t out[OM_HMAC_BYTES],
                  struct om_error *err) OM_NODISCARD;

#endif
