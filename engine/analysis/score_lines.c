#include "analysis/score_lines.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <string.h>

om_status
om_score_lines_init(struct om_score_lines *lines, const struct om_run *run, struct om_error *err)
{
    size_t n_scales = run->n_scales, n = run->panel->n_slots * n_scales;
    *lines = (struct om_score_lines){.run = run,
                                     .scale = om_calloc(n_scales + 1, sizeof *lines->scale),
                                     .column = om_alloc(n + 1, sizeof *lines->column),
                                     .level = om_alloc(n * OM_BLOCK + 1, sizeof *lines->level),
                                     .reason = om_alloc(2 * n * OM_BLOCK + 1, sizeof *lines->reason),
                                     .by = om_calloc(run->study->panel.by.n + 1, sizeof *lines->by)};
    if (!lines->scale || !lines->column || !lines->level || !lines->reason || !lines->by)
        return om_fail_memory(err);
    for (size_t i = 0; i < n_scales; i++)
        OM_TRY(om_score_text_init(&lines->scale[i], run->scale[i].scorer, run->scale[i].safety, err));
    for (size_t c = 0; c < n; c++)
        lines->column[c] = (struct om_score_column){.text = &lines->scale[c % n_scales],
                                                    .level = lines->level + c * OM_BLOCK,
                                                    .reason = lines->reason + 2 * c * OM_BLOCK,
                                                    .answered = lines->reason + (2 * c + 1) * OM_BLOCK};
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
    om_free(lines->column);
    om_free(lines->level);
    om_free(lines->reason);
    om_free(lines->by);
    *lines = (struct om_score_lines){0};
}

void
om_score_lines_header(const struct om_score_lines *lines, struct om_buffer *out)
{
    const struct om_run *run = lines->run;
    const struct om_panel_file *file = &run->panel->file[0];
    const struct om_texts *by = &run->study->panel.by;
    struct om_csv_writer w = {.out = out};
    om_csv_write_text(&w, file->id == OM_NONE ? "record" : file->header.at[file->id]);
    for (size_t b = 0; b < by->n; b++)
        om_csv_write_text(&w, by->at[b]);
    om_csv_write_text(&w, "occasion");
    for (size_t i = 0; i < run->n_scales; i++)
        om_score_text_header(&w, run->scale[i].scorer, run->scale[i].safety);
    om_csv_write_end(&w);
}

/* --- a block ------------------------------------------------------------------------------------------- */

/* The answers to an instrument at one occasion: a column for each of its items. */
static void
find_codes(const struct om_panel *panel, const struct om_record_block *block, size_t slot,
           const struct om_panel_instrument *instrument, const uint8_t **code)
{
    for (size_t k = 0; k < instrument->instrument->n_items; k++)
        code[k] = block->code + (slot * panel->n_items + instrument->item[k]) * OM_BLOCK;
}

static void
score(const struct om_score_lines *lines, const struct om_record_block *block)
{
    const struct om_run *run = lines->run;
    for (size_t slot = 0; slot < run->panel->n_slots; slot++)
        for (size_t i = 0; i < run->n_scales; i++) {
            const struct om_scorer *scorer = run->scale[i].scorer;
            const struct om_score_column *column = &lines->column[slot * run->n_scales + i];
            const uint8_t *code[OM_ITEMS_MAX];
            find_codes(run->panel, block, slot, run->scale[i].panel, code);
            om_scorer_run(scorer, code, block->n, column->level, column->reason);
            om_scorer_answered(scorer, code, block->n, column->answered);
        }
}

/* Makes the pieces of the occasions and groups that turned up since the last block. */
static om_status
add_keys(struct om_score_lines *lines, struct om_error *err)
{
    const struct om_panel *panel = lines->run->panel;
    for (size_t i = lines->occasion.n; i < panel->occasion.n; i++) {
        const char *name = panel->occasion.at[i];
        OM_TRY(om_csv_piece_add(&lines->occasion, name, strlen(name), err));
    }
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        for (size_t i = lines->by[b].n; i < panel->by_value[b].n; i++) {
            const struct om_dictionary *values = &panel->by_value[b];
            OM_TRY(om_csv_piece_add(&lines->by[b], om_dictionary_text(values, (uint32_t)i),
                                    om_dictionary_length(values, (uint32_t)i), err));
        }
    return OM_OK;
}

om_status
om_score_lines_block(struct om_score_lines *lines, const struct om_record_block *block, struct om_error *err)
{
    score(lines, block);
    OM_TRY(add_keys(lines, err));
    lines->room = om_score_text_room(lines->column, lines->run->n_scales) + lines->occasion.longest + 1;
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        lines->room += lines->by[b].longest;
    return OM_OK;
}

/* --- a record ------------------------------------------------------------------------------------------ */

/* Who the record is of: the fields before the occasion. */
static char *
put_keys(const struct om_score_lines *lines, const struct om_record_block *block, size_t r, char *out)
{
    const struct om_record_row *row = &block->row[r];
    if (lines->run->panel->file[block->file].id == OM_NONE)
        out = om_decimal_put(row->number, out);
    else
        out = om_csv_put_first(row->id, row->id_length, out);
    for (size_t b = 0; b < lines->run->study->panel.by.n; b++)
        out = om_csv_put(&lines->by[b], block->by[b * OM_BLOCK + r], out);
    return out;
}

void
om_score_lines_write(const struct om_score_lines *lines, const struct om_record_block *block, size_t r,
                     struct om_buffer *out)
{
    const struct om_panel *panel = lines->run->panel;
    size_t n_slots = panel->n_slots, n_scales = lines->run->n_scales;
    size_t id_room = om_csv_field_room(block->row[r].id_length) + OM_DECIMAL_TEXT;
    char *keys = om_buffer_room(out, n_slots * (id_room + lines->room));
    if (!keys)
        return; /* the buffer remembers */
    char *end = put_keys(lines, block, r, keys);
    size_t length = (size_t)(end - keys);
    for (size_t slot = 0; slot < n_slots; slot++) {
        if (slot > 0) {
            memcpy(end, keys, length);
            end += length;
        }
        int occasion = panel->layout == OM_LAYOUT_LONG ? block->row[r].occasion : (int)slot;
        end = om_csv_put(&lines->occasion, (size_t)occasion, end);
        end = om_score_text_put(lines->column + slot * n_scales, n_scales, r, end);
        *end++ = '\n';
    }
    om_buffer_wrote(out, end);
}
