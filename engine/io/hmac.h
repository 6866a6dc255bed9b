/* HMAC-SHA-256 (RFC 2104): a hash that nobody can compute without the key, nor look texts up in. */
#ifndef OM_IO_HMAC_H
#define OM_IO_HMAC_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

enum { OM_HMAC_BYTES = 32 };

/* Errors: OM_ERR_INTERNAL. */
om_status om_hmac(const void *key, size_t key_length, const void *bytes, size_t length,
                  uint8_t out[OM_HMAC_BYTES], struct om_error *err) OM_NODISCARD;

#endif
