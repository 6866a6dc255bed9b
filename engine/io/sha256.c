#include "io/sha256.h"
#include "base/error.h"

#include <openssl/evp.h>

om_status
om_sha256_init(struct om_sha256 *hash, struct om_error *err)
{
    *hash = (struct om_sha256){.context = EVP_MD_CTX_new()};
    if (!hash->context)
        return om_fail_memory(err);
    if (EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1) {
        om_sha256_release(hash);
        return om_fail(err, OM_ERR_UNSUPPORTED, "the cryptographic library offers no SHA-256");
    }
    return OM_OK;
}

void
om_sha256_update(struct om_sha256 *hash, const void *bytes, size_t length)
{
    if (EVP_DigestUpdate(hash->context, bytes, length) != 1)
        hash->failed = 1;
}

om_status
om_sha256_final(struct om_sha256 *hash, char text[OM_SHA256_TEXT], struct om_error *err)
{
    static const char digit[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    int ok = EVP_DigestFinal_ex(hash->context, digest, &length) == 1 && !hash->failed && length == 32;
    om_sha256_release(hash);
    if (!ok)
        return om_fail(err, OM_ERR_INTERNAL, "computing a SHA-256 failed");
    for (size_t i = 0; i < 32; i++) {
        text[2 * i] = digit[digest[i] >> 4];
        text[2 * i + 1] = digit[digest[i] & 15];
    }
    text[64] = '\0';
    return OM_OK;
}

void
om_sha256_release(struct om_sha256 *hash)
{
    EVP_MD_CTX_free(hash->context);
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
