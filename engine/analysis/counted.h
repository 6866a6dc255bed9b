/*
 * The two halves of an analysis, and what passes between them.
 *
 *   panel -> om_count_panel  \
 *                             counts and what they are about -> om_conclude -> rows
 *   tally -> om_count_tally  /
 *
 * The second half asks nothing of a panel: what is known of it stands here and in the run.
 */
#ifndef OM_ANALYSIS_COUNTED_H
#define OM_ANALYSIS_COUNTED_H

#include "analysis/tallies.h"
#include "base/buffer.h"
#include "tally/tally.h"

#include <omstat/findings.h>

/* Scores of persons at every occasion, which processes have told beside their tallies (analysis/followed.h).
 */
struct om_followed {
    struct om_buffer rows; /* those of each, one behind the other */
    size_t n;              /* processes */
};

struct om_counted {
    struct om_run run; /* finished: groups added up and named */
    struct om_findings *findings;
    struct om_texts reading;     /* sentences: what was taken for what */
    struct om_input_info *input; /* panels, or tallies; of these, what they were made of */
    size_t n_inputs;
    struct om_input_info *tallied;
    size_t n_tallied;

    /* What all this points into: a panel, or what took its place. */
    struct om_panel *panel;
    struct om_tally *tally;   /* NULL also when it is somebody else's */
    struct om_study study;    /* of a tally: the study asked, but for what the tally knows better; borrowed */
    struct om_texts occasion; /* of a tally */
    struct om_dictionary *by_value; /* of a tally: as in the run */
    size_t n_by_values;
    struct om_followed followed; /* at rank 0 of several processes */
};

/* Reads the panel of a study and counts it. out is zeroed before, and is to be released on failure too; what
 * was found until then is in out->findings. Errors as om_analyse, but those about what the counts come to. */
om_status om_count_panel(const struct om_study *study, enum om_run_use use, const struct om_hooks *hooks,
                         struct om_counted *out, struct om_error *err) OM_NODISCARD;

/* The counts of a tally, as the study asks for them. Borrows the tally, its name and the study; what was read
 * (out->input) is the caller's to fill in. out as above. Errors as om_analyse_tally. */
om_status om_count_tally(const struct om_study *study, const struct om_tally *tally, const char *name,
                         struct om_counted *out, struct om_error *err) OM_NODISCARD;
/* Whichever the inputs of the study are. */
om_status om_count_inputs(const struct om_study *study, const struct om_hooks *hooks, struct om_counted *out,
                          struct om_error *err) OM_NODISCARD;
/* OM_ERR_PANEL when an input is a tally: for whom needs records. */
om_status om_refuse_tallies(const struct om_study *study, struct om_error *err) OM_NODISCARD;

/* The same, and the scores of persons at every occasion that came with it. */
om_status om_count_tally_and_rows(const struct om_study *study, const struct om_tally *tally,
                                  const struct om_followed *followed, const char *name,
                                  struct om_counted *out, struct om_error *err) OM_NODISCARD;
/* What was counted for OM_RUN_TALLY, as a tally. Errors: OM_ERR_PANEL when two inputs are the same,
 * OM_ERR_NOMEM, OM_ERR_INTERNAL. */
om_status om_tally_of_counted(const struct om_counted *counted, struct om_tally **out,
                              struct om_error *err) OM_NODISCARD;

/* Says that a tally was counted in one run, of these inputs. Errors as above; the tally is then to be freed.
 */
om_status om_tally_set_inputs(struct om_tally *tally, const struct om_input_info *input, size_t n,
                              struct om_error *err) OM_NODISCARD;

/* OM_ERR_DATA when the study is strict and there are errors in the data. */
om_status om_check_strict(const struct om_study *study, const struct om_findings *findings,
                          struct om_error *err) OM_NODISCARD;

/* Makes the analysis of what was counted: the rows, and what is said about them. It borrows from counted and
 * from the study. Errors: OM_ERR_DATA (strict), OM_ERR_PANEL (no record, no pair), OM_ERR_USAGE,
 * OM_ERR_NOMEM, OM_ERR_INTERNAL; the analysis may be filled in part then. */
om_status om_conclude(struct om_counted *counted, struct om_analysis *analysis,
                      struct om_error *err) OM_NODISCARD;

void om_counted_release(struct om_counted *counted); /* a zeroed one is fine */

#endif
