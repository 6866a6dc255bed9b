/* A record with its fields to a row of answers. */
#include "panel/worker.h"
#include "base/error.h"
#include "base/number.h"

#include <string.h>

/* Is the record the header once more? Files glued together have one in the middle. */
static bool
repeats_header(struct om_worker *worker, const struct om_panel_file *file, const struct om_record *record,
               const struct om_field *field, const struct om_record_row *row)
{
    if (record->n_fields != file->header.n)
        return false;
    for (size_t c = 0; c < file->header.n; c++) {
        const char *text = field[c].data;
        size_t length = field[c].length;
        om_trim(&text, &length);
        if (!om_ascii_equal(text, length, file->header.at[c]))
            return false;
    }
    om_worker_fault(worker, 115, OM_BAD, row, OM_NONE, "the record repeats the header",
                    "delete it: it looks as if files were put together with their headers");
    return true;
}

/* Has the record as many fields as the header? One empty field more, from a trailing delimiter, is forgiven.
 */
static bool
has_shape(struct om_worker *worker, const struct om_panel_file *file, const struct om_record *record,
          const struct om_field *field, const struct om_record_row *row)
{
    if (record->n_fields == file->header.n)
        return true;
    if (record->n_fields == file->header.n + 1 && field[file->header.n].length == 0) {
        om_worker_fault(worker, 123, OM_WARNING, row, OM_NONE, "a delimiter at the end of the record",
                        "write the file without trailing delimiters");
        return true;
    }
    om_worker_fault(worker, 110, OM_BAD, row, OM_NONE, file->shape,
                    "look for a missing or extra delimiter, or a quote that does not close");
    return false;
}

static struct om_keys
keys_of_fields(const struct om_panel *panel, const struct om_panel_file *file, const struct om_field *field)
{
    struct om_keys keys = {0};
    if (file->id != OM_NONE)
        keys.id = field[file->id];
    if (file->occasion_column != OM_NONE)
        keys.occasion = field[file->occasion_column];
    for (size_t b = 0; b < panel->n_by; b++)
        if (file->by[b] != OM_NONE)
            keys.by[b] = field[file->by[b]];
    return keys;
}

static void
take_answers(struct om_worker *worker, const struct om_panel_file *file, const struct om_field *field,
             size_t r)
{
    uint8_t *code = worker->block.code + r * worker->block.stride;
    for (size_t k = 0; k < file->n_cells; k++) {
        const struct om_panel_cell *cell = &file->cell[k];
        enum om_cell_fault fault = OM_CELL_FINE;
        uint8_t answer =
            om_decode(&cell->decoder, field[cell->column].data, field[cell->column].length, &fault);
        if (fault != OM_CELL_FINE)
            om_worker_cell_fault(worker, &worker->block.row[r], cell->column, &cell->decoder, fault);
        code[file->form.place[k]] = answer;
    }
    for (size_t k = 0; k < file->n_totals; k++) {
        const struct om_panel_total *total = &file->total[k];
        enum om_cell_fault fault;
        uint64_t value =
            om_total_decode(total, field[total->column].data, field[total->column].length, &fault);
        if (fault != OM_CELL_FINE)
            om_worker_cell_fault(worker, &worker->block.row[r], total->column, &total->decoder, fault);
        memcpy(code + file->form.total_place[k], &value, sizeof value);
    }
}

om_status
om_worker_take_record(struct om_worker *worker, const struct om_record *record, const struct om_field *field,
                      bool borrowed, struct om_error *err)
{
    struct om_record_block *block = &worker->block;
    const struct om_panel_file *file = &worker->panel->file[block->file];
    size_t r = block->n;
    struct om_record_row *row = &block->row[r];
    *row = (struct om_record_row){.id = "",
                                  .occasion = file->fixed_occasion,
                                  .line = (uint32_t)record->line,
                                  .number = (uint32_t)record->number,
                                  .byte_offset = (uint32_t)record->byte_offset};
    row->rejected =
        !has_shape(worker, file, record, field, row) || repeats_header(worker, file, record, field, row);
    if (!row->rejected) {
        struct om_keys keys = keys_of_fields(worker->panel, file, field);
        OM_TRY(om_worker_take_keys(worker, &keys, r, err));
    }
    if (!row->rejected) {
        if (borrowed && !(row->id = om_worker_keep(worker, row->id, row->id_length)))
            return om_fail_memory(err);
        take_answers(worker, file, field, r);
    }
    block->n++;
    return OM_OK;
}
