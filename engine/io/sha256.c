#include "io/sha256.h"
#include "base/error.h"
#include "base/memory.h"

/* The interface of OpenSSL 1.1. The newer one first reads a configuration and loads providers, which takes
 * most of a millisecond, as long as everything else that a start needs. */
#define OPENSSL_API_COMPAT 10101
#include <openssl/crypto.h>
#include <openssl/sha.h>

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
        return om_fail(err, OM_ERR_INTERNAL, "computing a SHA-256 failed");
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
