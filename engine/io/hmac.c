#include "io/hmac.h"
#include "base/error.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

om_status
om_hmac(const void *key, size_t key_length, const void *bytes, size_t length, uint8_t out[OM_HMAC_BYTES],
        struct om_error *err)
{
    unsigned int n = 0;
    if (HMAC(EVP_sha256(), key, (int)key_length, bytes, length, out, &n) && n == OM_HMAC_BYTES)
        return OM_OK;
    return om_fail(err, OM_ERR_INTERNAL, "HMAC-SHA-256 cannot be computed");
}
