/* Rows to counts, the way a tally would hand them over, and checks for numbers that may be undefined. */
#ifndef OM_TESTS_CELLS_H
#define OM_TESTS_CELLS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <omstat/stat.h>
#include "support/support.h"

enum { CELLS_MAX = 8192 };

static inline int
cells_by_pair(const void *a, const void *b)
{
    const struct om_pair_count *x = a, *y = b;
    int pre = (x->pre > y->pre) - (x->pre < y->pre);
    return pre ? pre : (x->post > y->post) - (x->post < y->post);
}

/* Sorted and merged copies in static storage of the caller's choice. */
static inline struct om_pairs
cells_of(struct om_pair_count *cells, size_t n, int64_t unit)
{
    size_t kept = 0;
    qsort(cells, n, sizeof *cells, cells_by_pair);
    for (size_t i = 0; i < n; i++) {
        if (kept && cells_by_pair(&cells[kept - 1], &cells[i]) == 0)
            cells[kept - 1].count += cells[i].count;
        else
            cells[kept++] = cells[i];
    }
    return (struct om_pairs){cells, kept, unit};
}

static inline struct om_pairs
pairs_of(const int64_t (*rows)[2], size_t n, struct om_pair_count *cells)
{
    for (size_t i = 0; i < n; i++)
        cells[i] = (struct om_pair_count){rows[i][0], rows[i][1], 1};
    return cells_of(cells, n, 1);
}

static inline struct om_pairs
pairs_of_json(const json_t *pre, const json_t *post, int64_t unit, struct om_pair_count *cells)
{
    size_t n = json_array_size(pre);
    for (size_t i = 0; i < n; i++) {
        cells[i].pre = (int64_t)json_number_value(json_array_get(pre, i));
        cells[i].post = (int64_t)json_number_value(json_array_get(post, i));
        cells[i].count = 1;
    }
    return cells_of(cells, n, unit);
}

/* The totals of one instrument in the two-waves file, whose occasions are 16 columns apart: `first` = column of
 * its first item, from 0. */
static inline struct om_pairs
pairs_of_two_waves(const char *path, int first, int items, struct om_pair_count *cells)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[512];
    size_t n = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        assert_true(n < CELLS_MAX);
        int column = 0;
        cells[n] = (struct om_pair_count){0, 0, 1};
        for (char *p = strtok(line, ","); p; p = strtok(NULL, ","), column++) {
            if (column >= first && column < first + items)
                cells[n].pre += atoi(p);
            if (column >= first + 16 && column < first + 16 + items)
                cells[n].post += atoi(p);
        }
        n++;
    }
    fclose(file);
    return cells_of(cells, n, 1);
}

static inline struct om_counts
counts_of(const int64_t *values, size_t n, int64_t unit, struct om_count *out)
{
    static struct om_pair_count cells[CELLS_MAX];
    assert_true(n <= CELLS_MAX);
    for (size_t i = 0; i < n; i++)
        cells[i] = (struct om_pair_count){values[i], 0, 1};
    struct om_pairs sorted = cells_of(cells, n, unit);
    for (size_t i = 0; i < sorted.n; i++)
        out[i] = (struct om_count){sorted.at[i].pre, sorted.at[i].count};
    return (struct om_counts){out, sorted.n, unit};
}

/* Undefined, for the stated reason, and with no number left in it. */
#define assert_undefined(stat, why)                                                                          \
    do {                                                                                                     \
        assert_non_null((stat).reason);                                                                      \
        assert_string_equal((stat).reason, why);                                                             \
        assert_true((stat).value == 0);                                                                      \
    } while (0)
#define assert_no_bounds(interval, why)                                                                      \
    do {                                                                                                     \
        assert_non_null((interval).reason);                                                                  \
        assert_string_equal((interval).reason, why);                                                         \
        assert_true((interval).lower == 0 && (interval).upper == 0);                                         \
    } while (0)

/* Close to a number, or undefined where the oracle has null. Values that should be 0 may be off by
 * `absolute`. */
static inline void
check_stat(struct om_stat got, const json_t *want, double rel, double absolute, const char *what)
{
    assert_non_null(want);
    if (json_is_null(want)) {
        if (!got.reason)
            fail_msg("%s should be undefined", what);
        return;
    }
    if (got.reason)
        fail_msg("%s is undefined: %s", what, got.reason);
    double off = got.value - json_number_value(want);
    if (!(off <= absolute && -off <= absolute))
        om_assert_close(got.value, json_number_value(want), rel, what, __FILE__, __LINE__);
}

static inline void
check_bounds(struct om_interval got, const json_t *lower, const json_t *upper, double rel, double absolute,
             const char *what)
{
    check_stat((struct om_stat){got.lower, got.reason}, lower, rel, absolute, what);
    check_stat((struct om_stat){got.upper, got.reason}, upper, rel, absolute, what);
}

#endif
