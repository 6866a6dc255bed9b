/*
 * A validation for people: what is wrong grouped by code and column, and in the last line the verdict.
 *
 *     error OM132 answer out of range
 *         column phq3: 1,209 times, at panel.csv:5, 9, 14, 15, 22 and 1,204 more
 *         the codes of PHQ-9 are 0 to 3
 */
#include "report/validation_view.h"

#include "report/utf8.h"
#include "report/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *
color_of(enum om_severity severity)
{
    return severity >= OM_BAD ? "\x1b[31m" : severity == OM_WARNING ? "\x1b[33m" : "\x1b[2m";
}

/* With commas between thousands. */
static void
add_count(struct om_buffer *out, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            om_buffer_char(out, ',');
        om_buffer_char(out, digits[i]);
    }
}

/* "panel.csv:5, 9, 14 and 1,204 more" */
static void
add_places(struct om_buffer *out, const struct om_finding_group *group)
{
    for (size_t i = 0; i < group->n_kept; i++) {
        const struct om_finding *finding = &group->first[i];
        const bool same = i > 0 && strcmp(finding->file, group->first[i - 1].file) == 0;
        om_buffer_text(out, i ? ", " : "");
        if (same && finding->line)
            om_buffer_format(out, "%" PRIu64, finding->line);
        else
            om_finding_say_place(out, finding);
        if (finding->value) {
            om_buffer_text(out, " '");
            om_utf8_display(out, finding->value);
            om_buffer_char(out, '\'');
        }
    }
    if (group->count > group->n_kept) {
        om_buffer_text(out, " and ");
        add_count(out, group->count - group->n_kept);
        om_buffer_text(out, " more");
    }
}

static void
add_group(struct om_buffer *out, const struct om_finding_group *group)
{
    const struct om_finding *first = &group->first[0];
    om_buffer_text(out, "    ");
    om_finding_say_column(out, first);
    om_buffer_text(out, first->column[0] || first->column_number ? ": " : "");
    if (group->count > 1) {
        add_count(out, group->count);
        om_buffer_text(out, " times, at ");
    }
    add_places(out, group);
    if (group->known) {
        om_buffer_text(out, group->known == group->count ? "; accepted by the baseline" : "; ");
        if (group->known < group->count) {
            add_count(out, group->count - group->known);
            om_buffer_text(out, " of them new");
        }
    }
    om_buffer_char(out, '\n');
}

/* Do both say the same, of different columns? */
static bool
is_same_kind(const struct om_finding_group *a, const struct om_finding_group *b)
{
    return a->first[0].code == b->first[0].code && a->first[0].severity == b->first[0].severity &&
           strcmp(a->first[0].message, b->first[0].message) == 0 &&
           strcmp(a->first[0].hint, b->first[0].hint) == 0;
}

/* The groups from i on that are of one kind; returns where they end. */
static size_t
add_kind(struct om_buffer *out, const struct om_findings *findings, size_t i, bool color)
{
    const struct om_finding_group *group = om_findings_group(findings, i);
    const struct om_finding *first = &group->first[0];
    size_t end = i;
    om_buffer_text(out, color ? color_of(first->severity) : "");
    om_buffer_text(out, om_severity_name(first->severity));
    om_buffer_text(out, color ? "\x1b[0m " : " ");
    om_finding_say(out, first);
    om_buffer_char(out, '\n');
    while (end < om_findings_groups(findings) && is_same_kind(group, om_findings_group(findings, end)))
        add_group(out, om_findings_group(findings, end++));
    if (first->hint[0]) {
        om_buffer_text(out, color ? "    \x1b[2m" : "    ");
        om_utf8_display(out, first->hint);
        om_buffer_text(out, color ? "\x1b[0m\n" : "\n");
    }
    return end;
}

static void
add_verdict(struct om_buffer *out, const struct om_validation *v, const struct om_findings_options *options)
{
    const bool fails = om_validation_fails(v, options);
    if (options->color)
        om_buffer_text(out, fails ? "\x1b[31m" : "\x1b[32m");
    om_buffer_text(out, fails ? "fail: " : "pass: ");
    om_buffer_text(out, options->color ? "\x1b[0m" : "");
    om_validation_say_counts(out, v);
    om_buffer_char(out, '\n');
}

void
om_validation_text(struct om_buffer *out, const struct om_validation *v,
                   const struct om_findings_options *options)
{
    for (size_t i = 0; i < om_findings_groups(v->findings);)
        i = add_kind(out, v->findings, i, options->color);
    for (size_t i = 0; i < v->n_unchecked; i++)
        om_buffer_format(out, "not checked: %s\n", v->unchecked[i].reason);
    add_verdict(out, v, options);
}

/* --- Markdown ------------------------------------------------------------------------------------------- */

static void
add_cell(struct om_buffer *out, void (*say)(struct om_buffer *, const struct om_finding *),
         const struct om_finding *finding)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    say(&text, finding);
    om_buffer_text(out, " | ");
    om_markdown_text(out, om_buffer_string(&text));
    out->failed |= !om_buffer_ok(&text);
    om_buffer_release(&text);
}

static void
say_hint(struct om_buffer *out, const struct om_finding *finding)
{
    om_buffer_text(out, finding->hint);
}

static void
say_column_name(struct om_buffer *out, const struct om_finding *finding)
{
    om_buffer_text(out, finding->column);
}

static void
add_row(struct om_buffer *out, const struct om_finding_group *group)
{
    const struct om_finding *first = &group->first[0];
    om_buffer_format(out, "| %s", om_severity_name(first->severity));
    add_cell(out, om_finding_say, first);
    add_cell(out, say_column_name, first);
    om_buffer_text(out, " | ");
    add_count(out, group->count);
    om_buffer_text(out, " | ");
    add_count(out, group->count - group->known);
    add_cell(out, om_finding_say_place, first);
    add_cell(out, say_hint, first);
    om_buffer_text(out, " |\n");
}

void
om_validation_markdown(struct om_buffer *out, const struct om_validation *v,
                       const struct om_findings_options *options)
{
    size_t n = om_findings_groups(v->findings);
    om_buffer_format(out, "### %s: ", om_validation_fails(v, options) ? "The data fail" : "The data pass");
    om_validation_say_counts(out, v);
    om_buffer_text(out, "\n");
    if (n > 0)
        om_buffer_text(out, "\n| severity | finding | column | count | new | first at | remedy |\n"
                            "| :--- | :--- | :--- | ---: | ---: | :--- | :--- |\n");
    for (size_t i = 0; i < n; i++)
        add_row(out, om_findings_group(v->findings, i));
    for (size_t i = 0; i < v->n_unchecked; i++)
        om_buffer_format(out, "%s- not checked: %s\n", i ? "" : "\n", v->unchecked[i].reason);
}
