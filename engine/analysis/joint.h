/*
 * People counted by what several scales say of them together (rule `nhs`).
 *
 * A pair of levels of one scale comes to a few bits; they are looked up, united over the scales, and the
 * person is counted by the union.
 */
#ifndef OM_ANALYSIS_JOINT_H
#define OM_ANALYSIS_JOINT_H

#include "analysis/rows.h"

#include <omstat/joint.h>

/* Prepares the scales that take part, when the rule is asked for and two or more of them are in the panel.
 * Errors: OM_ERR_DEFINITION when a scale has too many levels for it, OM_ERR_NOMEM. */
om_status om_joint_init(struct om_run *run, struct om_error *err) OM_NODISCARD;

/* What the scale says about itself for the rule, or NULL. */
const struct om_joint_rule *om_joint_rule_of(const struct om_scale *scale);

/* The bits of n persons from their levels at the first and the last occasion are added to state. */
static inline void
om_joint_mark(const struct om_run_scale *scale, const uint16_t *first, const uint16_t *last, size_t n,
              uint8_t *state)
{
    const uint32_t side = (uint32_t)scale->scorer->n_levels + 1;
    for (size_t r = 0; r < n; r++)
        state[r] |= scale->joint[first[r] * side + last[r]];
}

/* Counts n <= OM_GROUP_BLOCK persons. */
void om_joint_count(uint64_t *count, const uint8_t *state, size_t n);

/* Rows of one group; group, population and what follows are set here. */
om_status om_rows_joint(struct om_view *view, struct om_error *err) OM_NODISCARD;

#endif
