/*
 * A baseline: the findings of one run, accepted for later ones.
 *
 *     {"schema": "omstat/baseline/1",
 *      "accepted": [{"code": "OM132", "column": "phq9_3", "fingerprint": "...", "count": 4}]}
 *
 * It is JSON, which the reader of YAML reads. Only fingerprint and count are used; code and column are for
 * people.
 */
#include <omstat/findings_report.h>

#include "base/error.h"
#include "io/sink.h"
#include "io/yaml.h"
#include "report/json.h"

#include <stdio.h>
#include <string.h>

/* --- reading -------------------------------------------------------------------------------------------- */

/* A count that was accepted. */
static uint64_t
count_of(struct om_yaml *yaml, const struct om_yaml_node *node)
{
    struct om_fraction count = om_yaml_fraction(yaml, node);
    if (yaml->status == OM_OK && (count.den != 1 || count.num < 1))
        om_yaml_fail(yaml, node, NULL, "a count is a whole number, 1 or more");
    return yaml->status == OM_OK ? (uint64_t)count.num : 0;
}

static void
accept_all(struct om_yaml *yaml, struct om_findings *findings)
{
    static const char *const members[] = {"schema", "accepted"};
    static const char *const keys[] = {"code", "column", "fingerprint", "count"};
    om_yaml_known_keys(yaml, yaml->root, members, 2);
    const struct om_yaml_node *schema = om_yaml_get(yaml, yaml->root, "schema");
    const char *name = om_yaml_text(yaml, schema);
    if (name && strcmp(name, "omstat/baseline/1") != 0)
        om_yaml_fail(yaml, schema, "write one with --write-baseline", "this is no baseline");
    om_yaml_each(entry, om_yaml_sequence(yaml, om_yaml_get(yaml, yaml->root, "accepted")))
    {
        om_yaml_known_keys(yaml, entry, keys, 4);
        const char *fingerprint = om_yaml_text(yaml, om_yaml_get(yaml, entry, "fingerprint"));
        uint64_t count = count_of(yaml, om_yaml_get(yaml, entry, "count"));
        if (yaml->status != OM_OK)
            return;
        om_findings_accept(findings, fingerprint, count);
    }
}

om_status
om_baseline_apply(struct om_findings *findings, const char *path, struct om_error *err)
{
    struct om_yaml yaml;
    OM_TRY(om_yaml_load(&yaml, path, err));
    accept_all(&yaml, findings);
    om_status status = yaml.status;
    om_yaml_release(&yaml);
    return status;
}

/* --- writing -------------------------------------------------------------------------------------------- */

static void
add_accepted(struct om_json *json, const struct om_finding_group *group)
{
    char text[OM_FINGERPRINT_TEXT];
    om_json_begin(json, '{', OM_JSON_INLINE);
    snprintf(text, sizeof text, "OM%03d", group->first[0].code);
    om_json_member_text(json, "code", text);
    om_json_member_text(json, "column", group->first[0].column);
    om_finding_fingerprint(&group->first[0], text);
    om_json_member_text(json, "fingerprint", text);
    om_json_member_count(json, "count", group->count);
    om_json_end(json, '}');
}

static void
add_baseline(struct om_buffer *out, const struct om_findings *findings)
{
    struct om_json json = OM_JSON(out);
    om_json_begin(&json, '{', OM_JSON_LINES);
    om_json_member_text(&json, "schema", "omstat/baseline/1");
    om_json_name(&json, "accepted");
    om_json_begin(&json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < om_findings_groups(findings); i++)
        if (om_findings_group(findings, i)->first[0].severity != OM_FATAL)
            add_accepted(&json, om_findings_group(findings, i));
    om_json_end(&json, ']');
    om_json_end(&json, '}');
}

om_status
om_baseline_write(const struct om_findings *findings, const char *path, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    add_baseline(&out, findings);
    om_status status = om_sink_write_all(path, &out, err);
    om_buffer_release(&out);
    return status;
}
