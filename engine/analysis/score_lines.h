/*
 * The lines of `omstat score`: a block of records in, text out.
 *
 * A block is scored a column at a time; then each record's lines are put together from pieces made beforehand
 * (score_text.h, csv/pieces.h). Only the id differs from record to record.
 */
#ifndef OM_ANALYSIS_SCORE_LINES_H
#define OM_ANALYSIS_SCORE_LINES_H

#include "analysis/score_text.h"
#include "analysis/tallies.h"

/* What every thread shares: made beforehand, or while blocks are joined. */
struct om_score_lines {
    const struct om_run *run;      /* borrowed, with its panel and study */
    struct om_score_text *scale;   /* per scale */
    struct om_csv_pieces occasion; /* the names */
    struct om_csv_pieces *by;      /* per --by column: its values */
};

/* What one thread makes of a block. */
struct om_score_block {
    struct om_turn turn;
    const uint32_t *where;          /* the form that turn is for */
    struct om_score_column *column; /* [slot * n_scales + scale] */
    uint16_t *level;                /* what the columns point to */
    uint8_t *reason;
    size_t capacity; /* in records */
    size_t room;     /* bytes that writing a line may touch, without the keys */
};

/* Errors: OM_ERR_NOMEM, here and below; then the lines can only be released. */
OM_NODISCARD om_status om_score_lines_init(struct om_score_lines *lines, const struct om_run *run,
                                           struct om_error *err);
void om_score_lines_release(struct om_score_lines *lines); /* accepts zeroed ones */

void om_score_lines_header(const struct om_score_lines *lines, struct om_buffer *out);

/* Scores a block; several threads at once, each with its own scores. */
OM_NODISCARD om_status om_score_block(const struct om_score_lines *lines, const struct om_record_block *block,
                                      struct om_score_block *scores, struct om_error *err);
void om_score_block_release(struct om_score_block *scores); /* accepts zeroed ones */

/* Makes the pieces of the occasions and groups that turned up with a block that was joined. */
OM_NODISCARD om_status om_score_lines_keys(struct om_score_lines *lines, struct om_error *err);

/* Writes the lines of record r of that block: one for each occasion it holds. */
void om_score_lines_write(const struct om_score_lines *lines, const struct om_score_block *scores,
                          const struct om_record_block *block, size_t r, struct om_buffer *out);

#endif
