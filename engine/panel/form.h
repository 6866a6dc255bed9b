/*
 * The form of a file's rows: which bytes of a record's tokens are kept, and what they mean.
 *
 *   fields   id  group  p1 p2 p3 ... p40   note  ...  g1 g2 ...        of the record
 *   tiles             [ p1 p2 ............ note .. ] [ g1 g2 ... ]     OM_TILE neighbours, from an item on
 *   row               [ tile 0                     | tile 1      ]
 *
 * Nothing is put into another order: where[] says where in the row each item is.
 */
#ifndef OM_PANEL_FORM_H
#define OM_PANEL_FORM_H

#include "kernels/kernels.h"
#include "panel/block.h"
#include "panel/total.h"

/* One item column of one file. */
struct om_panel_cell {
    size_t column; /* in the file */
    size_t target; /* slot * n_items + item */
    struct om_decoder decoder;
};

struct om_form {
    struct om_tile *tile;
    size_t n_tiles;
    uint32_t *where; /* per target */
    uint32_t *place; /* per cell: where[] of its target */
    size_t *general; /* cells whose tokens mean what a tile cannot say: by their own table, one by one */
    size_t n_general;
    uint32_t *total_where; /* per total target: its first byte in the row, behind the tiles of items */
    uint32_t *total_place; /* per total of the file */
};

/* cell[] in any order; n_targets counts all there may be. Errors: OM_ERR_NOMEM. */
om_status om_form_make(struct om_form *form, const struct om_panel_cell *cell, size_t n_cells,
                       size_t n_targets, struct om_error *err) OM_NODISCARD;
/* Adds room for totals; the bytes are written by om_form_totals. Errors: OM_ERR_NOMEM. */
om_status om_form_add_totals(struct om_form *form, const struct om_panel_total *total, size_t n_totals,
                             size_t n_targets, struct om_error *err) OM_NODISCARD;
void om_form_release(struct om_form *form);

/* Reads n plain rows of tokens, n_fields apart, into rows of codes; look[r] is 1 where a field has to be
 * looked at itself. */
void om_form_decode(const struct om_form *form, const struct om_panel_cell *cell,
                    const struct om_kernels *kernels, const uint8_t *token, size_t n_fields, size_t n,
                    uint8_t *code, uint8_t *look);

#endif
