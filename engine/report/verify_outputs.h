/* The files that a manifest lists beside the one output that is compared line by line: figures, and the forms
 * of a report in a batch. Private to report/. */
#ifndef OM_REPORT_VERIFY_OUTPUTS_H
#define OM_REPORT_VERIFY_OUTPUTS_H

#include "base/buffer.h"
#include "panel/spec.h"
#include "report/verify_find.h"

/* Adds a sentence, as it may be displayed, and empties the buffer. Errors: OM_ERR_NOMEM. */
om_status om_verify_say(struct om_texts *to, struct om_buffer *text, struct om_error *err) OM_NODISCARD;

/* The output that a manifest of its own is about, and says how it was rendered: the only one that is no
 * figure. NULL when there are several, or none. */
const struct om_manifest_file *om_verify_main_output(const struct om_manifest *manifest);

/* Are the others still what was written? One that is not there is a remark. Errors: OM_ERR_NOMEM, OM_ERR_IO.
 */
om_status om_verify_outputs_found(const struct om_verify_request *request, const struct om_manifest *manifest,
                                  struct om_texts *difference, struct om_texts *remark,
                                  struct om_error *err) OM_NODISCARD;

/* Made again, are they what was written? PNG, which another program makes of SVG, is not. Errors: as
 * om_report_render. */
om_status om_verify_outputs_again(const struct om_manifest *manifest, const struct om_analysis *analysis,
                                  struct om_texts *difference, struct om_error *err) OM_NODISCARD;

#endif
