/*
 * SHA-256 of bytes as they come by, for manifests: what was read, and which definition scored it.
 *
 * Failure is sticky: update cannot fail visibly, final reports it.
 */
#ifndef OM_IO_SHA256_H
#define OM_IO_SHA256_H

#include <stddef.h>
#include <omstat/status.h>

enum { OM_SHA256_TEXT = 65 }; /* 64 hexadecimal digits and a NUL */

struct om_sha256 {
    void *context; /* SHA256_CTX */
    int failed;
};

/* Starts a hash. Errors: OM_ERR_NOMEM. */
om_status om_sha256_init(struct om_sha256 *hash, struct om_error *err) OM_NODISCARD;

void om_sha256_update(struct om_sha256 *hash, const void *bytes, size_t length);

/* Writes the digest in lower-case hexadecimal and releases the hash, also on failure (OM_ERR_INTERNAL). */
om_status om_sha256_final(struct om_sha256 *hash, char text[OM_SHA256_TEXT],
                          struct om_error *err) OM_NODISCARD;

/* Gives up a hash that is not wanted any more; a zeroed or finished one is fine. */
void om_sha256_release(struct om_sha256 *hash);

/* All at once. */
om_status om_sha256_text(const void *bytes, size_t length, char text[OM_SHA256_TEXT],
                         struct om_error *err) OM_NODISCARD;

/* The version of libcrypto that runs: "3.0.17". Static storage. */
const char *om_sha256_library_version(void);

#endif
