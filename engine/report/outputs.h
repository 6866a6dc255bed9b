/* Files that a run wrote, with their digests: for manifests, and for those who check them. */
#ifndef OM_REPORT_OUTPUTS_H
#define OM_REPORT_OUTPUTS_H

#include "base/buffer.h"

#include <omstat/report.h>

/* Lists a file, of which path and folder (may be NULL) are cut to their base names. Errors: OM_ERR_NOMEM. */
om_status om_outputs_add(struct om_outputs *outputs, const char *folder, const char *path, uint64_t bytes,
                         const char *sha256, struct om_error *err) OM_NODISCARD;
/* The same of bytes. */
om_status om_outputs_add_bytes(struct om_outputs *outputs, const char *folder, const char *path,
                               const void *bytes, size_t length, struct om_error *err) OM_NODISCARD;
/* The same of a file that was written. Errors: OM_ERR_NO_INPUT, OM_ERR_IO, OM_ERR_NOMEM. */
om_status om_outputs_add_file(struct om_outputs *outputs, const char *path,
                              struct om_error *err) OM_NODISCARD;

/* A line for each, as sha256sum writes and checks them; and the name of the file that holds them. */
#define OM_SUMS_FILE "SHA256SUMS"
void om_outputs_sums(const struct om_outputs *outputs, struct om_buffer *out);

#endif
