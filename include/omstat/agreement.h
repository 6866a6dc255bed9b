/*
 * Agreement of two classifications of the same people: observed, and beyond chance (Cohen's kappa).
 *
 * docs/methods/agreement.md. Source: Cohen (1960), Educ Psychol Meas 20, 37; for the standard errors Fleiss,
 * Cohen & Everitt (1969), Psychol Bull 72, 323, equations 13 and 14.
 */
#ifndef OMSTAT_AGREEMENT_H
#define OMSTAT_AGREEMENT_H

#include <omstat/stat.h>

enum { OM_AGREEMENT_CLASSES_MAX = 16 };

struct om_agreement_result {
    uint64_t n;                   /* in the table */
    uint64_t agree;               /* on its diagonal */
    struct om_stat observed;      /* agree / n */
    struct om_stat expected;      /* the share that would agree by chance, from the margins */
    struct om_stat kappa;         /* (observed - expected) / (1 - expected) */
    struct om_stat se;            /* of kappa; for its interval */
    struct om_interval interval;  /* kappa -+ z se, within [-1, 1]; "fleiss-cohen-everitt" */
    struct om_stat se_null, z, p; /* the test of kappa = 0: se without agreement beyond chance, two-sided */
};

/* count[i * k + j]: people in class i by the one and in class j by the other. 1 <= k <=
 * OM_AGREEMENT_CLASSES_MAX; the counts may add up to 2^60. Turning the table changes nothing. */
OM_API void om_agreement(const uint64_t *count, size_t k, double level, struct om_agreement_result *out);

#endif
