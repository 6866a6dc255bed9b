/*
 * The crosstab: how many persons had each level at the first occasion and each at the last.
 *
 *                 last: level 0   1   2 ... n-1   none
 *   first: level 0        .     .   .       .      .
 *          ...
 *          none           .     .   .       .      .
 *
 * Level n stands for "no score". Counts only add, so the order of persons cannot matter and tables can be
 * merged in any order. A table begins as a short list of the cells that occur and becomes dense when that is
 * smaller.
 */
#ifndef OM_TALLY_CROSSTAB_H
#define OM_TALLY_CROSSTAB_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_crosstab {
    size_t n_levels; /* without "none" */
    uint32_t *dense; /* (n_levels + 1)^2 counts, first occasion major; NULL while sparse */
    uint64_t held;   /* persons in dense, below 2^32 */
    uint64_t *more;  /* what dense could not hold any longer; nearly always NULL */
    uint32_t *key;   /* sparse: first * (n_levels + 1) + last, open addressing; UINT32_MAX = free */
    uint64_t *count; /* sparse: beside key */
    size_t n_slots, n_used;
    size_t n_added; /* calls of om_crosstab_add while sparse */
};

/* One cell that occurs. */
struct om_cell {
    uint32_t first, last;
    uint64_t count;
};

void om_crosstab_init(struct om_crosstab *table, size_t n_levels);
void om_crosstab_release(struct om_crosstab *table);

/* Adds count persons. first and last are 0 ... n_levels. Errors: OM_ERR_NOMEM, the table is unchanged. */
om_status om_crosstab_add(struct om_crosstab *table, size_t first, size_t last, uint64_t count,
                          struct om_error *err) OM_NODISCARD;

/* Adds n persons. Errors: OM_ERR_NOMEM, the table holds some of them. */
om_status om_crosstab_add_all(struct om_crosstab *table, const uint16_t *first, const uint16_t *last,
                              size_t n, struct om_error *err) OM_NODISCARD;

/* Adds every count of other, a table of the same levels. */
om_status om_crosstab_merge(struct om_crosstab *table, const struct om_crosstab *other,
                            struct om_error *err) OM_NODISCARD;

/* The cells that occur, ascending by first, then last. The caller frees *cells with om_free. */
om_status om_crosstab_cells(const struct om_crosstab *table, struct om_cell **cells, size_t *n,
                            struct om_error *err) OM_NODISCARD;

/* Everyone in the table. */
uint64_t om_crosstab_total(const struct om_crosstab *table);

#endif
