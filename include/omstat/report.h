/* Views of a result set: text for a terminal, Markdown, HTML, CSV, JSON, a workbook (XLSX). */
#ifndef OMSTAT_REPORT_H
#define OMSTAT_REPORT_H

#include <stdbool.h>
#include <omstat/analysis.h>
#include <omstat/version.h>

enum om_format {
    OM_FORMAT_TEXT,
    OM_FORMAT_MARKDOWN,
    OM_FORMAT_CSV,
    OM_FORMAT_JSON,
    OM_FORMAT_HTML, /* one file that loads nothing */
    OM_FORMAT_XLSX, /* where the build has it: om_format_available */
};

/* A file that was written: what a manifest says of it. */
struct om_output_info {
    char *path;   /* its base name */
    char *folder; /* the base name of the folder that it is in, of a figure; NULL: beside the manifest */
    uint64_t bytes;
    char sha256[65]; /* in hexadecimal */
};

struct om_outputs {
    struct om_output_info *at;
    size_t n, capacity;
};

/* Frees what was listed; a zeroed one is fine. */
OM_API void om_outputs_release(struct om_outputs *outputs);

struct om_report_options {
    enum om_format format;
    bool color;   /* text only: ANSI attributes */
    size_t width; /* text only: columns of the terminal; 0 = 100 */

    /* Of the manifest (<omstat/manifest.h>). */
    const char *date;                /* "2026-11-22T14:05:00Z", what SOURCE_DATE_EPOCH says; NULL = none */
    const char *manifest;            /* om_report_write: also write the manifest to this file; NULL = no */
    const struct om_build *built_by; /* to be named instead of this program; NULL = this one */
    const struct om_outputs *beside; /* other files of the same run, such as figures; NULL = none */
};

/* "text", "markdown" (also "md"), "html", "csv", "json", "xlsx" to a format; false when it is none. */
OM_API bool om_format_parse(const char *name, enum om_format *out);

/* "text", "markdown", "html", "csv", "json" or "xlsx". Static storage. */
OM_API const char *om_format_name(enum om_format format);

/* The format a file name asks for by its ending (.csv .json .md .markdown .html .htm .txt .text .xlsx); text
 * when it has no ending or is standard output ("-") or a device. False for an ending that is none of these.
 */
OM_API bool om_format_of_path(const char *path, enum om_format *out);

/* False when this build was made without what the format needs. */
OM_API bool om_format_available(enum om_format format);

/* True of a format that is no text, and of no use on a terminal. */
OM_API bool om_format_binary(enum om_format format);

/* Renders into memory; the caller frees with om_text_free. */
OM_API OM_NODISCARD om_status om_report_render(const struct om_analysis *analysis,
                                               const struct om_report_options *options, char **text,
                                               size_t *length, struct om_error *err);

/* Renders to a file that appears whole or not at all, or to standard output for "-". The manifest beside it
 * holds the digest of what was written. */
OM_API OM_NODISCARD om_status om_report_write(const struct om_analysis *analysis,
                                              const struct om_report_options *options, const char *path,
                                              struct om_error *err);

/* Writes the log of a shareable analysis as CSV, in the columns of the result set without any number: every
 * value that was withheld or left out, and as its note why: "primary", "complementary", "not publishable".
 * Not to be shared. The file appears whole or not at all; "-" is standard output. */
OM_API OM_NODISCARD om_status om_disclosure_write_log(const struct om_analysis *analysis, const char *path,
                                                      struct om_error *err);

/* Findings for people: grouped, with counts and places; at most max_lines lines. */
OM_API OM_NODISCARD om_status om_findings_render(const struct om_findings *findings, bool color,
                                                 size_t max_lines, char **text, size_t *length,
                                                 struct om_error *err);

#endif
