/* Records to blocks of answer bytes. */
#include "panel/panel.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void
trim(const struct om_field *field, const char **text, size_t *length)
{
    *text = field->data;
    *length = field->length;
    om_trim(text, length);
}

/* Is the record the header once more? Files glued together have one in the middle. */
static bool
repeats_header(const struct om_panel *panel, const struct om_record *record, const struct om_field *field,
               const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (record->n_fields != file->header.n)
        return false;
    for (size_t c = 0; c < file->header.n; c++) {
        const char *text;
        size_t length;
        trim(&field[c], &text, &length);
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
has_shape(const struct om_panel *panel, const struct om_record *record, const struct om_field *field,
          const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (record->n_fields == file->header.n)
        return true;
    if (record->n_fields == file->header.n + 1 && field[file->header.n].length == 0) {
        om_panel_fault(panel, 123, OM_WARNING, panel->current, row, OM_NONE,
                       "a delimiter at the end of the record", "write the file without trailing delimiters");
        return true;
    }
    char message[128];
    snprintf(message, sizeof message, "the record does not have the %zu fields of the header",
             file->header.n);
    om_panel_fault(panel, 110, OM_BAD, panel->current, row, OM_NONE, message,
                   "look for a missing or extra delimiter, or a quote that does not close");
    return false;
}

/* --- keys: who, when, in which group ------------------------------------------------------------------- */

/* The cells that are no answers. Those a file does not have are empty. */
struct keys {
    struct om_field id, occasion, by[OM_BY_MAX];
};

/* Keys are compared and written as text, so a NUL byte in one means a damaged record. */
static bool
has_nul(const struct om_panel *panel, const struct om_field *key, const struct om_record_row *row, int column)
{
    if (key->length == 0 || !memchr(key->data, '\0', key->length))
        return false;
    om_panel_fault(panel, 104, OM_BAD, panel->current, row, column, "NUL byte in the cell",
                   "the file was damaged when it was written or copied");
    return true;
}

static bool
keys_have_nul(const struct om_panel *panel, const struct keys *keys, const struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    bool found = has_nul(panel, &keys->id, row, file->id) ||
                 has_nul(panel, &keys->occasion, row, file->occasion_column);
    for (size_t b = 0; b < panel->spec->by.n && !found; b++)
        found = has_nul(panel, &keys->by[b], row, file->by[b]);
    return found;
}

static bool
take_id(const struct om_panel *panel, const struct keys *keys, struct om_record_row *row)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    if (file->id == OM_NONE)
        return true;
    size_t length;
    trim(&keys->id, &row->id, &length);
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
take_occasion(struct om_panel *panel, const struct keys *keys, struct om_record_row *row,
              struct om_error *err)
{
    struct om_panel_file *file = &panel->file[panel->current];
    row->occasion = file->fixed_occasion;
    if (file->occasion_column == OM_NONE)
        return OM_OK;
    const char *text;
    size_t length;
    trim(&keys->occasion, &text, &length);
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
take_by(struct om_panel *panel, const struct keys *keys, const struct om_record_row *row, size_t r,
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
        trim(&keys->by[b], &text, &length);
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

/* Rejects the record when its keys do not serve. */
static om_status
take_keys(struct om_panel *panel, const struct keys *keys, struct om_record_row *row, size_t r,
          struct om_error *err)
{
    row->rejected = keys_have_nul(panel, keys, row) || !take_id(panel, keys, row);
    if (!row->rejected)
        OM_TRY(take_occasion(panel, keys, row, err));
    return row->rejected ? OM_OK : take_by(panel, keys, row, r, err);
}

/* --- records whose fields libcsv gave ------------------------------------------------------------------ */

static struct keys
keys_of_fields(const struct om_panel *panel, const struct om_field *field)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    struct keys keys = {0};
    if (file->id != OM_NONE)
        keys.id = field[file->id];
    if (file->occasion_column != OM_NONE)
        keys.occasion = field[file->occasion_column];
    for (size_t b = 0; b < panel->spec->by.n; b++)
        if (file->by[b] != OM_NONE)
            keys.by[b] = field[file->by[b]];
    return keys;
}

static void
take_answers(const struct om_panel *panel, const struct om_field *field, const struct om_record_row *row,
             size_t r)
{
    const struct om_panel_file *file = &panel->file[panel->current];
    uint8_t *code = panel->block->code;
    for (size_t k = 0; k < file->n_cells; k++) {
        const struct om_panel_cell *cell = &file->cell[k];
        enum om_cell_fault fault = OM_CELL_FINE;
        uint8_t answer =
            om_decode(&cell->decoder, field[cell->column].data, field[cell->column].length, &fault);
        if (fault != OM_CELL_FINE)
            om_panel_cell_fault(panel, row, cell, fault);
        code[cell->target * OM_BLOCK + r] = answer;
    }
}

static void
start_row(struct om_record_row *row, const struct om_record *record)
{
    *row = (struct om_record_row){.id = "",
                                  .occasion = OM_NONE,
                                  .line = record->line,
                                  .number = record->number,
                                  .byte_offset = record->byte_offset};
}

/* A record with its fields, into record r of the block. */
static om_status
take_record(struct om_panel *panel, const struct om_record *record, const struct om_field *field, size_t r,
            struct om_error *err)
{
    struct om_record_row *row = &panel->block->row[r];
    start_row(row, record);
    row->rejected = !has_shape(panel, record, field, row) || repeats_header(panel, record, field, row);
    if (row->rejected)
        return OM_OK;
    struct keys keys = keys_of_fields(panel, field);
    OM_TRY(take_keys(panel, &keys, row, r, err));
    if (!row->rejected)
        take_answers(panel, field, row, r);
    return OM_OK;
}

/* --- rows of the fast path ----------------------------------------------------------------------------- */

/* The row has something that its tokens do not tell: read it field by field, as libcsv's records are. */
static om_status
take_row_by_field(struct om_panel *panel, struct om_panel_file *file, const struct om_record *record,
                  size_t at, size_t r, struct om_error *err)
{
    for (size_t c = 0; c < file->header.n; c++)
        file->field[c] = om_plain_field(file->part.rows, at, c);
    return take_record(panel, record, file->field, r, err);
}

/* The keys of plain rows [from, to), a column at a time: the n-th key of row from + i is key[n * OM_BLOCK +
 * i]. The order is id, occasion, groups; a file that lacks one has empty ones. */
static void
find_keys(const struct om_panel *panel, const struct om_panel_file *file, size_t from, size_t to,
          struct om_field *key)
{
    for (size_t n = 0; n < 2 + panel->spec->by.n; n++) {
        int column = n == 0 ? file->id : n == 1 ? file->occasion_column : file->by[n - 2];
        struct om_field *field = key + n * OM_BLOCK;
        if (column != OM_NONE) {
            om_plain_column(file->part.rows, from, to, (size_t)column, field);
            continue;
        }
        for (size_t i = 0; i < to - from; i++)
            field[i] = (struct om_field){.data = ""};
    }
}

/* The answers are there; the keys are not. */
static om_status
take_row_keys(struct om_panel *panel, const struct om_field *key, const struct om_record *record, size_t r,
              struct om_error *err)
{
    struct om_record_row *row = &panel->block->row[r];
    start_row(row, record);
    struct keys keys = {.id = key[0], .occasion = key[OM_BLOCK]};
    for (size_t b = 0; b < panel->spec->by.n; b++)
        keys.by[b] = key[(2 + b) * OM_BLOCK];
    return take_keys(panel, &keys, row, r, err);
}

/* Where the row at stands; its number is counted by the caller. */
static struct om_record
place_of(const struct om_csv_part *part, size_t at, uint64_t number)
{
    return (struct om_record){.number = number,
                              .line = part->line + at,
                              .byte_offset = part->byte_offset + part->rows->row[at].start,
                              .n_fields = om_plain_row_fields(part->rows, at)};
}

/* Rows [from, to) are plain: answers first, all at once, then row by row what is left to do. */
static om_status
take_plain_rows(struct om_panel *panel, struct om_panel_file *file, size_t from, size_t to,
                struct om_error *err)
{
    bool look[OM_BLOCK] = {false};
    size_t r = panel->block->n;
    om_panel_take_rows(panel, from, to, r, look);
    find_keys(panel, file, from, to, panel->key);
    for (size_t at = from; at < to; at++, r++) {
        struct om_record record = place_of(&file->part, at, file->part.number + file->part_records++);
        OM_TRY(look[at - from] ? take_row_by_field(panel, file, &record, at, r, err)
                               : take_row_keys(panel, panel->key + (at - from), &record, r, err));
    }
    file->records += to - from;
    panel->block->n = r;
    return OM_OK;
}

/* A row with another number of fields than the header. Only where it has one more are its fields looked at:
 * that one may be empty, from a trailing delimiter. */
static om_status
take_ragged_row(struct om_panel *panel, struct om_panel_file *file, size_t at, struct om_error *err)
{
    const struct om_plain *rows = file->part.rows;
    struct om_record record = place_of(&file->part, at, file->part.number + file->part_records++);
    for (size_t c = 0; c < file->header.n && record.n_fields == file->header.n + 1; c++)
        file->field[c] = om_plain_field(rows, at, c);
    if (record.n_fields == file->header.n + 1) {
        bool empty = rows->token[rows->row[at].token + file->header.n] == OM_TOKEN_EMPTY;
        file->field[file->header.n] = (struct om_field){.data = "", .length = !empty};
    }
    file->records++;
    return take_record(panel, &record, file->field, panel->block->n++, err);
}

static om_status
take_rows(struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    const struct om_plain *rows = file->part.rows;
    while (file->part_position < rows->n_rows && panel->block->n < OM_BLOCK) {
        size_t from = file->part_position, to = from, room = OM_BLOCK - panel->block->n;
        while (to < rows->n_rows && to - from < room && rows->verdict[to] == OM_ROW_PLAIN)
            to++;
        if (to > from) {
            OM_TRY(take_plain_rows(panel, file, from, to, err));
        } else {
            if (rows->verdict[from] == OM_ROW_RAGGED)
                OM_TRY(take_ragged_row(panel, file, from, err));
            to = from + 1;
        }
        file->part_position = to;
    }
    return OM_OK;
}

/* --- parts --------------------------------------------------------------------------------------------- */

/* How many records or rows the current part of the file has. */
static size_t
part_size(const struct om_panel_file *file)
{
    return file->part.rows ? file->part.rows->n_rows : file->part.records.n_records;
}

/* Steps to the next file that has records left; the current part is then not worked through. */
static om_status
advance(struct om_panel *panel, struct om_error *err)
{
    while (panel->current < panel->n_files) {
        struct om_panel_file *file = &panel->file[panel->current];
        if (file->part_position < part_size(file))
            return OM_OK;
        OM_TRY(om_csv_next_part(file->reader, file->header.n, &file->part, err));
        file->part_position = file->part_records = 0;
        if (!file->part.ended)
            continue;
        if (file->records == 0)
            om_panel_fault(panel, 120, OM_BAD, panel->current, NULL, OM_NONE, "a header and no records",
                           "export the data again");
        panel->current++;
        memset(panel->block->code, OM_CODE_BLANK, panel->n_slots * panel->n_items * OM_BLOCK);
    }
    return OM_OK;
}

/* Records as libcsv gave them. */
static om_status
take_records(struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    const struct om_batch *batch = &file->part.records;
    for (; file->part_position < batch->n_records && panel->block->n < OM_BLOCK; file->part_position++) {
        const struct om_record *record = &batch->record[file->part_position];
        OM_TRY(take_record(panel, record, &batch->field[record->first_field], panel->block->n, err));
        panel->block->n++;
        file->records++;
    }
    return OM_OK;
}

om_status
om_panel_next(struct om_panel *panel, const struct om_record_block **block, struct om_error *err)
{
    panel->block->n = 0;
    *block = panel->block;
    while (panel->block->n == 0) { /* a part may be all blank lines */
        OM_TRY(advance(panel, err));
        if (panel->current == panel->n_files)
            return OM_OK;
        struct om_panel_file *file = &panel->file[panel->current];
        panel->block->file = panel->current;
        OM_TRY(file->part.rows ? take_rows(panel, file, err) : take_records(panel, file, err));
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
