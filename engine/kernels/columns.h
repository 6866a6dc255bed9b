/*
 * Counting answers, a column an item.
 *
 * column[i] is the column of item i, a byte a person: a code of at most OM_COLUMN_MAX, or 0x80 and above
 * where there is no answer (see <omstat/instrument.h>). Every column can be read, and every result written,
 * up to n rounded up to OM_COLUMN_STEP.
 */
#ifndef OM_KERNELS_COLUMNS_H
#define OM_KERNELS_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OM_COLUMN_MAX = 119, /* the highest code: OM_CODE_MAX */
    OM_COLUMN_STEP = 64,
    OM_COLUMN_ROWS = 256, /* rows in one call, at most */
};

/* What adding up k <= 64 columns does to a code c: (c ^ flip[i]) + base[i] are its points. */
struct om_column_points {
    const uint8_t *flip, *base;
};

/* What becomes of n persons: a number each, or `none`; and 0xff where every item is answered, else 0. */
struct om_column_result {
    uint16_t *number;
    uint8_t *complete;
};

/* The sum of points, less `low`, where every item is answered; none elsewhere. The sum is below 256. */
typedef void om_column_sums_function(const uint8_t *const *column, const struct om_column_points *points,
                                     size_t k, size_t n, uint16_t low, uint16_t none,
                                     const struct om_column_result *out);

/* The index (blank * (k + 1) + answered) * n_sums + sum into a table of sums by the number of items that are
 * blank or declined and of those answered; 0 where more than max_blank are blank, an answer is invalid or,
 * without has_na, does not apply. The sum is below 256, every index below 2^32. */
struct om_column_table {
    uint32_t n_sums, max_blank, has_na;
};
typedef void om_column_index_function(const uint8_t *const *column, const struct om_column_points *points,
                                      size_t k, size_t n, const struct om_column_table *table,
                                      uint32_t *index, uint8_t *complete);

/* How many answers are at or above their column's threshold, where every item is answered; else anything. */
typedef void om_column_endorsed_function(const uint8_t *const *column, const uint8_t *threshold, size_t k,
                                         size_t n, uint8_t *endorsed, uint8_t *complete);

/* holds[r] becomes 0 where fewer than at_least answers are at or above their column's threshold; no answer is
 * above any. */
typedef void om_column_criterion_function(const uint8_t *const *column, const uint8_t *threshold, size_t k,
                                          size_t n, uint8_t at_least, uint8_t *holds);

/* value[r] becomes rank where holds[r] is 0xff, and stays where it is 0. */
typedef void om_column_rank_function(const uint8_t *holds, size_t n, uint8_t rank, uint8_t *value);

/* number[r] = value[r], or none where complete[r] is 0. */
typedef void om_column_number_function(const uint8_t *value, const uint8_t *complete, size_t n, uint16_t none,
                                       uint16_t *number);

/* Forms of n persons: what their answers come to. */
struct om_column_forms {
    uint8_t *present;   /* 1: some answer is not blank (0x80) */
    uint8_t *answered;  /* items with a code */
    uint8_t *blank;     /* items blank or declined */
    uint8_t *na;        /* items that do not apply */
    uint8_t *different; /* 0: every answer is like the first */
    uint16_t *sum;      /* of the codes */
};
/* Of 1 to 64 columns. The sum of `step` codes is below 256. */
typedef void om_column_forms_function(const uint8_t *const *column, size_t k, size_t n, size_t step,
                                      const struct om_column_forms *out);

/* 0 where every column is blank (0x80), else not. */
typedef void om_column_present_function(const uint8_t *const *column, size_t k, size_t n, uint8_t *present);

/* unanswered[i] += rows of column i without an answer (0x80 and above, but not 0x82: "does not apply") where
 * present[r] is not 0. Returns the rows where it is not. present is 0 from n on to where columns can be read.
 */
typedef uint64_t om_column_unanswered_function(const uint8_t *const *column, size_t k, size_t n,
                                               const uint8_t *present, uint64_t *unanswered);

/* masked[i * OM_COLUMN_ROWS + r] = points of column i where mask[r] is 0xff, 0 where it is 0. */
typedef void om_column_mask_function(const uint8_t *const *column, const struct om_column_points *points,
                                     size_t k, size_t n, const uint8_t *mask, uint8_t *masked);

/* Sums of products of columns: product[i (i + 1) / 2 + j] += the sum over rows of column i times column j,
 * j <= i. Every byte is at most OM_COLUMN_MAX; n is a multiple of OM_COLUMN_STEP. */
typedef void om_products_function(const uint8_t *const *column, size_t k, size_t n, int64_t *product);

/* with[i] = of column i of k: its sum, the sum of its squares, and that of its products with the total (of
 * all k columns in the row). n as above, at most OM_COLUMN_ROWS; om_with_total_fits(k, the largest byte). */
struct om_with_total {
    int32_t sum, square, total;
};
typedef void om_with_total_function(const uint8_t *const *column, size_t k, size_t n,
                                    struct om_with_total *with);

/* A total is a byte, and two products of one fit 16 bits with a sign. */
static inline bool
om_with_total_fits(size_t k, unsigned most)
{
    return k * most <= UINT8_MAX && 2 * k * most * most <= INT16_MAX;
}

#endif
