/* Rows of answers turned round into columns: what a block of persons or records has side by side, scoring
 * wants one item after the other. */
#ifndef OM_PANEL_TURN_H
#define OM_PANEL_TURN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/status.h>

struct om_turn {
    size_t n, stride, rows; /* answers; bytes of a row; rows turned at once, at most: a multiple of 64 */
    size_t *lane;           /* where the runs of 16 bytes begin that hold answers */
    size_t n_lanes;
    uint8_t *column;    /* [lane][16][rows], and one of blanks */
    const uint8_t **at; /* per answer: its column */
};

/* Answer i is byte where[i] of a row, and blank where that is OM_NOWHERE. Errors: OM_ERR_NOMEM. */
om_status om_turn_plan(struct om_turn *turn, const uint32_t *where, size_t n, size_t stride, size_t rows,
                       struct om_error *err) OM_NODISCARD;
void om_turn_release(struct om_turn *turn); /* a zeroed one is fine */

/* Fills the columns from n <= rows rows; n rounded up to 64 can be read, and 16 bytes more. */
void om_turn_round(const struct om_turn *turn, const uint8_t *row, size_t n);

#endif
