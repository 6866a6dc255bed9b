/*
 * People counted by what several scales say of them together (rule `nhs`).
 *
 * A pair of levels of one scale comes to a few bits; they are looked up, united over the scales, and the
 * person is counted by the union.
 */
#ifndef OM_ANALYSIS_JOINT_H
#define OM_ANALYSIS_JOINT_H

#include "analysis/rows.h"
#include "base/buffer.h"

#include <omstat/joint.h>

/* Prepares the scales that take part, when the rule is asked for and two or more of them are in the panel.
 * Errors: OM_ERR_DEFINITION when a scale has too many levels for it, OM_ERR_NOMEM. */
om_status om_joint_init(struct om_run *run, struct om_error *err) OM_NODISCARD;

/* What a scale that takes part says of n persons, by their levels at the first and the last occasion, is
 * added to state. Levels of a total are as the share numbers them. */
void om_joint_mark(const struct om_run_scale *scale, const struct om_dictionary *totals,
                   const uint16_t *first, const uint16_t *last, size_t n, uint8_t *state);

/* Counts n <= OM_GROUP_BLOCK persons. */
void om_joint_count(uint64_t *count, const uint8_t *state, size_t n);

/* Words about the scales that take part; empty where the rule is not asked for. Also of words that could not
 * be finished: om_joint_words_release. */
struct om_joint_words {
    struct om_buffer instrument; /* "phq9+gad7" */
    struct om_buffer caseness;   /* "a case: phq9 >= 10 or gad7 >= 8" */
    struct om_buffer change;     /* "phq9 6, gad7 4 points or more; ..." */
};

om_status om_joint_words(const struct om_run *run, struct om_joint_words *words,
                         struct om_error *err) OM_NODISCARD;
void om_joint_words_release(struct om_joint_words *words);

/* Rows of one group; group, population and what follows are set here. */
om_status om_rows_joint(struct om_view *view, struct om_error *err) OM_NODISCARD;

#endif
