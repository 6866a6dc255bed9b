/* A validation as SARIF 2.1.0 (OASIS Standard, 27 March 2020): one result for each code and column. */
#include "report/json.h"
#include "report/validation_view.h"

#include <omstat/version.h>
#include <stdio.h>

static const char *
level_of(enum om_severity severity)
{
    return severity >= OM_BAD ? "error" : severity == OM_WARNING ? "warning" : "note";
}

static void
member_message(struct om_json *json, const char *name, const char *text)
{
    om_json_name(json, name);
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "text", text);
    om_json_end(json, '}');
}

static void
add_rule(struct om_json *json, const struct om_catalogue_entry *entry)
{
    char id[16];
    snprintf(id, sizeof id, "OM%03d", entry->code);
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_member_text(json, "id", id);
    member_message(json, "shortDescription", entry->title);
    member_message(json, "fullDescription", entry->does);
    member_message(json, "help", entry->remedy);
    om_json_name(json, "defaultConfiguration");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "level", level_of(entry->severity));
    om_json_end(json, '}');
    om_json_end(json, '}');
}

static void
add_tool(struct om_json *json)
{
    size_t n;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    om_json_name(json, "tool");
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_name(json, "driver");
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_member_text(json, "name", "omstat");
    om_json_member_text(json, "version", OM_VERSION);
    om_json_name(json, "rules");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < n; i++)
        if (entry[i].of_data)
            add_rule(json, &entry[i]);
    om_json_end(json, ']');
    om_json_end(json, '}');
    om_json_end(json, '}');
}

/* The index of a code among the rules, which are those of data. */
static uint64_t
rule_index(int code)
{
    size_t n;
    uint64_t index = 0;
    const struct om_catalogue_entry *entry = om_catalogue(&n);
    for (size_t i = 0; i < n && entry[i].code != code; i++)
        index += entry[i].of_data;
    return index;
}

static void
member_place(struct om_json *json, const struct om_finding *finding)
{
    struct om_buffer uri = OM_BUFFER_EMPTY;
    om_uri(&uri, finding->file);
    om_json_name(json, "physicalLocation");
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_name(json, "artifactLocation");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "uri", om_buffer_string(&uri));
    om_json_end(json, '}');
    json->out->failed |= !om_buffer_ok(&uri);
    om_buffer_release(&uri);
    if (finding->line) {
        om_json_name(json, "region");
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_count(json, "startLine", finding->line);
        if (finding->record && finding->byte_offset != OM_OFFSET_UNKNOWN)
            om_json_member_count(json, "byteOffset", finding->byte_offset);
        om_json_end(json, '}');
    }
    om_json_end(json, '}');
}

static void
add_locations(struct om_json *json, const struct om_finding_group *group)
{
    om_json_name(json, "locations");
    om_json_begin(json, '[', OM_JSON_LINES);
    om_json_begin(json, '{', OM_JSON_LINES);
    member_place(json, &group->first[0]);
    om_json_end(json, '}');
    om_json_end(json, ']');
    if (group->n_kept < 2)
        return;
    om_json_name(json, "relatedLocations");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 1; i < group->n_kept; i++) {
        om_json_begin(json, '{', OM_JSON_LINES);
        om_json_member_count(json, "id", i);
        member_place(json, &group->first[i]);
        member_message(json, "message", group->first[i].message);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
add_result(struct om_json *json, const struct om_finding_group *group)
{
    const struct om_finding *first = &group->first[0];
    struct om_buffer text = OM_BUFFER_EMPTY;
    char id[16], fingerprint[OM_FINGERPRINT_TEXT];
    snprintf(id, sizeof id, "OM%03d", first->code);
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_member_text(json, "ruleId", id);
    om_json_member_count(json, "ruleIndex", rule_index(first->code));
    om_json_member_text(json, "level", level_of(first->severity));
    om_buffer_text(&text, first->message);
    om_buffer_text(&text, first->column[0] ? ", " : "");
    om_finding_say_column(&text, first);
    om_buffer_format(&text, ". Remedy: %s", first->hint);
    member_message(json, "message", om_buffer_string(&text));
    json->out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
    add_locations(json, group);
    om_json_member_count(json, "occurrenceCount", group->count);
    om_json_member_text(json, "baselineState", group->count > group->known ? "new" : "unchanged");
    om_finding_fingerprint(first, fingerprint);
    om_json_name(json, "partialFingerprints");
    om_json_begin(json, '{', OM_JSON_INLINE);
    om_json_member_text(json, "omstat/v1", fingerprint);
    om_json_end(json, '}');
    om_json_end(json, '}');
}

void
om_validation_sarif(struct om_buffer *out, const struct om_validation *v,
                    const struct om_findings_options *options)
{
    struct om_json json = OM_JSON(out);
    (void)options;
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(
        &json, "$schema",
        "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
    om_json_member_text(&json, "version", "2.1.0");
    om_json_name(&json, "runs");
    om_json_begin(&json, '[', OM_JSON_LINES);
    om_json_begin(&json, '{', OM_JSON_LINES);
    add_tool(&json);
    om_json_name(&json, "results");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < om_findings_groups(v->findings); i++)
        add_result(&json, om_findings_group(v->findings, i));
    om_json_end(&json, ']');
    om_json_end(&json, '}');
    om_json_end(&json, ']');
    om_json_end(&json, '}');
}
