/* One analysis, one of its views, in memory or in a file. */
#include <omstat/report.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/sink.h"
#include "report/csv.h"
#include "report/sidecar.h"
#include "report/view.h"
#include "report/xlsx.h"

#include <string.h>

enum { DEFAULT_WIDTH = 100 };

static const struct {
    const char *name;
    enum om_format format;
} names[] = {
    {"text", OM_FORMAT_TEXT}, {"markdown", OM_FORMAT_MARKDOWN}, {"md", OM_FORMAT_MARKDOWN},
    {"csv", OM_FORMAT_CSV},   {"json", OM_FORMAT_JSON},         {"xlsx", OM_FORMAT_XLSX},
    {"html", OM_FORMAT_HTML},
};

bool
om_format_parse(const char *name, enum om_format *out)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i].name, name) == 0) {
            *out = names[i].format;
            return true;
        }
    }
    return false;
}

const char *
om_format_name(enum om_format format)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].format == format)
            return names[i].name;
    return "";
}

bool
om_format_of_path(const char *path, enum om_format *out)
{
    static const struct {
        const char *ending;
        enum om_format format;
    } endings[] = {{"csv", OM_FORMAT_CSV},           {"json", OM_FORMAT_JSON}, {"md", OM_FORMAT_MARKDOWN},
                   {"markdown", OM_FORMAT_MARKDOWN}, {"txt", OM_FORMAT_TEXT},  {"text", OM_FORMAT_TEXT},
                   {"xlsx", OM_FORMAT_XLSX},         {"html", OM_FORMAT_HTML}, {"htm", OM_FORMAT_HTML}};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    *out = OM_FORMAT_TEXT;
    if (!dot || dot == name || strncmp(path, "/dev/", 5) == 0)
        return true;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (om_ascii_equal(dot + 1, strlen(dot + 1), endings[i].ending)) {
            *out = endings[i].format;
            return true;
        }
    return false;
}

bool
om_format_available(enum om_format format)
{
#ifdef OM_WITH_XLSX
    (void)format;
    return true;
#else
    return format != OM_FORMAT_XLSX;
#endif
}

bool
om_format_binary(enum om_format format)
{
    return format == OM_FORMAT_XLSX;
}

static void
render_page(struct om_buffer *out, const struct om_analysis *analysis,
            const struct om_report_options *options)
{
    struct om_page page = {.typeset = options->format == OM_FORMAT_HTML};
    struct om_figures figures = {0};
    bool drawn = options->format != OM_FORMAT_HTML || om_figures_make(analysis, &figures, NULL) == OM_OK;
    om_view_compose(&page, analysis, options, &figures);
    if (!drawn || !om_page_ok(&page))
        out->failed = 1;
    else if (options->format == OM_FORMAT_MARKDOWN)
        om_view_markdown(out, &page);
    else if (options->format == OM_FORMAT_HTML)
        om_view_html(out, &page);
    else
        om_view_text(out, &page, options->width ? options->width : DEFAULT_WIDTH, options->color);
    om_page_release(&page);
    om_figures_release(&figures);
}

static om_status
render_workbook(struct om_buffer *out, const struct om_analysis *analysis,
                const struct om_report_options *options, struct om_error *err)
{
#ifdef OM_WITH_XLSX
    return om_view_xlsx(out, analysis, options, err);
#else
    (void)out;
    (void)analysis;
    (void)options;
    return om_fail(err, OM_ERR_UNSUPPORTED, "this omstat was built without workbooks (XLSX)");
#endif
}

static om_status
render(struct om_buffer *out, const struct om_analysis *analysis, const struct om_report_options *options,
       struct om_error *err)
{
    om_status status = OM_OK;
    switch (options->format) {
    case OM_FORMAT_CSV:
        om_view_csv(out, &analysis->results);
        break;
    case OM_FORMAT_JSON:
        om_view_json(out, analysis, options);
        break;
    case OM_FORMAT_TEXT:
    case OM_FORMAT_MARKDOWN:
    case OM_FORMAT_HTML:
        render_page(out, analysis, options);
        break;
    case OM_FORMAT_XLSX:
        status = render_workbook(out, analysis, options, err);
        break;
    }
    return status != OM_OK || om_buffer_ok(out) ? status : om_fail_memory(err);
}

om_status
om_report_render(const struct om_analysis *analysis, const struct om_report_options *options, char **text,
                 size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_status status = render(&out, analysis, options, err);
    size_t n = out.length;
    char *taken = om_buffer_take(&out);
    if (status == OM_OK && !taken)
        status = om_fail_memory(err);
    if (status != OM_OK) {
        om_free(taken);
        return status;
    }
    *text = taken;
    *length = n;
    return OM_OK;
}

/* A part at a time, which stays in the cache. */
static om_status
write_csv(struct om_sink *sink, const struct om_results *results, struct om_error *err)
{
    enum { PART = 1 << 18 };
    struct om_csv_view view = {0};
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_status status = OM_OK;
    for (bool more = true; more && status == OM_OK;) {
        om_buffer_clear(&out);
        more = om_view_csv_part(&view, &out, results, PART);
        status = om_buffer_ok(&out) ? om_sink_write(sink, om_buffer_string(&out), out.length, err)
                                    : om_fail_memory(err);
    }
    om_buffer_release(&out);
    return status;
}

static om_status
write_whole(struct om_sink *sink, const struct om_analysis *analysis, const struct om_report_options *options,
            struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_status status = render(&out, analysis, options, err);
    if (status == OM_OK)
        status = om_sink_write(sink, om_buffer_string(&out), out.length, err);
    om_buffer_release(&out);
    return status;
}

om_status
om_disclosure_write_log(const struct om_analysis *analysis, const char *path, struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    om_status status = om_sink_open(&sink, path, err);
    if (status == OM_OK)
        status = write_csv(&sink, &analysis->disclosure.log, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    om_sink_abort(&sink);
    return status;
}

om_status
om_report_write(const struct om_analysis *analysis, const struct om_report_options *options, const char *path,
                struct om_error *err)
{
    struct om_sink sink = OM_SINK_CLOSED;
    struct om_sidecar sidecar = OM_SIDECAR_CLOSED;
    om_status status = om_sink_open(&sink, path, err);
    if (status == OM_OK)
        status = om_sidecar_open(&sidecar, options->manifest, &sink, err);
    if (status == OM_OK)
        status = options->format == OM_FORMAT_CSV ? write_csv(&sink, &analysis->results, err)
                                                  : write_whole(&sink, analysis, options, err);
    if (status == OM_OK)
        status = om_sidecar_write(&sidecar, analysis, options, &sink, err);
    if (status == OM_OK)
        status = om_sink_commit(&sink, err);
    if (status == OM_OK)
        status = om_sidecar_commit(&sidecar, err);
    om_sidecar_abort(&sidecar);
    om_sink_abort(&sink);
    return status;
}
