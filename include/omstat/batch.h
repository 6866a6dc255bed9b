/*
 * Several reports of one study in one run: a folder that appears whole or not at all, with a page that leads
 * to everything in it and says what changed since the run before.
 *
 *     DIRECTORY/PERIOD/index.html            what is here, what happened, what changed
 *                      <report>.html .csv    each report in the forms that the study file asks for
 *                      <report>-figures/     its figures, when it asks for svg
 *                      <report>.tally        its counts: what the next run compares with
 *                      <report>.manifest     what they were made from, and their digests
 *                      SHA256SUMS            the digest of every file: sha256sum -c, om_verify
 *
 * docs/batch.md shows a study file with reports.
 */
#ifndef OMSTAT_BATCH_H
#define OMSTAT_BATCH_H

#include <omstat/analysis.h>

/* A key of the study and its value, as om_study_set takes them. */
struct om_batch_setting {
    const char *key, *value;
};

struct om_batch {
    const char *study;                      /* a study file with `reports` */
    const struct om_batch_setting *setting; /* applied after the file, to every report */
    size_t n_settings;
    const char *const *input; /* panels beside those of the file */
    size_t n_inputs;
    const char *directory; /* made when it is missing */
    const char *period;    /* name of the folder: letters, digits, '-', '_' and '.'; sorts by time */
    const char
        *previous; /* a folder of an earlier run; NULL: the last one before `period` in the directory */
    const char *rsvg_convert; /* makes PNG of figures, see <omstat/figures.h>; NULL: none */
    struct om_hooks hooks;
    /* Called for each report that ran, with its name; may be NULL. */
    void (*ran)(void *context, const char *report, const struct om_analysis *analysis);
    void *context;
};

/* Runs every report and writes the folder. Errors: OM_ERR_CREATE when the folder is there already;
 * OM_ERR_DEFINITION when the file lists no report; OM_ERR_USAGE for a period that is no name; and those of
 * om_analyse and om_report_write. Nothing is left behind then. */
OM_API OM_NODISCARD om_status om_batch_run(const struct om_batch *batch, struct om_error *err);

#endif
