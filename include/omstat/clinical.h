/*
 * Reliable and clinically significant change: indices that weigh a change against the error of measurement,
 * and cut-offs between a clinical and a functional population. docs/methods/reliable-change.md
 *
 * All values are real scores, not integers times a unit: what they are made of (means, SDs, reliabilities)
 * has no unit. Comparisons have a relative tolerance of 1e-9, so that a score that lies on a limit on paper
 * lies on it here.
 */
#ifndef OMSTAT_CLINICAL_H
#define OMSTAT_CLINICAL_H

#include <stdbool.h>
#include <omstat/instrument.h>
#include <omstat/stat.h>

/* --- an index of reliable change ------------------------------------------------------------------------ */

/* Jacobson & Truax (1991), Gulliksen-Lord-Novick, Hsu-Linn-Lord, Edwards-Nunnally, Nunnally & Kotsch (1983),
 * Hageman & Arrindell (1999). */
enum om_index_kind {
    OM_INDEX_JT,
    OM_INDEX_GLN,
    OM_INDEX_HLL,
    OM_INDEX_EN,
    OM_INDEX_NK,
    OM_INDEX_HA,
    OM_INDICES,
};

/* What an index is made of. An index that needs an undefined one is undefined for the same reason. */
struct om_index_source {
    struct om_stat reliability;      /* of the score before, at least 0 and below 1 */
    struct om_stat reliability_post; /* of the score after; NK only */
    struct om_stat mean_pre, sd_pre; /* of the population people come from */
    struct om_stat mean_post;        /* HLL, HA */
    struct om_stat sd_post;          /* the true cut-off of HA */
    struct om_stat sd_change;        /* HA */
};

/* Every index is (post - expected) / se, where expected = intercept + slope * pre. */
struct om_change_index {
    double slope, intercept, se;
    double critical;    /* a change is reliable when the index is beyond this or its negative */
    double sem;         /* standard error of measurement, sd_pre sqrt(1 - reliability) */
    double r_dd;        /* HA: reliability of the differences; otherwise 0 */
    const char *reason; /* why there is no index; NULL when there is one */
};

/* "jt", "gln", ... */
OM_API const char *om_index_id(enum om_index_kind kind);

/* The error that is not the index's own denominator: of a score. Undefined without an SD or a reliability. */
OM_API struct om_stat om_standard_error_of_measurement(struct om_stat sd, struct om_stat reliability);

/* critical is a standard normal quantile: 1.96 for 5 % on two sides, as is usual for all but HA, which has
 * 1.645. */
OM_API void om_change_index_make(enum om_index_kind kind, const struct om_index_source *source,
                                 double critical, struct om_change_index *out);

/* The index of one change; it has the sign of the change. */
OM_API double om_change_index_of(const struct om_change_index *index, double pre, double post);

/* 1 beyond the critical value upwards, -1 downwards, 0 otherwise. Strict: on it is not beyond it. */
OM_API int om_change_index_verdict(const struct om_change_index *index, double pre, double post);

/* --- a cut-off between two populations ------------------------------------------------------------------ */

/* a: two SDs from the mean of the clinical population, toward better. b: two SDs from the mean of the
 * functional one, toward worse. c: where a score is equally many SDs from both. Jacobson & Truax (1991). */
enum om_cutoff_kind {
    OM_CUTOFF_AUTO, /* c when both populations are known and a lies beyond b, so that they overlap; b when
                     * they do not; a when there is no functional population */
    OM_CUTOFF_A,
    OM_CUTOFF_B,
    OM_CUTOFF_C,
};

struct om_cutoff_source {
    enum om_direction direction;
    struct om_stat clinical_mean, clinical_sd;
    struct om_stat functional_mean, functional_sd;
    bool b_with_clinical_sd; /* as the R package clinicalsignificance has it */
};

/* On which side a score lies. A score on the cut-off lies on neither. */
enum om_side { OM_SIDE_CLINICAL = -1, OM_SIDE_NEITHER, OM_SIDE_FUNCTIONAL };

/* Scores before are compared as they are. Scores after are drawn toward a mean and must lie beyond the
 * cut-off by a margin: none for Jacobson & Truax (reliability 1, margin 0), the error of measurement for
 * Hageman & Arrindell. */
struct om_change_cutoff {
    enum om_cutoff_kind kind; /* never OM_CUTOFF_AUTO */
    enum om_direction direction;
    double at;
    double mean, reliability, margin;
    const char *reason; /* why there is none; NULL when there is one */
};

/* "a", "b", "c", "auto". */
OM_API const char *om_cutoff_id(enum om_cutoff_kind kind);

/* Places the cut-off of that kind between two populations. Without the norms it needs, out->reason says so.
 */
OM_API void om_change_cutoff_make(enum om_cutoff_kind kind, const struct om_cutoff_source *source,
                                  struct om_change_cutoff *out);

/* Of Hageman & Arrindell (1999): every SD becomes that of true scores, and a score after must be functional
 * beyond its error. `index` is the HA index of the same source. */
OM_API void om_change_cutoff_make_true(enum om_cutoff_kind kind, const struct om_cutoff_source *source,
                                       const struct om_index_source *people,
                                       const struct om_change_index *index, struct om_change_cutoff *out);

/* On which side of the cut-off a score lies, before and after. */
OM_API enum om_side om_change_side_before(const struct om_change_cutoff *cutoff, double pre);
OM_API enum om_side om_change_side_after(const struct om_change_cutoff *cutoff, double post);

#endif
