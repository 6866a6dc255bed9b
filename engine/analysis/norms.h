/*
 * The norms that indices of change and cut-offs are made of, and where each comes from: the study, the
 * instrument's definition, or everyone with both scores in this run.
 */
#ifndef OM_ANALYSIS_NORMS_H
#define OM_ANALYSIS_NORMS_H

#include <omstat/clinical.h>

struct om_run;
struct om_study;

/* Where a number comes from, in words: "the study", "phq9, primary_care_retest", "the sample". */
struct om_norm_source {
    char text[80];
};

/* Of one scale. */
struct om_scale_norms {
    bool known; /* there is, or could be, a reliability; otherwise no index has a meaning here */
    struct om_index_source people;
    struct om_cutoff_source populations;
    struct om_interval
        alpha;      /* of the reliability, when it is the sample's own alpha; else it has a reason */
    uint64_t forms; /* complete forms behind that alpha */
    uint64_t pairs; /* people with both scores */
    struct om_norm_source reliability, sd, clinical, functional;
};

/* Settles the norms of every scale of points, from the counts of everyone; a run of two occasions. */
om_status om_run_settle_norms(struct om_run *run, struct om_error *err) OM_NODISCARD;

/* A value for an instrument or scale that is not in the panel is a mistake of the user's. */
om_status om_run_check_rule_values(const struct om_run *run, struct om_error *err) OM_NODISCARD;

/* The points of the anchor rule on a scale: the study's, else the definition's default meaningful change.
 * False when there are none. *worse has den 0 when it is the same. */
bool om_anchor_points(const struct om_study *study, const struct om_instrument *instrument,
                      const struct om_scale *scale, struct om_fraction *better, struct om_fraction *worse);

/* The share of the percent rule: the study's, else half. */
struct om_fraction om_percent_share(const struct om_study *study, const struct om_instrument *instrument,
                                    const struct om_scale *scale);

#endif
