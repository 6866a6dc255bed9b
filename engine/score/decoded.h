/* Levels of answers that have been decoded, a block of persons at a time: what a tally needs and no more. */
#ifndef OM_SCORE_DECODED_H
#define OM_SCORE_DECODED_H

#include <omstat/score.h>

enum { OM_DECODED_ROWS = 256 }; /* persons in one call, at most */

/* The levels of om_scorer_run, for columns in which every code is one the instrument allows, or 0x80 and
 * above; and 0xff in complete where every item of the scale has an answer, else 0. Columns can be read, and
 * results written, up to n rounded up to 64. */
void om_scorer_levels(const struct om_scorer *scorer, const uint8_t *const *code, size_t n, uint16_t *level,
                      uint8_t *complete);

/* Which of the ways in decoded.c is right for the scale; part of om_scorer_new. */
void om_scorer_choose(struct om_scorer *scorer);

#endif
