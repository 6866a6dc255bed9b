#include "report/verify_outputs.h"

#include "base/error.h"
#include "base/memory.h"
#include "io/sha256.h"
#include "report/figure.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

om_status
om_verify_say(struct om_texts *to, struct om_buffer *text, struct om_error *err)
{
    struct om_buffer shown = OM_BUFFER_EMPTY;
    om_utf8_display(&shown, om_buffer_string(text));
    om_status status = om_buffer_ok(text) && om_buffer_ok(&shown)
                           ? om_texts_add(to, om_buffer_string(&shown), shown.length, err)
                           : om_fail_memory(err);
    om_buffer_release(&shown);
    om_buffer_release(text);
    return status;
}

const struct om_manifest_file *
om_verify_main_output(const struct om_manifest *manifest)
{
    const struct om_manifest_file *found = NULL;
    if (!manifest->beside || manifest->n_views == 0)
        return NULL;
    for (size_t i = 0; i < manifest->n_outputs; i++)
        if (!manifest->output[i].folder) {
            if (found)
                return NULL;
            found = &manifest->output[i];
        }
    return found;
}

/* --- as they are ---------------------------------------------------------------------------------------- */

static om_status
check_found(const struct om_manifest_file *file, const struct om_found *found, struct om_texts *difference,
            struct om_texts *remark, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (found->path)
        return OM_OK;
    if (!found->changed) {
        om_buffer_format(&text, "%s is not there: only its digest was compared", file->path);
        return om_verify_say(remark, &text, err);
    }
    om_buffer_format(&text, "%s is no longer what was written: %" PRIu64 " bytes then, %" PRIu64 " now",
                     file->path, file->bytes, found->changed_bytes);
    return om_verify_say(difference, &text, err);
}

om_status
om_verify_outputs_found(const struct om_verify_request *request, const struct om_manifest *manifest,
                        struct om_texts *difference, struct om_texts *remark, struct om_error *err)
{
    const struct om_manifest_file *except = om_verify_main_output(manifest);
    for (size_t i = 0; i < manifest->n_outputs; i++) {
        struct om_found found = {0};
        if (&manifest->output[i] == except)
            continue;
        om_status status = om_verify_find(request, &manifest->output[i], &found, err);
        if (status == OM_OK)
            status = check_found(&manifest->output[i], &found, difference, remark, err);
        om_free(found.path);
        om_free(found.changed);
        OM_TRY(status);
    }
    return OM_OK;
}

/* --- as they would be ----------------------------------------------------------------------------------- */

static bool
ends_in(const char *name, const char *ending)
{
    const size_t n = strlen(name), m = strlen(ending);
    return n > m && strcmp(name + n - m, ending) == 0;
}

static om_status
compare(const struct om_manifest_file *file, const void *bytes, size_t length, struct om_texts *difference,
        struct om_error *err)
{
    char sha256[OM_SHA256_TEXT];
    struct om_buffer text = OM_BUFFER_EMPTY;
    OM_TRY(om_sha256_text(bytes, length, sha256, err));
    if (file->digest && strcmp(sha256, file->digest) == 0)
        return OM_OK;
    om_buffer_format(&text, "%s, made again, differs: %" PRIu64 " bytes then, %zu now", file->path,
                     file->bytes, length);
    return om_verify_say(difference, &text, err);
}

static om_status
figure_again(const struct om_manifest_file *file, const struct om_figures *figures,
             struct om_texts *difference, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < figures->n; i++) {
        const size_t length = strlen(figures->at[i].id);
        if (strncmp(file->path, figures->at[i].id, length) != 0 || strcmp(file->path + length, ".svg") != 0)
            continue;
        om_figure_file(&figures->at[i], &text);
        om_status status = om_buffer_ok(&text)
                               ? compare(file, om_buffer_string(&text), text.length, difference, err)
                               : om_fail_memory(err);
        om_buffer_release(&text);
        return status;
    }
    om_buffer_format(&text, "%s is a figure that is no longer drawn", file->path);
    return om_verify_say(difference, &text, err);
}

static om_status
view_again(const struct om_manifest *manifest, const struct om_manifest_file *file,
           const struct om_analysis *analysis, struct om_texts *difference, struct om_error *err)
{
    struct om_report_options options = {.built_by = &manifest->built_by, .date = manifest->date};
    char *bytes = NULL;
    size_t length = 0;
    if (!om_format_of_path(file->path, &options.format)) {
        om_fail(err, OM_ERR_PANEL, "the manifest lists '%.80s', whose form is not known", file->path);
        om_place(err, manifest->yaml.file, 0, 0);
        return OM_ERR_PANEL;
    }
    OM_TRY(om_report_render(analysis, &options, &bytes, &length, err));
    om_status status = compare(file, bytes, length, difference, err);
    om_text_free(bytes);
    return status;
}

om_status
om_verify_outputs_again(const struct om_manifest *manifest, const struct om_analysis *analysis,
                        struct om_texts *difference, struct om_error *err)
{
    const struct om_manifest_file *except = om_verify_main_output(manifest);
    struct om_figures figures = {0};
    bool drawn = false;
    om_status status = OM_OK;
    for (size_t i = 0; i < manifest->n_outputs && status == OM_OK; i++) {
        const struct om_manifest_file *file = &manifest->output[i];
        if (file == except || ends_in(file->path, ".png"))
            continue;
        if (file->folder && !drawn)
            status = om_figures_make(analysis, &figures, err);
        drawn |= file->folder != NULL;
        if (status == OM_OK)
            status = file->folder ? figure_again(file, &figures, difference, err)
                                  : view_again(manifest, file, analysis, difference, err);
    }
    om_figures_release(&figures);
    return status;
}
