/*
 * What a file was, in a line of a manifest: a digest of its bytes.
 *
 * SHA-256 (`sha256sum FILE` gives the same) at about 2 GB/s, or XXH3 with 128 bits (`xxh128sum FILE`) at ten
 * times that. Either tells a file from one that was changed by mistake; only SHA-256 from one that was
 * changed on purpose.
 */
#ifndef OM_IO_DIGEST_H
#define OM_IO_DIGEST_H

#include "base/hash.h"
#include "io/sha256.h"

enum om_digest_kind { OM_DIGEST_AUTO, OM_DIGEST_SHA256, OM_DIGEST_XXH128 };

/* OM_DIGEST_AUTO: SHA-256 up to this size, and where the size is not known. Larger regular files: XXH128. */
#define OM_DIGEST_SHA256_LIMIT ((uint64_t)64 * 1024 * 1024)

struct om_digest {
    enum om_digest_kind kind; /* never OM_DIGEST_AUTO once it is open */
    struct om_sha256 sha256;
    struct om_hash_stream *xxh128;
};

/* size: of the input, 0 when it is not known. Errors: OM_ERR_NOMEM, OM_ERR_UNSUPPORTED. */
om_status om_digest_open(struct om_digest *digest, enum om_digest_kind kind, uint64_t size,
                         struct om_error *err) OM_NODISCARD;
void om_digest_update(struct om_digest *digest, const void *bytes, size_t length);

/* The digest in lower-case hexadecimal (64 or 32 digits); releases it, also on failure. */
om_status om_digest_final(struct om_digest *digest, char text[OM_SHA256_TEXT],
                          struct om_error *err) OM_NODISCARD;
void om_digest_release(struct om_digest *digest); /* a zeroed or finished one is fine */

/* The digest of a regular file as it is stored. Errors: OM_ERR_NO_INPUT when there is none of that name or it
 * is no regular file, OM_ERR_PERMISSION, OM_ERR_IO, OM_ERR_NOMEM. */
om_status om_digest_file(const char *path, enum om_digest_kind kind, uint64_t *bytes,
                         char text[OM_SHA256_TEXT], struct om_error *err) OM_NODISCARD;

#endif
