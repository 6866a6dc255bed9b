#include "fill.h"
#include "message.h"
#include "program.h"
#include "source_date.h"
#include "study.h"

#include <omstat/figures.h>
#include <omstat/manifest.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Columns of the terminal the report goes to; 0 when it goes elsewhere, so that files do not depend on it. */
static size_t
terminal_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    const char *columns = getenv("COLUMNS");
    long wanted = columns ? strtol(columns, NULL, 10) : 0;
    if (wanted <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        wanted = size.ws_col;
    if (wanted <= 0)
        return 0;
    return wanted < 40 ? 40 : wanted > 1000 ? 1000 : (size_t)wanted;
}

static bool
to_terminal(const struct om_invocation *invocation)
{
    return strcmp(invocation->output, "-") == 0 && isatty(STDOUT_FILENO);
}

static struct om_report_options
choose_options(const struct om_invocation *invocation)
{
    bool to_stdout = invocation->output[0] == '-' && !invocation->output[1];
    struct om_report_options options = {
        .format = invocation->format,
        .color = to_stdout ? om_use_color(invocation, stdout) : invocation->color == OM_COLOR_ALWAYS,
        .width = invocation->width,
        .manifest = invocation->manifest,
    };
    if (!options.width && to_stdout)
        options.width = terminal_width();
    return options;
}

/* Says which file was written. */
static void
say_written(void *quiet, const char *path)
{
    if (*(const bool *)quiet)
        return;
    om_put_safe(stderr, path);
    fputc('\n', stderr);
}

static om_status
write_figures(const struct om_invocation *invocation, const struct om_analysis *analysis,
              struct om_outputs *written, struct om_error *err)
{
    char program[4096];
    bool quiet = invocation->quiet;
    struct om_figures figures = {0};
    const struct om_figure_output output = {
        .directory = invocation->figures,
        .rsvg_convert = om_find_program("rsvg-convert", program, sizeof program) ? program : NULL,
        .wrote = say_written,
        .context = &quiet,
        .written = written};
    om_status status = om_figures_make(analysis, &figures, err);
    if (status == OM_OK)
        status = om_figures_write(&figures, &output, err);
    if (status == OM_OK && figures.n == 0 && !invocation->quiet)
        om_say("there is nothing to draw: a figure needs a scale with a score");
    om_figures_release(&figures);
    return status;
}

/* The figures, the report, or both: the manifest of the report then has the digests of the figures. */
static om_status
write_outputs(const struct om_invocation *invocation, const struct om_report_options *options,
              const struct om_analysis *analysis, struct om_error *err)
{
    bool report = !invocation->figures || invocation->has_output || invocation->has_format;
    struct om_report_options own = *options;
    struct om_outputs written = {0};
    om_status status = OM_OK;
    own.beside = &written;
    if (invocation->figures)
        status = write_figures(invocation, analysis, &written, err);
    if (status == OM_OK && report)
        status = om_report_write(analysis, &own, invocation->output, err);
    else if (status == OM_OK && options->manifest)
        status = om_manifest_write(analysis, &own, options->manifest, err);
    om_outputs_release(&written);
    return status;
}

static int
run_report(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_analysis *analysis = NULL;
    struct om_findings *findings = NULL;
    struct om_error err = {0};
    struct om_report_options options = choose_options(invocation);
    if (!invocation->has_format && !om_format_of_path(invocation->output, &options.format))
        return om_say_usage(
            invocation->command,
            "the ending of '%s' is none of .txt, .md, .html, .csv, .json and .xlsx; say --format",
            invocation->output);
    if (om_format_binary(options.format) && to_terminal(invocation))
        return om_say_usage(invocation->command,
                            "a workbook is not for a terminal: name a file, -o report.xlsx");
    char date[OM_SOURCE_DATE_TEXT];
    int code = om_source_date(date);
    if (*date)
        options.date = date;
    if (code == OM_EXIT_OK)
        code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;
    if (invocation->shareable_log && !om_study_shareable(study)) {
        om_study_free(study);
        return om_say_usage(invocation->command, "--shareable-log needs --shareable");
    }
    if (invocation->shareable_log && strcmp(invocation->shareable_log, invocation->output) == 0) {
        om_study_free(study);
        return om_say_usage(invocation->command, "--shareable-log and --output are the same file");
    }

    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_analyse(study, &hooks, &analysis, &findings, &err);
    om_progress_end(&progress);
    if (status != OM_OK) {
        if (om_study_shareable(study))
            om_say_kinds(findings);
        else
            om_say_findings(findings, invocation); /* the reason, so --quiet does not hide it */
        code = om_say_error(&err);
        goto cleanup;
    }
    if (!analysis) /* another process has it */
        goto cleanup;
    om_say_reading(invocation, analysis->reading, analysis->n_reading, analysis->findings);
    const bool shareable = analysis->disclosure.active;
    const struct om_findings *found = shareable ? analysis->disclosure.findings : analysis->findings;
    if (shareable)
        om_say_kinds(found);
    if (invocation->shareable_log)
        status = om_disclosure_write_log(analysis, invocation->shareable_log, &err);
    if (status == OM_OK)
        status = write_outputs(invocation, &options, analysis, &err);
    code = status == OM_OK ? om_fail_on_findings(invocation, found) : om_say_error(&err);
cleanup:
    om_findings_free(findings);
    om_analysis_free(analysis);
    om_study_free(study);
    return code;
}

const struct om_command om_command_report = {
    .name = "report",
    .arguments = "[FILE...]",
    .summary = "score a panel, classify change, test it, and print the report",
    .text =
        "Reads a panel of questionnaire answers in CSV, recognises its columns by their names, scores every "
        "instrument found, pairs persons over occasions and reports scores, severity, change and tests, for "
        "all "
        "and for each group.\n\n"
        "A panel may hold one record for each person (phq9_1_pre ... phq9_9_post), or one for each person "
        "and "
        "occasion with a column that names the occasion, or there may be one file for each occasion. What "
        "was "
        "taken for what is said on standard error. A name that could be read in two ways is refused, with "
        "the "
        "candidates listed: use 'omstat init' to write the reading down and edit it.\n\n"
        "FILE may be - for standard input.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_OUTPUT) |
               OM_OPTION_BIT(OM_OPTION_FORMAT) | OM_OPTION_BIT(OM_OPTION_WIDTH) |
               OM_OPTION_BIT(OM_OPTION_FIGURES) | OM_OPTION_BIT(OM_OPTION_COLOR) |
               OM_OPTION_BIT(OM_OPTION_MANIFEST) | OM_OPTION_BIT(OM_OPTION_FAIL_ON) |
               OM_OPTION_BIT(OM_OPTION_SHAREABLE_LOG) | OM_OPTION_BIT(OM_OPTION_QUIET) |
               OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .example = {{"omstat report panel.csv --by cohort", "Report on all persons and on each cohort."},
                {"omstat report panel.csv --by cohort -o report.html",
                 "The same as a page to read, print and send on: one file, with figures."},
                {"omstat report panel.csv --format csv > results.csv",
                 "Every number, one a line, in full precision."},
                {"omstat report panel.csv --by cohort --figures figures/",
                 "Figures as SVG, and as PNG where rsvg-convert is installed."},
                {"omstat report --occasion pre=wave1.csv --occasion post=wave2.csv --id id",
                 "One file for each occasion, paired by the column id."},
                {"omstat report panel.csv --by cohort --shareable -o shared.md",
                 "A report to pass on: nothing about fewer than 11 persons."},
                {"omstat report --study study.yaml panel.csv --strict",
                 "Run a study file, and stop when anything is wrong with the data."}},
    .n_examples = 7,
    .run = run_report,
};
