/*
 * A manifest in a file of its own, beside the output it is about: for formats whose columns are a contract.
 *
 *     struct om_sidecar sidecar = OM_SIDECAR_CLOSED;
 *     om_sidecar_open(&sidecar, path, &output, err)    the output's sink is open; nothing is written yet
 *     ... the output is written ...
 *     om_sidecar_write, om_sink_commit(&output), om_sidecar_commit
 *     cleanup: om_sidecar_abort(&sidecar);             does nothing after a commit
 */
#ifndef OM_REPORT_SIDECAR_H
#define OM_REPORT_SIDECAR_H

#include "io/sha256.h"
#include "io/sink.h"
#include "report/manifest.h"

struct om_sidecar {
    struct om_sink sink;
    struct om_sha256 sha256; /* of the output */
    uint64_t bytes;
    bool open;
};

#define OM_SIDECAR_CLOSED ((struct om_sidecar){.sink = OM_SINK_CLOSED})

/* Looks at what is written to the output from now on. A NULL path leaves it closed: then all calls do
 * nothing. Errors: as om_sink_open. */
om_status om_sidecar_open(struct om_sidecar *sidecar, const char *path, struct om_sink *output,
                          struct om_error *err) OM_NODISCARD;
om_status om_sidecar_write(struct om_sidecar *sidecar, const struct om_analysis *analysis,
                           const struct om_report_options *options, const struct om_sink *output,
                           struct om_error *err) OM_NODISCARD;
om_status om_sidecar_commit(struct om_sidecar *sidecar, struct om_error *err) OM_NODISCARD;
void om_sidecar_abort(struct om_sidecar *sidecar);

#endif
