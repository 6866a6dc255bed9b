/*
 * Growth: a linear mixed model with a random intercept and slope for each person, by REML.
 *
 *   score = intercept + slope * time + (b0 + b1 * time of the person) + error
 *
 * With several groups each has an intercept and a slope of its own; (b0, b1) and the error have the same
 * distribution in all, as in y ~ time * group + (1 + time | person). docs/methods/mixed-model.md
 */
#ifndef OMSTAT_MIXED_H
#define OMSTAT_MIXED_H

#include <stdbool.h>
#include <omstat/stat.h>
#include <omstat/trajectory.h>

struct om_fixed_effect {
    struct om_stat estimate, se, df; /* df after Satterthwaite */
    struct om_stat t, p;             /* two-sided, that the effect is 0 */
    struct om_interval interval;     /* "t-satterthwaite" */
};

struct om_mixed_group {
    uint64_t n; /* persons of the group with a score */
    struct om_fixed_effect intercept, slope;
    struct om_fixed_effect intercept_difference, slope_difference; /* from the first group */
};

struct om_mixed_result {
    uint64_t n, n_scores; /* persons, scores */
    const char *reason;   /* why nothing is defined; NULL when the model was fitted */
    struct om_stat reml;  /* the REML criterion: -2 log of the restricted likelihood */
    struct om_stat intercept_sd, slope_sd, correlation; /* of the persons' b0 and b1 */
    struct om_stat residual_sd;
    bool singular; /* the best fit has no variation between persons in some direction */
    struct om_stat slopes_chi2, slopes_df, slopes_p; /* that all groups have one slope; "wald" */

    /* For om_mixed_person: covariance of (b0, b1), and the variance of the error. */
    double covariance[3]; /* b0 b0, b0 b1, b1 b1 */
    double variance;
};

/*
 * Fits the model to the scores of n_groups groups, each of which has the same occasions, times and unit.
 * Only people with at least min_scores scores enter; 1 for everyone. group[] has room for n_groups.
 *
 * The model is not identified, and nothing is defined (out->reason), unless each group has scores at two
 * occasions, some group has two people with two scores, somebody has three, and not all scores lie on
 * straight lines. A search that does not settle is a reason too. Errors: OM_ERR_INVALID, OM_ERR_NOMEM.
 */
OM_API OM_NODISCARD om_status om_mixed(const struct om_trajectories *trajectories, size_t n_groups,
                                       size_t min_scores, double level, struct om_mixed_group *group,
                                       struct om_mixed_result *out, struct om_error *err);

/* What the model says about one person: their own deviation from the line of the group. */
struct om_growth {
    double intercept, slope;       /* conditional modes (BLUPs) of b0 and b1 */
    double intercept_sd, slope_sd; /* their conditional standard deviations */
};

/* row has the occasions of t. Somebody without a score gets 0 and the standard deviations of all. The model
 * must have been fitted. */
OM_API void om_mixed_person(const struct om_mixed_result *fit, const struct om_mixed_group *group,
                            const struct om_trajectories *t, const int32_t *row, struct om_growth *out);

#endif
