/*
 * The manifest: what an output was made from and by what, as JSON (schema omstat/manifest/1,
 * docs/formats/manifest.md). Every output carries it or has it beside it; om_verify reads it.
 *
 * The same input, options and build give the same bytes: no time, no machine, no folder is in it. Files are
 * named by their base names.
 */
#ifndef OMSTAT_MANIFEST_H
#define OMSTAT_MANIFEST_H

#include <omstat/report.h>

/* The manifest of an analysis that is rendered in this way, as JSON text the caller frees with om_text_free.
 * Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_manifest_render(const struct om_analysis *analysis,
                                                 const struct om_report_options *options, char **text,
                                                 size_t *length, struct om_error *err);

/* Writes the manifest of files that hold none, those of options->beside, to a file that appears whole or not
 * at all. Errors: as om_report_write. */
OM_API OM_NODISCARD om_status om_manifest_write(const struct om_analysis *analysis,
                                                const struct om_report_options *options, const char *path,
                                                struct om_error *err);

#endif
