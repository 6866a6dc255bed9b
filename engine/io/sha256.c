#include "io/sha256.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/hmac.h"

#include <stdbool.h>
#include <string.h>

/* The interface of OpenSSL 1.1. The newer one first reads a configuration and loads providers, which takes
 * most of a millisecond, as long as everything else that a start needs. */
#define OPENSSL_API_COMPAT 10101
#include <openssl/crypto.h>
#include <openssl/sha.h>

static om_status
fail(struct om_error *err)
{
    return om_fail(err, OM_ERR_INTERNAL, "computing a SHA-256 failed");
}

om_status
om_sha256_init(struct om_sha256 *hash, struct om_error *err)
{
    *hash = (struct om_sha256){.context = om_alloc(1, sizeof(SHA256_CTX))};
    if (!hash->context)
        return om_fail_memory(err);
    hash->failed = SHA256_Init(hash->context) != 1;
    return OM_OK;
}

void
om_sha256_update(struct om_sha256 *hash, const void *bytes, size_t length)
{
    if (SHA256_Update(hash->context, bytes, length) != 1)
        hash->failed = 1;
}

om_status
om_sha256_final(struct om_sha256 *hash, char text[OM_SHA256_TEXT], struct om_error *err)
{
    static const char digit[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    int ok = SHA256_Final(digest, hash->context) == 1 && !hash->failed;
    om_sha256_release(hash);
    if (!ok)
        return fail(err);
    for (size_t i = 0; i < sizeof digest; i++) {
        text[2 * i] = digit[digest[i] >> 4];
        text[2 * i + 1] = digit[digest[i] & 15];
    }
    text[64] = '\0';
    return OM_OK;
}

void
om_sha256_release(struct om_sha256 *hash)
{
    om_free(hash->context);
    *hash = (struct om_sha256){0};
}

om_status
om_sha256_text(const void *bytes, size_t length, char text[OM_SHA256_TEXT], struct om_error *err)
{
    struct om_sha256 hash;
    OM_TRY(om_sha256_init(&hash, err));
    om_sha256_update(&hash, bytes, length);
    return om_sha256_final(&hash, text, err);
}

const char *
om_sha256_library_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

/* --- with a key ----------------------------------------------------------------------------------------- */

enum { BLOCK = 64 };

_Static_assert(sizeof(SHA256_CTX) <= OM_HMAC_STATE, "a state has room");

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
