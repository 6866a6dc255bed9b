/*
 * Internal consistency from sums of item codes.
 *
 * Everything here reads integer sums over complete forms, so the cost depends on the number of items and not
 * on the number of forms. docs/methods: alpha.md, split-half.md, omega.md
 */
#ifndef OMSTAT_RELIABILITY_H
#define OMSTAT_RELIABILITY_H

#include <stdbool.h>
#include <omstat/stat.h>

enum { OM_SUMS_ITEMS_MAX = 64, OM_SUMS_CODE_MAX = 119 };
#define OM_FORMS_MAX ((uint64_t)1 << 40)

/* Sums over complete forms: forms with every item answered. All sums fit: 2^40 x 64 x 119^2 < 2^60.
 *
 * The products of every two items are what all of this file can be computed from. om_alpha does with less,
 * which a run keeps that asks for no more: of each item, its squares and its products with the total of the
 * form. */
struct om_item_sums {
    uint64_t n;          /* forms, at most OM_FORMS_MAX */
    size_t k;            /* items */
    int64_t *product;    /* k (k + 1) / 2: of items i >= j at i (i + 1) / 2 + j; NULL: not kept */
    int64_t *sum;        /* k of them; one allocation with the products */
    int64_t *square;     /* k of them, where there are no products; and */
    int64_t *with_total; /* k; one allocation with the sums */
};

/* No forms yet. Errors: OM_ERR_INVALID when k is above OM_SUMS_ITEMS_MAX, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_item_sums_init(struct om_item_sums *sums, size_t k, struct om_error *err);
/* The same for om_alpha alone: without the products of two items. */
OM_API OM_NODISCARD om_status om_item_sums_init_for_alpha(struct om_item_sums *sums, size_t k,
                                                          struct om_error *err);
OM_API void om_item_sums_release(struct om_item_sums *sums); /* a zeroed one is fine */

/* Adds `weight` forms with the same k codes. False, and nothing added, when a code is above OM_SUMS_CODE_MAX
 * or there would be more than OM_FORMS_MAX forms. */
OM_API bool om_item_sums_add(struct om_item_sums *sums, const uint8_t *codes, uint64_t weight);

/* Adds the forms in k + 1 columns of n codes each, 0 to OM_SUMS_CODE_MAX; n is a multiple of 64, at most 256.
 * The last column holds 1 where there is a form and 0 where there is none; every other column then holds 0
 * too. Without products, totals are below 256, and twice a total times a code is below 32,768. False, and
 * nothing added, when there could be more than OM_FORMS_MAX forms. */
OM_API bool om_item_sums_add_block(struct om_item_sums *sums, const uint8_t *const *column, size_t n);

/* Adds the forms of `from`. False, and nothing added, when the items differ in number, when one has products
 * and the other has none, or there would be more than OM_FORMS_MAX forms. */
OM_API bool om_item_sums_merge(struct om_item_sums *into, const struct om_item_sums *from);

struct om_alpha_result {
    uint64_t n;
    size_t k;
    struct om_stat alpha;        /* Cronbach's alpha, covariance form */
    struct om_interval interval; /* "feldt" */
    struct om_stat item_mean[OM_SUMS_ITEMS_MAX];
    struct om_stat item_rest[OM_SUMS_ITEMS_MAX]; /* correlation of the item with the sum of the others */
    struct om_stat alpha_if_dropped[OM_SUMS_ITEMS_MAX]; /* alpha of the others */
};

/* level is that of the interval, such as 0.95. Undefined results carry their reason. */
OM_API void om_alpha(const struct om_item_sums *sums, double level, struct om_alpha_result *out);

/*
 * An interval of alpha that does not take the items for equivalent, as Feldt's does: the parametric
 * bootstrap, carried out exactly instead of by simulation. Resamples are of n forms of normal items with the
 * observed covariances; (1 - alpha of a resample) / (1 - alpha) has a known distribution (Kistner & Muller
 * 2004, Psychometrika 69, 459), and its quantiles give the bounds. Method "bootstrap-normal".
 *
 * Errors: OM_ERR_NOMEM. Undefined where alpha is, where n is 2, and where the items vary along one line.
 */
OM_API OM_NODISCARD om_status om_alpha_bootstrap(const struct om_item_sums *sums, double level,
                                                 struct om_interval *out, struct om_error *err);

/* The items one by one, and how they hang together. */
struct om_items_result {
    uint64_t n;
    size_t k;
    struct om_stat mean[OM_SUMS_ITEMS_MAX], sd[OM_SUMS_ITEMS_MAX]; /* divisor n - 1 */
    struct om_stat total_sd;                                       /* of the sum of the items */
    struct om_stat correlation;                                    /* mean of the correlations of two items */
    struct om_stat alpha_standardized; /* alpha of the items brought to one variance */
    struct om_stat lambda2, lambda6;   /* Guttman (1945), Psychometrika 10, 255 */
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_items(const struct om_item_sums *sums, struct om_items_result *out,
                                       struct om_error *err);

/* The items split by their place, the first, third ... against the second, fourth ... */
struct om_split_half_result {
    uint64_t n;
    size_t k;
    struct om_stat correlation;    /* of the two halves */
    struct om_stat spearman_brown; /* carried to the full length, for halves of equal length */
    struct om_stat horst;          /* the same for halves of unequal length; equal to it when k is even */
    struct om_stat guttman;        /* 2 (1 - (variances of the halves) / variance of the total) */
};

/* From the sums and products of the items over complete forms. */
OM_API void om_split_half(const struct om_item_sums *sums, struct om_split_half_result *out);

/* McDonald's omega total from a one-factor model, fitted by maximum likelihood. */
struct om_omega_result {
    uint64_t n;
    size_t k;
    struct om_stat omega;                      /* of the sum of the items as they are */
    struct om_stat omega_standardized;         /* of the sum of the items brought to one variance */
    struct om_stat loading[OM_SUMS_ITEMS_MAX]; /* standardised: correlation of the item with the factor */
    struct om_stat chi2, df, p;                /* does one factor suffice? With Bartlett's correction */
};

/* Errors: OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_omega(const struct om_item_sums *sums, struct om_omega_result *out,
                                       struct om_error *err);

#endif
