/* One thing wrong with the data, with a stable code and an exact place. Codes: docs/findings.md. */
#ifndef OMSTAT_FINDINGS_H
#define OMSTAT_FINDINGS_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

enum om_severity {
    OM_NOTE,    /* worth knowing */
    OM_WARNING, /* accepted, perhaps not what was meant */
    OM_BAD,     /* an error in the data: the record, or the person's scale, has no score */
    OM_FATAL,   /* no result can be had */
};

/* Of a record found by its number in what cannot be read again: a pipe, a compressed file. */
#define OM_OFFSET_UNKNOWN UINT64_MAX

/* Never holds a cell's value or a person's id, but in `value`, which is only filled in when the study asks
 * for it (key show-values). */
struct om_finding {
    int code; /* 132 for OM132 */
    enum om_severity severity;
    const char *file;
    uint64_t line;          /* 1-based; 0 = the file as a whole */
    uint64_t record;        /* 1-based, the header is record 1; 0 = none */
    const char *column;     /* its name; "" = none */
    uint64_t column_number; /* 1-based; 0 = none */
    uint64_t byte_offset;   /* of the record's first byte; OM_OFFSET_UNKNOWN where it cannot be told */
    const char *message;    /* what is wrong */
    const char *hint;       /* the remedy */
    const char *value;      /* the cell's text, or its beginning; NULL = not to be shown */
};

/* Receives findings while data are read, in the order of the file. Text is only valid during the call. */
typedef void (*om_finding_fn)(void *context, const struct om_finding *finding);

/* Findings with counts: the first few of each (code, column) are kept, all are counted. */
struct om_findings;

enum { OM_FINDINGS_KEPT = 5 }; /* examples kept for each code and column */

struct om_finding_group {
    struct om_finding first[OM_FINDINGS_KEPT]; /* in file order; text owned by the set */
    size_t n_kept;
    uint64_t count; /* all of them */
    uint64_t known; /* of those, accepted by a baseline: the others are new */
};

/* An empty set. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_findings_new(struct om_findings **out, struct om_error *err);
OM_API void om_findings_free(struct om_findings *findings); /* accepts NULL */

/* An om_finding_fn whose context is a struct om_findings *. */
OM_API void om_findings_collect(void *findings, const struct om_finding *finding);

/* Groups ordered by severity (worst first), then code, then column number. */
OM_API size_t om_findings_groups(const struct om_findings *findings);
OM_API const struct om_finding_group *om_findings_group(const struct om_findings *findings, size_t index);
/* How many findings are new and at least this severe: all of them, unless a baseline accepted some. */
OM_API uint64_t om_findings_count_new(const struct om_findings *findings, enum om_severity at_least);
/* How many findings are at least this severe. */
OM_API uint64_t om_findings_count(const struct om_findings *findings, enum om_severity at_least);
/* Accepts so many findings of this kind (om_finding_fingerprint): they are known, and what goes beyond them
 * is new. What is fatal cannot be accepted. */
OM_API void om_findings_accept(struct om_findings *findings, const char *fingerprint, uint64_t count);

/* What tells a kind of finding from others in every reading of a data set, whatever the order of its records:
 * 32 hexadecimal digits made from the code and the name of the column. */
enum { OM_FINGERPRINT_TEXT = 33 };
/* Writes the fingerprint of a finding. */
OM_API void om_finding_fingerprint(const struct om_finding *finding, char text[OM_FINGERPRINT_TEXT]);

/* OM_ERR_NOMEM when a finding could not be kept, else OM_OK. */
OM_API om_status om_findings_status(const struct om_findings *findings);

/* The code with which the message of an error begins ("OM121 ..."), or 0; *rest is the message without it. */
OM_API int om_error_finding_code(const struct om_error *err, const char **rest);

OM_API const char *om_severity_name(enum om_severity severity); /* "note", "warning", "error", "fatal" */

#endif
