/*
 * Reading a manifest out of whatever holds it: JSON, text, Markdown, HTML, or a file of its own.
 *
 * It is the last object in the file that begins with the schema's name. What a panel can put into a report
 * stands before it, and within strings of JSON it cannot look like one.
 */
#ifndef OM_REPORT_MANIFEST_READ_H
#define OM_REPORT_MANIFEST_READ_H

#include "io/yaml.h"

#include <omstat/version.h>

struct om_manifest_file {
    const char *key; /* of files: "study", "instrument", "schema" */
    const char *path;
    const char *folder;      /* of outputs: where it is, beside the manifest; NULL: there */
    const char *digest_name; /* "sha256" or "xxh128" */
    const char *digest;      /* NULL = withheld */
    uint64_t bytes;          /* of inputs and outputs */
};

struct om_manifest_instrument {
    const char *id, *version, *sha256;
};

/* Text is borrowed from the tree. Paths are base names. */
struct om_manifest {
    struct om_build built_by;
    const char *date; /* NULL = none */
    struct om_manifest_file *input, *file, *output;
    size_t n_inputs, n_files, n_outputs;
    const char **option, **view;
    size_t n_options, n_views;
    struct om_manifest_instrument *instrument;
    size_t n_instruments;
    bool beside; /* the bytes are nothing but the manifest */
    struct om_yaml yaml;
};

/* Finds and reads the manifest in bytes[0..length). name is that of the file, for errors: OM_ERR_PANEL when
 * there is none, or one that cannot be understood; OM_ERR_NOMEM. Release it in any case. */
om_status om_manifest_read(struct om_manifest *manifest, const char *name, const char *bytes, size_t length,
                           struct om_error *err) OM_NODISCARD;
void om_manifest_release(struct om_manifest *manifest);

#endif
