/* Long panels: records gathered by person. See persons.h. */
#ifndef OM_PANEL_GATHER_H
#define OM_PANEL_GATHER_H

#include "panel/persons.h"

om_status om_gather(struct om_panel *panel, om_person_fn *consume, void *context,
                    om_panel_progress_fn *progress, void *progress_context, struct om_persons_count *count,
                    struct om_error *err) OM_NODISCARD;

/* Reports the record as a duplicate of one seen before (OM140). */
void om_report_duplicate(const struct om_panel *panel, size_t file, const struct om_record_row *row,
                         const struct om_record_place *first);

/* The error that ends a run under the policy `error`. */
om_status om_fail_duplicates(const struct om_panel *panel, uint64_t n, struct om_error *err);

#endif
