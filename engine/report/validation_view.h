/* The views of a validation, each in a file of its own; a failure of the buffer is checked by the caller. */
#ifndef OM_REPORT_VALIDATION_VIEW_H
#define OM_REPORT_VALIDATION_VIEW_H

#include "base/buffer.h"

#include <omstat/findings_report.h>

typedef void om_validation_view(struct om_buffer *out, const struct om_validation *validation,
                                const struct om_findings_options *options);

om_validation_view om_validation_text, om_validation_json, om_validation_ndjson, om_validation_sarif,
    om_validation_junit, om_validation_github, om_validation_gitlab, om_validation_tap,
    om_validation_markdown;

/* How many findings there are of one severity. */
static inline uint64_t
om_findings_of(const struct om_findings *findings, enum om_severity severity)
{
    uint64_t more = severity < OM_FATAL ? om_findings_count(findings, severity + 1) : 0;
    return om_findings_count(findings, severity) - more;
}

/* Does this group fail the data? */
static inline bool
om_group_fails(const struct om_finding_group *group, const struct om_findings_options *options)
{
    enum om_severity severity = group->first[0].severity;
    return severity == OM_FATAL ||
           (options->gate && severity >= options->fail_on && group->count > group->known);
}

/* "OM132 answer out of range", "column phq9_3" (nothing without one), "panel.csv:5", all fit to be displayed.
 */
void om_finding_say(struct om_buffer *out, const struct om_finding *finding);
void om_finding_say_column(struct om_buffer *out, const struct om_finding *finding);
void om_finding_say_place(struct om_buffer *out, const struct om_finding *finding);

/* "2 errors and 1 warning in 40 records" */
void om_validation_say_counts(struct om_buffer *out, const struct om_validation *validation);

/* A path as a URI reference. */
void om_uri(struct om_buffer *out, const char *path);

#endif
