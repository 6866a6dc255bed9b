/*
 * What `omstat score` writes for a scale, prepared once per run.
 *
 * The fields of a scale depend on its level, or the reason why there is none, and on the number of answers:
 * few combinations, so each is formatted once, and a record is put together from copies. The score is one
 * piece, by level; what stands behind it is another: the number of answers, band, screening status, reason
 * and flag. That one hardly depends on the level, so the pieces stay few even where prorating makes thousands
 * of levels.
 */
#ifndef OM_ANALYSIS_SCORE_TEXT_H
#define OM_ANALYSIS_SCORE_TEXT_H

#include "csv/pieces.h"

#include <omstat/score.h>

struct om_score_text {
    struct om_csv_pieces pieces;
    size_t
        *scored; /* per level: piece of what stands behind the score, for no answers; then one for 1, ... */
    size_t unscored;  /* the same for reason 0, reasons one behind the other */
    size_t n_answers; /* numbers of answers: 0 to the items of the scale */
};

/* safety: NULL unless the scale is a safety item, which has a field more. Errors: OM_ERR_NOMEM. */
OM_NODISCARD om_status om_score_text_init(struct om_score_text *text, const struct om_scorer *scorer,
                                          const struct om_safety *safety, struct om_error *err);
void om_score_text_release(struct om_score_text *text); /* accepts a zeroed one */

/* The header's fields of a scale. */
void om_score_text_header(struct om_csv_writer *writer, const struct om_scorer *scorer,
                          const struct om_safety *safety);

/* A scale at one occasion over a block of records, as om_scorer_run and om_scorer_answered give it. */
struct om_score_column {
    const struct om_score_text *text;
    uint16_t *level;
    uint8_t *reason, *answered;
};

/* Bytes that om_score_text_put may touch for these columns. */
size_t om_score_text_room(const struct om_score_column *column, size_t n);

/* Writes the fields of record r, each behind a comma; returns where they end. */
static inline char *
om_score_text_put(const struct om_score_column *column, size_t n, size_t r, char *out)
{
    for (size_t i = 0; i < n; i++) {
        const struct om_score_text *text = column[i].text;
        size_t level = column[i].level[r], reason = column[i].reason[r];
        size_t behind =
            reason == OM_REASON_SCORED ? text->scored[level] : text->unscored + reason * text->n_answers;
        out = om_csv_put(&text->pieces, level, out);
        out = om_csv_put(&text->pieces, behind + column[i].answered[r], out);
    }
    return out;
}

#endif
