/* The groups of a comparison as the statistics want them, and rows about two of them. */
#ifndef OM_ANALYSIS_COMPARE_H
#define OM_ANALYSIS_COMPARE_H

#include "analysis/families.h"

/* What is compared, in each group: the change, or with one occasion the score. */
struct om_compared {
    struct om_counts *group; /* n */
    struct om_count *cell;
};

/* Errors: OM_ERR_NOMEM. On success the caller releases. */
om_status om_compared_make(const struct om_comparison *comparison, struct om_compared *out,
                           struct om_error *err) OM_NODISCARD;
void om_compared_release(struct om_compared *compared);

/* Who differs from the reference? Calls `rows` for every other group, by index, with the rows of `whole`
 * named "arm=PA - arm=TAU". */
typedef om_status om_pair_rows_fn(struct om_view *view, size_t group, size_t reference, void *context,
                                  struct om_error *err);
om_status om_compare_pairs(struct om_comparison *comparison, om_pair_rows_fn *rows, void *context,
                           struct om_error *err) OM_NODISCARD;

/* The index among the groups (without "all") of the reference: the one the study names, by its name or, with
 * one column, its value; else the first. `asked`: something compares groups. Errors: OM_ERR_USAGE when the
 * study names one and there is none of that name, or nothing to compare. */
om_status om_find_reference(const struct om_run *run, bool asked, size_t *reference,
                            struct om_error *err) OM_NODISCARD;

#endif
