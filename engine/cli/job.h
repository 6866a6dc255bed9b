/* What a job does, as a script: the same for every scheduler. */
#ifndef OM_CLI_JOB_H
#define OM_CLI_JOB_H

#include "options.h"

#include <stdio.h>

/* The panel of a job and how it is parted. */
struct om_job {
    const struct om_invocation *invocation;
    char *const *input; /* files */
    size_t n_inputs;
    size_t nodes, shards;
    const char *directory;
    const char *room; /* where the job was made: what relative names start from */
};

/* Writes text as one word of bash, on one line whatever is in it. */
void om_put_word(FILE *out, const char *text);

/* The functions and the settings of the job, in bash. */
void om_put_job(FILE *out, const struct om_job *job);

#endif
