/* A validation as JUnit XML: a test case for each kind of finding, which fails where the data do. */
#include "report/validation_view.h"
#include "report/xml.h"

#include <inttypes.h>

/* Everything about a group, a line each. */
static void
add_details(struct om_buffer *out, const struct om_finding_group *group)
{
    for (size_t i = 0; i < group->n_kept; i++) {
        struct om_buffer place = OM_BUFFER_EMPTY;
        om_finding_say_place(&place, &group->first[i]);
        om_xml_text(out, om_buffer_string(&place));
        om_buffer_char(out, '\n');
        out->failed |= !om_buffer_ok(&place);
        om_buffer_release(&place);
    }
    if (group->count > group->n_kept)
        om_buffer_format(out, "and %" PRIu64 " more\n", group->count - group->n_kept);
    om_xml_text(out, group->first[0].hint);
    om_buffer_char(out, '\n');
}

static void
add_case(struct om_buffer *out, const struct om_finding_group *group,
         const struct om_findings_options *options)
{
    const struct om_finding *first = &group->first[0];
    struct om_buffer name = OM_BUFFER_EMPTY;
    om_buffer_format(&name, "OM%03d", first->code);
    om_buffer_text(&name, first->column[0] ? " " : "");
    om_buffer_text(&name, first->column);
    om_buffer_text(out, "    <testcase");
    om_xml_attribute(out, "name", om_buffer_string(&name));
    om_xml_attribute(out, "classname", first->file);
    om_buffer_text(out, ">\n");
    const bool fails = om_group_fails(group, options);
    if (fails) {
        om_buffer_text(out, "      <failure");
        om_xml_attribute(out, "type", om_severity_name(first->severity));
        om_xml_attribute(out, "message", first->message);
        om_buffer_char(out, '>');
    } else {
        om_buffer_format(out, "      <system-out>%s: ", om_severity_name(first->severity));
        om_xml_text(out, first->message);
        om_buffer_char(out, '\n');
    }
    add_details(out, group);
    om_buffer_format(out, "</%s>\n    </testcase>\n", fails ? "failure" : "system-out");
    out->failed |= !om_buffer_ok(&name);
    om_buffer_release(&name);
}

static void
add_other_case(struct om_buffer *out, const char *name, const char *skipped)
{
    om_buffer_text(out, "    <testcase");
    om_xml_attribute(out, "name", name);
    om_xml_attribute(out, "classname", "omstat");
    om_buffer_text(out, skipped ? ">\n      <skipped" : "/>\n");
    if (!skipped)
        return;
    om_xml_attribute(out, "message", skipped);
    om_buffer_text(out, "/>\n    </testcase>\n");
}

void
om_validation_junit(struct om_buffer *out, const struct om_validation *v,
                    const struct om_findings_options *options)
{
    size_t n = om_findings_groups(v->findings), failures = 0;
    for (size_t i = 0; i < n; i++)
        failures += om_group_fails(om_findings_group(v->findings, i), options);
    size_t tests = n + v->n_unchecked + (n == 0);
    om_buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    om_buffer_format(out, "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n", tests,
                     failures, v->n_unchecked);
    om_buffer_format(out,
                     "  <testsuite name=\"omstat validate\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" "
                     "skipped=\"%zu\">\n",
                     tests, failures, v->n_unchecked);
    for (size_t i = 0; i < n; i++)
        add_case(out, om_findings_group(v->findings, i), options);
    if (n == 0)
        add_other_case(out, "no findings", NULL);
    for (size_t i = 0; i < v->n_unchecked; i++)
        add_other_case(out, "not checked", v->unchecked[i].reason);
    om_buffer_text(out, "  </testsuite>\n</testsuites>\n");
}
