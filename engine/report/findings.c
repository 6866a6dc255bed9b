/*
 * Findings for people: one line for each kind and column with a count and the first place, one for the
 * remedy.
 *
 *     error OM132 a code that is no answer of the instrument: column gad7_3_pre, 4 times, first at
 * panel.csv:17 (record 16) remedy: ...
 */
#include <omstat/report.h>

#include "base/error.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <string.h>

static const char *
color_of(enum om_severity severity)
{
    return severity >= OM_BAD ? "\x1b[31m" : severity == OM_WARNING ? "\x1b[33m" : "\x1b[2m";
}

static void
add_place(struct om_buffer *out, const struct om_finding *finding)
{
    om_utf8_display(out, finding->file ? finding->file : "");
    if (finding->line)
        om_buffer_format(out, ":%" PRIu64, finding->line);
    if (finding->record)
        om_buffer_format(out, " (record %" PRIu64 ")", finding->record);
}

static void
add_column(struct om_buffer *out, const struct om_finding *finding)
{
    if (finding->column && finding->column[0]) {
        om_buffer_text(out, ", column ");
        om_utf8_display(out, finding->column);
    } else if (finding->column_number) {
        om_buffer_format(out, ", column %" PRIu64, finding->column_number);
    }
}

static void
add_group(struct om_buffer *out, const struct om_finding_group *group, bool color)
{
    const struct om_finding *first = &group->first[0];
    if (color)
        om_buffer_text(out, color_of(first->severity));
    om_buffer_format(out, "%s OM%03d", om_severity_name(first->severity), first->code);
    if (color)
        om_buffer_text(out, "\x1b[0m");
    om_buffer_char(out, ' ');
    om_utf8_display(out, first->message);
    add_column(out, first);
    if (group->count > 1)
        om_buffer_format(out, ": %" PRIu64 " times, first at ", group->count);
    else
        om_buffer_text(out, ": ");
    add_place(out, first);
    if (first->value) {
        om_buffer_text(out, " '");
        om_utf8_display(out, first->value);
        om_buffer_char(out, '\'');
    }
    om_buffer_char(out, '\n');
}

static void
add_hint(struct om_buffer *out, const char *hint, bool color)
{
    om_buffer_text(out, color ? "    \x1b[2m" : "    ");
    om_utf8_display(out, hint);
    om_buffer_text(out, color ? "\x1b[0m\n" : "\n");
}

static bool
has_hint(const struct om_finding_group *group)
{
    return group->first[0].hint && group->first[0].hint[0];
}

/* A hint is said once, after the last of the groups [0, end) in a row that share it. */
static bool
hint_follows(const struct om_findings *findings, size_t i, size_t end)
{
    const struct om_finding_group *group = om_findings_group(findings, i);
    if (!has_hint(group) || i + 1 == end)
        return has_hint(group);
    const struct om_finding_group *next = om_findings_group(findings, i + 1);
    return next->first[0].code != group->first[0].code || !has_hint(next) ||
           strcmp(next->first[0].hint, group->first[0].hint) != 0;
}

/* Notes are for `omstat validate`: nothing needs to be done about them. They come last. */
static size_t
groups_said(const struct om_findings *findings)
{
    size_t n = om_findings_groups(findings);
    while (n > 0 && om_findings_group(findings, n - 1)->first[0].severity == OM_NOTE)
        n--;
    return n;
}

/* How many groups can be shown in max_lines, leaving a line to say how many are not. */
static size_t
groups_shown(const struct om_findings *findings, size_t max_lines)
{
    size_t n = groups_said(findings), lines = 0, shown = 0;
    for (size_t i = 0; i < n; i++) {
        size_t as_last = lines + (hint_follows(findings, i, i + 1) ? 2 : 1);
        if (as_last + (i + 1 < n) <= max_lines)
            shown = i + 1;
        lines += hint_follows(findings, i, n) ? 2 : 1;
    }
    return shown;
}

static void
add_rest(struct om_buffer *out, const struct om_findings *findings, size_t shown)
{
    uint64_t count = 0;
    size_t n = groups_said(findings);
    for (size_t i = shown; i < n; i++)
        count += om_findings_group(findings, i)->count;
    om_buffer_format(out, "and %" PRIu64 " more of %zu other kind%s\n", count, n - shown,
                     n - shown == 1 ? "" : "s");
}

om_status
om_findings_render(const struct om_findings *findings, bool color, size_t max_lines, char **text,
                   size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    size_t shown = groups_shown(findings, max_lines);
    for (size_t i = 0; i < shown; i++) {
        const struct om_finding_group *group = om_findings_group(findings, i);
        add_group(&out, group, color);
        if (hint_follows(findings, i, shown))
            add_hint(&out, group->first[0].hint, color);
    }
    if (shown < groups_said(findings) && max_lines > 0)
        add_rest(&out, findings, shown);
    size_t n = out.length;
    char *taken = om_buffer_take(&out);
    if (!taken)
        return om_fail_memory(err);
    *text = taken;
    *length = n;
    return OM_OK;
}
