/* The study that a manifest is about, made again. Private to report/. */
#ifndef OM_REPORT_VERIFY_STUDY_H
#define OM_REPORT_VERIFY_STUDY_H

#include "report/verify_find.h"

/* Sets the options of a manifest, with the files that were found for it. Only keys of the study that can
 * change a result are taken. Errors: OM_ERR_PANEL for an option that is none here; OM_ERR_DEFINITION ... as
 * om_study_set. */
om_status om_verify_study(const struct om_manifest *manifest, const struct om_found *input,
                          const struct om_found *file, struct om_study **out,
                          struct om_error *err) OM_NODISCARD;

#endif
