#include "message.h"
#include "study.h"

#include <omstat/tally_file.h>

static om_status
subtract_all(const struct om_invocation *invocation, struct om_tally *sum, struct om_error *err)
{
    om_status status = OM_OK;
    for (size_t i = 0; i < invocation->n_subtracted && status == OM_OK; i++) {
        struct om_tally *part = NULL;
        status = om_tally_read(invocation->subtracted[i], &part, err);
        if (status == OM_OK)
            status = om_tally_subtract(sum, part, invocation->subtracted[i], err);
        om_tally_free(part);
    }
    return status;
}

static int
run_merge(const struct om_invocation *invocation)
{
    struct om_tally *sum = NULL;
    struct om_error err = {0};
    if (invocation->n_operands == 0)
        return om_say_usage(invocation->command, "'omstat merge' needs tallies to add up");
    int code = om_refuse_terminal(invocation);
    if (code == OM_EXIT_OK)
        code = om_refuse_replacing(invocation, invocation->operand, invocation->n_operands);
    if (code == OM_EXIT_OK)
        code = om_refuse_replacing(invocation, invocation->subtracted, invocation->n_subtracted);
    if (code != OM_EXIT_OK)
        return code;
    om_status status =
        om_tally_read_sum((const char *const *)invocation->operand, invocation->n_operands, &sum, &err);
    if (status == OM_OK)
        status = subtract_all(invocation, sum, &err);
    if (status == OM_OK)
        status = om_tally_write(sum, invocation->output, &err);
    om_tally_free(sum);
    return status == OM_OK ? OM_EXIT_OK : om_say_error(&err);
}

const struct om_command om_command_merge = {
    .name = "merge",
    .arguments = "TALLY...",
    .summary = "add up tallies of the parts of a panel",
    .text = "Adds up tallies that 'omstat tally' made of the parts of a panel, in any order and by any "
            "intermediate "
            "sums: the file is the same to the last byte. Tallies of another study, other definitions of the "
            "instruments or other columns are refused, and so is an input that is in two of them.\n\n"
            "--subtract takes a part out again, exactly. What was taken out stays in the history of the "
            "tally, which "
            "'omstat tally --show' shows.",
    .options =
        OM_OPTION_BIT(OM_OPTION_SUBTRACT) | OM_OPTION_BIT(OM_OPTION_OUTPUT) | OM_OPTION_BIT(OM_OPTION_HELP),
    .example = {{"omstat merge site*.tally -o all.tally", "Add up what the sites counted."},
                {"omstat merge all.tally --subtract site7.tally -o corrected.tally",
                 "Take a part out again, for instance to put a corrected one in its place."}},
    .n_examples = 2,
    .run = run_merge,
};
