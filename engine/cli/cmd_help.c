#include "help.h"
#include "message.h"

static int
run_help(const struct om_invocation *invocation)
{
    if (invocation->mdoc)
        return om_help_manual();
    if (invocation->completion)
        return om_help_completion();
    if (invocation->n_operands == 0)
        return om_help_program();
    if (invocation->n_operands > 1)
        return om_say_usage(&om_command_help, "help on one command at a time");
    const struct om_command *command = om_command_find(invocation->operand[0]);
    return command ? om_help_command(command) : om_command_unknown(invocation->operand[0]);
}

const struct om_command om_command_help = {
    .name = "help",
    .arguments = "[COMMAND]",
    .summary = "print help, on everything or on one command",
    .text = "Prints what the program can do, or all options of one command with examples. "
            "'omstat COMMAND --help' is the same.",
    .options =
        OM_OPTION_BIT(OM_OPTION_HELP) | OM_OPTION_BIT(OM_OPTION_MDOC) | OM_OPTION_BIT(OM_OPTION_COMPLETION),
    .example = {{"omstat help report", "All options of the report."}},
    .n_examples = 1,
    .run = run_help,
};
