/* Rows of tokens to columns of answer bytes. */
#include "panel/panel.h"

/* One column. The tokens of a run of plain rows lie n_fields apart. Returns whether any needs a look. */
static bool
take_column(const uint8_t *token, size_t step, const uint8_t map[128], size_t n, uint8_t *code)
{
    uint8_t worst = 0;
    for (size_t i = 0; i < n; i++) {
        code[i] = map[token[i * step]];
        worst = code[i] > worst ? code[i] : worst;
    }
    return worst == OM_DECODE_LOOK;
}

void
om_panel_take_rows(const struct om_panel *panel, size_t from, size_t to, size_t r, bool *look)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    const struct om_plain *rows = file->part.rows;
    const uint8_t *token = rows->token + rows->row[from].token;
    for (size_t k = 0; k < file->n_cells; k++) {
        const struct om_panel_cell *cell = &file->cell[k];
        uint8_t *code = panel->block->code + cell->target * OM_BLOCK + r;
        if (!take_column(token + cell->column, file->header.n, cell->decoder.token, to - from, code))
            continue;
        for (size_t i = 0; i < to - from; i++)
            look[i] |= code[i] == OM_DECODE_LOOK;
    }
}
