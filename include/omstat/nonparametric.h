/*
 * What can be said about a change without a distribution for it: sign test, sign-flip permutation test,
 * Hodges-Lehmann estimate, probability of superiority. The signed-rank test is in <omstat/paired.h>.
 *
 * All of them read the counts of the changes. Their cost depends on how many different changes there are, not
 * on how many people (the exact tests: on both, and they say so). All p are two-sided.
 * docs/methods: sign-test.md, permutation.md, hodges-lehmann.md, superiority.md
 */
#ifndef OMSTAT_NONPARAMETRIC_H
#define OMSTAT_NONPARAMETRIC_H

#include <omstat/stat.h>

/* The changes of pairs, post minus pre. */
struct om_changes {
    struct om_counts counts;
    void *memory; /* private */
};

/* Errors: OM_ERR_NOMEM. On success the caller releases. */
OM_API OM_NODISCARD om_status om_changes_make(const struct om_pairs *pairs, struct om_changes *out,
                                              struct om_error *err);
/* Frees what om_changes_make made. */
OM_API void om_changes_release(struct om_changes *changes);

/* The sign test: are increases and decreases equally likely? Who did not change is left out. */
struct om_sign_result {
    uint64_t increased, decreased, unchanged;
    struct om_stat p; /* binomial, exact at any n */
};
/* From counts of changes. */
OM_API void om_sign_test(const struct om_counts *change, struct om_sign_result *out);

/* The permutation test of the mean change: every change could as well have had the other sign. Exact (all
 * 2^n sets of signs) where that takes at most 2^28 additions, else the normal distribution with the variance
 * of exactly those sets. Nothing is drawn at random. */
struct om_sign_flip_result {
    uint64_t n; /* with a change */
    struct om_stat p;
    struct om_stat z;   /* sum of the changes / root of the sum of their squares */
    const char *method; /* "sign-flip-exact" or "sign-flip-normal" */
};
/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_sign_flip_test(const struct om_counts *change,
                                                struct om_sign_flip_result *out, struct om_error *err);

/* The median of the n (n + 1) / 2 means of two changes (Walsh averages; each change also with itself), and
 * the interval of those shifts that a signed-rank test does not reject: Hodges & Lehmann (1963), Annals of
 * Mathematical Statistics 34, 598. Method "signed-rank-exact" below 50 changes, else "signed-rank-normal";
 * zero changes count as any other. n <= 2^60. */
struct om_hodges_lehmann_result {
    uint64_t n;
    struct om_stat estimate;
    struct om_interval interval;
};
/* From counts of changes. */
OM_API void om_hodges_lehmann(const struct om_counts *change, double level,
                              struct om_hodges_lehmann_result *out);

/* P(better) + P(equal) / 2, the probability that a person is better after than before, ties split. Interval
 * "score": all values that the score test of two paired shares does not reject (Tango 1998, Statistics in
 * Medicine 17, 891); it excludes 1/2 exactly when McNemar's uncorrected test of better against worse is
 * significant. */
struct om_superiority_result {
    uint64_t n;
    struct om_stat estimate;
    struct om_interval interval;
};
/* From the numbers of people who got better, stayed, got worse. */
OM_API void om_superiority(uint64_t better, uint64_t equal, uint64_t worse, double level,
                           struct om_superiority_result *out);

#endif
