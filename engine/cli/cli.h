/*
 * The program: a table of commands, each in its own cmd_<verb>.c, written on the public headers alone.
 *
 * To add a command: write cmd_<verb>.c with a struct om_command that says what it is called, what it takes
 * and how it is used, and list it in start.c. Parsing, --help, the manual and shell completion follow from
 * it.
 */
#ifndef OM_CLI_CLI_H
#define OM_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OM_EXIT_OK = 0,
    OM_EXIT_FINDINGS = 1, /* findings at or above --fail-on, and nothing else */
    OM_EXIT_USAGE = 64,
    OM_EXIT_IO = 74,
};

struct om_invocation;

/* A command line that works, and what it is for. */
struct om_example {
    const char *line;
    const char *purpose;
};

enum { OM_EXAMPLES_MAX = 7 };

struct om_command {
    const char *name;
    const char *arguments; /* of the synopsis; one line for each form */
    const char *summary;   /* a few words, no full stop */
    const char *text;      /* paragraphs, an empty line between them */
    uint64_t options;      /* OM_OPTION_BIT(id) of the program's own options that it takes */
    bool study;            /* takes the study's keys and input files too */
    bool scores_only;      /* of these, only the keys that single scores depend on */
    bool counts_only;      /* ... only the keys that counts depend on */
    struct om_example example[OM_EXAMPLES_MAX];
    size_t n_examples;
    int (*run)(const struct om_invocation *invocation); /* returns the exit code */
};

extern const struct om_command om_command_report, om_command_batch, om_command_score, om_command_validate,
    om_command_verify, om_command_claims, om_command_tally, om_command_merge, om_command_slurm,
    om_command_pair, om_command_init, om_command_instruments, om_command_schema, om_command_explain,
    om_command_help;

/* Every command, in the order help lists them. */
const struct om_command *const *om_commands(size_t *n);

/* NULL when there is none of that name. */
const struct om_command *om_command_find(const char *name);

/* Says that there is no such command and which one may have been meant; returns the exit code. */
int om_command_unknown(const char *name);

#endif
