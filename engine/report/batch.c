#include <omstat/batch.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/folder.h"
#include "io/path.h"
#include "io/sink.h"
#include "report/compose.h"
#include "report/outputs.h"
#include "report/since.h"
#include "report/view.h"

#include <omstat/figures.h>
#include <omstat/manifest.h>
#include <omstat/tally_file.h>
#include <stdio.h>
#include <string.h>

/* The words of `outputs`, and how the files end. */
static const char *const forms[] = {"html", "markdown", "text", "csv", "json", "xlsx", "svg"};
static const char *const endings[] = {".html", ".md", ".txt", ".csv", ".json", ".xlsx", "-figures"};
enum { FORMS = sizeof forms / sizeof *forms, NAME_MAX_BYTES = 128 };

struct run {
    const struct om_batch *batch;
    struct om_folder folder;
    char *previous; /* folder; NULL when there is none */
    struct om_page index;
    struct om_outputs files; /* that were written, but for the list of them */
};

static size_t
form_of(const char *word)
{
    size_t i = 0;
    while (i < FORMS - 1 && strcmp(forms[i], word) != 0)
        i++;
    return i;
}

static om_status
check_request(const struct om_batch *batch, struct om_error *err)
{
    static const char usable[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *period = batch->period;
    if (!*period || *period == '.' || strlen(period) >= NAME_MAX_BYTES / 2 ||
        period[strspn(period, usable)]) {
        om_fail(err, OM_ERR_USAGE, "the period becomes the name of a folder");
        om_hint(err, "letters, digits, '-', '_' and '.', such as 2026-11");
        return OM_ERR_USAGE;
    }
    for (size_t i = 0; i < batch->n_inputs; i++)
        if (strcmp(batch->input[i], "-") == 0)
            return om_fail(err, OM_ERR_USAGE,
                           "every report reads the panel, and standard input can be read once only");
    return OM_OK;
}

static om_status
prepare_study(const struct om_batch *batch, const char *report, struct om_study **out, struct om_error *err)
{
    struct om_study *study = NULL;
    om_status status = om_study_new(&study, err);
    if (status == OM_OK)
        status = om_study_load_report(study, batch->study, report, err);
    for (size_t i = 0; status == OM_OK && i < batch->n_settings; i++)
        status = om_study_set(study, batch->setting[i].key, batch->setting[i].value, err);
    for (size_t i = 0; status == OM_OK && i < batch->n_inputs; i++)
        status = om_study_add_input(study, batch->input[i], err);
    if (status == OM_OK) {
        *out = study;
        return OM_OK;
    }
    om_study_free(study);
    return status;
}

/* --- the files of a report ------------------------------------------------------------------------------ */

static om_status
write_figures(const struct run *run, const struct om_analysis *analysis, const char *path,
              struct om_outputs *written, struct om_error *err)
{
    struct om_figures figures = {0};
    const struct om_figure_output output = {
        .directory = path, .rsvg_convert = run->batch->rsvg_convert, .written = written};
    om_status status = om_figures_make(analysis, &figures, err);
    if (status == OM_OK)
        status = om_figures_write(&figures, &output, err);
    om_figures_release(&figures);
    return status;
}

static om_status
write_form(const struct run *run, const struct om_analysis *analysis, const char *form, const char *path,
           struct om_outputs *written, struct om_error *err)
{
    struct om_report_options options = {0};
    if (!om_format_parse(form, &options.format))
        return write_figures(run, analysis, path, written, err);
    OM_TRY(om_report_write(analysis, &options, path, err));
    return om_outputs_add_file(written, path, err);
}

/* Remembers a file, for the list of all. */
static om_status
list_file(struct run *run, const char *path, struct om_error *err)
{
    return om_outputs_add_file(&run->files, path, err);
}

/* What the files of a report were made from. */
static om_status
write_manifest(struct run *run, const char *report, const struct om_analysis *analysis,
               const struct om_outputs *written, struct om_error *err)
{
    const struct om_report_options options = {.beside = written};
    char name[NAME_MAX_BYTES];
    snprintf(name, sizeof name, "%s.manifest", report);
    char *path = om_folder_path(&run->folder, name);
    om_status status = path ? om_manifest_write(analysis, &options, path, err) : om_fail_memory(err);
    for (size_t i = 0; status == OM_OK && i < written->n; i++)
        status = om_outputs_add(&run->files, written->at[i].folder, written->at[i].path, written->at[i].bytes,
                                written->at[i].sha256, err);
    if (status == OM_OK)
        status = list_file(run, path, err);
    om_free(path);
    return status;
}

static om_status
write_forms(struct run *run, const struct om_study_report *report, const struct om_analysis *analysis,
            struct om_error *err)
{
    struct om_outputs written = {0};
    om_status status = OM_OK;
    for (size_t i = 0; status == OM_OK && i < report->n_outputs; i++) {
        const size_t form = form_of(report->output[i]);
        char name[NAME_MAX_BYTES];
        snprintf(name, sizeof name, "%s%s", report->name, endings[form]);
        char *path = om_folder_path(&run->folder, name);
        status = path ? write_form(run, analysis, forms[form], path, &written, err) : om_fail_memory(err);
        om_free(path);
        om_page_link(&run->index, i ? "" : "files", name);
    }
    if (status == OM_OK)
        status = write_manifest(run, report->name, analysis, &written, err);
    om_outputs_release(&written);
    return status;
}

static char *
tally_path(const char *folder, const char *report)
{
    struct om_buffer path = OM_BUFFER_EMPTY;
    om_buffer_format(&path, "%s/%s.tally", folder, report);
    return om_buffer_take(&path);
}

/* The counts, which the next run compares with. */
static om_status
write_tally(struct run *run, const struct om_study *study, const struct om_study_report *report,
            struct om_error *err)
{
    struct om_tallying tallying = {0};
    char *folder = om_folder_path(&run->folder, NULL),
         *path = folder ? tally_path(folder, report->name) : NULL;
    om_status status = path ? om_tally_panel(study, NULL, &tallying, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = om_tally_write(tallying.tally, path, err);
    if (status == OM_OK)
        status = list_file(run, path, err);
    om_tallying_release(&tallying);
    om_free(path);
    om_free(folder);
    return status;
}

/* --- what changed --------------------------------------------------------------------------------------- */

/* A run before that cannot be compared with is no reason to write nothing: the page says why. */
static void
compare(struct run *run, const struct om_study *study, const struct om_study_report *report,
        const struct om_analysis *now)
{
    struct om_tally *tally = NULL;
    struct om_analysis *then = NULL;
    struct om_error why = {0};
    char *path = tally_path(run->previous, report->name);
    om_status status = path ? om_tally_read(path, &tally, &why) : om_fail_memory(&why);
    if (path && status == OM_OK)
        status = om_analyse_tally(study, tally, om_path_base(path), &then, &why);
    char anchor[NAME_MAX_BYTES];
    snprintf(anchor, sizeof anchor, "%s-since", report->name);
    om_page_subheading(&run->index, anchor, "Since %s", om_path_base(run->previous));
    if (status == OM_OK)
        om_compose_since(&run->index, now, then);
    else
        om_page_paragraph(&run->index, OM_TONE_DIM, "Not comparable: %s.", why.message);
    om_analysis_free(then);
    om_tally_free(tally);
    om_free(path);
}

static om_status
run_report(struct run *run, const struct om_study_report *report, struct om_error *err)
{
    struct om_study *study = NULL;
    struct om_analysis *analysis = NULL;
    om_status status = prepare_study(run->batch, report->name, &study, err);
    if (status == OM_OK)
        status = om_analyse(study, &run->batch->hooks, &analysis, NULL, err);
    if (status == OM_OK) {
        if (run->batch->ran)
            run->batch->ran(run->batch->context, report->name, analysis);
        om_page_heading(&run->index, report->name, "%s", report->name);
        status = write_forms(run, report, analysis, err);
        om_compose_headlines(&(struct om_compose){.page = &run->index, .analysis = analysis});
    }
    /* A tally holds every count, and two reports tell together what neither tells: neither is for sharing. */
    const bool shareable = status == OM_OK && om_study_shareable(study);
    if (status == OM_OK && !shareable)
        status = write_tally(run, study, report, err);
    if (status == OM_OK && !shareable && run->previous)
        compare(run, study, report, analysis);
    om_analysis_free(analysis);
    om_study_free(study);
    return status;
}

/* --- the folder ----------------------------------------------------------------------------------------- */

static om_status
write_index(struct run *run, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    char *path = om_folder_path(&run->folder, "index.html");
    om_view_html(&text, &run->index);
    om_status status =
        path && om_page_ok(&run->index) ? om_sink_write_all(path, &text, err) : om_fail_memory(err);
    if (status == OM_OK)
        status = list_file(run, path, err);
    om_buffer_release(&text);
    om_free(path);
    return status;
}

static om_status
write_sums(const struct run *run, struct om_error *err)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    char *path = om_folder_path(&run->folder, OM_SUMS_FILE);
    om_outputs_sums(&run->files, &text);
    om_status status = path ? om_sink_write_all(path, &text, err) : om_fail_memory(err);
    om_buffer_release(&text);
    om_free(path);
    return status;
}

static om_status
find_previous(struct run *run, const struct om_study_reports *reports, struct om_error *err)
{
    char name[NAME_MAX_BYTES];
    if (run->batch->previous) {
        run->previous = om_strdup(run->batch->previous);
        return run->previous ? OM_OK : om_fail_memory(err);
    }
    snprintf(name, sizeof name, "%s.tally", reports->report[0].name);
    return om_folder_before(run->batch->directory, run->batch->period, name, &run->previous, err);
}

static om_status
run_reports(struct run *run, const struct om_study_reports *reports, struct om_error *err)
{
    om_status status = om_folder_open(&run->folder, run->batch->directory, run->batch->period, err);
    if (status == OM_OK)
        status = find_previous(run, reports, err);
    om_page_title(&run->index, "Outcome reports: %s", run->batch->period);
    for (size_t i = 0; status == OM_OK && i < reports->n_reports; i++)
        status = run_report(run, &reports->report[i], err);
    if (status == OM_OK)
        status = write_index(run, err);
    if (status == OM_OK)
        status = write_sums(run, err);
    return status == OM_OK ? om_folder_commit(&run->folder, err) : status;
}

static om_status
no_reports(const struct om_batch *batch, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION, "there are no reports in the study file");
    om_place(err, batch->study, 0, 0);
    om_hint(err, "add, for example, reports: {by-site: {by: [site], outputs: [html, csv]}}");
    return OM_ERR_DEFINITION;
}

om_status
om_batch_run(const struct om_batch *batch, struct om_error *err)
{
    struct run run = {.batch = batch, .folder = OM_FOLDER_CLOSED, .index = OM_PAGE_EMPTY};
    struct om_study_reports reports = {0};
    om_status status = check_request(batch, err);
    if (status == OM_OK)
        status = om_study_reports(batch->study, forms, FORMS, &reports, err);
    if (status == OM_OK)
        status = reports.n_reports ? run_reports(&run, &reports, err) : no_reports(batch, err);
    om_folder_abort(&run.folder);
    om_page_release(&run.index);
    om_outputs_release(&run.files);
    om_free(run.previous);
    om_study_reports_release(&reports);
    return status;
}
