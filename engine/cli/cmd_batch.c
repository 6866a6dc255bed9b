#include "message.h"
#include "program.h"
#include "study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <omstat/batch.h>

enum { DATE_LENGTH = 16 };

struct summary {
    const struct om_invocation *invocation;
    int code;
};

static void
say_ran(void *context, const char *report, const struct om_analysis *analysis)
{
    struct summary *summary = context;
    char line[128];
    if (!summary->invocation->quiet) {
        snprintf(line, sizeof line, "report %.80s", report);
        om_say(line);
    }
    om_say_reading(summary->invocation, analysis->reading, analysis->n_reading, analysis->findings);
    const bool shareable = analysis->disclosure.active;
    const struct om_findings *found = shareable ? analysis->disclosure.findings : analysis->findings;
    if (shareable)
        om_say_kinds(found);
    int code = om_fail_on_findings(summary->invocation, found);
    if (code != OM_EXIT_OK)
        summary->code = code;
}

/* Today in UTC, or the day that SOURCE_DATE_EPOCH says, so that a run can be repeated. */
static void
today(char text[DATE_LENGTH])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t now = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
    struct tm day;
    if (!gmtime_r(&now, &day) || strftime(text, DATE_LENGTH, "%Y-%m-%d", &day) == 0)
        snprintf(text, DATE_LENGTH, "undated");
}

static int
run_batch(const struct om_invocation *invocation)
{
    char period[DATE_LENGTH], program[4096];
    struct om_error err = {0};
    struct summary summary = {invocation, OM_EXIT_OK};
    if (!invocation->study)
        return om_say_usage(invocation->command,
                            "'omstat batch' needs a study file with reports: --study FILE");
    if (strcmp(invocation->output, "-") == 0)
        return om_say_usage(invocation->command, "'omstat batch' writes a folder: name where with -o DIR");
    struct om_batch_setting *setting = calloc(invocation->n_settings + 1, sizeof *setting);
    if (!setting)
        return om_say_error(&(struct om_error){.status = OM_ERR_NOMEM, .message = "out of memory"});
    for (size_t i = 0; i < invocation->n_settings; i++)
        setting[i] = (struct om_batch_setting){invocation->setting[i].key, invocation->setting[i].value};
    today(period);
    struct om_progress progress = om_progress_start(invocation);
    const struct om_batch batch = {
        .study = invocation->study,
        .setting = setting,
        .n_settings = invocation->n_settings,
        .input = (const char *const *)invocation->operand,
        .n_inputs = invocation->n_operands,
        .directory = invocation->output,
        .period = invocation->period ? invocation->period : period,
        .previous = invocation->previous,
        .rsvg_convert = om_find_program("rsvg-convert", program, sizeof program) ? program : NULL,
        .hooks = {.progress = om_progress_report, .context = &progress},
        .ran = say_ran,
        .context = &summary,
    };
    om_status status = om_batch_run(&batch, &err);
    om_progress_end(&progress);
    free(setting);
    return status == OM_OK ? summary.code : om_say_error(&err);
}

const struct om_command om_command_batch = {
    .name = "batch",
    .arguments = "--study FILE -o DIR [PANEL...]",
    .summary = "write the reports of a study file into a dated folder",
    .text = "Runs each report that the study file lists under 'reports' and writes it in the forms it asks "
            "for, into a folder "
            "named by the day (or --period) in DIR. The folder appears whole or not at all. Its page "
            "index.html leads to every "
            "file and says in words what happened, and what changed since the last folder before it.\n\n"
            "A report has keys of its own, which take the place of those of the study file, and 'outputs': "
            "html, xlsx, csv, "
            "json, markdown, text and svg (its figures).",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_FOLDER) |
               OM_OPTION_BIT(OM_OPTION_PERIOD) | OM_OPTION_BIT(OM_OPTION_PREVIOUS) |
               OM_OPTION_BIT(OM_OPTION_COLOR) | OM_OPTION_BIT(OM_OPTION_FAIL_ON) |
               OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .example = {{"omstat batch --study monthly.yaml -o reports panel.csv",
                 "All reports, into reports/ and today's date."},
                {"omstat batch --study monthly.yaml -o reports --period 2026-11 panel.csv",
                 "The same, into reports/2026-11."}},
    .n_examples = 2,
    .run = run_batch,
};
