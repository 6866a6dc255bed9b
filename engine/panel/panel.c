#include "panel/panel.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* --- opening ------------------------------------------------------------------------------------------- */

/* Copies the first record, blanks around names trimmed. */
static om_status
take_header(struct om_panel_file *file, struct om_error *err)
{
    OM_TRY(om_csv_next(file->reader, &file->batch, err));
    if (file->batch.n_records == 0) {
        om_fail(err, OM_ERR_PANEL, "OM120 the file is empty");
        om_place(err, file->path, 1, 0);
        om_hint(err, "a panel is a header line and one line a record");
        return OM_ERR_PANEL;
    }
    const struct om_record *record = &file->batch.record[0];
    for (size_t c = 0; c < record->n_fields; c++) {
        const struct om_field *field = &file->batch.field[record->first_field + c];
        const char *text = field->data;
        size_t n = field->length;
        while (n && (*text == ' ' || *text == '\t')) {
            text++;
            n--;
        }
        while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
            n--;
        if (!om_utf8_valid(text, n) || (n && memchr(text, '\0', n))) {
            om_fail(err, OM_ERR_PANEL, "OM101 the name of column %zu is not valid UTF-8 text", c + 1);
            om_place(err, file->path, record->line, 0);
            om_hint(err, "convert the file, for example with `iconv -f LATIN1 -t UTF-8`");
            return OM_ERR_PANEL;
        }
        OM_TRY(om_texts_add(&file->header, text, n, err));
    }
    file->batch_position = 1;
    return OM_OK;
}

static void
hash_bytes(void *digest, const void *bytes, size_t length)
{
    om_sha256_update(digest, bytes, length);
}

static om_status
open_files(struct om_panel *panel, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    panel->file = om_calloc(spec->n_inputs, sizeof *panel->file);
    if (!panel->file)
        return om_fail_memory(err);
    for (size_t i = 0; i < spec->n_inputs; i++) {
        struct om_panel_file *file = &panel->file[panel->n_files++];
        *file = (struct om_panel_file){.path = spec->input[i].path,
                                       .id = OM_NONE,
                                       .occasion_column = OM_NONE,
                                       .fixed_occasion = OM_NONE};
        OM_TRY(om_sha256_init(&file->digest, err));
        struct om_csv_options options = {
            .delimiter = spec->delimiter, .tap = hash_bytes, .tap_context = &file->digest};
        OM_TRY(om_csv_open(file->path, &options, &file->reader, err));
        OM_TRY(take_header(file, err));
    }
    return OM_OK;
}

static om_status
open_blocks(struct om_panel *panel, struct om_error *err)
{
    size_t n_by = panel->spec->by.n;
    panel->by_value = om_calloc(n_by, sizeof *panel->by_value);
    panel->block = om_calloc(1, sizeof *panel->block);
    if (!panel->by_value || !panel->block)
        return om_fail_memory(err);
    panel->block->by = om_calloc(n_by * OM_BLOCK, sizeof *panel->block->by);
    panel->block->code = om_alloc(panel->n_slots * panel->n_items, OM_BLOCK);
    if (!panel->block->by || !panel->block->code)
        return om_fail_memory(err);
    for (size_t b = 0; b < n_by; b++)
        if (om_dictionary_add(&panel->by_value[b], "", 0, NULL) != 0)
            return om_fail_memory(err);
    memset(panel->block->code, OM_CODE_BLANK, panel->n_slots * panel->n_items * OM_BLOCK);
    return OM_OK;
}

om_status
om_panel_open(const struct om_panel_spec *spec, const struct om_registry *registry, om_finding_fn finding,
              void *context, struct om_panel **out, struct om_error *err)
{
    struct om_panel *panel = om_calloc(1, sizeof *panel);
    if (!panel)
        return om_fail_memory(err);
    *panel =
        (struct om_panel){.spec = spec, .registry = registry, .finding = finding, .finding_context = context};
    om_status status = open_files(panel, err);
    if (status == OM_OK)
        status = om_panel_plan(panel, err);
    if (status == OM_OK)
        status = open_blocks(panel, err);
    if (status != OM_OK) {
        om_panel_close(panel);
        return status;
    }
    *out = panel;
    return OM_OK;
}

void
om_panel_close(struct om_panel *panel)
{
    if (!panel)
        return;
    for (size_t i = 0; i < panel->n_files; i++) {
        struct om_panel_file *file = &panel->file[i];
        om_csv_close(file->reader);
        om_sha256_release(&file->digest);
        om_texts_release(&file->header);
        om_recognition_release(&file->recognition);
        om_free(file->by);
        for (size_t k = 0; k < file->n_cells; k++)
            om_decoder_release(&file->cell[k].decoder);
        om_free(file->cell);
    }
    for (size_t b = 0; panel->by_value && b < panel->spec->by.n; b++)
        om_dictionary_release(&panel->by_value[b]);
    if (panel->block) {
        om_free(panel->block->by);
        om_free(panel->block->code);
    }
    om_free(panel->block);
    om_free(panel->by_value);
    om_free(panel->file);
    om_free(panel->instrument);
    om_texts_release(&panel->occasion);
    om_texts_release(&panel->occasion_token);
    om_texts_release(&panel->reading);
    om_free(panel);
}

/* --- occasions and faults ------------------------------------------------------------------------------ */

int
om_panel_occasion(struct om_panel *panel, const char *name, size_t length, struct om_error *err)
{
    if (length >= OM_OCCASION_TEXT) {
        om_fail(err, OM_ERR_PANEL, "the name of an occasion is longer than %d bytes", OM_OCCASION_TEXT - 1);
        om_hint(err, "if this is not the occasion column, name it with --occasion-column");
        return OM_NONE;
    }
    for (size_t i = 0; i < panel->occasion.n; i++) {
        char *known = panel->occasion.at[i];
        if (!om_ascii_equal(name, length, known))
            continue;
        if (memcmp(name, known, length) <
            0) /* Pre and PRE are one occasion; one spelling, whichever came first */
            memcpy(known, name, length);
        return (int)i;
    }
    if (panel->occasion.n == OM_OCCASIONS_MAX) {
        om_fail(err, OM_ERR_PANEL, "more than %d different occasions", OM_OCCASIONS_MAX);
        om_hint(err, "if this is not the occasion column, name it with --occasion-column");
        return OM_NONE;
    }
    if (om_texts_add(&panel->occasion, name, length, err) != OM_OK)
        return OM_NONE;
    return (int)panel->occasion.n - 1;
}

void
om_panel_fault(const struct om_panel *panel, int code, enum om_severity severity, size_t file,
               const struct om_record_row *row, int column, const char *message, const char *hint)
{
    const struct om_panel_file *f = &panel->file[file];
    struct om_finding finding = {.code = code,
                                 .severity = severity,
                                 .file = f->path,
                                 .line = row ? row->line : 0,
                                 .record = row ? row->number : 0,
                                 .column = column == OM_NONE ? "" : f->header.at[column],
                                 .column_number = (uint64_t)(column + 1),
                                 .byte_offset = row ? row->byte_offset : 0,
                                 .message = message,
                                 .hint = hint};
    if (panel->finding)
        panel->finding(panel->finding_context, &finding);
}

static void
cell_fault(const struct om_panel *panel, const struct om_record_row *row, const struct om_panel_cell *cell,
           enum om_cell_fault fault)
{
    const struct om_instrument *instrument = cell->decoder.instrument;
    char range[160];
    snprintf(range, sizeof range, "the codes of %s are %d to %d", instrument->name, instrument->minimum,
             instrument->maximum);
    const char *message = "not an integer", *hint = range;
    switch (fault) {
    case OM_CELL_NUL:
        message = "NUL byte in the cell";
        hint = "the file was damaged when it was written or copied";
        break;
    case OM_CELL_HEADER:
        message = "the cell repeats the column's name: looks like a second header";
        hint = "delete the repeated header line";
        break;
    case OM_CELL_OVERFLOW:
        message = "not a number that an answer can be";
        break;
    case OM_CELL_OUT_OF_RANGE:
        message = "answer out of range";
        break;
    case OM_CELL_SENTINEL:
        message = "answer out of range; looks like a code for a missing answer";
        hint = "declare it: --missing CODE, or --declined CODE if the person refused";
        break;
    case OM_CELL_NOT_INTEGER:
    case OM_CELL_FINE:
        break;
    }
    om_panel_fault(panel, (int)fault, OM_BAD, panel->current, row, (int)cell->column, message, hint);
}

/* --- records ------------------------------------------------------------------------------------------- */

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
    while (*length && (**text == ' ' || **text == '\t')) {
        (*text)++;
        (*length)--;
    }
    while (*length && ((*text)[*length - 1] == ' ' || (*text)[*length - 1] == '\t'))
        (*length)--;
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
            cell_fault(panel, row, cell, fault);
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
