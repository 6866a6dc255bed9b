/* A validation as annotations for GitHub, and as TAP. */
#include "report/utf8.h"
#include "report/validation_view.h"

#include <inttypes.h>
#include <string.h>

/* --- GitHub: workflow commands -------------------------------------------------------------------------- */

enum { ANNOTATIONS = 10 }; /* of one kind that the platform shows for a step */

/* Text of a workflow command: `%`, CR and LF are encoded, and in a property what would end it. */
static void
add_encoded(struct om_buffer *out, const char *text, const char *special)
{
    for (; *text; text++)
        if (strchr(special, *text))
            om_buffer_format(out, "%%%02X", (unsigned char)*text);
        else
            om_buffer_char(out, *text);
}

static void
add_displayed(struct om_buffer *out, const char *text, const char *special)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, text);
    add_encoded(out, om_buffer_string(&shown), special);
    out->failed |= !om_buffer_ok(&shown);
    om_buffer_release(&shown);
}

static const char *
command_of(enum om_severity severity)
{
    return severity >= OM_BAD ? "error" : severity == OM_WARNING ? "warning" : "notice";
}

static void
add_annotation(struct om_buffer *out, const struct om_finding_group *group)
{
    static const char in_property[] = "%\r\n:,", in_text[] = "%\r\n";
    const struct om_finding *first = &group->first[0];
    struct om_buffer column = OM_BUFFER_EMPTY;
    om_finding_say_column(&column, first);
    om_buffer_format(out, "::%s file=", command_of(first->severity));
    add_displayed(out, first->file, in_property);
    if (first->line)
        om_buffer_format(out, ",line=%" PRIu64, first->line);
    om_buffer_format(out, ",title=OM%03d ", first->code);
    add_displayed(out, first->message, in_property);
    om_buffer_text(out, "::");
    add_encoded(out, om_buffer_string(&column), in_text);
    om_buffer_text(out, column.length ? ": " : "");
    if (group->count > 1)
        om_buffer_format(out, "%" PRIu64 " times. ", group->count);
    add_displayed(out, first->hint, in_text);
    om_buffer_char(out, '\n');
    out->failed |= !om_buffer_ok(&column);
    om_buffer_release(&column);
}

/* Groups come by severity, so the annotations of one command follow each other. */
void
om_validation_github(struct om_buffer *out, const struct om_validation *v,
                     const struct om_findings_options *options)
{
    size_t n = om_findings_groups(v->findings);
    for (size_t i = 0, end; i < n; i = end) {
        const char *command = command_of(om_findings_group(v->findings, i)->first[0].severity);
        uint64_t rest = 0;
        size_t shown = 0, of_kind = 0;
        for (end = i; end < n; end++, of_kind++)
            if (strcmp(command, command_of(om_findings_group(v->findings, end)->first[0].severity)) != 0)
                break;
        const size_t most = of_kind > ANNOTATIONS ? ANNOTATIONS - 1 : of_kind;
        for (size_t k = i; k < end; k++)
            if (shown++ < most)
                add_annotation(out, om_findings_group(v->findings, k));
            else
                rest += om_findings_group(v->findings, k)->count;
        if (rest)
            om_buffer_format(out, "::%s title=omstat validate::and %" PRIu64 " more of %zu other kinds\n",
                             command, rest, of_kind - most);
    }
    om_buffer_format(out, "%s: ", om_validation_fails(v, options) ? "fail" : "pass");
    om_validation_say_counts(out, v);
    om_buffer_char(out, '\n');
}

/* --- TAP ------------------------------------------------------------------------------------------------ */

/* A description: `#` begins a directive, and a backslash escapes it. */
static void
add_description(struct om_buffer *out, const struct om_finding *finding)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_finding_say(&text, finding);
    om_buffer_text(&text, finding->column[0] ? ", " : "");
    om_finding_say_column(&text, finding);
    for (const char *p = om_buffer_string(&text); *p; p++) {
        if (*p == '#' || *p == '\\')
            om_buffer_char(out, '\\');
        om_buffer_char(out, *p);
    }
    out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
}

/* A line of the YAML below a test point, quoted so that nothing in it has a meaning. */
static void
add_yaml(struct om_buffer *out, const char *key, const char *text)
{
    om_buffer_format(out, "  %s: '", key);
    for (; *text; text++) {
        if (*text == '\'')
            om_buffer_char(out, '\'');
        om_buffer_char(out, *text);
    }
    om_buffer_text(out, "'\n");
}

static void
add_point(struct om_buffer *out, const struct om_finding_group *group, size_t number,
          const struct om_findings_options *options)
{
    const struct om_finding *first = &group->first[0];
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_format(out, "%s %zu - ", om_group_fails(group, options) ? "not ok" : "ok", number);
    add_description(out, first);
    om_buffer_text(out, "\n  ---\n");
    add_yaml(out, "severity", om_severity_name(first->severity));
    om_finding_say_place(&text, first);
    add_yaml(out, "first", om_buffer_string(&text));
    om_buffer_format(out, "  count: %" PRIu64 "\n  new: %" PRIu64 "\n", group->count,
                     group->count - group->known);
    om_buffer_clear(&text);
    om_utf8_display(&text, first->hint);
    add_yaml(out, "remedy", om_buffer_string(&text));
    om_buffer_text(out, "  ...\n");
    out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
}

void
om_validation_tap(struct om_buffer *out, const struct om_validation *v,
                  const struct om_findings_options *options)
{
    size_t n = om_findings_groups(v->findings), number = 0;
    om_buffer_format(out, "TAP version 14\n1..%zu\n", n + v->n_unchecked + (n == 0));
    for (size_t i = 0; i < n; i++)
        add_point(out, om_findings_group(v->findings, i), ++number, options);
    if (n == 0)
        om_buffer_format(out, "ok %zu - no findings\n", ++number);
    for (size_t i = 0; i < v->n_unchecked; i++)
        om_buffer_format(out, "ok %zu - # SKIP %s\n", ++number, v->unchecked[i].reason);
}
