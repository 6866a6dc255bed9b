#include "message.h"
#include "study.h"

#include <string.h>
#include <omstat/findings_report.h>

static struct om_findings_options
choose_options(const struct om_invocation *invocation)
{
    bool to_stdout = strcmp(invocation->output, "-") == 0;
    return (struct om_findings_options){
        .format = invocation->findings_format,
        .color = to_stdout ? om_use_color(invocation, stdout) : invocation->color == OM_COLOR_ALWAYS,
        .gate = invocation->fail_on != OM_FAIL_ON_NEVER,
        .fail_on = invocation->fail_on == OM_FAIL_ON_WARNING ? OM_WARNING : OM_BAD,
    };
}

/* The last line of the text, on standard error, where the findings go elsewhere. */
static void
say_verdict(const struct om_invocation *invocation, const struct om_validation *validation,
            struct om_findings_options options)
{
    char *text = NULL;
    size_t length;
    struct om_error err;
    if (validation->status != OM_OK)
        om_say_error(&validation->ended);
    options.format = OM_FINDINGS_TEXT;
    options.color = om_use_color(invocation, stderr);
    if (invocation->quiet || om_validation_render(validation, &options, &text, &length, &err) != OM_OK)
        return;
    text[length - 1] = '\0';
    const char *line = strrchr(text, '\n');
    fprintf(stderr, "%s\n", line ? line + 1 : text);
    om_text_free(text);
}

static int
verdict(const struct om_validation *validation, const struct om_findings_options *options)
{
    if (validation->status != OM_OK)
        return om_status_exit_code(validation->status);
    return om_validation_fails(validation, options) ? OM_EXIT_FINDINGS : OM_EXIT_OK;
}

/* Everything that is written once the panel was read. */
static om_status
write_all(const struct om_invocation *invocation, const struct om_study *study,
          const struct om_validation *validation, const struct om_findings_options *options,
          struct om_error *err)
{
    if (invocation->baseline) {
        om_status status = om_baseline_apply(validation->findings, invocation->baseline, err);
        if (status != OM_OK)
            return status;
    }
    om_status status = om_validation_write(validation, options, invocation->output, err);
    if (validation->status != OM_OK) /* what was read is a part: nothing else is made of it */
        return status;
    if (status == OM_OK && invocation->write_baseline)
        status = om_baseline_write(validation->findings, invocation->write_baseline, err);
    if (status == OM_OK && (invocation->valid || invocation->invalid))
        status = om_validation_split(study, validation, invocation->valid, invocation->invalid, err);
    return status;
}

static int
run_validate(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_validation *validation = NULL;
    struct om_error err = {0};
    const struct om_findings_options options = choose_options(invocation);
    int code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;

    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_validate(study, &hooks, &validation, &err);
    om_progress_end(&progress);
    if (status == OM_OK) {
        om_say_reading(invocation, validation->reading, validation->n_reading, NULL);
        status = write_all(invocation, study, validation, &options, &err);
    }
    if (status != OM_OK) {
        code = om_say_error(&err);
    } else {
        if (strcmp(invocation->output, "-") != 0 || options.format != OM_FINDINGS_TEXT)
            say_verdict(invocation, validation, options);
        code = verdict(validation, &options);
    }
    om_validation_free(validation);
    om_study_free(study);
    return code;
}

const struct om_command om_command_validate = {
    .name = "validate",
    .arguments = "[FILE...]",
    .summary = "check a panel before it goes on, and say what is wrong with it",
    .text = "Reads a panel as 'omstat report' does, computes nothing, and lists every finding: what, where, "
            "how often, "
            "and what to do about it. The exit code is 0 when the data may go on, 1 when there is a finding "
            "at or above "
            "--fail-on, and another one when the file is no panel at all or cannot be read.\n\n"
            "No value of a cell and no id is shown unless --show-values asks for it. 'omstat explain CODE' "
            "says more "
            "about a finding.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_OUTPUT) |
               OM_OPTION_BIT(OM_OPTION_FINDINGS_FORMAT) | OM_OPTION_BIT(OM_OPTION_COLOR) |
               OM_OPTION_BIT(OM_OPTION_GATE) | OM_OPTION_BIT(OM_OPTION_BASELINE) |
               OM_OPTION_BIT(OM_OPTION_WRITE_BASELINE) | OM_OPTION_BIT(OM_OPTION_VALID) |
               OM_OPTION_BIT(OM_OPTION_INVALID) | OM_OPTION_BIT(OM_OPTION_QUIET) |
               OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .scores_only = true,
    .example = {{"omstat validate panel.csv", "List what is wrong with a panel."},
                {"omstat validate panel.csv --format sarif -o findings.sarif",
                 "The same, for a platform that shows findings beside the file."},
                {"omstat validate panel.csv --write-baseline accepted.json --fail-on never",
                 "Accept what is wrong today ..."},
                {"omstat validate panel.csv --baseline accepted.json", "... and fail on what is new."},
                {"omstat validate panel.csv --valid clean.csv --invalid rejected.csv",
                 "Copy the records without an error to one file and the others to another."}},
    .n_examples = 5,
    .run = run_validate,
};
