/* From a command line to a study of the library. */
#ifndef OM_CLI_STUDY_H
#define OM_CLI_STUDY_H

#include "options.h"

#include <omstat/exchange.h>
#include <omstat/study.h>

/* Every study from now on is run together with these processes; NULL: by this one alone. */
void om_study_share_with(const struct om_exchange *exchange);

/* Builds the study that the invocation asks for. Returns OM_EXIT_OK, or another exit code after saying why.
 */
int om_study_from(const struct om_invocation *invocation, struct om_study **out);

/* Refuses to write over one of these inputs; returns the exit code. */
int om_refuse_replacing(const struct om_invocation *invocation, char *const *input, size_t n);

/* Refuses to write a tally to a terminal; returns the exit code. */
int om_refuse_terminal(const struct om_invocation *invocation);

/* The exit code that --fail-on asks for, given what was found. */
int om_fail_on_findings(const struct om_invocation *invocation, const struct om_findings *findings);

#endif
