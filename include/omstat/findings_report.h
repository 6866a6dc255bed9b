/* Views of a validation: for people, for programs, and for the platforms that run pipelines. */
#ifndef OMSTAT_FINDINGS_REPORT_H
#define OMSTAT_FINDINGS_REPORT_H

#include <stdbool.h>
#include <omstat/catalogue.h>
#include <omstat/validate.h>

enum om_findings_format {
    OM_FINDINGS_TEXT,
    OM_FINDINGS_JSON,   /* schema omstat/findings/1 */
    OM_FINDINGS_NDJSON, /* its findings, one a line */
    OM_FINDINGS_SARIF,  /* 2.1.0 */
    OM_FINDINGS_JUNIT,  /* XML */
    OM_FINDINGS_GITHUB, /* workflow commands: annotations */
    OM_FINDINGS_GITLAB, /* code quality */
    OM_FINDINGS_TAP,    /* 14 */
    OM_FINDINGS_MARKDOWN,
};

/* The names, as they are given: "text|json|...". */
#define OM_FINDINGS_FORMATS "text|json|ndjson|sarif|junit|github|gitlab|tap|markdown"

/* A name of OM_FINDINGS_FORMATS to its format; false when it is none. */
OM_API bool om_findings_format_parse(const char *name, enum om_findings_format *out);

struct om_findings_options {
    enum om_findings_format format;
    bool color;               /* text only */
    bool gate;                /* false: no finding fails the data, but a fatal one */
    enum om_severity fail_on; /* a finding that is new (findings.h) and at least this severe fails the data */
};

/* Do the data fail? */
OM_API bool om_validation_fails(const struct om_validation *validation,
                                const struct om_findings_options *options);

/* Renders into memory; the caller frees with om_text_free. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_validation_render(const struct om_validation *validation,
                                                   const struct om_findings_options *options, char **text,
                                                   size_t *length, struct om_error *err);

/* Renders to a file that appears whole or not at all, or to standard output for "-". */
OM_API OM_NODISCARD om_status om_validation_write(const struct om_validation *validation,
                                                  const struct om_findings_options *options, const char *path,
                                                  struct om_error *err);

/* Accepts the findings that a baseline lists (om_findings_accept). Errors: OM_ERR_DEFINITION with the place,
 * OM_ERR_NO_INPUT, OM_ERR_PERMISSION, OM_ERR_IO, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_baseline_apply(struct om_findings *findings, const char *path,
                                                struct om_error *err);

/* Writes a baseline that accepts all findings but a fatal one, to a file that appears whole or not at all. */
OM_API OM_NODISCARD om_status om_baseline_write(const struct om_findings *findings, const char *path,
                                                struct om_error *err);

/* The catalogue as a page of documentation (docs/findings.md). The caller frees with om_text_free. */
OM_API OM_NODISCARD om_status om_catalogue_page(char **text, struct om_error *err);

#endif
