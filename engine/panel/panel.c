#include "panel/panel.h"
#include "panel/shard.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What is to be said of a header that is accepted. */
static void
judge_header(const struct om_panel *panel, size_t f, const struct om_record *record)
{
    const struct om_panel_file *file = &panel->file[f];
    const struct om_record_place place = {
        .file = f, .line = record->line, .number = record->number, .byte_offset = record->byte_offset};
    size_t n;
    const struct om_csv_note *note = om_csv_notes(file->reader, &n);
    struct om_fault fault = {.code = 102, .severity = OM_NOTE, .column = OM_NONE};
    fault.message = "a byte-order mark, which is left out";
    fault.hint = "nothing needs to be done";
    if (om_csv_marked(file->reader))
        om_panel_fault(panel, fault, f, NULL);
    for (size_t i = 0; i < n; i++) {
        const bool blank = note[i].code == 111;
        const struct om_record_place at = {
            .file = f, .line = note[i].line, .number = note[i].number, .byte_offset = note[i].byte_offset};
        fault = (struct om_fault){.code = note[i].code, .severity = OM_WARNING, .column = OM_NONE};
        fault.message = blank ? "a blank line" : "blanks around the names of columns, which are left out";
        fault.hint = blank ? "remove it; it is no record" : "write the names without blanks";
        om_panel_fault(panel, fault, f, &at);
    }
    om_csv_notes_clear(file->reader);
    if (file->header.n < 2 || *file->header.at[file->header.n - 1] ||
        strncmp(file->header.at[0], "sep=", 4) == 0)
        return;
    fault = (struct om_fault){.code = 123, .severity = OM_WARNING, .column = (int)file->header.n - 1};
    fault.message = "a delimiter at the end of the header";
    fault.hint = "write the file without trailing delimiters";
    om_panel_fault(panel, fault, f, &place);
}

/* The kind of line end that the header has. */
static int
header_end(const struct om_csv_reader *reader)
{
    const struct om_csv_ends *ends = om_csv_ends(reader);
    int found = OM_NONE;
    for (int k = 0; k < OM_CSV_ENDS; k++)
        if (ends->first[k] && (found == OM_NONE || ends->first[k] < ends->first[found]))
            found = k;
    return found;
}

/* Copies the first record, blanks around names trimmed. */
static om_status
take_header(const struct om_panel *panel, struct om_panel_file *file, struct om_error *err)
{
    struct om_batch batch;
    OM_TRY(om_csv_header(file->reader, &batch, err));
    if (batch.n_records == 0) {
        om_fail(err, OM_ERR_PANEL, "OM120 the file is empty");
        om_place(err, file->path, 1, 0);
        om_hint(err, "a panel is a header line and one line a record");
        return OM_ERR_PANEL;
    }
    const struct om_record *record = &batch.record[0];
    for (size_t c = 0; c < record->n_fields; c++) {
        const struct om_field *field = &batch.field[record->first_field + c];
        const char *text = field->data;
        size_t n = field->length;
        om_trim(&text, &n);
        if (n && memchr(text, '\0', n)) {
            om_fail(err, OM_ERR_PANEL, "OM104 the name of column %zu holds NUL bytes", c + 1);
            om_place(err, file->path, record->line, 0);
            om_hint(err, "the file was damaged when it was written or copied: fetch it again");
            return OM_ERR_PANEL;
        }
        if (!om_utf8_valid(text, n)) {
            om_fail(err, OM_ERR_PANEL, "OM101 the name of column %zu is not valid UTF-8 text", c + 1);
            om_place(err, file->path, record->line, 0);
            om_hint(
                err,
                "say --encoding latin1 or windows-1252 if it is, or convert it: iconv -f LATIN1 -t UTF-8");
            return OM_ERR_PANEL;
        }
        OM_TRY(om_texts_add(&file->header, text, n, err));
    }
    char shape[128];
    snprintf(shape, sizeof shape, "the record does not have the %zu fields of the header", file->header.n);
    file->shape = om_strdup(shape);
    file->line_end = header_end(file->reader);
    judge_header(panel, (size_t)(file - panel->file), record);
    return file->shape ? OM_OK : om_fail_memory(err);
}

static void
hash_bytes(void *context, const void *bytes, size_t length)
{
    struct om_panel_file *file = context;
    om_digest_update(&file->digest, bytes, length);
}

/* Of a regular file; 0 for anything else. */
static uint64_t
size_of(const char *path)
{
    struct stat state;
    bool found = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &state) == 0 : stat(path, &state) == 0;
    return found && S_ISREG(state.st_mode) ? (uint64_t)state.st_size : 0;
}

static om_status
open_files(struct om_panel *panel, struct om_error *err)
{
    const struct om_panel_spec *spec = panel->spec;
    panel->file = om_calloc(spec->n_inputs, sizeof *panel->file);
    if (!panel->file)
        return om_fail_memory(err);
    uint64_t total = 0, start = 0;
    for (size_t i = 0; i < spec->n_inputs; i++)
        total += size_of(spec->input[i].path);
    for (size_t i = 0; i < spec->n_inputs; i++) {
        struct om_panel_file *file = &panel->file[panel->n_files++];
        *file = (struct om_panel_file){.path = spec->input[i].path,
                                       .id = OM_NONE,
                                       .occasion_column = OM_NONE,
                                       .fixed_occasion = OM_NONE};
        file->elsewhere = !om_shard_has(spec->shard, spec->n_shards, total, start) || spec->part > 1;
        start += size_of(file->path);
        OM_TRY(om_digest_open(&file->digest, spec->digest, size_of(file->path), err));
        struct om_csv_options options = {

            .delimiter = spec->delimiter, .encoding = spec->encoding, .tap = hash_bytes, .tap_context = file};
        OM_TRY(om_csv_open(file->path, &options, &file->reader, err));
        OM_TRY(take_header(panel, file, err));
    }
    return OM_OK;
}

/* What reading needs once it is known which column is what. */
static om_status
prepare(struct om_panel *panel, struct om_error *err)
{
    size_t n_by = panel->n_by;
    panel->by_value = om_calloc(n_by, sizeof *panel->by_value);
    if (!panel->by_value)
        return om_fail_memory(err);
    for (size_t b = 0; b < n_by; b++)
        if (om_dictionary_add(&panel->by_value[b], "", 0, NULL) != 0)
            return om_fail_memory(err);
    for (size_t i = 0; i < panel->n_files; i++) {
        struct om_panel_file *file = &panel->file[i];
        OM_TRY(om_form_make(&file->form, file->cell, file->n_cells, panel->n_slots * panel->n_items, err));
        OM_TRY(om_panel_find_checks(panel, i, err));
        OM_TRY(om_form_add_totals(&file->form, file->total, file->n_totals, panel->n_slots * panel->n_totals,
                                  err));
    }
    return OM_OK;
}

om_status
om_panel_open(const struct om_panel_spec *spec, const struct om_registry *registry, om_finding_fn finding,
              void *context, struct om_panel **out, struct om_error *err)
{
    struct om_panel *panel = om_calloc(1, sizeof *panel);
    if (!panel)
        return om_fail_memory(err);
    *panel = (struct om_panel){.spec = spec,
                               .registry = registry,
                               .finding = finding,
                               .finding_context = context,
                               .n_by = spec->by.n + spec->described.n};
    om_status status = open_files(panel, err);
    if (status == OM_OK)
        status = om_panel_plan(panel, err);
    panel->opened = true;
    if (status == OM_OK)
        status = om_panel_cut(panel, err);
    if (status == OM_OK)
        status = prepare(panel, err);
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
        om_digest_release(&file->digest);
        om_texts_release(&file->header);
        om_recognition_release(&file->recognition);
        om_free(file->by);
        om_free(file->shape);
        om_form_release(&file->form);
        for (size_t k = 0; k < file->n_cells; k++)
            om_decoder_release(&file->cell[k].decoder);
        om_free(file->cell);
        for (size_t k = 0; k < file->n_totals; k++)
            om_decoder_release(&file->total[k].decoder);
        om_free(file->total);
        om_free(file->check);
        om_free(file->kept);
        om_free(file->one_above);
    }
    for (size_t b = 0; panel->by_value && b < panel->n_by; b++)
        om_dictionary_release(&panel->by_value[b]);
    om_free(panel->by_value);
    om_free(panel->file);
    om_free(panel->instrument);
    om_texts_release(&panel->occasion);
    om_texts_release(&panel->occasion_token);
    om_texts_release(&panel->reading);
    om_free(panel);
}

int
om_panel_occasion(struct om_panel *panel, const char *name, size_t length, struct om_error *err)
{
    if (length >= OM_OCCASION_TEXT) {
        om_fail(err, OM_ERR_PANEL, "OM142 the name of an occasion is longer than %d bytes",
                OM_OCCASION_TEXT - 1);
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
        om_fail(err, OM_ERR_PANEL, "OM142 more than %d different occasions", OM_OCCASIONS_MAX);
        om_hint(err, "if this is not the occasion column, name it with --occasion-column");
        return OM_NONE;
    }
    if (om_texts_add(&panel->occasion, name, length, err) != OM_OK)
        return OM_NONE;
    return (int)panel->occasion.n - 1;
}

uint64_t
om_panel_bytes_read(const struct om_panel *panel)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < panel->n_files; i++)
        sum += panel->file[i].bytes;
    return sum;
}

uint64_t
om_panel_bytes_total(const struct om_panel *panel)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < panel->n_files; i++) {
        const struct om_panel_file *file = &panel->file[i];
        uint64_t size = om_csv_bytes_total(file->reader);
        if (size == 0)
            return 0;
        sum += file->none ? 0 : file->part ? file->to - file->from : size;
    }
    return sum;
}

bool
om_panel_uses(const struct om_panel *panel, const struct om_panel_file *file, size_t column)
{
    bool used = (int)column == file->id || (int)column == file->occasion_column;
    for (size_t b = 0; b < panel->n_by; b++)
        used |= (int)column == file->by[b];
    for (size_t k = 0; k < file->n_cells && !used; k++)
        used = file->cell[k].column == column;
    for (size_t k = 0; k < file->n_totals && !used; k++)
        used = file->total[k].column == column;
    return used;
}

bool
om_panel_has_ids(const struct om_panel *panel)
{
    for (size_t i = 0; i < panel->n_files; i++)
        if (panel->file[i].id == OM_NONE)
            return false;
    return true;
}

om_status
om_panel_keep(struct om_panel *panel, size_t f, size_t column, size_t *at, struct om_error *err)
{
    struct om_panel_file *file = &panel->file[f];
    for (*at = 0; *at < file->n_kept; (*at)++)
        if (file->kept[*at] == column)
            return OM_OK;
    if (!om_grow(&file->kept, &file->kept_capacity, file->n_kept, sizeof *file->kept))
        return om_fail_memory(err);
    file->kept[file->n_kept++] = column;
    return OM_OK;
}
