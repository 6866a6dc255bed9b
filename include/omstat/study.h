/*
 * The study: what is in the files, and what is asked of them.
 *
 * A study is a set of keys. The same keys are options on the command line (--by cohort) and entries of a
 * study file (by: [cohort]); om_study_keys lists them all, and option parser, --help, manual and study file
 * are made from that one table.
 */
#ifndef OMSTAT_STUDY_H
#define OMSTAT_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <omstat/instrument.h>
#include <omstat/status.h>

struct om_study;

struct om_study_key {
    const char *name;     /* "by" */
    const char *argument; /* "COLUMN[,COLUMN]"; NULL for a switch, whose value is "true" or "false"; "[...":
                           * may be left out like that of a switch */
    const char *help;     /* one or two sentences */
    const char *topic;    /* heading under which --help lists it: "Panel", "Answers", "Analysis", "Findings",
                           * "Running" (cannot change a result, and is not among the options of an output) */
    bool targeted;        /* the value may begin with TARGET= (in a study file: a mapping) */
    bool list;            /* commas separate values (in a study file: a sequence) */
    bool report_only;     /* says nothing about single scores: of no use to `omstat score` */
};

/* Every key, in the order --help lists them. */
OM_API const struct om_study_key *om_study_keys(size_t *n);

OM_API OM_NODISCARD om_status om_study_new(struct om_study **out, struct om_error *err);
OM_API void om_study_free(struct om_study *study); /* accepts NULL */

/* Sets a key from text, as on the command line. Keys that take lists add to what is there. Errors:
 * OM_ERR_USAGE for an unknown key or an impossible value (the message lists what is possible). */
OM_API OM_NODISCARD om_status om_study_set(struct om_study *study, const char *key, const char *value,
                                           struct om_error *err);

/* Reads a study file. Errors: OM_ERR_DEFINITION with line, column and remedy; OM_ERR_NO_INPUT ... */
OM_API OM_NODISCARD om_status om_study_load(struct om_study *study, const char *path, struct om_error *err);

/* The reports that a study file lists under `reports`, for om_batch: each has a name, keys of its own that
 * take the place of those of the file, and the forms it is written in. All text is owned by the list. */
struct om_study_report {
    char *name; /* letters, digits, - and _ */
    char **output;
    size_t n_outputs;
};
struct om_study_reports {
    struct om_study_report *report; /* in the order of the file */
    size_t n_reports;
};

/* Reads them; form[0..n_forms) are the words that outputs may be. Errors: as om_study_load. On success the
 * caller releases; a file without reports gives none. */
OM_API OM_NODISCARD om_status om_study_reports(const char *path, const char *const *form, size_t n_forms,
                                               struct om_study_reports *out, struct om_error *err);
/* Frees what om_study_reports made. */
OM_API void om_study_reports_release(struct om_study_reports *reports);

/* Reads a study file as om_study_load does, with the keys of one of its reports instead of those of the file.
 * Errors: OM_ERR_DEFINITION when there is no such report, and as om_study_load. */
OM_API OM_NODISCARD om_status om_study_load_report(struct om_study *study, const char *path,
                                                   const char *report, struct om_error *err);

/* Adds an input file ("-" = standard input). */
OM_API OM_NODISCARD om_status om_study_add_input(struct om_study *study, const char *path,
                                                 struct om_error *err);

/* True when writing path would overwrite one of the inputs, under any name. */
OM_API bool om_study_reads(const struct om_study *study, const char *path);

/* The instruments this study knows: the built-in ones and those added with the key "instrument". */
OM_API const struct om_registry *om_study_registry(const struct om_study *study);

/* True when the key shareable asks for anything to be withheld. */
OM_API bool om_study_shareable(const struct om_study *study);

/* True when the key strict was set. */
OM_API bool om_study_strict(const struct om_study *study);

#endif
