/* Records to blocks of answer bytes. */
#include "panel/panel.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static const struct om_field *
field_at(const struct om_panel_file *file, const struct om_record *record, int column)
{
    return &file->batch.field[record->first_field + (size_t)column];
}

static void
trim(const struct om_field *field, const char **text, size_t *length)
{
    *text = field->data;
    *length = field->length;
    om_trim(text, length);
}

/* Is the record the header once more? Files glued together have one in the middle. */
static bool
repeats_header(const struct om_panel *panel, const struct om_record *record, const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (record->n_fields != file->header.n)
        return false;
    for (size_t c = 0; c < file->header.n; c++) {
        const char *text;
        size_t length;
        trim(field_at(file, record, (int)c), &text, &length);
        if (!om_ascii_equal(text, length, file->header.at[c]))
            return false;
    }
    om_panel_fault(panel, 115, OM_BAD, panel->current, row, OM_NONE, "the record repeats the header",
                   "delete it: it looks as if files were put together with their headers");
    return true;
}

/* Has the record as many fields as the header? One empty field more, from a trailing delimiter, is forgiven.
 */
static bool
has_shape(const struct om_panel *panel, const struct om_record *record, const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (record->n_fields == file->header.n)
        return true;
    if (record->n_fields == file->header.n + 1 && field_at(file, record, (int)file->header.n)->length == 0) {
        om_panel_fault(panel, 123, OM_WARNING, panel->current, row, OM_NONE,
                       "a delimiter at the end of the record", "write the file without trailing delimiters");
        return true;
    }
    char message[128];
    snprintf(message, sizeof message, "the record has %zu fields, the header has %zu", record->n_fields,
             file->header.n);
    om_panel_fault(panel, 110, OM_BAD, panel->current, row, OM_NONE, message,
                   "look for a missing or extra delimiter, or a quote that does not close");
    return false;
}

/* Keys are compared and written as text, so a NUL byte in one means a damaged record. */
static bool
has_nul(const struct om_panel *panel, const struct om_record *record, const struct om_record_row *row,
        int column)
{
    if (column == OM_NONE)
        return false;
    const struct om_field *field = field_at(&panel->file[panel->current], record, column);
    if (field->length == 0 || !memchr(field->data, '\0', field->length))
        return false;
    om_panel_fault(panel, 104, OM_BAD, panel->current, row, column, "NUL byte in the cell",
                   "the file was damaged when it was written or copied");
    return true;
}

static bool
keys_have_nul(const struct om_panel *panel, const struct om_record *record, const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    bool found = has_nul(panel, record, row, file->id) || has_nul(panel, record, row, file->occasion_column);
    for (size_t b = 0; b < panel->spec->by.n && !found; b++)
        found = has_nul(panel, record, row, file->by[b]);
    return found;
}

static bool
take_id(const struct om_panel *panel, const struct om_record *record, struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (file->id == OM_NONE)
        return true;
    size_t length;
    trim(field_at(file, record, file->id), &row->id, &length);
    row->id_length = (uint32_t)length;
    if (length == 0) {
        om_panel_fault(panel, 141, OM_BAD, panel->current, row, file->id, "no id", "every record needs one");
        return false;
    }
    if (!om_utf8_valid(row->id, length))
        om_panel_fault(panel, 101, OM_WARNING, panel->current, row, file->id, "not valid UTF-8",
                       "the bytes are kept as they are; convert the file to UTF-8");
    return true;
}

static om_status
take_occasion(struct om_panel *panel, const struct om_record *record, struct om_record_row *row,
              struct om_error *err)
{
    struct om_panel_file *file = &panel->file[panel->current];
    row->occasion = file->fixed_occasion;
    if (file->occasion_column == OM_NONE)
        return OM_OK;
    const char *text;
    size_t length;
    trim(field_at(file, record, file->occasion_column), &text, &length);
    if (length == 0) {
        om_panel_fault(panel, 141, OM_BAD, panel->current, row, file->occasion_column, "no occasion",
                       "every record of a long panel needs one");
        row->rejected = true;
        return OM_OK;
    }
    row->occasion = om_panel_occasion(panel, text, length, err);
    if (row->occasion != OM_NONE)
        return OM_OK;
    om_place(err, file->path, row->line, 0);
    return err ? err->status : OM_ERR_PANEL;
}

static om_status
take_by(struct om_panel *panel, const struct om_record *record, const struct om_record_row *row, size_t r,
        struct om_error *err)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    for (size_t b = 0; b < panel->spec->by.n; b++) {
        uint32_t *index = &panel->block->by[b * OM_BLOCK + r];
        *index = 0;
        if (file->by[b] == OM_NONE)
            continue;
        const char *text;
        size_t length;
        trim(field_at(file, record, file->by[b]), &text, &length);
        *index = om_dictionary_add(&panel->by_value[b], text, length, NULL);
        if (*index == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
        if (panel->by_value[b].n > panel->spec->max_groups + 1) {
            om_fail(err, OM_ERR_USAGE,
                    "column '%s' has more than %zu different values: it does not look like a group",
                    file->header.at[file->by[b]], panel->spec->max_groups);
            om_place(err, file->path, row->line, 0);
            om_hint(err, "choose another column for --by, or raise --max-groups");
            return OM_ERR_USAGE;
        }
    }
    return OM_OK;
}

static void
take_answers(const struct om_panel *panel, const struct om_record *record, const struct om_record_row *row,
             size_t r)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    uint8_t *code = panel->block->code;
    for (size_t k = 0; k < file->n_cells; k++) {
        const struct om_panel_cell *cell = &file->cell[k];
        const struct om_field *field = field_at(file, record, (int)cell->column);
        enum om_cell_fault fault = OM_CELL_FINE;
        uint8_t answer = om_decode(&cell->decoder, field->data, field->length, &fault);
        if (fault != OM_CELL_FINE)
            om_panel_cell_fault(panel, row, cell, fault);
        code[cell->target * OM_BLOCK + r] = answer;
    }
}

static om_status
take_record(struct om_panel *panel, const struct om_record *record, size_t r, struct om_error *err)
{
    struct om_record_row *row = &panel->block->row[r];
    *row = (struct om_record_row){.id = "",
                                  .occasion = OM_NONE,
                                  .line = record->line,
                                  .number = record->number,
                                  .byte_offset = record->byte_offset};
    row->rejected = !has_shape(panel, record, row) || repeats_header(panel, record, row) ||
                    keys_have_nul(panel, record, row) || !take_id(panel, record, row);
    if (!row->rejected)
        OM_TRY(take_occasion(panel, record, row, err));
    if (row->rejected)
        return OM_OK;
    OM_TRY(take_by(panel, record, row, r, err));
    take_answers(panel, record, row, r);
    return OM_OK;
}

/* Steps to the next file that has records left; batch is empty when there is none. */
static om_status
advance(struct om_panel *panel, struct om_error *err)
{
    while (panel->current < panel->n_files) {
        struct om_panel_file *file = &panel->file[panel->current];
        if (file->batch_position < file->batch.n_records)
            return OM_OK;
        OM_TRY(om_csv_next(file->reader, &file->batch, err));
        file->batch_position = 0;
        if (file->batch.n_records > 0)
            return OM_OK;
        if (file->records == 0)
            om_panel_fault(panel, 120, OM_BAD, panel->current, NULL, OM_NONE, "a header and no records",
                           "export the data again");
        panel->current++;
        memset(panel->block->code, OM_CODE_BLANK, panel->n_slots * panel->n_items * OM_BLOCK);
    }
    return OM_OK;
}

om_status
om_panel_next(struct om_panel *panel, const struct om_record_block **block, struct om_error *err)
{
    panel->block->n = 0;
    *block = panel->block;
    OM_TRY(advance(panel, err));
    if (panel->current == panel->n_files)
        return OM_OK;
    struct om_panel_file *file = &panel->file[panel->current];
    panel->block->file = panel->current;
    for (; file->batch_position < file->batch.n_records; file->batch_position++) {
        OM_TRY(take_record(panel, &file->batch.record[file->batch_position], panel->block->n, err));
        panel->block->n++;
        file->records++;
    }
    return OM_OK;
}

uint64_t
om_panel_bytes_read(const struct om_panel *panel)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < panel->n_files; i++)
        sum += om_csv_bytes_read(panel->file[i].reader);
    return sum;
}

uint64_t
om_panel_bytes_total(const struct om_panel *panel)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < panel->n_files; i++) {
        uint64_t size = om_csv_bytes_total(panel->file[i].reader);
        if (size == 0)
            return 0;
        sum += size;
    }
    return sum;
}
