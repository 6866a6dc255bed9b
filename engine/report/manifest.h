/* The manifest in views. <omstat/manifest.h> says what it is. */
#ifndef OM_REPORT_MANIFEST_H
#define OM_REPORT_MANIFEST_H

#include "io/sha256.h"
#include "report/json.h"

#include <omstat/manifest.h>

#define OM_MANIFEST_SCHEMA "omstat/manifest/1"

/* The manifest as an object: the value of a member, or a document of its own when nothing is open. */
void om_manifest_json(struct om_json *json, const struct om_analysis *analysis,
                      const struct om_report_options *options);

/* A sentence about what was read, which may begin with the path of an input, from the file's own name on. */
const char *om_without_folder(const struct om_analysis *analysis, const char *sentence);

/* The same for a manifest that stands beside its output. Without one (NULL) it is that of the files of
 * options->beside, whose endings say how they were rendered. */
void om_manifest_json_of(struct om_json *json, const struct om_analysis *analysis,
                         const struct om_report_options *options, const struct om_output_info *output);

/* The manifest as JSON text of several lines, the last one ended: for views that show it as it is. */
void om_manifest_text(struct om_buffer *out, const struct om_analysis *analysis,
                      const struct om_report_options *options);

#endif
