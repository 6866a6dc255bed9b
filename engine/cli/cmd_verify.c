#include "message.h"

#include "fill.h"

#include <omstat/verify.h>

/* What a manifest says, which may come from anybody. */
static void
put_line(const char *before, const char *text, const char *behind)
{
    fputs(before, stdout);
    om_put_safe(stdout, text);
    fputs(behind, stdout);
}

static void
print(const struct om_invocation *invocation, const struct om_verification *verification)
{
    om_put_safe(stdout, invocation->operand[0]);
    printf(": %s\n", verification->identical ? "identical" : "different");
    for (size_t i = 0; i < verification->n_differences; i++)
        put_line("  ", verification->difference[i], "\n");
    for (size_t i = 0; i < verification->n_remarks; i++)
        put_line("  (", verification->remark[i], ")\n");
}

static int
run_verify(const struct om_invocation *invocation)
{
    if (invocation->n_operands == 0)
        return om_say_usage(invocation->command, "'omstat verify' needs a report, or the manifest of one");
    const struct om_verify_request request = {
        .output = invocation->operand[0],
        .folder = &invocation->input_dir,
        .n_folders = invocation->input_dir ? 1 : 0,
        .input = (const char *const *)invocation->operand + 1,
        .n_inputs = invocation->n_operands - 1,
    };
    struct om_verification *verification = NULL;
    struct om_error err = {0};
    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_verify(&request, &hooks, &verification, &err);
    om_progress_end(&progress);
    if (status != OM_OK)
        return om_say_error(&err);
    if (!invocation->quiet)
        print(invocation, verification);
    int code = om_finish_output();
    if (code == OM_EXIT_OK && !verification->identical)
        code = OM_EXIT_FINDINGS;
    om_verification_free(verification);
    return code;
}

const struct om_command om_command_verify = {
    .name = "verify",
    .arguments = "REPORT|FOLDER [PANEL...]",
    .summary = "run a report again from its manifest, and compare byte by byte",
    .text =
        "Reads the manifest that a report holds (JSON, HTML, Markdown, text) or the one that --manifest "
        "wrote beside it, checks the digests of all that the report was made from, runs it again with the "
        "same options, and compares. The exit code is 0 when every byte is the same and 1 when something "
        "differs; the first difference is said, and its cause where that is known: an input that changed, "
        "another definition, another version of omstat.\n\n"
        "Inputs and definitions are looked for by name, in --input-dir and beside the report. A panel that "
        "is named is told by its digest, whatever its name. A manifest that somebody made up can do no more "
        "than have such files read: nothing is written, and a file is read as a panel only when its digest "
        "is that of the manifest.\n\n"
        "Figures that were written with a report are checked too. Of a folder that 'omstat batch' wrote, "
        "every "
        "file is: its digest, that none is missing and none was added; and each report is run again.",
    .options =
        OM_OPTION_BIT(OM_OPTION_INPUT_DIR) | OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .example = {{"omstat verify report.md", "Is the report what its panel, beside it, gives?"},
                {"omstat verify report.json --input-dir data", "The same, with the panel elsewhere."},
                {"omstat verify results.csv.manifest panel.csv", "A CSV, by the manifest written beside it."},
                {"omstat verify reports/2026-11 panel.csv", "A folder of 'omstat batch'."}},
    .n_examples = 4,
    .run = run_verify,
};
