/* A folder of reports: the files that SHA256SUMS lists, and each report again from its manifest. Private to
 * report/. */
#ifndef OM_REPORT_VERIFY_FOLDER_H
#define OM_REPORT_VERIFY_FOLDER_H

#include "panel/spec.h"

#include <omstat/verify.h>

bool om_verify_is_folder(const char *path);

/* Errors: OM_ERR_PANEL when it holds no list, or one that names something outside of it; as om_verify. */
om_status om_verify_folder(const struct om_verify_request *request, const struct om_hooks *hooks,
                           struct om_texts *difference, struct om_texts *remark,
                           struct om_error *err) OM_NODISCARD;

#endif
