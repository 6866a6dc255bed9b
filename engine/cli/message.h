/*
 * What the program says to people, all of it on standard error. Names are written by om_put_safe: a hostile
 * file name or header cannot steer a terminal.
 */
#ifndef OM_CLI_MESSAGE_H
#define OM_CLI_MESSAGE_H

#include "options.h"

#include <stdio.h>
#include <omstat/analysis.h>

/* "omstat: file:line:column: message" and the hint; returns the exit code of err->status. */
int om_say_error(const struct om_error *err);

/* "omstat: ..." and a hint at the help of a command (NULL = the program); returns OM_EXIT_USAGE. */
int om_say_usage(const struct om_command *command, const char *format, ...) OM_PRINTF(2, 3);

/* One line. */
void om_say(const char *text);

/* The findings for people; nothing when there are none. */
void om_say_findings(const struct om_findings *findings, const struct om_invocation *invocation);

/* The codes alone, worst first: neither how many nor where. */
void om_say_kinds(const struct om_findings *findings);

/* Colour on this stream, as asked, else when it is a terminal that can. */
bool om_use_color(const struct om_invocation *invocation, FILE *stream);

/* Flushes standard output; returns an exit code, after saying why when it is not OM_EXIT_OK. */
int om_finish_output(void);

/* The closest of several candidates to a word that is none of them. */
struct om_nearest {
    const char *word;
    const char *prefix; /* written before the best, such as "--"; may be NULL */
    const char *best;   /* NULL = none is close */
    size_t distance;
};
void om_nearest_consider(struct om_nearest *nearest, const char *candidate);

/* "omstat: ..." about a word that is not known, and the nearest one that is or the help of a command; returns
 * OM_EXIT_USAGE. */
int om_say_unknown(const struct om_command *command, const struct om_nearest *nearest, const char *format,
                   ...) OM_PRINTF(3, 4);

/* What was taken for what, then what is wrong with it; with --quiet only when that is an error. findings may
 * be NULL. */
void om_say_reading(const struct om_invocation *invocation, char *const *reading, size_t n,
                    const struct om_findings *findings);

/* A line on the terminal that tells how far reading has come. */
struct om_progress {
    bool enabled, shown;
    double started, last; /* seconds */
};
struct om_progress om_progress_start(const struct om_invocation *invocation);
void om_progress_report(void *progress, uint64_t done, uint64_t total); /* an om_progress_fn */
void om_progress_end(struct om_progress *progress);                     /* erases the line */

#endif
