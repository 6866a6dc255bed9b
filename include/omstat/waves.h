/*
 * More than two occasions: who is still there, how the scores lie, and whether they differ.
 * docs/methods: waves.md, friedman.md
 */
#ifndef OMSTAT_WAVES_H
#define OMSTAT_WAVES_H

#include <omstat/describe.h>
#include <omstat/trajectory.h>

/* Fails with OM_ERR_INVALID when the shape is not as trajectory.h says: times, unit, number of persons. */
OM_API OM_NODISCARD om_status om_trajectories_check(const struct om_trajectories *t, struct om_error *err);

struct om_wave {
    uint64_t retained;  /* with a score at the first occasion and at this one */
    uint64_t last_seen; /* whose last score this is */
    struct om_description score;
};

struct om_waves_result {
    uint64_t persons;      /* with a score at any occasion; the next three add up to it */
    uint64_t complete;     /* at every occasion */
    uint64_t monotone;     /* at the first and then without a gap, until they dropped out */
    uint64_t intermittent; /* all others: a gap, or no score at the first occasion */
    uint64_t first;        /* with a score at the first occasion: the denominator of retention */
};

/* wave[] has room for n_occasions. Errors: OM_ERR_INVALID, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_waves(const struct om_trajectories *t, double level, struct om_wave *wave,
                                       struct om_waves_result *out, struct om_error *err);

/* Do the scores differ between occasions? From people with a score at every occasion. */
struct om_friedman_result {
    uint64_t n;                    /* people with all scores */
    struct om_stat chi2, df, p;    /* Friedman's test, corrected for ties; "friedman" */
    struct om_stat kendall_w;      /* agreement of the rankings: chi2 / (n (occasions - 1)), 0 to 1 */
    struct om_stat page_z, page_p; /* trend over the occasions in their order: Page's L, normal, two-sided */
    double page_l;                 /* sum over occasions of j times its rank sum; 0 when n is 0 */
};

/* Errors: OM_ERR_INVALID, OM_ERR_NOMEM. Undefined statistics carry their reason. */
OM_API OM_NODISCARD om_status om_friedman(const struct om_trajectories *t, struct om_friedman_result *out,
                                          struct om_error *err);

#endif
