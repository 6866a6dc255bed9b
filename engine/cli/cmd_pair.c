#include "message.h"
#include "study.h"

#include <inttypes.h>
#include <omstat/pairing.h>
#include <string.h>

static int
run_pair(const struct om_invocation *invocation)
{
    struct om_study *study = NULL;
    struct om_pairing pairing = {0};
    struct om_error err = {0};
    if (!invocation->pairing_key)
        return om_say_usage(invocation->command, "'omstat pair' needs a key: --pairing-key FILE");
    int code = om_study_from(invocation, &study);
    if (code != OM_EXIT_OK)
        return code;
    struct om_progress progress = om_progress_start(invocation);
    struct om_hooks hooks = {.progress = om_progress_report, .context = &progress};
    om_status status = om_pair(study, invocation->pairing_key, invocation->output, &hooks, &pairing, &err);
    om_progress_end(&progress);
    om_say_reading(invocation, pairing.reading, pairing.n_reading, pairing.findings);
    if (status == OM_OK && !invocation->quiet)
        fprintf(
            stderr,
            "records: %" PRIu64 " read, %" PRIu64 " of them of no use\n"
            "this file holds answers of persons: keep it like the panel, and remove it when it has served\n",
            pairing.read, pairing.rejected);
    code = status == OM_OK ? OM_EXIT_OK : om_say_error(&err);
    om_pairing_release(&pairing);
    om_study_free(study);
    return code;
}

const struct om_command om_command_pair = {
    .name = "pair",
    .arguments = "[FILE...] --pairing-key FILE -o PAIRS",
    .summary = "write a part of a long panel so that its persons can be paired elsewhere",
    .text = "Where the records of a person are in several parts of a long panel, and no process reads all of "
            "them, the "
            "parts have to be brought together first. A pairing file is a part once more: a panel of the "
            "columns that the "
            "study reads, with a keyed hash in place of each id (HMAC-SHA-256 cut to 128 bits). The same "
            "study reads the "
            "pairing files of all parts like the panel, and comes to the same numbers; 'omstat tally "
            "--persons K/N' counts "
            "a part of the persons, and 'omstat merge' adds the parts up.\n\n"
            "The key is a file that only its owner may read, the same for all parts. Who has it can look up "
            "the ids he "
            "knows; nobody else can.\n\n"
            "A pairing file holds data of persons: every answer, under a name that is not theirs. It is made "
            "for its owner "
            "alone (mode 0600). Keep it like the panel, and remove it when it has served. What is kept is "
            "the tally.",
    .options = OM_OPTION_BIT(OM_OPTION_STUDY) | OM_OPTION_BIT(OM_OPTION_PAIRING_KEY) |
               OM_OPTION_BIT(OM_OPTION_OUTPUT) | OM_OPTION_BIT(OM_OPTION_COLOR) |
               OM_OPTION_BIT(OM_OPTION_QUIET) | OM_OPTION_BIT(OM_OPTION_HELP),
    .study = true,
    .counts_only = true,
    .example = {{"omstat pair part-1.csv --study study.yaml --pairing-key key -o part-1.pairs",
                 "Write one part for pairing."},
                {"omstat tally part-*.pairs --study study.yaml --persons 1/16 -o persons-1.tally",
                 "Count a sixteenth of the persons of all parts."}},
    .n_examples = 2,
    .run = run_pair,
};
