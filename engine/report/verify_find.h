/* Finding the files that a manifest names: in a few folders, and by their digests. Private to report/. */
#ifndef OM_REPORT_VERIFY_FIND_H
#define OM_REPORT_VERIFY_FIND_H

#include "report/manifest_read.h"

#include <omstat/verify.h>

/* What became of one file of a manifest. */
struct om_found {
    char *path;    /* of a file with its digest; NULL = none */
    char *changed; /* of one that stands in its place with other bytes; NULL = none */
    uint64_t changed_bytes;
};

void om_found_release(struct om_found *found, size_t n);

/* Looks for a file in the request's folders and beside the output. Nothing found is no error. Errors:
 * OM_ERR_NOMEM, OM_ERR_IO. */
om_status om_verify_find(const struct om_verify_request *request, const struct om_manifest_file *file,
                         struct om_found *found, struct om_error *err) OM_NODISCARD;

/* The same for all inputs, looking among the request's own inputs first. */
om_status om_verify_find_inputs(const struct om_verify_request *request, const struct om_manifest *manifest,
                                struct om_found *found, struct om_error *err) OM_NODISCARD;

#endif
