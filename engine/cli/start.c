/* omstat: scores, change and pre/post statistics of questionnaire panels. */
#include "help.h"
#include "message.h"
#include "start.h"
#include "study.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <omstat/kernels.h>

static const struct om_command *const commands[] = {
    &om_command_report, &om_command_batch,       &om_command_score,  &om_command_validate, &om_command_verify,
    &om_command_claims, &om_command_tally,       &om_command_merge,  &om_command_pair,     &om_command_slurm,
    &om_command_init,   &om_command_instruments, &om_command_schema, &om_command_explain,  &om_command_help,
};

const struct om_command *const *
om_commands(size_t *n)
{
    *n = sizeof commands / sizeof commands[0];
    return commands;
}

const struct om_command *
om_command_find(const char *name)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(command[i]->name, name) == 0)
            return command[i];
    return NULL;
}

int
om_command_unknown(const char *name)
{
    size_t n;
    const struct om_command *const *command = om_commands(&n);
    struct om_nearest nearest = {.word = name};
    for (size_t i = 0; i < n; i++)
        om_nearest_consider(&nearest, command[i]->name);
    return om_say_unknown(NULL, &nearest, "there is no command '%s'", name);
}

/* A closed standard stream would give its number to the next file that is opened: occupy it with something
 * that cannot be read or written. */
static bool
occupy_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        if (fcntl(stream, F_GETFD) == -1 &&
            open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            return false;
    return true;
}

/* The kernels that OMSTAT_KERNEL names. The library never reads the environment: that is done here. */
static int
choose_kernels(void)
{
    const char *name = getenv("OMSTAT_KERNEL");
    if (!name || !*name || om_kernels_choose(name))
        return OM_EXIT_OK;
    struct om_error err = {.status = OM_ERR_USAGE};
    char usable[128];
    om_help_kernels(usable, sizeof usable);
    snprintf(err.message, sizeof err.message, "OMSTAT_KERNEL: no kernels '%s' run on this processor", name);
    snprintf(err.hint, sizeof err.hint, "usable: %s", usable);
    return om_say_error(&err);
}

/* The options that stand before a command. */
static int
run_global(const char *option, const struct om_exchange *exchange)
{
    if (strcmp(option, "--version") == 0)
        return om_help_version(exchange);
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0)
        return om_help_program();
    struct om_nearest nearest = {.word = option};
    om_nearest_consider(&nearest, "--help");
    om_nearest_consider(&nearest, "--version");
    return om_say_unknown(NULL, &nearest, "there is no option %s before a command", option);
}

static int
run_command(const struct om_command *command, int argc, char **argv)
{
    struct om_invocation invocation;
    int code = om_options_parse(command, argc, argv, &invocation);
    if (code == OM_EXIT_OK)
        code = invocation.help ? om_help_command(command) : command->run(&invocation);
    om_invocation_release(&invocation);
    return code;
}

/* What several processes can do together: everything else is for one. */
static const char *const shared_commands[] = {"report", "tally"};

static bool
is_shared_command(const char *name)
{
    for (size_t i = 0; i < sizeof shared_commands / sizeof shared_commands[0]; i++)
        if (strcmp(name, shared_commands[i]) == 0)
            return true;
    return false;
}

int
om_program(int argc, char **argv, const struct om_exchange *exchange)
{
    if (!occupy_standard_streams())
        return OM_EXIT_IO;    /* and nowhere to say it */
    signal(SIGPIPE, SIG_DFL); /* 'omstat report | head' ends quietly, even if the parent ignores the signal */
    signal(SIGXFSZ, SIG_IGN); /* a limit on file size is an error to report, not a reason to die */
    int code = choose_kernels();
    if (code != OM_EXIT_OK)
        return code;
    if (argc < 2)
        return om_say_usage(NULL, "what is to be done? Give a command");
    if (argv[1][0] == '-')
        return run_global(argv[1], exchange);
    const struct om_command *command = om_command_find(argv[1]);
    if (!command)
        return om_command_unknown(argv[1]);
    if (exchange && !is_shared_command(command->name))
        return om_say_usage(command,
                            "omstat-mpi has the commands report and tally: 'omstat %s' is for one process",
                            command->name);
    om_study_share_with(exchange);
    return run_command(command, argc - 1, argv + 1);
}
