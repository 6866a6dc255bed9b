/*
 * What changed between two occasions, from the counts of pairs of values.
 *
 * Change is post minus pre. All statistics use the same complete pairs; the counts may add up to 2^60.
 * docs/methods: paired.md, effect-sizes.md, wilcoxon.md, mcnemar.md
 */
#ifndef OMSTAT_PAIRED_H
#define OMSTAT_PAIRED_H

#include <stdbool.h>
#include <omstat/stat.h>

struct om_effect {
    struct om_stat estimate;
    struct om_interval interval;
};

struct om_paired_result {
    uint64_t n; /* pairs */
    struct om_stat mean_pre, sd_pre;
    struct om_stat mean_post, sd_post;
    struct om_stat mean_change, sd_change, se_change, median_change;
    struct om_interval mean_change_interval; /* "t" */
    struct om_stat t, df, p;                 /* paired t test, two-sided */
    struct om_stat correlation;              /* Pearson */
    struct om_interval correlation_interval; /* "fisher-z" */
    struct om_effect d_z;                    /* mean change / sd of change; "noncentral-t" */
    struct om_effect d_av;                   /* mean change / mean of the two sds; "noncentral-t-scaled" */
    struct om_effect d_rm;                   /* d_z sqrt(2 (1 - r)); "noncentral-t-scaled" */
    struct om_effect g_z, g_av;              /* J d_z, J d_av; J the exact gamma correction, df n - 1 */
};

/* Errors: OM_ERR_NOMEM. Undefined statistics are no error: they carry their reason. */
OM_API OM_NODISCARD om_status om_paired(const struct om_pairs *pairs, double level,
                                        struct om_paired_result *out, struct om_error *err);

/*
 * The Wilcoxon signed-rank test, with mid-ranks for ties. Two things are a matter of convention.
 *
 * Zero changes: dropped before ranking (Wilcoxon); ranked, but their ranks given to nobody (Pratt 1959,
 * J. American Statistical Association 54, 655); or ranked, and half of their ranks given to each side.
 *
 * The p to report: exact is the probability under all signs of the ranks at hand, ties and all.
 */
enum om_wilcoxon_zeros { OM_ZEROS_DROP, OM_ZEROS_PRATT, OM_ZEROS_SPLIT };
enum om_wilcoxon_p {
    OM_WILCOXON_AUTO,      /* exact below 50 changes without ties and zeros, else normal-cc: as R */
    OM_WILCOXON_EXACT,     /* exact wherever that takes at most 2^28 additions (some 800 changes) */
    OM_WILCOXON_NORMAL,    /* no continuity correction */
    OM_WILCOXON_NORMAL_CC, /* with it */
};
struct om_wilcoxon_rule {
    enum om_wilcoxon_zeros zeros;
    enum om_wilcoxon_p p;
};

/* All p are two-sided. */
struct om_wilcoxon_result {
    uint64_t n;                     /* pairs */
    uint64_t n_zero;                /* without change */
    uint64_t n_used;                /* with a change */
    bool ties;                      /* two changes of one size */
    struct om_stat w_plus, w_minus; /* rank sums of the increases and of the decreases */
    struct om_stat z, z_p;          /* normal approximation, variance corrected for ties */
    struct om_stat z_cc, z_cc_p;    /* the same with continuity correction */
    struct om_stat exact_p;         /* by the rule AUTO or EXACT; the others are as AUTO here */
    struct om_stat p;               /* the one to report, by the rule ... */
    const char *method;             /* ... such as "signed-rank-exact" or "signed-rank-normal-cc" */
    struct om_stat rank_biserial;   /* matched pairs: (w_plus - w_minus) / (w_plus + w_minus) */
    const char *sum_method, *z_method, *rank_biserial_method;
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_wilcoxon_by(const struct om_pairs *pairs,
                                             const struct om_wilcoxon_rule *rule,
                                             struct om_wilcoxon_result *out, struct om_error *err);

/* By the default: zeros dropped, AUTO. */
OM_API OM_NODISCARD om_status om_wilcoxon(const struct om_pairs *pairs, struct om_wilcoxon_result *out,
                                          struct om_error *err);

/* McNemar's test of a change in a yes/no status. All p are two-sided. */
struct om_mcnemar_result {
    struct om_stat chi2, p;       /* (b - c)^2 / (b + c) */
    struct om_stat chi2_cc, cc_p; /* max(|b - c| - 1, 0)^2 / (b + c) */
    struct om_stat exact_p;       /* binomial */
};

/* b = yes before and no after, c = no before and yes after; swapping them changes nothing. */
OM_API void om_mcnemar(uint64_t b, uint64_t c, struct om_mcnemar_result *out);

#endif
