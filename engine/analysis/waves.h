/*
 * Scores of the persons of a group at every occasion, where a study asks for more than two.
 *
 * A row of levels a person, gathered while persons are counted; in the end equal rows are put together and
 * sorted, so that nothing depends on the order of the persons.
 */
#ifndef OM_ANALYSIS_WAVES_H
#define OM_ANALYSIS_WAVES_H

#include <stddef.h>
#include <stdint.h>
#include <omstat/score.h>
#include <omstat/status.h>

struct om_wave_rows {
    uint16_t *level; /* [row][occasion, in time]; the number of levels where there is no score */
    uint64_t *count; /* persons with each row; NULL while every row is a person */
    size_t n, capacity, n_occasions;
};

/* Adds n persons, level[k][r] for the k-th occasion. n_occasions is the same in every call. Errors:
 * OM_ERR_NOMEM. */
om_status om_wave_rows_add(struct om_wave_rows *rows, const uint16_t *const *level, size_t n_occasions,
                           size_t n, struct om_error *err) OM_NODISCARD;
/* Adds so many persons with the same row. */
om_status om_wave_rows_repeat(struct om_wave_rows *rows, const uint16_t *row, size_t n_occasions,
                              size_t times, struct om_error *err) OM_NODISCARD;
/* Adds the persons of `from`. */
om_status om_wave_rows_merge(struct om_wave_rows *rows, const struct om_wave_rows *from,
                             struct om_error *err) OM_NODISCARD;
/* Puts other numbers in the place of levels: map has an entry for each of them. */
void om_wave_rows_map(struct om_wave_rows *rows, const uint16_t *map);
/* Sorts the rows and puts equal ones together. */
om_status om_wave_rows_settle(struct om_wave_rows *rows, struct om_error *err) OM_NODISCARD;
void om_wave_rows_release(struct om_wave_rows *rows); /* a zeroed one is fine */

#endif
