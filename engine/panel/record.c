/* A record with its fields to a row of answers. */
#include "panel/worker.h"
#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

/* Words that begin a line of totals or a footer, in small letters. */
static const char *const total_words[] = {
    "total",   "totals", "subtotal", "sum",        "sums",         "mean",  "means",   "median",
    "average", "avg",    "minimum",  "maximum",    "count",        "n",     "grand",   "records",
    "rows",    "end",    "eof",      "sd",         "std",          "summe", "gesamt",  "insgesamt",
    "anzahl",  "ende",   "mittel",   "mittelwert", "durchschnitt", "somme", "moyenne", "suma",
    "media",   "totale", "promedio", "gemiddelde"};

bool
om_looks_like_total(const char *text, size_t length)
{
    size_t word = 0;
    om_trim(&text, &length);
    while (word < length && om_ascii_lower(text[word]) >= 'a' && om_ascii_lower(text[word]) <= 'z')
        word++;
    for (size_t i = 0; i < sizeof total_words / sizeof total_words[0]; i++)
        if (om_ascii_equal(text, word, total_words[i]))
            return word == length || strchr(" :=.(", text[word]) != NULL;
    return false;
}

static void
fault(struct om_worker *worker, const struct om_record_row *row, int code, enum om_severity severity,
      const char *message, const char *hint)
{
    om_worker_fault(
        worker,
        (struct om_fault){
            .code = code, .severity = severity, .column = OM_NONE, .message = message, .hint = hint},
        row, NULL);
}

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
    fault(worker, row, 115, OM_BAD, "the record repeats the header",
          "delete it: it looks as if files were put together with their headers");
    return true;
}

/* Is it a line of words, such as "(12 rows)" or "Page 1 of 1"? */
static bool
looks_like_sentence(const struct om_record *record, const struct om_field *field)
{
    const char *text = field[0].data;
    size_t length = field[0].length;
    om_trim(&text, &length);
    return record->n_fields == 1 && length > 0 &&
           (memchr(text, ' ', length) || (strchr("(*#-=/", text[0]) != NULL && text[0]));
}

static bool
has_nul(const struct om_record *record, const struct om_field *field, struct om_shape shape)
{
    bool found = shape.nul;
    for (size_t c = 0; c < record->n_fields && shape.borrowed && !found; c++)
        found = field[c].length && memchr(field[c].data, '\0', field[c].length);
    return found;
}

/* What is said of a record of another number of fields than the header. */
static void
fault_ragged(struct om_worker *worker, const struct om_panel_file *file, const struct om_record *record,
             const struct om_field *field, const struct om_record_row *row, struct om_shape shape)
{
    if (has_nul(record, field, shape))
        om_worker_nul_fault(worker, row, OM_NONE, NULL);
    else if (om_looks_like_total(field[0].data, field[0].length))
        fault(worker, row, 115, OM_BAD, "the record looks like a total or a footer",
              "delete it: it is no person");
    else if (looks_like_sentence(record, field))
        fault(worker, row, 115, OM_BAD, "the line looks like a title, a comment or a footer",
              "delete it: it is no person");
    else if (shape.unended)
        fault(worker, row, 114, OM_BAD, "the last record has no line end, and not the fields of the header",
              "the file was cut off: compare its end with where it comes from");
    else
        fault(worker, row, 110, OM_BAD, file->shape,
              "look for a missing or extra delimiter, or a quote that does not close");
}

/* Has the record as many fields as the header? One empty field more, from a trailing delimiter, is forgiven.
 */
static bool
has_shape(struct om_worker *worker, const struct om_panel_file *file, const struct om_record *record,
          const struct om_field *field, const struct om_record_row *row, struct om_shape shape)
{
    bool fits = record->n_fields == file->header.n;
    if (record->n_fields == file->header.n + 1 && field[file->header.n].length == 0) {
        fits = true;
        fault(worker, row, 123, OM_WARNING, "a delimiter at the end of the record",
              "write the file without trailing delimiters");
    }
    if (!fits)
        fault_ragged(worker, file, record, field, row, shape);
    else if (shape.unended)
        fault(worker, row, 114, OM_WARNING, "the last record has no line end",
              "it may have been cut off: compare the end of the file with where it comes from");
    return fits;
}

/* Is it nothing but Ctrl-Z, with which old programs end a text and NULs fill what is left of a block? */
static bool
is_end_mark(const struct om_record *record, const struct om_field *field)
{
    size_t i = 0;
    while (record->n_fields == 1 && i < field[0].length &&
           (field[0].data[i] == '\x1a' || (i > 0 && field[0].data[i] == '\0')))
        i++;
    return i > 0 && i == field[0].length;
}

/* Has the field swallowed the end of a line? */
static bool
spans_lines(const struct om_field *field)
{
    return field->length &&
           (memchr(field->data, '\n', field->length) || memchr(field->data, '\r', field->length));
}

/* Quotes where none can be: of a column that is read, or around the end of a line, they make the record
 * doubtful. */
static bool
has_stray_quote(struct om_worker *worker, const struct om_panel_file *file, const struct om_record *record,
                const struct om_field *field, const struct om_record_row *row)
{
    bool doubtful = false;
    for (size_t c = 0; c < record->n_fields && c < file->header.n; c++) {
        if (!field[c].stray)
            continue;
        const bool lines = spans_lines(&field[c]);
        om_worker_fault(
            worker,
            (struct om_fault){.code = 112,
                              .severity = OM_BAD,
                              .column = (int)c,
                              .message = lines ? "a quote opens here and closes lines further down, "
                                                 "with text behind it: these lines are one field"
                                         : field[c].quoted ? "text behind a closing quote"
                                                           : "a quote within a field without quotes",
                              .hint = "remove it, or write the field in quotes and each quote in it "
                                      "twice"},
            row, &field[c]);
        doubtful |= lines || om_panel_uses(worker->panel, file, c);
    }
    return doubtful;
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
            om_worker_cell_fault(worker, &worker->block.row[r], cell->column, &field[cell->column],
                                 &cell->decoder, fault);
        code[file->form.place[k]] = answer;
    }
    for (size_t k = 0; k < file->n_totals; k++) {
        const struct om_panel_total *total = &file->total[k];
        enum om_cell_fault fault;
        uint64_t value =
            om_total_decode(total, field[total->column].data, field[total->column].length, &fault);
        if (fault != OM_CELL_FINE)
            om_worker_cell_fault(worker, &worker->block.row[r], total->column, &field[total->column],
                                 &total->decoder, fault);
        memcpy(code + file->form.total_place[k], &value, sizeof value);
    }
}

/* A line of totals or means with as many fields as the header: its first word says so, and some of its
 * answers are none. */
static bool
is_totals(struct om_worker *worker, const struct om_panel_file *file, const struct om_field *field,
          const struct om_record_row *row)
{
    const size_t id = file->id == OM_NONE ? 0 : (size_t)file->id;
    bool answers = true;
    if (!om_looks_like_total(field[0].data, field[0].length) &&
        !om_looks_like_total(field[id].data, field[id].length))
        return false;
    for (size_t k = 0; k < file->n_cells && answers; k++) {
        const struct om_panel_cell *cell = &file->cell[k];
        enum om_cell_fault found = OM_CELL_FINE;
        om_decode(&cell->decoder, field[cell->column].data, field[cell->column].length, &found);
        answers = found == OM_CELL_FINE;
    }
    if (!answers)
        fault(worker, row, 115, OM_BAD, "the record looks like a total or a footer",
              "delete it: it is no person");
    return !answers;
}

/* What stands in columns that nothing is read from: looked at where all is. */
static void
look_at_others(struct om_worker *worker, const struct om_panel_file *file, const struct om_field *field,
               const struct om_record_row *row)
{
    const size_t last = file->header.n - 1;
    for (size_t c = 0; c <= last; c++) {
        const bool nul = field[c].length && memchr(field[c].data, '\0', field[c].length);
        if ((!nul && om_utf8_valid(field[c].data, field[c].length)) || om_panel_uses(worker->panel, file, c))
            continue;
        if (nul)
            om_worker_nul_fault(worker, row, (int)c, &field[c]);
        else
            om_worker_fault(
                worker,
                (struct om_fault){.code = 101,
                                  .severity = OM_WARNING,
                                  .column = (int)c,
                                  .message = "not valid UTF-8",
                                  .hint = "nothing is read from the column; convert the file to UTF-8"},
                row, &field[c]);
    }
}

/* The texts that stay. libcsv's own bytes do not. */
static om_status
keep_texts(struct om_worker *worker, const struct om_panel_file *file, const struct om_field *field,
           bool borrowed, size_t r, struct om_error *err)
{
    for (size_t k = 0; k < file->n_kept; k++) {
        struct om_field *kept = &worker->block.kept[r * file->n_kept + k];
        *kept = field[file->kept[k]];
        if (borrowed && !(kept->data = om_worker_keep(worker, kept->data, kept->length)))
            return om_fail_memory(err);
    }
    return OM_OK;
}

om_status
om_worker_take_record(struct om_worker *worker, const struct om_record *record, const struct om_field *field,
                      struct om_shape shape, struct om_error *err)
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
    if (shape.last && file->header.n > 1 && is_end_mark(record, field)) {
        om_worker_end_mark(worker, record);
        return OM_OK;
    }
    const bool fits = has_shape(worker, file, record, field, row, shape);
    row->rejected = !fits || repeats_header(worker, file, record, field, row) ||
                    (shape.borrowed && has_stray_quote(worker, file, record, field, row)) ||
                    is_totals(worker, file, field, row);
    if (fits && worker->panel->spec->thorough)
        look_at_others(worker, file, field, row);
    if (!row->rejected) {
        struct om_keys keys = keys_of_fields(worker->panel, file, field);
        OM_TRY(om_worker_take_keys(worker, &keys, r, err));
    }
    if (!row->rejected) {
        if (shape.borrowed && !(row->id = om_worker_keep(worker, row->id, row->id_length)))
            return om_fail_memory(err);
        take_answers(worker, file, field, r);
        OM_TRY(keep_texts(worker, file, field, shape.borrowed, r, err));
    }
    for (size_t k = 0; k < file->n_checks && shape.borrowed && fits; k++)
        om_worker_check(worker, &file->check[k], &field[file->check[k].column], row);
    block->n++;
    return OM_OK;
}

void
om_worker_take_broken(struct om_worker *worker, const struct om_csv_broken *broken)
{
    struct om_record_block *block = &worker->block;
    const struct om_panel_file *file = &worker->panel->file[block->file];
    struct om_record_row *row = &block->row[block->n++];
    char message[160];
    *row = (struct om_record_row){.id = "",
                                  .occasion = file->fixed_occasion,
                                  .line = (uint32_t)broken->line,
                                  .number = (uint32_t)broken->number,
                                  .byte_offset = (uint32_t)broken->byte_offset,
                                  .rejected = true};
    snprintf(message, sizeof message,
             broken->code == 112
                 ? "a quote that opens at byte %llu of the line does not close; reading goes on "
                   "with the next line"
             : broken->whole ? "the record has more than 16384 fields; reading goes on with the next line"
                             : "the field at byte %llu of the line is too long; reading goes on with the "
                               "next line",
             (unsigned long long)broken->open_column);
    worker->n_broken++;
    const char *kept = om_worker_keep(worker, message, strlen(message));
    struct om_record_row place = *row;
    place.line = (uint32_t)broken->open_line;
    place.byte_offset = (uint32_t)broken->open_offset;
    om_worker_fault(worker,
                    (struct om_fault){.code = broken->code,
                                      .severity = OM_BAD,
                                      .column = broken->field < file->header.n ? (int)broken->field : OM_NONE,
                                      .message = kept ? kept : "",
                                      .hint = broken->code == 112 ? "close it, or remove it"
                                                                  : "check the delimiter and the line ends"},
                    &place, NULL);
}

void
om_worker_end_mark(struct om_worker *worker, const struct om_record *record)
{
    const struct om_record_row place = {.line = (uint32_t)record->line,
                                        .number = (uint32_t)record->number,
                                        .byte_offset = (uint32_t)record->byte_offset};
    fault(worker, &place, 106, OM_WARNING, "Ctrl-Z behind the last record", "remove it; it is left out");
}

void
om_worker_blank_line(struct om_worker *worker, uint64_t line, uint64_t number, uint64_t byte_offset)
{
    const struct om_record_row place = {
        .line = (uint32_t)line, .number = (uint32_t)number, .byte_offset = (uint32_t)byte_offset};
    fault(worker, &place, 111, OM_WARNING, "a blank line", "remove it; it is no record");
}
