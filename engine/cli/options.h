/*
 * Options: one table, from which parsing, --help, the manual and shell completion are made. The study's keys
 * (om_study_keys) are options too, under the same names.
 */
#ifndef OM_CLI_OPTIONS_H
#define OM_CLI_OPTIONS_H

#include "cli.h"

#include <stdint.h>
#include <omstat/claims.h>
#include <omstat/findings_report.h>
#include <omstat/report.h>

/* The program's own options. OM_OPTION_KEY stands for any key of the study. */
enum om_option_id {
    OM_OPTION_KEY = -1,
    OM_OPTION_STUDY,
    OM_OPTION_INPUT_DIR,
    OM_OPTION_OUTPUT,
    OM_OPTION_FOLDER, /* --output of batch */
    OM_OPTION_PERIOD,
    OM_OPTION_PREVIOUS,
    OM_OPTION_FORMAT,
    OM_OPTION_WIDTH,
    OM_OPTION_FIGURES,
    OM_OPTION_COLOR,
    OM_OPTION_FAIL_ON,
    OM_OPTION_QUIET,
    OM_OPTION_HELP,
    OM_OPTION_FINDINGS_FORMAT, /* --format of validate */
    OM_OPTION_PAGE_FORMAT,     /* and of explain */
    OM_OPTION_GATE,            /* --fail-on of validate */
    OM_OPTION_BASELINE,
    OM_OPTION_WRITE_BASELINE,
    OM_OPTION_VALID,
    OM_OPTION_INVALID,
    OM_OPTION_ADD,      /* of tally */
    OM_OPTION_SUBTRACT, /* of merge */
    OM_OPTION_SHOW,
    OM_OPTION_SHOW_FORMAT, /* --format of tally --show */
    OM_OPTION_PAIRING_KEY, /* of pair */
    OM_OPTION_AS,          /* of slurm */
    OM_OPTION_NODES,
    OM_OPTION_SHARDS,
    OM_OPTION_DIRECTORY,
    OM_OPTION_SHAREABLE_LOG,
    OM_OPTION_MANIFEST,
    OM_OPTION_CLAIMS_FORMAT, /* --format of claims */
    OM_OPTION_CLAIMS_GATE,   /* and --fail-on */
    OM_OPTION_MDOC,
    OM_OPTION_COMPLETION,
    OM_OPTION_COUNT
};

#define OM_OPTION_BIT(id) (UINT64_C(1) << (id))
_Static_assert(OM_OPTION_COUNT <= 64, "a command's options are the bits of a number");

struct om_option {
    enum om_option_id id;
    const char *name;
    char letter;          /* 0 = none */
    const char *argument; /* "FILE", "auto|always|never"; NULL for a switch */
    const char *help;     /* sentences */
    const char *topic;    /* heading in --help; NULL = not listed */
};

/* The options of a command: the study's keys if it takes them, then the program's own. */
size_t om_option_count(const struct om_command *command);
struct om_option om_option_at(const struct om_command *command, size_t index);

/* Choices of an argument written "a|b|c": calls visit for each; returns how many (0 when it is no such list).
 */
size_t om_option_choices(const char *argument, void (*visit)(void *context, const char *word, size_t length),
                         void *context);

/* A key of the study and its value, as given. */
struct om_setting {
    const char *key, *value;
    bool names_file; /* the value is FILE or NAME=FILE */
};

/* A command line taken apart. All text is borrowed from argv. */
struct om_invocation {
    const struct om_command *command;
    char **operand; /* what is no option, in order */
    size_t n_operands;
    struct om_setting *setting; /* in order */
    size_t n_settings;
    const char *study;             /* NULL = none */
    const char *output;            /* "-" = standard output */
    const char *period, *previous; /* of batch; NULL = not given */
    bool has_output;               /* it was named */
    const char *figures;           /* a directory; NULL = not asked for */
    bool has_format;
    enum om_format format;
    enum om_findings_format findings_format;
    bool markdown;                                                           /* of explain */
    const char *baseline, *write_baseline, *valid, *invalid, *shareable_log; /* files; NULL = not asked for */
    char **added, **subtracted;                                              /* tallies, in order */
    size_t n_added, n_subtracted;
    bool show, has_show_format, show_json;
    enum om_job_form { OM_JOB_SLURM, OM_JOB_MAKE, OM_JOB_XARGS } as;
    const char *pairing_key; /* a file; NULL = not given */
    size_t nodes, shards;    /* 0 = not given */
    const char *directory;   /* NULL = not given */
    const char *manifest;    /* a file; NULL = none beside the output */
    const char *input_dir;   /* of verify; NULL = not given */
    size_t width;            /* 0 = not given */
    enum om_color { OM_COLOR_AUTO, OM_COLOR_ALWAYS, OM_COLOR_NEVER } color;
    enum om_fail_on { OM_FAIL_ON_WARNING, OM_FAIL_ON_ERROR, OM_FAIL_ON_NEVER } fail_on;
    enum om_claims_format claims_format;
    enum om_claims_fail_on {
        OM_CLAIMS_FAIL_ON_MISMATCH,
        OM_CLAIMS_FAIL_ON_UNDECIDABLE,
        OM_CLAIMS_FAIL_ON_NEVER
    } claims_fail_on;
    bool quiet, help, mdoc;
    const char *completion; /* a shell; NULL = none */
};

/* Takes argv[0..argc) apart, where argv[0] is the command's name. Returns OM_EXIT_OK, or another exit code
 * after saying why. The invocation is to be released in either case. */
int om_options_parse(const struct om_command *command, int argc, char **argv, struct om_invocation *out);
void om_invocation_release(struct om_invocation *invocation);

#endif
