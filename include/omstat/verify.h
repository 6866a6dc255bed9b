/*
 * Verifying an output: running it again from its manifest (<omstat/manifest.h>) and comparing bytes.
 *
 * A manifest is taken for hostile. It causes reading of files only: by their base names, in the folders that
 * the request names and beside the output, and as a panel or definition only when their digests are those of
 * the manifest. Nothing is written, no program is run, and of its options only keys of the study and of views
 * are taken.
 */
#ifndef OMSTAT_VERIFY_H
#define OMSTAT_VERIFY_H

#include <omstat/analysis.h>

struct om_verify_request {
    const char *output;        /* a report that holds its manifest, the manifest that stands beside one, or a
                                  folder that om_batch_run wrote */
    const char *const *folder; /* to look for inputs in, before the folder of the output */
    size_t n_folders;
    const char *const *input; /* inputs, under whatever name; told apart by their digests */
    size_t n_inputs;
};

/* What came out. Sentences for people, fit to be displayed, which may hold lines of the output. */
struct om_verification {
    bool identical;
    char **difference; /* what differs, causes first; none when identical */
    size_t n_differences;
    char **remark; /* what else there is to know */
    size_t n_remarks;
};

/* Verifies an output, and the figures that were written with it; of a folder every file, and each report
 * again from its manifest. *out is freed with om_verification_free. Errors: OM_ERR_PANEL when there is no
 * manifest or one that cannot be understood; OM_ERR_NO_INPUT when the output, an input or a definition is not
 * found; otherwise as om_analyse. */
OM_API OM_NODISCARD om_status om_verify(const struct om_verify_request *request, const struct om_hooks *hooks,
                                        struct om_verification **out, struct om_error *err);
OM_API void om_verification_free(struct om_verification *verification); /* accepts NULL */

#endif
