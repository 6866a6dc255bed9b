#include "message.h"
#include "study.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include <omstat/tally_report.h>

static bool
is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

int
om_refuse_terminal(const struct om_invocation *invocation)
{
    if (is_standard(invocation->output) && isatty(STDOUT_FILENO))
        return om_say_usage(invocation->command, "a tally is not for the eyes: name a file with -o");
    return OM_EXIT_OK;
}

/* --- tally --show --------------------------------------------------------------------------------------- */

static int
show(const struct om_invocation *invocation)
{
    const struct om_tally_view view = {.json = invocation->show_json};
    if (invocation->n_operands != 1)
        return om_say_usage(invocation->command, "--show needs one tally to show");
    if (invocation->study || invocation->n_settings || invocation->n_added)
        return om_say_usage(invocation->command,
                            "--show takes a tally and no other option than --format and -o");
    int code = om_refuse_replacing(invocation, invocation->operand, 1);
    if (code != OM_EXIT_OK)
        return code;
    struct om_tally *tally = NULL;
    struct om_error err = {0};
    om_status status = om_tally_read(invocation->operand[0], &tally, &err);
    if (status == OM_OK)
        status = om_tally_show(tally, invocation->operand[0], &view, invocation->output, &err);
    om_tally_free(tally);
    return status == OM_OK ? OM_EXIT_OK : om_say_error(&err);
}

/* --- tally ---------------------------------------------------------------------------------------------- */

/* What is on disk already, added to what was counted now. */
static om_status
add_tallies(const struct om_invocation *invocation, struct om_tally *sum, struct om_error *err)
{
    om_status status = OM_OK;
    for (size_t i = 0; i < invocation->n_added && status == OM_OK; i++) {
        struct om_tally *other = NULL;
        status = om_tally_read(invocation->added[i], &other, err);
        if (status == OM_OK)
            status = om_tally_merge(sum, other, invocation->added[i], err);
        om_tally_free(other);
    }
    return status;
}

static void
say_counts(const struct om_invocation *invocation, const struct om_tallying *tallying)
{
    const struct om_record_ledger *ledger = &tallying->records;
    if (!invocation->quiet)
        fprintf(stderr,
                "records: %" PRIu64 " read = %" PRIu64 " scored + %" PRIu64 " rejected + %" PRIu64
                " skipped; persons: %" PRIu64 "\n",
                ledger->read, ledger->scored, ledger->rejected, ledger->skipped, tallying->persons);
}

static int
run_tally(const struct om_invocation *invocation)
{
    if (invocation->show)
        return show(invocation);
    if (invocation->has_show_format)
        return om_say_usage(invocation->command, "--format goes with --show");
    struct om_study *study = NULL;
    struct om_tallying tallying = {0};
    struct om_error err = {0};
    int code = om_refuse_terminal(invocation);
    if (code == OM_EXIT_OK)
        code = om_refuse_replacing(invocation, invocation->added, invocation->n_added);
    if (code == OM_EXIT_OK)
        code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;

    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_tally_panel(study, &hooks, &tallying, &err);
    om_progress_end(&progress);
    om_say_reading(invocation, tallying.reading, tallying.n_reading, tallying.findings);
    if (status == OM_OK && !tallying.tally) /* another process has it */
        goto cleanup;
    if (status == OM_OK)
        status = add_tallies(invocation, tallying.tally, &err);
    if (status == OM_OK)
        status = om_tally_write(tallying.tally, invocation->output, &err);
    if (status == OM_OK) {
        say_counts(invocation, &tallying);
        code = om_fail_on_findings(invocation, tallying.findings);
    } else {
        code = om_say_error(&err);
    }
cleanup:
    om_tallying_release(&tallying);
    om_study_free(study);
    return code;
}

const struct om_command om_command_tally = {
    .name = "tally",
    .arguments = "[FILE...]\n--show TALLY",
    .summary = "count a panel, or a part of one, into a small file to report on later",
    .text =
        "Reads a panel as 'omstat report' does and keeps its counts: how many persons of each group had "
        "which "
        "scores before and after, and what else a report can ask for. A tally has no ids and no row of a "
        "person; "
        "it does have the names of groups, columns and input files.\n\n"
        "Tallies of the parts of a panel are added up with 'omstat merge', in any order, and 'omstat report' "
        "takes a tally wherever it takes a panel. Rules, populations, cut-offs and most statistics are "
        "chosen "
        "then; how answers are read and scored is fixed now. The groups of a report are some of the columns "
        "that "
        "--by names now.\n\n"
        "All records of a person have to be in the same run; that a person is in two parts cannot be seen. "
        "An "
        "input that is added twice is refused.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_ADD) | OM_OPTION_BIT(OM_OPTION_SHOW) |
               OM_OPTION_BIT(OM_OPTION_OUTPUT) | OM_OPTION_BIT(OM_OPTION_SHOW_FORMAT) |
               OM_OPTION_BIT(OM_OPTION_COLOR) | OM_OPTION_BIT(OM_OPTION_FAIL_ON) |
               OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .counts_only = true,
    .example = {{"omstat tally site1.csv --study study.yaml -o site1.tally", "Count one part of a panel."},
                {"omstat tally today.csv --study study.yaml --add yesterday.tally -o all.tally",
                 "Count what is new, and add what was counted before."},
                {"omstat tally --show all.tally", "What is in it, and where from?"}},
    .n_examples = 3,
    .run = run_tally,
};
