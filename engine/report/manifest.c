/*
 * What an output was made from and by what. The one place that writes a manifest.
 *
 * Files are named by their base names: a folder can say who somebody is (/home/jane/clinic-3), and the same
 * run in another folder has to give the same bytes.
 */
#include "report/manifest.h"

#include "analysis/libraries.h"
#include "base/error.h"
#include "io/path.h"
#include "io/sink.h"
#include "report/view_settings.h"
#include "report/workbook.h"

#include <string.h>

size_t
om_libraries(struct om_library library[OM_LIBRARIES_MAX])
{
    size_t n = om_engine_libraries(library);
#ifdef OM_WITH_XLSX
    library[n++] = (struct om_library){"libxlsxwriter", om_workbook_library_version()};
#endif
    return n;
}

void
om_build_of_this(struct om_build *out)
{
    *out = (struct om_build){.version = OM_VERSION, .commit = om_commit()};
    out->n_libraries = om_libraries(out->library);
}

static void
add_list(struct om_json *json, const char *name, char *const *text, size_t n)
{
    om_json_name(json, name);
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < n; i++)
        om_json_text(json, text[i]);
    om_json_end(json, ']');
}

static void
add_build(struct om_json *json, const struct om_build *build)
{
    om_json_member_text(json, "version", build->version);
    om_json_member_text(json, "commit", build->commit);
    om_json_name(json, "libraries");
    om_json_begin(json, '{', OM_JSON_INLINE);
    for (size_t i = 0; i < build->n_libraries; i++)
        om_json_member_text(json, build->library[i].name, build->library[i].version);
    om_json_end(json, '}');
}

static void
add_inputs(struct om_json *json, const char *name, const struct om_input_info *at, size_t n)
{
    om_json_name(json, name);
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < n; i++) {
        const struct om_input_info *input = &at[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "path", om_path_base(input->path));
        om_json_member_known(json, "bytes", input->bytes);
        if (input->tally)
            om_json_member_known(json, "persons", input->persons);
        else
            om_json_member_known(json, "records", input->records);
        if (input->bytes == OM_WITHHELD)
            om_json_member_null(json, input->digest_name);
        else
            om_json_member_text(json, input->digest_name, input->digest);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
add_files(struct om_json *json, const struct om_analysis *analysis)
{
    om_json_name(json, "files");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < analysis->n_sources; i++) {
        const struct om_source_info *source = &analysis->source[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "key", source->key);
        om_json_member_text(json, "path", om_path_base(source->path));
        om_json_member_text(json, "sha256", source->sha256);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

static void
add_instruments(struct om_json *json, const struct om_analysis *analysis)
{
    om_json_name(json, "instruments");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_instrument *instrument = analysis->instrument[i];
        om_json_begin(json, '{', OM_JSON_INLINE);
        om_json_member_text(json, "id", instrument->id);
        om_json_member_text(json, "version", instrument->version);
        om_json_member_text(json, "sha256", instrument->sha256);
        om_json_end(json, '}');
    }
    om_json_end(json, ']');
}

/* A sentence about a file begins with the file's path. */
const char *
om_without_folder(const struct om_analysis *analysis, const char *sentence)
{
    for (size_t i = 0; i < analysis->n_inputs; i++) {
        const char *path = analysis->input[i].path;
        const size_t length = strlen(path);
        if (strncmp(sentence, path, length) == 0 && sentence[length] == ':')
            return sentence + (om_path_base(path) - path);
    }
    return sentence;
}

static void
add_reading(struct om_json *json, const struct om_analysis *analysis)
{
    om_json_name(json, "reading");
    om_json_begin(json, '[', OM_JSON_LINES);
    for (size_t i = 0; i < analysis->n_reading; i++)
        om_json_text(json, om_without_folder(analysis, analysis->reading[i]));
    om_json_end(json, ']');
}

static void
add_view(struct om_json *json, const struct om_report_options *options)
{
    om_json_name(json, "view");
    om_json_begin(json, '[', OM_JSON_INLINE);
    if (options)
        om_view_settings_json(json, options);
    om_json_end(json, ']');
}

static void
add_output(struct om_json *json, const struct om_output_info *output)
{
    om_json_begin(json, '{', OM_JSON_INLINE);
    if (output->folder)
        om_json_member_text(json, "folder", output->folder);
    om_json_member_text(json, "path", om_path_base(output->path));
    om_json_member_count(json, "bytes", output->bytes);
    om_json_member_text(json, "sha256", output->sha256);
    om_json_end(json, '}');
}

static void
add_outputs(struct om_json *json, const struct om_output_info *output, const struct om_outputs *beside)
{
    om_json_name(json, "outputs");
    om_json_begin(json, '[', OM_JSON_LINES);
    if (output)
        add_output(json, output);
    for (size_t i = 0; beside && i < beside->n; i++)
        add_output(json, &beside->at[i]);
    om_json_end(json, ']');
}

static void
add_manifest(struct om_json *json, const struct om_analysis *analysis,
             const struct om_report_options *options, const struct om_output_info *output, bool viewed)
{
    struct om_build here;
    om_build_of_this(&here);
    om_json_begin(json, '{', OM_JSON_LINES);
    om_json_member_text(json, "schema", OM_MANIFEST_SCHEMA);
    add_build(json, options->built_by ? options->built_by : &here);
    if (options->date)
        om_json_member_text(json, "date", options->date);
    add_inputs(json, "inputs", analysis->input, analysis->n_inputs);
    if (analysis->n_tallied)
        add_inputs(json, "tallied", analysis->tallied, analysis->n_tallied);
    add_files(json, analysis);
    add_list(json, "options", analysis->option, analysis->n_options);
    add_view(json, viewed ? options : NULL);
    add_instruments(json, analysis);
    add_reading(json, analysis);
    if (output || (options->beside && options->beside->n))
        add_outputs(json, output, options->beside);
    om_json_end(json, '}');
}

void
om_manifest_json_of(struct om_json *json, const struct om_analysis *analysis,
                    const struct om_report_options *options, const struct om_output_info *output)
{
    add_manifest(json, analysis, options, output, output != NULL);
}

void
om_manifest_json(struct om_json *json, const struct om_analysis *analysis,
                 const struct om_report_options *options)
{
    add_manifest(json, analysis, options, NULL, true);
}

om_status
om_manifest_write(const struct om_analysis *analysis, const struct om_report_options *options,
                  const char *path, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    struct om_json json = OM_JSON(&out);
    om_manifest_json_of(&json, analysis, options, NULL);
    om_status status = om_sink_write_all(path, &out, err);
    om_buffer_release(&out);
    return status;
}

void
om_manifest_text(struct om_buffer *out, const struct om_analysis *analysis,
                 const struct om_report_options *options)
{
    struct om_json json = OM_JSON(out);
    om_manifest_json(&json, analysis, options);
}

om_status
om_manifest_render(const struct om_analysis *analysis, const struct om_report_options *options, char **text,
                   size_t *length, struct om_error *err)
{
    struct om_buffer out = OM_BUFFER_EMPTY;
    om_manifest_text(&out, analysis, options);
    const size_t n = out.length;
    char *taken = om_buffer_take(&out);
    if (!taken)
        return om_fail_memory(err);
    *text = taken;
    *length = n;
    return OM_OK;
}
