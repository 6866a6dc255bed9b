/* Internal consistency from sums of item codes. docs/methods/alpha.md */
#ifndef OMSTAT_RELIABILITY_H
#define OMSTAT_RELIABILITY_H

#include <stdbool.h>
#include <omstat/stat.h>

enum { OM_SUMS_ITEMS_MAX = 64, OM_SUMS_CODE_MAX = 119 };
#define OM_FORMS_MAX ((uint64_t)1 << 40)

/* Sums over complete forms: forms with every item answered. All sums fit: 2^40 x 119^2 < 2^54. */
struct om_item_sums {
    uint64_t n;       /* forms, at most OM_FORMS_MAX */
    size_t k;         /* items */
    int64_t *product; /* k (k + 1) / 2: of items i >= j at i (i + 1) / 2 + j */
    int64_t *sum;     /* k of them; one allocation with the products */
};

/* No forms yet. Errors: OM_ERR_INVALID when k is above OM_SUMS_ITEMS_MAX, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_item_sums_init(struct om_item_sums *sums, size_t k, struct om_error *err);
OM_API void om_item_sums_release(struct om_item_sums *sums); /* a zeroed one is fine */

/* Adds `weight` forms with the same k codes. False, and nothing added, when a code is above OM_SUMS_CODE_MAX
 * or there would be more than OM_FORMS_MAX forms. */
OM_API bool om_item_sums_add(struct om_item_sums *sums, const uint8_t *codes, uint64_t weight);

/* Adds the forms in k + 1 columns of n codes each, 0 to OM_SUMS_CODE_MAX; n is a multiple of 64, at most 256.
 * The last column holds 1 where there is a form and 0 where there is none; every other column then holds 0
 * too. False, and nothing added, when there could be more than OM_FORMS_MAX forms. */
OM_API bool om_item_sums_add_block(struct om_item_sums *sums, const uint8_t *const *column, size_t n);

/* Adds the forms of `from`. False, and nothing added, when the items differ in number or there would be more
 * than OM_FORMS_MAX forms. */
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

#endif
