/*
 * Running a report again and comparing.
 *
 * Causes come before effects: an input that changed is said, and then nothing is run; another version is
 * said, and then the run takes over what the manifest says of the maker, so that what still differs is a
 * number or a word.
 */
#include <omstat/verify.h>

#include "analysis/study.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/path.h"
#include "io/source.h"
#include "report/manifest.h"
#include "report/outputs.h"
#include "report/verify_folder.h"
#include "report/verify_outputs.h"
#include "report/verify_study.h"
#include "report/view_settings.h"

#include <inttypes.h>
#include <string.h>

struct verifying {
    const struct om_verify_request *request;
    const struct om_hooks *hooks;
    struct om_manifest manifest;
    struct om_buffer output; /* the bytes to be had again */
    bool has_output;         /* false: of an output that is not there only the digest is known */
    struct om_found *input, *file;
    struct om_texts difference, remark;
};

/* --- what is compared ---------------------------------------------------------------------------------- */

static om_status
read_whole(const char *path, struct om_buffer *bytes, struct om_error *err)
{
    enum { PART = 1 << 16 };
    struct om_input source = OM_INPUT_CLOSED;
    size_t n = 1;
    om_status status = om_input_open(&source, path, err);
    bytes->ceiling = (size_t)1 << 31;
    while (status == OM_OK && n > 0) {
        char *room = om_buffer_room(bytes, PART);
        if (!room) {
            status = om_fail_memory(err);
            break;
        }
        status = om_input_read(&source, room, PART, &n, err);
        om_buffer_wrote(bytes, room + (status == OM_OK ? n : 0));
    }
    om_input_close(&source);
    if (status == OM_ERR_PANEL) /* damaged compression */
        om_place(err, path, 0, 0);
    return status;
}

/* A manifest of its own is about a file beside it, or several. */
static om_status
read_beside(struct verifying *v, struct om_error *err)
{
    const struct om_manifest_file *file = om_verify_main_output(&v->manifest);
    struct om_found found = {0};
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (v->manifest.n_outputs == 0) {
        om_fail(err, OM_ERR_PANEL, "the manifest does not say which output it is about");
        om_place(err, v->request->output, 0, 0);
        return OM_ERR_PANEL;
    }
    if (!file) /* several, which are compared by their digests */
        return OM_OK;
    om_status status = om_verify_find(v->request, file, &found, err);
    const char *path = found.path ? found.path : found.changed;
    om_buffer_clear(&v->output);
    if (status == OM_OK && path)
        status = read_whole(path, &v->output, err);
    v->has_output = path != NULL;
    if (status == OM_OK && !path && strcmp(file->path, "-") != 0) {
        om_buffer_format(&text, "%s is not there: only its digest was compared", file->path);
        status = om_verify_say(&v->remark, &text, err);
    }
    if (status == OM_OK && !found.path && found.changed) {
        om_buffer_format(&text, "%s is no longer what was written: %" PRIu64 " bytes then, %" PRIu64 " now",
                         file->path, file->bytes, found.changed_bytes);
        status = om_verify_say(&v->difference, &text, err);
    }
    om_free(found.path);
    om_free(found.changed);
    return status;
}

static om_status
read_output(struct verifying *v, struct om_error *err)
{
    OM_TRY(read_whole(v->request->output, &v->output, err));
    OM_TRY(om_manifest_read(&v->manifest, v->request->output, om_buffer_string(&v->output), v->output.length,
                            err));
    v->has_output = true;
    if (v->manifest.beside)
        OM_TRY(read_beside(v, err));
    return om_verify_outputs_found(v->request, &v->manifest, &v->difference, &v->remark, err);
}

/* --- what it was made from ----------------------------------------------------------------------------- */

static om_status
fail_missing(const struct om_manifest_file *file, const char *output, struct om_error *err)
{
    om_fail(err, OM_ERR_NO_INPUT, "%s, which it was made from, is not found", file->path);
    om_place(err, output, 0, 0);
    om_hint(err, file->digest
                     ? "name the panel behind the report, or the folder it is in: --input-dir DIR"
                     : "a report to be shared has no digest of its panel: name the panel behind the report");
    return OM_ERR_NO_INPUT;
}

static om_status
check_inputs(struct verifying *v, struct om_error *err)
{
    v->input = om_calloc(v->manifest.n_inputs + 1, sizeof *v->input);
    if (!v->input)
        return om_fail_memory(err);
    OM_TRY(om_verify_find_inputs(v->request, &v->manifest, v->input, err));
    for (size_t i = 0; i < v->manifest.n_inputs; i++) {
        const struct om_manifest_file *file = &v->manifest.input[i];
        struct om_buffer text = OM_BUFFER_EMPTY;
        if (v->input[i].path)
            continue;
        if (!v->input[i].changed)
            return fail_missing(file, v->request->output, err);
        om_buffer_format(&text, "the input %s has changed: ", file->path);
        if (v->input[i].changed_bytes == file->bytes)
            om_buffer_text(&text, "as many bytes, but other ones");
        else
            om_buffer_format(&text, "%" PRIu64 " bytes then, %" PRIu64 " now", file->bytes,
                             v->input[i].changed_bytes);
        OM_TRY(om_verify_say(&v->difference, &text, err));
    }
    return OM_OK;
}

/* The study file is for people: what it set is among the options. Definitions and schemas are needed. */
static om_status
check_files(struct verifying *v, struct om_error *err)
{
    v->file = om_calloc(v->manifest.n_files + 1, sizeof *v->file);
    if (!v->file)
        return om_fail_memory(err);
    for (size_t i = 0; i < v->manifest.n_files; i++) {
        const struct om_manifest_file *file = &v->manifest.file[i];
        const bool study = strcmp(file->key, "study") == 0;
        struct om_buffer text = OM_BUFFER_EMPTY;
        OM_TRY(om_verify_find(v->request, file, &v->file[i], err));
        if (v->file[i].path)
            continue;
        if (!v->file[i].changed && !study)
            return fail_missing(file, v->request->output, err);
        if (v->file[i].changed)
            om_buffer_format(&text, "the %s file %s has changed", file->key, file->path);
        else
            om_buffer_format(&text, "the study file %s is not found; what it set is in the manifest",
                             file->path);
        OM_TRY(om_verify_say(v->file[i].changed ? &v->difference : &v->remark, &text, err));
    }
    return OM_OK;
}

static bool
lacks_needed(const struct verifying *v)
{
    for (size_t i = 0; i < v->manifest.n_inputs; i++)
        if (!v->input[i].path)
            return true;
    for (size_t i = 0; i < v->manifest.n_files; i++)
        if (!v->file[i].path && strcmp(v->manifest.file[i].key, "study") != 0)
            return true;
    return false;
}

static om_status
check_build(struct verifying *v, struct om_error *err)
{
    struct om_build here;
    const struct om_build *then = &v->manifest.built_by;
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_build_of_this(&here);
    if (strcmp(here.version, then->version) != 0 || strcmp(here.commit, then->commit) != 0) {
        om_buffer_format(&text, "it was made by omstat %s (commit %s); this is %s (commit %s)", then->version,
                         then->commit, here.version, here.commit);
        OM_TRY(om_verify_say(&v->difference, &text, err));
    }
    for (size_t i = 0; i < then->n_libraries; i++)
        for (size_t k = 0; k < here.n_libraries; k++)
            if (strcmp(then->library[i].name, here.library[k].name) == 0 &&
                strcmp(then->library[i].version, here.library[k].version) != 0) {
                om_buffer_format(&text, "it was made with %s %s; this has %s", then->library[i].name,
                                 then->library[i].version, here.library[k].version);
                OM_TRY(om_verify_say(&v->difference, &text, err));
            }
    return OM_OK;
}

static om_status
check_definitions(struct verifying *v, const struct om_study *study, struct om_error *err)
{
    for (size_t i = 0; i < v->manifest.n_instruments; i++) {
        const struct om_manifest_instrument *then = &v->manifest.instrument[i];
        const struct om_instrument *now = om_registry_find(om_study_registry(study), then->id);
        struct om_buffer text = OM_BUFFER_EMPTY;
        if (now && strcmp(now->sha256, then->sha256) != 0) {
            om_buffer_format(&text, "the definition of %s has changed: version %s then, %s now", then->id,
                             then->version, now->version);
            OM_TRY(om_verify_say(&v->difference, &text, err));
        }
    }
    return OM_OK;
}

/* --- the run ------------------------------------------------------------------------------------------- */

/* A panel that was given under another name gets the one it had, in the list of inputs, in what was read and
 * in the options: those of the manifest are the ones that were set. */
static om_status
take_names(const struct verifying *v, struct om_analysis *analysis, struct om_texts *reading,
           struct om_error *err)
{
    for (size_t k = 0; k < analysis->n_reading; k++) {
        struct om_buffer sentence = OM_BUFFER_EMPTY;
        const char *text = analysis->reading[k];
        for (size_t i = 0; i < analysis->n_inputs; i++) {
            const size_t length = strlen(analysis->input[i].path);
            if (strncmp(text, analysis->input[i].path, length) == 0 && text[length] == ':') {
                om_buffer_format(&sentence, "%s%s", v->manifest.input[i].path, text + length);
                break;
            }
        }
        if (!sentence.length)
            om_buffer_text(&sentence, text);
        om_status status = om_buffer_ok(&sentence)
                               ? om_texts_add(reading, om_buffer_string(&sentence), sentence.length, err)
                               : om_fail_memory(err);
        om_buffer_release(&sentence);
        OM_TRY(status);
    }
    for (size_t i = 0; i < analysis->n_inputs; i++)
        analysis->input[i].path = v->manifest.input[i].path;
    return OM_OK;
}

static om_status
take_view(const struct om_manifest *manifest, struct om_report_options *options, struct om_error *err)
{
    *options = (struct om_report_options){.built_by = &manifest->built_by, .date = manifest->date};
    for (size_t i = 0; i < manifest->n_views; i++)
        if (!om_view_settings_take(options, manifest->view[i])) {
            om_fail(err, OM_ERR_PANEL,
                    "the manifest asks for a view that this version does not have: '%.80s'",
                    manifest->view[i]);
            om_place(err, manifest->yaml.file, 0, 0);
            return OM_ERR_PANEL;
        }
    return OM_OK;
}

/* --- comparing ----------------------------------------------------------------------------------------- */

/* Adds the line of bytes[0..length) around offset at, cut to what a terminal shows. */
static void
add_line(struct om_buffer *out, const char *bytes, size_t length, size_t at)
{
    enum { MOST = 300 };
    size_t begin = at, end = at;
    while (begin > 0 && bytes[begin - 1] != '\n')
        begin--;
    while (end < length && bytes[end] != '\n')
        end++;
    if (begin + MOST < at) /* the place itself is to be seen */
        begin = at - MOST / 2;
    if (begin >= length)
        om_buffer_text(out, "(the end)");
    else
        om_buffer_add(out, bytes + begin, end - begin > MOST ? MOST : end - begin);
}

static om_status
say_first_difference(struct verifying *v, const char *now, size_t length, struct om_error *err)
{
    const char *then = om_buffer_string(&v->output);
    const size_t shorter = length < v->output.length ? length : v->output.length;
    size_t at = 0, line = 1;
    struct om_buffer text = OM_BUFFER_EMPTY;
    while (at < shorter && then[at] == now[at])
        line += then[at++] == '\n';
    if (at == shorter && length == v->output.length)
        return OM_OK;
    om_buffer_format(&text, "line %zu differs", line);
    OM_TRY(om_verify_say(&v->difference, &text, err));
    om_buffer_text(&text, "  then: ");
    add_line(&text, then, v->output.length, at);
    OM_TRY(om_verify_say(&v->difference, &text, err));
    om_buffer_text(&text, "  now:  ");
    add_line(&text, now, length, at);
    return om_verify_say(&v->difference, &text, err);
}

/* An output that went to a pipe: its digest is known. */
static om_status
compare_digest(struct verifying *v, const char *now, size_t length, struct om_error *err)
{
    char sha256[OM_SHA256_TEXT];
    struct om_buffer text = OM_BUFFER_EMPTY;
    OM_TRY(om_sha256_text(now, length, sha256, err));
    const struct om_manifest_file *file = om_verify_main_output(&v->manifest);
    if (strcmp(sha256, file->digest) == 0)
        return OM_OK;
    om_buffer_format(&text, "the output has another SHA-256, and %zu bytes where it had %" PRIu64, length,
                     file->bytes);
    return om_verify_say(&v->difference, &text, err);
}

/* Files of the same run, which the manifest within the output lists. */
static om_status
list_beside(const struct om_manifest *manifest, struct om_outputs *beside, struct om_error *err)
{
    const struct om_manifest_file *main_output = om_verify_main_output(manifest);
    for (size_t i = 0; i < manifest->n_outputs; i++) {
        const struct om_manifest_file *file = &manifest->output[i];
        if (file != main_output && file->digest)
            OM_TRY(om_outputs_add(beside, file->folder, file->path, file->bytes, file->digest, err));
    }
    return OM_OK;
}

/* The output that is compared line by line. */
static om_status
compare_main(struct verifying *v, const struct om_analysis *analysis, struct om_error *err)
{
    struct om_report_options options;
    struct om_outputs beside = {0};
    char *now = NULL;
    size_t length = 0;
    if (v->manifest.beside && !om_verify_main_output(&v->manifest))
        return OM_OK;
    OM_TRY(take_view(&v->manifest, &options, err));
    om_status status = list_beside(&v->manifest, &beside, err);
    options.beside = &beside;
    if (status == OM_OK)
        status = om_report_render(analysis, &options, &now, &length, err);
    if (status == OM_OK)
        status =
            v->has_output ? say_first_difference(v, now, length, err) : compare_digest(v, now, length, err);
    om_text_free(now);
    om_outputs_release(&beside);
    return status;
}

/* What the run cannot know: the study file, whose keys are among the options, and the names of files that
 * were given under others. */
static om_status
compare_outputs(struct verifying *v, const struct om_analysis *analysis, struct om_error *err)
{
    const struct om_manifest *manifest = &v->manifest;
    struct om_texts reading = {0}, option = {0};
    struct om_analysis named = *analysis;
    if (analysis->n_inputs != manifest->n_inputs || analysis->n_options != manifest->n_options)
        return om_fail(err, OM_ERR_INTERNAL, "the study was not made again as the manifest has it");
    struct om_source_info *source = om_calloc(manifest->n_files + 1, sizeof *source);
    if (!source)
        return om_fail_memory(err);
    om_status status = take_names(v, &named, &reading, err);
    for (size_t i = 0; status == OM_OK && i < manifest->n_options; i++)
        status = om_texts_add(&option, manifest->option[i], strlen(manifest->option[i]), err);
    for (size_t i = 0; status == OM_OK && i < manifest->n_files; i++)
        source[i] =
            (struct om_source_info){manifest->file[i].key, manifest->file[i].path, manifest->file[i].digest};
    named.reading = reading.at;
    named.option = option.at;
    named.source = source;
    named.n_sources = manifest->n_files;
    if (status == OM_OK)
        status = compare_main(v, &named, err);
    if (status == OM_OK)
        status = om_verify_outputs_again(manifest, &named, &v->difference, err);
    om_texts_release(&reading);
    om_texts_release(&option);
    om_free(source);
    return status;
}

static om_status
run_again(struct verifying *v, struct om_error *err)
{
    struct om_study *study = NULL;
    struct om_analysis *analysis = NULL;
    om_status status = om_verify_study(&v->manifest, v->input, v->file, &study, err);
    if (status == OM_OK)
        status = check_definitions(v, study, err);
    if (status == OM_OK)
        status = om_analyse(study, v->hooks, &analysis, NULL, err);
    const size_t causes = v->difference.n;
    if (status == OM_OK)
        status = compare_outputs(v, analysis, err);
    if (status == OM_OK && causes > 0 && v->difference.n == causes) {
        struct om_buffer text = OM_BUFFER_EMPTY;
        om_buffer_text(&text, "apart from that, run again it is the same to the last byte");
        status = om_verify_say(&v->remark, &text, err);
    }
    om_analysis_free(analysis);
    om_study_free(study);
    return status;
}

static om_status
verify(struct verifying *v, struct om_error *err)
{
    OM_TRY(read_output(v, err));
    OM_TRY(check_inputs(v, err));
    OM_TRY(check_files(v, err));
    OM_TRY(check_build(v, err));
    if (!lacks_needed(v))
        return run_again(v, err);
    struct om_buffer text = OM_BUFFER_EMPTY;
    om_buffer_text(&text, "it was not run again");
    return om_verify_say(&v->remark, &text, err);
}

om_status
om_verify(const struct om_verify_request *request, const struct om_hooks *hooks, struct om_verification **out,
          struct om_error *err)
{
    struct verifying v = {.request = request, .hooks = hooks};
    struct om_verification *done = om_calloc(1, sizeof *done);
    if (!done)
        return om_fail_memory(err);
    om_status status = om_verify_is_folder(request->output)
                           ? om_verify_folder(request, hooks, &v.difference, &v.remark, err)
                           : verify(&v, err);
    om_found_release(v.input, v.manifest.n_inputs);
    om_found_release(v.file, v.manifest.n_files);
    om_manifest_release(&v.manifest);
    om_buffer_release(&v.output);
    if (status == OM_OK) {
        *done = (struct om_verification){v.difference.n == 0, v.difference.at, v.difference.n, v.remark.at,
                                         v.remark.n};
        *out = done;
        return OM_OK;
    }
    om_texts_release(&v.difference);
    om_texts_release(&v.remark);
    om_free(done);
    return status;
}

void
om_verification_free(struct om_verification *verification)
{
    if (!verification)
        return;
    for (size_t i = 0; i < verification->n_differences; i++)
        om_free(verification->difference[i]);
    for (size_t i = 0; i < verification->n_remarks; i++)
        om_free(verification->remark[i]);
    om_free(verification->difference);
    om_free(verification->remark);
    om_free(verification);
}
