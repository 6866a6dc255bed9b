/* Counts of one variable, from counts of pairs. */
#ifndef OM_STATS_MARGINS_H
#define OM_STATS_MARGINS_H

#include <omstat/stat.h>

/* The three variables a pair of values makes. */
struct om_margins {
    struct om_counts pre, post, change; /* change = post - pre */
    struct om_count *memory;
};

/* Errors: OM_ERR_NOMEM. On success the caller releases. */
OM_NODISCARD om_status om_margins_make(const struct om_pairs *pairs, struct om_margins *out,
                                       struct om_error *err);
void om_margins_release(struct om_margins *margins);

/* Adds up the cells of one value and sorts what is left, in place: n cells in any order become counts. */
om_status om_counts_gather(struct om_count *cells, size_t n, int64_t unit, struct om_counts *out,
                           struct om_error *err) OM_NODISCARD;

#endif
