#include "io/digest.h"
#include "base/error.h"

#include <stdio.h>

om_status
om_digest_open(struct om_digest *digest, enum om_digest_kind kind, uint64_t size, struct om_error *err)
{
    if (kind == OM_DIGEST_AUTO)
        kind = size > OM_DIGEST_SHA256_LIMIT ? OM_DIGEST_XXH128 : OM_DIGEST_SHA256;
    *digest = (struct om_digest){.kind = kind};
    if (kind == OM_DIGEST_SHA256)
        return om_sha256_init(&digest->sha256, err);
    digest->xxh128 = om_hash_stream_new();
    return digest->xxh128 ? OM_OK : om_fail_memory(err);
}

void
om_digest_update(struct om_digest *digest, const void *bytes, size_t length)
{
    if (digest->kind == OM_DIGEST_SHA256)
        om_sha256_update(&digest->sha256, bytes, length);
    else
        om_hash_stream_update(digest->xxh128, bytes, length);
}

om_status
om_digest_final(struct om_digest *digest, char text[OM_SHA256_TEXT], struct om_error *err)
{
    if (digest->kind == OM_DIGEST_SHA256)
        return om_sha256_final(&digest->sha256, text, err);
    struct om_hash128 hash = om_hash_stream_final(digest->xxh128);
    snprintf(text, OM_SHA256_TEXT, "%016llx%016llx", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
    om_digest_release(digest);
    return OM_OK;
}

void
om_digest_release(struct om_digest *digest)
{
    om_sha256_release(&digest->sha256);
    om_hash_stream_free(digest->xxh128);
    *digest = (struct om_digest){0};
}
