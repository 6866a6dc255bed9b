#include "message.h"
#include "study.h"

#include <inttypes.h>

/* The denominators, so that nobody has to count lines. */
static void
say_ledger(const struct om_record_ledger *ledger)
{
    fprintf(stderr,
            "records: %" PRIu64 " read = %" PRIu64 " scored + %" PRIu64 " rejected + %" PRIu64 " skipped\n",
            ledger->read, ledger->scored, ledger->rejected, ledger->skipped);
}

static int
run_score(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_scoring scoring = {0};
    struct om_error err = {0};
    int code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;

    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_score(study, invocation->output, &hooks, &scoring, &err);
    om_progress_end(&progress);
    om_say_reading(invocation, scoring.reading, scoring.n_reading, scoring.findings);
    if (status != OM_OK) {
        code = om_say_error(&err);
    } else {
        if (!invocation->quiet)
            say_ledger(&scoring.records);
        code = om_fail_on_findings(invocation, scoring.findings);
    }
    om_scoring_release(&scoring);
    om_study_free(study);
    return code;
}

const struct om_command om_command_score = {
    .name = "score",
    .arguments = "[FILE...]",
    .summary = "write the scores of every record as CSV",
    .text =
        "Reads a panel as 'omstat report' does and writes its scores: one line for each record, or, where a "
        "record holds several occasions, one for each of them. A line has the key columns, the occasion, and "
        "for each scale the score, the number of answers, the severity band, whether it screens positive, "
        "and "
        "the reason when there is no score.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_OUTPUT) |
               OM_OPTION_BIT(OM_OPTION_COLOR) | OM_OPTION_BIT(OM_OPTION_FAIL_ON) |
               OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .scores_only = true,
    .example = {{"omstat score panel.csv -o scores.csv", "Score a panel into a file."},
                {"omstat score panel.csv --missing-rule prorate | head",
                 "Allow missing answers within each instrument's own rule."}},
    .n_examples = 2,
    .run = run_score,
};
