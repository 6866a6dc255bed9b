/*
 * Time to an event, for people followed over different spans: Kaplan-Meier curves and the log-rank test.
 *
 * Everything is computed from counts at the times. At one time, events come before censoring: who is last
 * seen at a time was at risk there. docs/methods: kaplan-meier.md
 */
#ifndef OMSTAT_SURVIVAL_H
#define OMSTAT_SURVIVAL_H

#include <omstat/stat.h>
#include <omstat/trajectory.h>

enum om_survival_method {
    OM_SURVIVAL_LOG_LOG, /* interval on log(-log S): stays within 0 and 1; "log-log" */
    OM_SURVIVAL_LOG,     /* on log S, cut at 1; "log" */
};

struct om_survival_point {
    double time;
    uint64_t at_risk, events, censored;
    struct om_stat survival;     /* share without the event so far */
    struct om_stat se;           /* Greenwood */
    struct om_interval interval; /* of the survival at this time alone */
};

struct om_survival {
    uint64_t n, events;
    struct om_stat median;                     /* the first time at which half had the event */
    struct om_stat median_lower, median_upper; /* where the bounds of the curve cross one half */
};

/* point[] has room for counts->n. */
OM_API void om_kaplan_meier(const struct om_event_counts *counts, double level,
                            enum om_survival_method method, struct om_survival_point *point,
                            struct om_survival *out);

struct om_log_rank_group {
    uint64_t n, observed;
    double expected;
};

struct om_log_rank_result {
    uint64_t n, events;
    struct om_stat chi2, df, p; /* "log-rank" */
};

/* Do the groups differ? count[g] and group[g] belong together; all groups have the same times. Errors:
 * OM_ERR_INVALID when they have not, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_log_rank(const struct om_event_counts *count, size_t n_groups,
                                          struct om_log_rank_group *group, struct om_log_rank_result *out,
                                          struct om_error *err);

#endif
