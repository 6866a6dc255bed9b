/* Help, the manual page and shell completion, all made from the tables of commands and options. */
#ifndef OM_CLI_HELP_H
#define OM_CLI_HELP_H

#include "cli.h"

#include <omstat/exchange.h>

/* Each prints to standard output and returns the exit code. */
int om_help_program(void);
int om_help_version(const struct om_exchange *exchange); /* NULL: a process of its own */
int om_help_command(const struct om_command *command);
int om_help_manual(void);     /* mdoc(7) */
int om_help_completion(void); /* bash */

/* The names of the kernels that this processor can run, with blanks between. */
void om_help_kernels(char *text, size_t size);

/* What exit codes mean, for help and manual. */
struct om_exit_text {
    int code;
    const char *text;
};
extern const struct om_exit_text om_exit_texts[];
extern const size_t om_n_exit_texts;

#endif
