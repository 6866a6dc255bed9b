#include "analysis/score_lines.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdio.h>
#include <string.h>

/* Number, count, the id of a band (up to 32 bytes), status and reason of a total. */
enum { TOTAL_ROOM = OM_NUMBER_TEXT + 96 };

om_status
om_score_lines_init(struct om_score_lines *lines, const struct om_run *run, struct om_error *err)
{
    size_t n_scales = run->n_scales;
    *lines = (struct om_score_lines){.run = run,
                                     .scale = om_calloc(n_scales + 1, sizeof *lines->scale),
                                     .by = om_calloc(run->study->panel.by.n + 1, sizeof *lines->by)};
    if (!lines->scale || !lines->by)
        return om_fail_memory(err);
    for (size_t i = 0; i < n_scales; i++)
        if (!run->scale[i].is_total) /* whose values nobody knows yet */
            OM_TRY(om_score_text_init(&lines->scale[i], run->scale[i].scorer, run->scale[i].safety, err));
    return OM_OK;
}

void
om_score_lines_release(struct om_score_lines *lines)
{
    for (size_t i = 0; lines->scale && i < lines->run->n_scales; i++)
        om_score_text_release(&lines->scale[i]);
    for (size_t b = 0; lines->by && b < lines->run->study->panel.by.n; b++)
        om_csv_pieces_release(&lines->by[b]);
    om_csv_pieces_release(&lines->occasion);
    om_free(lines->scale);
    om_free(lines->by);
    *lines = (struct om_score_lines){0};
}

/* Do texts that are formulas get an apostrophe? */
static bool
escapes(const struct om_score_lines *lines)
{
    return lines->run->study->formula_guard == OM_FORMULA_ESCAPE;
}

void
om_score_lines_header(const struct om_score_lines *lines, struct om_buffer *out)
{
    const struct om_run *run = lines->run;
    const struct om_panel_file *file = &run->panel->file[0];
    const struct om_texts *by = &run->study->panel.by;
    struct om_csv_writer w = {.out = out,
                              .formula_guard = lines->run->study->formula_guard != OM_FORMULA_OFF};
    om_csv_write_text(&w, file->id == OM_NONE ? "record" : file->header.at[file->id]);
    for (size_t b = 0; b < by->n; b++)
        om_csv_write_text(&w, by->at[b]);
    om_csv_write_text(&w, "occasion");
    for (size_t i = 0; i < run->n_scales; i++)
        om_score_text_header(&w, run->scale[i].scorer, run->scale[i].safety);
    om_csv_write_end(&w);
}

/* --- a block ------------------------------------------------------------------------------------------- */

void
om_score_block_release(struct om_score_block *scores)
{
    om_turn_release(&scores->turn);
    om_free(scores->column);
    om_free(scores->level);
    om_free(scores->reason);
    *scores = (struct om_score_block){0};
}

/* Room for the scores of n records, and the form they come in. */
static om_status
prepare(const struct om_score_lines *lines, const struct om_record_block *block,
        struct om_score_block *scores, struct om_error *err)
{
    const struct om_run *run = lines->run;
    size_t columns = run->panel->n_slots * run->n_scales, n = block->capacity;
    if (scores->where != block->where) {
        OM_TRY(om_turn_plan(&scores->turn, block->where, run->panel->n_slots * run->panel->n_items,
                            block->stride, OM_SCORE_BLOCK, err));
        scores->where = block->where;
    }
    if (n <= scores->capacity)
        return OM_OK;
    om_free(scores->column);
    om_free(scores->level);
    om_free(scores->reason);
    scores->capacity = 0;
    scores->column = om_alloc(columns + 1, sizeof *scores->column);
    scores->level = om_alloc(columns * n + 1, sizeof *scores->level);
    scores->reason = om_alloc(2 * columns * n + 1, sizeof *scores->reason);
    if (!scores->column || !scores->level || !scores->reason)
        return om_fail_memory(err);
    scores->capacity = n;
    for (size_t c = 0; c < columns; c++)
        scores->column[c] = (struct om_score_column){.text = &lines->scale[c % run->n_scales],
                                                     .level = scores->level + c * n,
                                                     .reason = scores->reason + 2 * c * n,
                                                     .answered = scores->reason + (2 * c + 1) * n};
    return OM_OK;
}

/* Scores records [from, from + n), which have been turned round. */
static void
score(const struct om_score_lines *lines, const struct om_score_block *scores, size_t from, size_t n)
{
    const struct om_run *run = lines->run;
    for (size_t slot = 0; slot < run->panel->n_slots; slot++)
        for (size_t i = 0; i < run->n_scales; i++) {
            const struct om_panel_instrument *instrument = run->scale[i].panel;
            const struct om_scorer *scorer = run->scale[i].scorer;
            const struct om_score_column *column = &scores->column[slot * run->n_scales + i];
            const uint8_t *code[OM_ITEMS_MAX];
            if (run->scale[i].is_total)
                continue;
            for (size_t k = 0; k < instrument->instrument->n_items; k++)
                code[k] = scores->turn.at[slot * run->panel->n_items + instrument->item[k]];
            om_scorer_run(scorer, code, n, column->level + from, column->reason + from);
            om_scorer_answered(scorer, code, n, column->answered + from);
        }
}

om_status
om_score_block(const struct om_score_lines *lines, const struct om_record_block *block,
               struct om_score_block *scores, struct om_error *err)
{
    if (block->n == 0)
        return OM_OK;
    OM_TRY(prepare(lines, block, scores, err));
    for (size_t from = 0, n; from < block->n; from += n) {
        n = block->n - from < OM_SCORE_BLOCK ? block->n - from : OM_SCORE_BLOCK;
        om_turn_round(&scores->turn, block->code + from * block->stride, n);
        score(lines, scores, from, n);
    }
    scores->room =
        om_score_text_room(scores->column, lines->run->n_scales) + 1 + lines->run->n_scales * TOTAL_ROOM;
    return OM_OK;
}

om_status
om_score_lines_keys(struct om_score_lines *lines, struct om_error *err)
{
    const struct om_panel *panel = lines->run->panel;
    for (size_t i = lines->occasion.n; i < panel->occasion.n; i++) {
        const char *name = panel->occasion.at[i];
        OM_TRY(om_csv_piece_add(&lines->occasion, name, strlen(name), escapes(lines), err));
    }
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        for (size_t i = lines->by[b].n; i < panel->by_value[b].n; i++) {
            const struct om_dictionary *values = &panel->by_value[b];
            OM_TRY(om_csv_piece_add(&lines->by[b], om_dictionary_text(values, (uint32_t)i),
                                    om_dictionary_length(values, (uint32_t)i), escapes(lines), err));
        }
    return OM_OK;
}

/* --- totals -------------------------------------------------------------------------------------------- */

static const char *
reason_of(uint64_t total)
{
    return om_reason_text(total == om_total_none(OM_CODE_BLANK)     ? OM_REASON_NO_FORM
                          : total == om_total_none(OM_CODE_INVALID) ? OM_REASON_INVALID
                          : total == om_total_none(OM_CODE_NA)      ? OM_REASON_NOT_APPLICABLE
                                                                    : OM_REASON_BLANK);
}

static char *
put_total(const struct om_run_scale *scale, const struct om_panel *panel, const struct om_record_block *block,
          size_t r, size_t slot, char *out)
{
    uint32_t where = panel->file[block->file].form.total_where[slot * panel->n_totals + scale->panel->total];
    uint64_t total = where == OM_NOWHERE ? om_total_none(OM_CODE_BLANK)
                                         : om_total_at(block->code + r * block->stride + where);
    if (!om_total_is_number(total))
        return out + sprintf(out, ",,0,,,%s", reason_of(total));
    char text[OM_NUMBER_TEXT];
    struct om_fraction value = om_total_value(total);
    struct om_level level = om_scorer_judge(scale->scorer, value);
    om_number_format(om_fraction_value(value), text);
    const char *band = level.band >= 0 ? scale->info.scale->band[level.band].id : "";
    const char *positive = !scale->scorer->has_cutoff ? "" : level.positive ? "1" : "0";
    return out + sprintf(out, ",%s,1,%s,%s,", text, band, positive);
}

/* --- a record ------------------------------------------------------------------------------------------ */

/* Who the record is of: the fields before the occasion. */
static char *
put_keys(const struct om_score_lines *lines, const struct om_record_block *block, size_t r, char *out)
{
    const struct om_record_row *row = &block->row[r];
    if (lines->run->panel->file[block->file].id == OM_NONE)
        out = om_decimal_put(block->number + row->number, out);
    else
        out = om_csv_put_first(row->id, row->id_length, escapes(lines), out);
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        out = om_csv_put(&lines->by[b], om_block_by(block, b, r), out);
    return out;
}

/* Bytes that the keys of a record and one line behind them may touch. */
static size_t
line_room(const struct om_score_lines *lines, const struct om_score_block *scores, size_t id_length)
{
    size_t room = om_csv_field_room(id_length) + OM_DECIMAL_TEXT + lines->occasion.longest + scores->room;
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        room += lines->by[b].longest;
    return room;
}

void
om_score_lines_write(const struct om_score_lines *lines, const struct om_score_block *scores,
                     const struct om_record_block *block, size_t r, struct om_buffer *out)
{
    const struct om_panel *panel = lines->run->panel;
    size_t n_slots = panel->n_slots, n_scales = lines->run->n_scales;
    char *keys = om_buffer_room(out, n_slots * line_room(lines, scores, block->row[r].id_length));
    if (!keys)
        return; /* the buffer remembers */
    char *end = put_keys(lines, block, r, keys);
    size_t length = (size_t)(end - keys);
    for (size_t slot = 0; slot < n_slots; slot++) {
        if (slot > 0) {
            memcpy(end, keys, length);
            end += length;
        }
        int occasion = panel->layout == OM_LAYOUT_LONG ? om_block_occasion(block, r) : (int)slot;
        end = om_csv_put(&lines->occasion, (size_t)occasion, end);
        for (size_t i = 0; i < n_scales; i++)
            end = lines->run->scale[i].is_total
                      ? put_total(&lines->run->scale[i], panel, block, r, slot, end)
                      : om_score_text_put(scores->column + slot * n_scales + i, 1, r, end);
        *end++ = '\n';
    }
    om_buffer_wrote(out, end);
}
