/* The views of judged claims, each in a file of its own; a failure of the buffer is checked by the caller. */
#ifndef OM_REPORT_CLAIMS_VIEW_H
#define OM_REPORT_CLAIMS_VIEW_H

#include "base/buffer.h"

#include <omstat/claims.h>

typedef void om_claims_view(struct om_buffer *out, const struct om_claims *claims,
                            const struct om_claims_results *results);

om_claims_view om_claims_text, om_claims_markdown, om_claims_json, om_claims_junit;

/* "match", "mismatch", "undecidable" */
const char *om_verdict_name(enum om_verdict verdict);

/* "4 claims: 3 match, 1 does not, 0 cannot be decided" */
void om_claims_say_counts(struct om_buffer *out, const struct om_claims_results *results);

/* What was claimed, in a line: "phq9 total, positive, change, band-or-shift, class.improved: 79 %". */
void om_claims_say_question(struct om_buffer *out, const struct om_claim *claim);

/* "population all (63 of 80)" */
void om_claims_say_alternative(struct om_buffer *out, const struct om_alternative *alternative);

#endif
