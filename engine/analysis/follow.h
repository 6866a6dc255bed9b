/* The people of a view at every occasion, for the statistics of more than two. */
#ifndef OM_ANALYSIS_FOLLOW_H
#define OM_ANALYSIS_FOLLOW_H

#include "analysis/families.h"

#include <omstat/change.h>
#include <omstat/trajectory.h>

/* Rows of scores, and what their values mean. */
struct om_follow {
    struct om_trajectories rows;   /* points into the memory below */
    struct om_change_point *point; /* per level of the scale */
    size_t n_points;
    const char *occasion[OM_OCCASIONS_MAX]; /* names, in time */
    double time[OM_OCCASIONS_MAX];
    int32_t *value;
    uint64_t *count;
};

/* Everybody of the view with a score at some occasion; of the population "positive", those who screened so at
 * the first. False in *any when the study has one occasion, or the scale is not the first of its instrument:
 * then there is nothing to release. Errors: OM_ERR_NOMEM, OM_ERR_USAGE when the study gives times for another
 * number of occasions, OM_ERR_UNSUPPORTED for scores of more than nine digits. */
om_status om_follow_begin(const struct om_view *view, struct om_follow *out, bool *any,
                          struct om_error *err) OM_NODISCARD;
void om_follow_end(struct om_follow *follow);

/* Rows made from the people of a view; none where there is nobody to follow. */
typedef om_status om_follow_fn(struct om_view *view, const struct om_follow *follow, struct om_error *err);
om_status om_follow_rows(struct om_view *view, om_follow_fn *rows, struct om_error *err) OM_NODISCARD;

/* The same for each group of a comparison. */
struct om_follow_groups {
    struct om_follow *one; /* per group; owned */
    size_t n;
};
om_status om_follow_all(const struct om_comparison *comparison, struct om_follow_groups *out, bool *any,
                        struct om_error *err) OM_NODISCARD;
void om_follow_all_end(struct om_follow_groups *groups);

/* --- the families --------------------------------------------------------------------------------------- */

om_status om_rows_waves(struct om_view *view, struct om_error *err);
om_status om_rows_friedman(struct om_view *view, struct om_error *err);
om_status om_rows_survival(struct om_view *view, struct om_error *err);
om_status om_compare_survival(struct om_comparison *comparison, struct om_error *err);
om_status om_rows_sudden_gains(struct om_view *view, struct om_error *err);
om_status om_rows_mixed(struct om_view *view, struct om_error *err);
om_status om_compare_mixed(struct om_comparison *comparison, struct om_error *err);

#endif
