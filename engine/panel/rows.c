/* Rows of the fast path to rows of answers. */
#include "panel/worker.h"
#include "base/error.h"
#include "base/utf8.h"

#include <string.h>

/* The keys of plain rows [from, to), a column at a time: the n-th key of row from + i is
 * key[n * capacity + i]. The order is id, occasion, groups; a file that lacks one has empty ones. */
static void
find_keys(const struct om_worker *worker, const struct om_plain *rows, size_t from, size_t to)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    for (size_t n = 0; n < 2 + worker->panel->n_by; n++) {
        int column = n == 0 ? file->id : n == 1 ? file->occasion_column : file->by[n - 2];
        struct om_field *field = worker->key + n * worker->key_capacity;
        if (column != OM_NONE) {
            om_plain_column(rows, from, to, (size_t)column, field);
            continue;
        }
        for (size_t i = 0; i < to - from; i++)
            field[i] = (struct om_field){.data = ""};
    }
}

/* Where the row stands; its number is counted by the caller. */
static struct om_record
place_of(const struct om_csv_part *part, size_t at, uint64_t number)
{
    return (struct om_record){.number = number,
                              .line = part->line + at,
                              .byte_offset = part->byte_offset + part->rows->row[at].start,
                              .n_fields = om_plain_row_fields(part->rows, at)};
}

/* The row has something that its tokens do not tell: read it field by field, as libcsv's records are. */
static om_status
take_by_field(struct om_worker *worker, const struct om_csv_part *part, const struct om_record *record,
              size_t at, struct om_error *err)
{
    for (size_t c = 0; c < worker->n_fields; c++)
        worker->field[c] = om_plain_field(part->rows, at, c);
    return om_worker_take_record(worker, record, worker->field, (struct om_shape){0}, err);
}

/* Adds a row to the block; its keys are still to be read. */
static struct om_record_row *
add_row(struct om_worker *worker, const struct om_record *record)
{
    struct om_record_row *row = &worker->block.row[worker->block.n];
    *row = (struct om_record_row){.id = "",
                                  .occasion = worker->panel->file[worker->block.file].fixed_occasion,
                                  .line = (uint32_t)record->line,
                                  .number = (uint32_t)record->number,
                                  .byte_offset = (uint32_t)record->byte_offset};
    return row;
}

/* The answers are there; the keys are not. */
static om_status
take_keys(struct om_worker *worker, const struct om_record *record, size_t i, struct om_error *err)
{
    const struct om_field *key = worker->key + i;
    struct om_keys keys;
    add_row(worker, record);
    keys.id = key[0];
    keys.occasion = key[worker->key_capacity];
    for (size_t b = 0; b < worker->panel->n_by; b++)
        keys.by[b] = key[(2 + b) * worker->key_capacity];
    OM_TRY(om_worker_take_keys(worker, &keys, worker->block.n, err));
    worker->block.n++;
    return OM_OK;
}

/* Reads the totals of rows [from, to), a column at a time. One that is no number makes its row looked at. */
static void
take_totals(struct om_worker *worker, const struct om_plain *rows, size_t from, size_t to)
{
    const struct om_record_block *block = &worker->block;
    const struct om_panel_file *file = &worker->panel->file[block->file];
    for (size_t k = 0; k < file->n_totals; k++) {
        uint8_t *code = block->code + block->n * block->stride + file->form.total_place[k];
        om_plain_column(rows, from, to, file->total[k].column, worker->key);
        for (size_t i = 0; i < to - from; i++, code += block->stride) {
            enum om_cell_fault fault;
            uint64_t value =
                om_total_decode(&file->total[k], worker->key[i].data, worker->key[i].length, &fault);
            worker->look[i] |= fault != OM_CELL_FINE;
            memcpy(code, &value, sizeof value);
        }
    }
}

/* The texts of rows [from, to) that stay, a column at a time. */
static void
keep_texts(struct om_worker *worker, const struct om_plain *rows, size_t from, size_t to)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    for (size_t k = 0; k < file->n_kept; k++) {
        struct om_field *kept = worker->block.kept + worker->block.n * file->n_kept + k;
        om_plain_column(rows, from, to, file->kept[k], worker->key);
        for (size_t i = 0; i < to - from; i++, kept += file->n_kept)
            *kept = worker->key[i];
    }
}

/* Are all groups of rows [from, to) values of one byte that are known? Then their tokens say them. */
static bool
take_groups(struct om_worker *worker, const struct om_plain *rows, size_t from, size_t to)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    for (size_t b = 0; b < worker->panel->n_by; b++) {
        uint32_t *group = worker->block.by[b] + worker->block.n, unknown = 0;
        const uint32_t *of_token = worker->by[b].of_token;
        if (file->by[b] == OM_NONE)
            return false;
        const uint8_t *token = rows->token + rows->row[from].token + (size_t)file->by[b];
        for (size_t i = 0; i < to - from; i++, token += worker->n_fields) {
            uint32_t value = of_token[*token];
            unknown |= value == 0;
            group[i] = value - 1;
        }
        if (unknown)
            return false;
    }
    return file->occasion_column == OM_NONE;
}

/* Rows from `at` on with nothing to complain of, whose groups are there; returns where that ends. */
static size_t
take_words(struct om_worker *worker, const struct om_csv_part *part, size_t from, size_t at, size_t to,
           uint64_t number)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    const bool has_id = file->id != OM_NONE;
    const uint32_t line = (uint32_t)part->line, offset = (uint32_t)part->byte_offset;
    struct om_record_row *row = &worker->block.row[worker->block.n];
    for (; at < to && !worker->look[at - from]; at++, row++) {
        const struct om_field *id = &worker->key[at - from];
        if (has_id && !om_is_word(id->data, id->length))
            break;
        row->id = has_id ? id->data : "";
        row->id_length = has_id ? id->length : 0;
        row->line = line + (uint32_t)at;
        row->number = (uint32_t)number++;
        row->byte_offset = offset + part->rows->row[at].start;
        row->occasion = file->fixed_occasion;
        row->rejected = false;
    }
    worker->block.n = (size_t)(row - worker->block.row);
    return at;
}

/* Is every byte ASCII, and none NUL? */
static bool
is_text(const uint8_t *bytes, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t wrong = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        wrong |= word | (word - ones); /* borrows come from a byte that is 0, and that one is found */
    }
    for (; i < length; i++)
        wrong |= (uint64_t)(bytes[i] & 0x80) | (bytes[i] == 0 ? 0x80 : 0);
    return (wrong & (ones << 7)) == 0;
}

/* Rows [from, to) that hold a NUL byte or are no UTF-8, in whatever column, are looked at. */
static void
look_for_bytes(struct om_worker *worker, const struct om_plain *rows, size_t from, size_t to)
{
    const size_t start = rows->row[from].start, end = rows->row[to].start;
    if (is_text(rows->bytes + start, end - start))
        return;
    for (size_t i = from; i < to; i++) {
        const char *row = (const char *)rows->bytes + rows->row[i].start;
        const size_t length = rows->row[i + 1].start - rows->row[i].start;
        worker->look[i - from] |= memchr(row, '\0', length) || !om_utf8_valid(row, length);
    }
}

/* Rows [from, to) are plain: answers first, all at once, then row by row what is left to do. */
static om_status
take_plain(struct om_worker *worker, const struct om_csv_part *part, size_t from, size_t to, uint64_t *number,
           struct om_error *err)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    const struct om_plain *rows = part->rows;
    bool has_id = file->id != OM_NONE, known, found = false;
    om_form_decode(&file->form, file->cell, worker->kernels, rows->token + rows->row[from].token,
                   worker->n_fields, to - from, worker->block.code + worker->block.n * worker->block.stride,
                   worker->look);
    if (worker->panel->spec->thorough)
        look_for_bytes(worker, rows, from, to);
    take_totals(worker, rows, from, to);
    keep_texts(worker, rows, from, to);
    om_worker_check_rows(worker, part, from, to, *number);
    known =
        take_groups(worker, rows, from, to) && !worker->panel->spec->thorough; /* that looks at each key */
    if (known && has_id)
        om_plain_column(rows, from, to, (size_t)file->id, worker->key);
    for (size_t at = from; at < to; at++) {
        if (known) {
            size_t next = take_words(worker, part, from, at, to, *number);
            *number += next - at;
            at = next;
            if (at == to)
                break;
        }
        struct om_record record = place_of(part, at, (*number)++);
        if (worker->look[at - from]) {
            OM_TRY(take_by_field(worker, part, &record, at, err));
            continue;
        }
        if (!found)
            find_keys(worker, rows, from, to);
        found = true;
        OM_TRY(take_keys(worker, &record, at - from, err));
    }
    return OM_OK;
}

/* A row with another number of fields than the header. Its first field is looked at, and all only where it
 * has one more: that one may be empty, from a trailing delimiter. */
static om_status
take_ragged(struct om_worker *worker, const struct om_csv_part *part, size_t at, uint64_t number,
            struct om_error *err)
{
    const struct om_plain *rows = part->rows;
    struct om_record record = place_of(part, at, number);
    const size_t start = rows->row[at].start, length = rows->row[at + 1].start - start;
    const struct om_shape shape = {.last = part->at_end && at + 1 == rows->n_rows,
                                   .nul = memchr(rows->bytes + start, '\0', length) != NULL};
    const size_t known = record.n_fields == worker->n_fields + 1 ? worker->n_fields : 1;
    for (size_t c = 0; c < known; c++)
        worker->field[c] = om_plain_field(rows, at, c);
    if (record.n_fields == worker->n_fields + 1) {
        bool empty = rows->token[rows->row[at].token + worker->n_fields] == OM_TOKEN_EMPTY;
        worker->field[worker->n_fields] = (struct om_field){.data = "", .length = !empty};
    }
    return om_worker_take_record(worker, &record, worker->field, shape, err);
}

om_status
om_worker_take_rows(struct om_worker *worker, const struct om_csv_part *part, struct om_error *err)
{
    const struct om_plain *rows = part->rows;
    uint64_t number = part->number;
    for (size_t from = 0, to; from < rows->n_rows; from = to) {
        to = from;
        while (to < rows->n_rows && rows->verdict[to] == OM_ROW_PLAIN)
            to++;
        if (to > from) {
            OM_TRY(take_plain(worker, part, from, to, &number, err));
            continue;
        }
        if (rows->verdict[from] == OM_ROW_RAGGED)
            OM_TRY(take_ragged(worker, part, from, number++, err));
        else
            om_worker_blank_line(worker, part->line + from, number,
                                 part->byte_offset + rows->row[from].start);
        to = from + 1;
    }
    return OM_OK;
}
