/*
 * How well two measurements of the same people agree, and how far a single one may be off.
 *
 * These statistics take the two occasions for repeated measurements of something that did not change between
 * them. Where people were treated in between, what they call error is also what treatment did.
 * docs/methods: icc.md, measurement-error.md, spearman.md
 */
#ifndef OMSTAT_RETEST_H
#define OMSTAT_RETEST_H

#include <omstat/stat.h>

/* The mean squares of n people measured k times each, without interaction. */
struct om_two_way {
    uint64_t n;
    size_t k;
    double between;   /* of people, n - 1 degrees of freedom */
    double occasions; /* of occasions, k - 1 */
    double error;     /* of the rest, (n - 1) (k - 1) */
};

/* The mean squares of two occasions, from exact integers. All 0 when n < 2. The counts may add up to 2^60. */
OM_API void om_two_way(const struct om_pairs *pairs, struct om_two_way *out);

/* Intraclass correlations of single scores; McGraw & Wong (1996), Psychological Methods 1, 30. */
struct om_icc_result {
    uint64_t n;
    struct om_stat agreement;                /* ICC(2,1) = ICC(A,1): occasions may differ in level */
    struct om_interval agreement_interval;   /* "mcgraw-wong-a1" */
    struct om_stat consistency;              /* ICC(3,1) = ICC(C,1): a common shift is no disagreement */
    struct om_interval consistency_interval; /* "mcgraw-wong-c1" */
    struct om_stat sem_agreement, sem_consistency; /* standard error of measurement that belongs to each */
};

/* From the mean squares of om_two_way. */
OM_API void om_icc(const struct om_two_way *squares, double level, struct om_icc_result *out);

/* Limits of agreement: bias -+ z sd of the change. Bland & Altman (1999), Statistical Methods in Medical
 * Research 8, 135; bounds of the limits by their section 2.3, method "bland-altman". */
struct om_limits_result {
    uint64_t n;
    struct om_stat bias;              /* mean change */
    struct om_interval bias_interval; /* "t" */
    struct om_stat sd, lower, upper;
    struct om_interval lower_interval, upper_interval;
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_limits(const struct om_pairs *pairs, double level,
                                        struct om_limits_result *out, struct om_error *err);

/* Spearman's rank correlation: Pearson's of the mid-ranks. The interval is that of Bonett & Wright (2000),
 * Psychometrika 65, 23: tanh(atanh(r) -+ z sqrt((1 + r^2 / 2) / (n - 3))), method "bonett-wright". */
struct om_spearman_result {
    uint64_t n;
    struct om_stat correlation;
    struct om_interval interval;
};

/* The counts add up to less than 2^52. Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_spearman(const struct om_pairs *pairs, double level,
                                          struct om_spearman_result *out, struct om_error *err);

/* The standard error of measurement and the change that it lets happen by itself. */
struct om_measurement_error {
    struct om_stat sem;
    struct om_stat sdc;       /* of one person: z sqrt(2) sem, z the normal quantile of the level */
    struct om_stat sdc_group; /* of the mean of n people: sdc / sqrt(n) */
};

/* sd sqrt(1 - reliability), and what follows from it. Undefined below a reliability of 0. */
OM_API struct om_stat om_sem(struct om_stat sd, struct om_stat reliability);
OM_API void om_measurement_error(struct om_stat sem, uint64_t n, double level,
                                 struct om_measurement_error *out);

#endif
