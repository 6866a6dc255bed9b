/*
 * More ways to say how large a change is, and intervals from large-sample variances beside those from the
 * noncentral t distribution. docs/methods/effect-sizes.md has every variance and its source.
 */
#ifndef OMSTAT_EFFECTS_H
#define OMSTAT_EFFECTS_H

#include <omstat/paired.h>

/* J: Hedges' exact correction. Intervals here are estimate -+ z sqrt(variance). */
struct om_effects_result {
    struct om_effect d_b; /* mean change / sd before (Becker's d, Glass's delta); "noncentral-t-scaled" */
    struct om_effect g_b, g_rm;     /* J d_b, J d_rm; "noncentral-t-scaled" */
    struct om_interval d_z_normal;  /* "normal-gibbons": 1/n + d^2 / 2n */
    struct om_interval d_rm_normal; /* "normal-becker": 2 (1 - r) / n + d^2 / 2n */
    struct om_interval d_b_normal;  /* "normal-becker" */
    struct om_interval d_av_normal; /* "normal-delta": by the delta method from bivariate normal scores */
    struct om_interval g_z_normal, g_rm_normal, g_b_normal, g_av_normal; /* J times those of d */
    struct om_effect common_language; /* Phi(d_z), P(change > 0) of normal changes; "noncentral-t" */
};

/* Reads what om_paired found, and takes the level from its intervals. Undefined statistics are no error: they
 * carry their reason. */
OM_API void om_effects(const struct om_paired_result *paired, struct om_effects_result *out);

/* The interval of a matched-pairs rank-biserial correlation of n_used changes: tanh(atanh(r) -+ z se), se the
 * standard deviation of r under no effect and without ties, sqrt(n (n + 1) (2n + 1) / 6) / (n (n + 1) / 2).
 * "fisher-z". */
OM_API struct om_interval om_rank_biserial_interval(struct om_stat r, uint64_t n_used, double level);

#endif
