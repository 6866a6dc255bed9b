/* One validation, one of its views, in memory or in a file. */
#include "report/validation_view.h"

#include "base/error.h"
#include "io/sink.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <string.h>

static const struct {
    const char *name;
    om_validation_view *view;
} views[] = {
    [OM_FINDINGS_TEXT] = {"text", om_validation_text},
    [OM_FINDINGS_JSON] = {"json", om_validation_json},
    [OM_FINDINGS_NDJSON] = {"ndjson", om_validation_ndjson},
    [OM_FINDINGS_SARIF] = {"sarif", om_validation_sarif},
    [OM_FINDINGS_JUNIT] = {"junit", om_validation_junit},
    [OM_FINDINGS_GITHUB] = {"github", om_validation_github},
    [OM_FINDINGS_GITLAB] = {"gitlab", om_validation_gitlab},
    [OM_FINDINGS_TAP] = {"tap", om_validation_tap},
    [OM_FINDINGS_MARKDOWN] = {"markdown", om_validation_markdown},
};

bool
om_findings_format_parse(const char *name, enum om_findings_format *out)
{
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (strcmp(views[i].name, name) == 0) {
            *out = (enum om_findings_format)i;
            return true;
        }
    return false;
}

bool
om_validation_fails(const struct om_validation *validation, const struct om_findings_options *options)
{
    if (om_findings_count(validation->findings, OM_FATAL) > 0)
        return true;
    return options->gate && om_findings_count_new(validation->findings, options->fail_on) > 0;
}

/* --- phrases that several views share ------------------------------------------------------------------- */

void
om_finding_say(struct om_buffer *out, const struct om_finding *finding)
{
    om_buffer_format(out, "OM%03d ", finding->code);
    om_utf8_display(out, finding->message);
}

void
om_finding_say_column(struct om_buffer *out, const struct om_finding *finding)
{
    if (finding->column[0]) {
        om_buffer_text(out, "column ");
        om_utf8_display(out, finding->column);
    } else if (finding->column_number) {
        om_buffer_format(out, "column %" PRIu64, finding->column_number);
    }
}

void
om_finding_say_place(struct om_buffer *out, const struct om_finding *finding)
{
    om_utf8_display(out, strcmp(finding->file, "-") ? finding->file : "standard input");
    if (finding->line)
        om_buffer_format(out, ":%" PRIu64, finding->line);
}

static void
say_count(struct om_buffer *out, uint64_t n, const char *what, const char *before)
{
    om_buffer_format(out, "%s%" PRIu64 " %s%s", before, n, what, n == 1 ? "" : "s");
}

void
om_validation_say_counts(struct om_buffer *out, const struct om_validation *validation)
{
    static const char *const names[] = {"note", "warning", "error", "fatal error"};
    size_t said = 0;
    for (int severity = OM_FATAL; severity >= OM_NOTE; severity--) {
        uint64_t n = om_findings_of(validation->findings, (enum om_severity)severity);
        if (n > 0)
            say_count(out, n, names[severity], said++ ? ", " : "");
    }
    if (said == 0)
        om_buffer_text(out, "no findings");
    say_count(out, validation->records, "record", " in ");
}

void
om_uri(struct om_buffer *out, const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
    if (strcmp(path, "-") == 0)
        path = "standard-input";
    for (; *path; path++)
        if (strchr(plain, *path))
            om_buffer_char(out, *path);
        else
            om_buffer_format(out, "%%%02X", (unsigned char)*path);
}

/* --- the public face ------------------------------------------------------------------------------------ */

om_status
om_validation_render(const struct om_validation *validation, const struct om_findings_options *options,
                     char **text, size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_buffer_text(&out, "");
    views[options->format].view(&out, validation, options);
    size_t n = out.length;
    char *taken = om_buffer_take(&out);
    if (!taken)
        return om_fail_memory(err);
    *text = taken;
    *length = n;
    return OM_OK;
}

om_status
om_validation_write(const struct om_validation *validation, const struct om_findings_options *options,
                    const char *path, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    views[options->format].view(&out, validation, options);
    om_status status = om_sink_write_all(path, &out, err);
    om_buffer_release(&out);
    return status;
}
