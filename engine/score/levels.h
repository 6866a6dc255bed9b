/* The levels of a scale and the table that leads to them. Private to score/. */
#ifndef OM_SCORE_LEVELS_H
#define OM_SCORE_LEVELS_H

#include <omstat/score.h>

/* Is the scale a sum of codes (then it has a table), or made of endorsed items? */
static inline bool
om_scale_is_sum(const struct om_scale *scale)
{
    return scale->combine == OM_COMBINE_SUM || scale->combine == OM_COMBINE_MEAN ||
           scale->combine == OM_COMBINE_PERCENT;
}

/* Fills unit, level and n_levels from the values a scale is seen to take, in any order. Errors: OM_ERR_PANEL
 * for more than OM_LEVELS_MAX of them or too many digits, OM_ERR_NOMEM. */
om_status om_scorer_take_levels(struct om_scorer *scorer, const struct om_fraction *value, size_t n,
                                struct om_error *err) OM_NODISCARD;

/* Fills unit, level, n_levels and, for sums, table. */
om_status om_scorer_build_levels(struct om_scorer *scorer, struct om_error *err) OM_NODISCARD;

/* Where the table keeps the level of this many blank and answered items and this sum. */
static inline size_t
om_scorer_table_index(const struct om_scorer *scorer, size_t blank, size_t answered, size_t sum)
{
    return (blank * (scorer->scale->n_items + 1) + answered) * scorer->n_sums + sum;
}

#endif
