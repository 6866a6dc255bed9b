/* Is a panel fit to go on? Everything that the reading of it finds, and nothing computed from it. */
#ifndef OMSTAT_VALIDATE_H
#define OMSTAT_VALIDATE_H

#include <omstat/analysis.h>

/* Something that was not looked at. */
struct om_unchecked {
    int code; /* 140 = duplicates; 0 = all that is to be seen behind the place where the reading ended */
    const char *reason;
};

enum { OM_UNCHECKED_MAX = 32 };

struct om_validation {
    struct om_findings *findings;
    uint64_t records;            /* read, without headers */
    uint64_t rejected;           /* of those, records that no score would be made of */
    struct om_input_info *input; /* the digest is empty where the reading ended before the end */
    size_t n_inputs;
    char **reading; /* sentences: what was taken for what */
    size_t n_reading;
    struct om_unchecked unchecked[OM_UNCHECKED_MAX];
    size_t n_unchecked;

    /* OM_OK, or what ended the reading; then there is a finding of it, the only one that is fatal, and
     * `ended` is the error as other commands would give it. */
    om_status status;
    struct om_error ended;

    void *owned; /* private */
};

/* Reads the study's panel, as om_analyse does, on as many threads. *out is made also when the reading ends
 * early because of what is read: then out->status says so, and OM_OK is returned. Errors: OM_ERR_USAGE (the
 * study asks for what is not there), OM_ERR_NOMEM, OM_ERR_INTERNAL. */
OM_API OM_NODISCARD om_status om_validate(const struct om_study *study, const struct om_hooks *hooks,
                                          struct om_validation **out, struct om_error *err);
/* Frees everything a validation points to; accepts NULL. */
OM_API void om_validation_free(struct om_validation *validation);

/* Copies the records without an error to one file and those with one to another, byte for byte and each with
 * the header; blank lines are left out. Reads the input again, which has to be one file as it was. Either
 * path may be NULL. Files appear whole or not at all. Errors: OM_ERR_USAGE (several inputs, standard input,
 * or an output that is the input), OM_ERR_IO, OM_ERR_CREATE, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_validation_split(const struct om_study *study,
                                                  const struct om_validation *validation, const char *valid,
                                                  const char *invalid, struct om_error *err);

#endif
