/* A validation as JSON (schema omstat/findings/1), as lines of JSON, and as GitLab's report of code quality.
 */
#include "report/json.h"
#include "report/validation_view.h"

#include <omstat/version.h>
#include <stdio.h>

static void
member_place(struct om_json *json, const char *name, uint64_t value)
{
    om_json_name(json, name);
    if (value)
        om_json_count(json, value);
    else
        om_json_null(json);
}

/* Not known, or not of a record: only the header can begin at byte 0. */
static void
member_offset(struct om_json *json, const struct om_finding *finding)
{
    om_json_name(json, "byte_offset");
    if (finding->record && finding->byte_offset != OM_OFFSET_UNKNOWN)
        om_json_count(json, finding->byte_offset);
    else
        om_json_null(json);
}

static void
add_code(struct om_json *json, int code)
{
    char text[16];
    snprintf(text, sizeof text, "OM%03d", code);
    om_json_member_text(json, "code", text);
}

/* The columns that docs/formats/findings.md promises. */
static void
add_columns(struct om_json *json, const struct om_finding_group *group)
{
    const struct om_finding *first = &group->first[0];
    char fingerprint[OM_FINGERPRINT_TEXT];
    add_code(json, first->code);
    om_json_member_text(json, "severity", om_severity_name(first->severity));
    om_json_member_text(json, "file", first->file);
    member_place(json, "line", first->line);
    member_place(json, "record", first->record);
    om_json_member_optional(json, "column", first->column);
    member_offset(json, first);
    om_json_member_text(json, "message", first->message);
    om_json_member_optional(json, "hint", first->hint);
    om_json_member_count(json, "count", group->count);
    om_json_member_count(json, "new", group->count - group->known);
    member_place(json, "column_number", first->column_number);
    om_finding_fingerprint(first, fingerprint);
    om_json_member_text(json, "fingerprint", fingerprint);
}

static void
add_finding(struct om_json *json, const struct om_finding_group *group)
{
    om_json_begin(json, '{', OM_JSON_INLINE);
    add_columns(json, group);
    om_json_name(json, "places");
    om_json_begin(json, '[', OM_JSON_INLINE);
    for (size_t i = 0; i < group->n_kept; i++) {
        const struct om_finding *finding = &group->first[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "file", finding->file);
        member_place(json, "line", finding->line);
        member_place(json, "record", finding->record);
        member_offset(json, finding);
        if (finding->value)
            om_json_member_text(json, "value", finding->value);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
    om_json_end(json, '}');
}

static void
add_inputs(struct om_json *json, const struct om_validation *v)
{
    om_json_name(json, "inputs");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < v->n_inputs; i++) {
        const struct om_input_info *info = &v->input[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "path", info->path);
        om_json_member_count(json, "bytes", info->bytes);
        om_json_member_count(json, "records", info->records);
        om_json_member_optional(json, info->digest_name, info->digest);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
add_unchecked(struct om_json *json, const struct om_validation *v)
{
    om_json_name(json, "unchecked");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < v->n_unchecked; i++) {
        om_json_begin(json, '{', OM_JSON_INLINE);
        if (v->unchecked[i].code)
            add_code(json, v->unchecked[i].code);
        om_json_member_text(json, "reason", v->unchecked[i].reason);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

void
om_validation_json(struct om_buffer *out, const struct om_validation *v,
                   const struct om_findings_options *options)
{
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(&json, "schema", "omstat/findings/1");
    om_json_member_text(&json, "version", OM_VERSION);
    om_json_member_text(&json, "verdict", om_validation_fails(v, options) ? "fail" : "pass");
    om_json_member_text(&json, "fail_on", options->gate ? om_severity_name(options->fail_on) : "never");
    om_json_member_count(&json, "records", v->records);
    om_json_name(&json, "counts");
    om_json_begin(&json, '{', OM_JSON_INLINE);
    for (int severity = OM_FATAL; severity >= OM_NOTE; severity--)
        om_json_member_count(&json, om_severity_name((enum om_severity)severity),
                             om_findings_of(v->findings, (enum om_severity)severity));
    om_json_end(&json, '}');
    add_inputs(&json, v);
    om_json_name(&json, "findings");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < om_findings_groups(v->findings); i++)
        add_finding(&json, om_findings_group(v->findings, i));
    om_json_end(&json, ']');
    add_unchecked(&json, v);
    om_json_end(&json, '}');
}

void
om_validation_ndjson(struct om_buffer *out, const struct om_validation *v,
                     const struct om_findings_options *options)
{
    (void)options;
    for (size_t i = 0; i < om_findings_groups(v->findings); i++) {
        struct om_json json = OM_JSON(out);
        add_finding(&json, om_findings_group(v->findings, i));
    }
}

/* --- GitLab --------------------------------------------------------------------------------------------- */

static void
add_issue(struct om_json *json, const struct om_finding_group *group)
{
    static const char *const severities[] = {"info", "minor", "major", "blocker"};
    const struct om_finding *first = &group->first[0];
    struct om_buffer text = OM_BUFFER_EMPTY;
    char fingerprint[OM_FINGERPRINT_TEXT];
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_finding_say(&text, first);
    om_buffer_text(&text, first->column[0] ? ", " : "");
    om_finding_say_column(&text, first);
    if (group->count > 1)
        om_buffer_format(&text, ", %llu times", (unsigned long long)group->count);
    om_json_member_text(json, "description", om_buffer_string(&text));
    json->out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
    snprintf(fingerprint, sizeof fingerprint, "OM%03d", first->code);
    om_json_member_text(json, "check_name", fingerprint);
    om_finding_fingerprint(first, fingerprint);
    om_json_member_text(json, "fingerprint", fingerprint);
    om_json_member_text(json, "severity", severities[first->severity]);
    om_json_name(json, "location");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "path", first->file);
    om_json_name(json, "lines");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_count(json, "begin", first->line ? first->line : 1);
    om_json_end(json, '}');
    om_json_end(json, '}');
    om_json_end(json, '}');
}

/* The platform shows what is new against the target branch by itself; what a baseline accepted is left out.
 */
void
om_validation_gitlab(struct om_buffer *out, const struct om_validation *v,
                     const struct om_findings_options *options)
{
    struct om_json json = OM_JSON(out);
    (void)options;
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < om_findings_groups(v->findings); i++) {
        const struct om_finding_group *group = om_findings_group(v->findings, i);
        if (group->count > group->known)
            add_issue(&json, group);
    }
    om_json_end(&json, ']');
}
