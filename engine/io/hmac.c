#include "io/hmac.h"
#include "base/error.h"

#include <stdbool.h>
#include <string.h>

#define OPENSSL_API_COMPAT 10101 /* as in sha256.c; the one call of the newer interface is 2 microseconds */
#include <openssl/sha.h>

enum { BLOCK = 64 };

_Static_assert(sizeof(SHA256_CTX) <= OM_HMAC_STATE, "a state has room");

static om_status
fail(struct om_error *err)
{
    return om_fail(err, OM_ERR_INTERNAL, "computing a SHA-256 failed");
}

/* The state behind one block: the secret with every byte changed. */
static bool
start_state(unsigned char state[OM_HMAC_STATE], const unsigned char secret[BLOCK], unsigned char with)
{
    unsigned char block[BLOCK];
    SHA256_CTX context;
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = secret[i] ^ with;
    const bool good = SHA256_Init(&context) == 1 && SHA256_Update(&context, block, BLOCK) == 1;
    memcpy(state, &context, sizeof context);
    return good;
}

om_status
om_hmac_start(struct om_hmac_key *key, const void *secret, size_t length, struct om_error *err)
{
    unsigned char block[BLOCK] = {0};
    if (length <= BLOCK)
        memcpy(block, secret, length);
    else if (!SHA256(secret, length, block))
        return fail(err);
    return start_state(key->inner, block, 0x36) && start_state(key->outer, block, 0x5c) ? OM_OK : fail(err);
}

om_status
om_hmac(const struct om_hmac_key *key, const void *bytes, size_t length, uint8_t out[OM_HMAC_BYTES],
        struct om_error *err)
{
    SHA256_CTX inner, outer;
    memcpy(&inner, key->inner, sizeof inner);
    memcpy(&outer, key->outer, sizeof outer);
    const bool good = SHA256_Update(&inner, bytes, length) == 1 && SHA256_Final(out, &inner) == 1 &&
                      SHA256_Update(&outer, out, OM_HMAC_BYTES) == 1 && SHA256_Final(out, &outer) == 1;
    return good ? OM_OK : fail(err);
}
