/* What figures need of the counts beside the rows: the crosstab of each scale over everyone. */
#ifndef OM_ANALYSIS_VIEWS_H
#define OM_ANALYSIS_VIEWS_H

#include "analysis/rows.h"

/* Fills in analysis->view; the occasions compared are known. Errors: OM_ERR_NOMEM; what was filled in until
 * then is released with the analysis. */
om_status om_views_make(struct om_analysis *analysis, const struct om_run *run,
                        struct om_error *err) OM_NODISCARD;
void om_views_release(struct om_analysis *analysis);

#endif
