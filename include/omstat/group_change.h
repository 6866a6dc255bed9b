/*
 * The change of a group against what matters: Hageman & Arrindell's shares of true change, and the mean
 * change against a minimal important difference. docs/methods/anchor.md, docs/methods/reliable-change.md
 */
#ifndef OMSTAT_GROUP_CHANGE_H
#define OMSTAT_GROUP_CHANGE_H

#include <stdbool.h>
#include <omstat/describe.h>

/* --- Hageman & Arrindell (1999), group level ------------------------------------------------------------ */

/* true: shares of the group, were true scores normal. better is 1 where higher is better, -1 where lower is.
 */
struct om_true_shares {
    struct om_stat changed;    /* whose true change is toward better */
    struct om_stat functional; /* whose true score after is on the functional side of cut-off `at` */
};

/* r_dd is the reliability of the differences, sem the standard error of measurement, both of everyone.
 * Undefined where the group does not vary beyond its error, or one of them is not above 0. */
OM_API void om_true_shares(const struct om_description *change, const struct om_description *post,
                           double r_dd, double sem, double at, double better, struct om_true_shares *out);

/* --- a mean against a minimal important difference ------------------------------------------------------ */

/* From the least to the most, by where an interval lies between no change and the minimal important
 * difference (MID). */
enum om_mid_category {
    OM_MID_NOT_SIGNIFICANT, /* the interval holds 0 */
    OM_MID_NOT_RELEVANT,    /* it excludes 0, and lies short of the MID */
    OM_MID_NOT_BEYOND,      /* it holds the MID, the estimate is short of it */
    OM_MID_PROBABLE,        /* it holds the MID, the estimate reaches it */
    OM_MID_LARGE,           /* it lies beyond the MID */
    OM_MID_CATEGORIES,
};

struct om_mid_verdict {
    enum om_mid_category category;
    bool worse;         /* the change is significant, and toward worse: held against mid_worse */
    const char *reason; /* why there is none; NULL when there is one */
};

/* mid_better and mid_worse are above 0, in points; better as above. */
OM_API struct om_mid_verdict om_mid_verdict(struct om_stat difference, const struct om_interval *interval,
                                            double mid_better, double mid_worse, double better);

/* "not-significant", "not-relevant", "not-beyond", "probable", "large", and in words. */
OM_API const char *om_mid_id(enum om_mid_category category);
OM_API const char *om_mid_words(enum om_mid_category category);

#endif
