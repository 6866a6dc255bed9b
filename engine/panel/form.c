#include "panel/form.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void
om_form_release(struct om_form *form)
{
    om_free(form->tile);
    om_free(form->where);
    om_free(form->place);
    om_free(form->general);
    om_free(form->total_where);
    om_free(form->total_place);
    *form = (struct om_form){0};
}

/* Does the decoder read digits as codes, one step each, and nothing else but the empty field and NA? Then a
 * tile can say it. */
static bool
describe(const struct om_decoder *decoder, struct om_tile *tile, size_t i)
{
    int first = '0', last = '9';
    while (first <= '9' && decoder->token[first] >= OM_CODE_BLANK)
        first++;
    while (last > first && decoder->token[last] >= OM_CODE_BLANK)
        last--;
    if (first > last)
        return false;
    uint8_t base = (uint8_t)(first - decoder->token[first]);
    for (int t = OM_TOKEN_FIRST; t < 128; t++) {
        bool digit = t >= first && t <= last;
        if (decoder->token[t] != (digit ? (uint8_t)(t - base) : OM_LOOK))
            return false;
    }
    tile->base[i] = base;
    tile->low[i] = decoder->token[first];
    tile->span[i] = (uint8_t)(last - first);
    tile->empty[i] = decoder->token[OM_TOKEN_EMPTY];
    tile->na[i] = decoder->token[OM_TOKEN_NA];
    return true;
}

/* Whatever stands there is fine. */
static void
accept_anything(struct om_tile *tile, size_t i)
{
    tile->base[i] = tile->low[i] = 0;
    tile->span[i] = OM_LOOK - 1; /* a token is below 0x80 */
    tile->empty[i] = tile->na[i] = 0;
}

static int
compare_columns(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The first fields of the tiles that cover all columns of cells. */
static om_status
lay_tiles(struct om_form *form, const struct om_panel_cell *cell, size_t n_cells, struct om_error *err)
{
    size_t *column = om_alloc(n_cells ? n_cells : 1, sizeof *column);
    form->tile = om_calloc(n_cells ? n_cells : 1, sizeof *form->tile);
    if (!column || !form->tile) {
        om_free(column);
        return om_fail_memory(err);
    }
    for (size_t k = 0; k < n_cells; k++)
        column[k] = cell[k].column;
    if (n_cells)
        qsort(column, n_cells, sizeof *column, compare_columns);
    for (size_t k = 0; k < n_cells; k++)
        if (form->n_tiles == 0 || column[k] >= form->tile[form->n_tiles - 1].field + OM_TILE)
            form->tile[form->n_tiles++].field = column[k];
    om_free(column);
    for (size_t t = 0; t < form->n_tiles; t++)
        for (size_t i = 0; i < OM_TILE; i++)
            accept_anything(&form->tile[t], i);
    return OM_OK;
}

om_status
om_form_make(struct om_form *form, const struct om_panel_cell *cell, size_t n_cells, size_t n_targets,
             struct om_error *err)
{
    *form = (struct om_form){.where = om_alloc(n_targets, sizeof *form->where),
                             .place = om_alloc(n_cells ? n_cells : 1, sizeof *form->place),
                             .general = om_alloc(n_cells ? n_cells : 1, sizeof *form->general)};
    if (!form->where || !form->place || !form->general) {
        om_form_release(form);
        return om_fail_memory(err);
    }
    om_status status = lay_tiles(form, cell, n_cells, err);
    if (status != OM_OK) {
        om_form_release(form);
        return status;
    }
    memset(form->where, 0xff, n_targets * sizeof *form->where);
    for (size_t k = 0; k < n_cells; k++) {
        size_t t = 0;
        while (cell[k].column < form->tile[t].field || cell[k].column >= form->tile[t].field + OM_TILE)
            t++;
        size_t i = cell[k].column - form->tile[t].field;
        form->place[k] = form->where[cell[k].target] = (uint32_t)(t * OM_TILE + i);
        if (!describe(&cell[k].decoder, &form->tile[t], i))
            form->general[form->n_general++] = k;
    }
    return OM_OK;
}

/* Totals lie in tiles of their own, which tokens say nothing about: they are read from any field, accepted,
 * and overwritten. */
om_status
om_form_add_totals(struct om_form *form, const struct om_panel_total *total, size_t n_totals,
                   size_t n_targets, struct om_error *err)
{
    size_t first = form->n_tiles, more = (n_totals * OM_TOTAL_BYTES + OM_TILE - 1) / OM_TILE;
    struct om_tile *tile = om_realloc(form->tile, first + more + 1, sizeof *tile);
    if (tile)
        form->tile = tile;
    form->total_where = om_alloc(n_targets + 1, sizeof *form->total_where);
    form->total_place = om_alloc(n_totals + 1, sizeof *form->total_place);
    if (!tile || !form->total_where || !form->total_place)
        return om_fail_memory(err);
    memset(tile + first, 0, more * sizeof *tile);
    for (size_t t = first; t < first + more; t++)
        for (size_t i = 0; i < OM_TILE; i++)
            accept_anything(&tile[t], i);
    form->n_tiles += more;
    memset(form->total_where, 0xff, n_targets * sizeof *form->total_where);
    for (size_t k = 0; k < n_totals; k++)
        form->total_place[k] = form->total_where[total[k].target] =
            (uint32_t)(first * OM_TILE + k * OM_TOTAL_BYTES);
    return OM_OK;
}

/* One column by its own table. */
static void
decode_general(const struct om_decoder *decoder, const uint8_t *token, size_t n_fields, size_t n,
               uint8_t *code, size_t stride, uint8_t *look)
{
    for (size_t r = 0; r < n; r++) {
        uint8_t c = decoder->token[token[r * n_fields]];
        code[r * stride] = c;
        look[r] |= c == OM_LOOK;
    }
}

void
om_form_decode(const struct om_form *form, const struct om_panel_cell *cell, const struct om_kernels *kernels,
               const uint8_t *token, size_t n_fields, size_t n, uint8_t *code, uint8_t *look)
{
    kernels->decode_rows(form->tile, form->n_tiles, token, n_fields, n, code, look);
    for (size_t g = 0; g < form->n_general; g++) {
        const struct om_panel_cell *at = &cell[form->general[g]];
        decode_general(&at->decoder, token + at->column, n_fields, n, code + form->place[form->general[g]],
                       form->n_tiles * OM_TILE, look);
    }
}
