#include "panel/worker.h"
#include "panel/partition.h"
#include "panel/order.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- text that stays as long as the block --------------------------------------------------------------- */

enum { TEXT_BLOCK = 16 * 1024 };

struct om_text_block {
    struct om_text_block *next;
    size_t used, capacity;
    char bytes[];
};

const char *
om_worker_keep(struct om_worker *worker, const char *text, size_t length)
{
    struct om_text_block *block = worker->text;
    if (!block || block->capacity - block->used <= length) {
        size_t capacity = length >= TEXT_BLOCK ? length + 1 : TEXT_BLOCK;
        block = om_alloc(sizeof *block + capacity, 1);
        if (!block)
            return NULL;
        block->next = worker->text;
        block->used = 0;
        block->capacity = capacity;
        worker->text = block;
    }
    char *copy = block->bytes + block->used;
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    block->used += length + 1;
    return copy;
}

/* All but one block, which is used again. */
static void
forget_texts(struct om_worker *worker, bool all)
{
    while (worker->text && (all || worker->text->next)) {
        struct om_text_block *next = worker->text->next;
        om_free(worker->text);
        worker->text = next;
    }
    if (worker->text)
        worker->text->used = 0;
}

/* --- opening and closing -------------------------------------------------------------------------------- */

om_status
om_worker_open(struct om_worker *worker, const struct om_panel *panel, struct om_error *err)
{
    *worker = (struct om_worker){.panel = panel, .kernels = om_kernels_active()};
    for (size_t b = 0; b < panel->n_by; b++) /* number 0 is the blank, as the panel's is */
        if (om_values_take(&worker->by[b], "", 0, 0) != 0)
            return om_fail_memory(err);
        else
            worker->by[b].index[0] = 0;
    for (size_t f = 0; f < panel->n_files; f++) {
        size_t stride = panel->file[f].form.n_tiles * OM_TILE;
        worker->block.widest = stride > worker->block.widest ? stride : worker->block.widest;
        if (panel->file[f].n_kept > worker->block.most_kept)
            worker->block.most_kept = panel->file[f].n_kept;
        worker->n_fields =
            panel->file[f].header.n > worker->n_fields ? panel->file[f].header.n : worker->n_fields;
    }
    worker->field = om_calloc(worker->n_fields + 1, sizeof *worker->field);
    if (!worker->field)
        return om_fail_memory(err);
    OM_TRY(om_csv_open_fed(panel->spec->delimiter, &worker->reader, err));
    if (panel->spec->thorough)
        om_csv_watch_ends(worker->reader);
    return OM_OK;
}

void
om_worker_close(struct om_worker *worker)
{
    om_csv_close(worker->reader);
    om_piece_release(&worker->piece);
    om_block_release(&worker->block);
    for (size_t b = 0; b < OM_BY_MAX; b++)
        om_values_release(&worker->by[b]);
    om_values_release(&worker->occasion);
    om_free(worker->together);
    om_free(worker->fault);
    om_free(worker->field);
    om_free(worker->key);
    om_free(worker->look);
    om_free(worker->dropped);
    forget_texts(worker, true);
    *worker = (struct om_worker){0};
}

/* --- reading -------------------------------------------------------------------------------------------- */

static void
start(struct om_worker *worker, size_t file)
{
    const struct om_panel *panel = worker->panel;
    worker->block.n = 0;
    worker->block.file = file;
    worker->block.n_kept = panel->file[file].n_kept;
    worker->block.stride = panel->file[file].form.n_tiles * OM_TILE;
    worker->block.where = panel->file[file].form.where;
    worker->n_fields = panel->file[file].header.n;
    worker->n_faults = worker->n_broken = 0;
    worker->status = OM_OK;
    for (size_t b = 0; b < panel->n_by; b++)
        om_values_start(&worker->by[b]);
    om_values_start(&worker->occasion);
    forget_texts(worker, false);
}

/* Room for so many more records. */
static om_status
make_room(struct om_worker *worker, size_t more, struct om_error *err)
{
    size_t n_keys = 2 + worker->panel->n_by;
    OM_TRY(om_block_reserve(&worker->block, worker->block.n + more, worker->panel->n_by, err));
    if (more <= worker->key_capacity)
        return OM_OK;
    om_free(worker->key);
    om_free(worker->look);
    worker->key_capacity = more;
    worker->key = om_alloc(n_keys * more, sizeof *worker->key);
    worker->look = om_alloc(more, 1);
    if (worker->key && worker->look)
        return OM_OK;
    worker->key_capacity = 0;
    return om_fail_memory(err);
}

/* The fields of the last record without the Ctrl-Z behind it, which ends the file; they are copied for that.
 */
static const struct om_field *
without_end_mark(struct om_worker *worker, const struct om_record *record, const struct om_field *field)
{
    const size_t n = record->n_fields;
    if (n != worker->n_fields || n < 2 || field[n - 1].length == 0 ||
        field[n - 1].data[field[n - 1].length - 1] != '\x1a')
        return field;
    memcpy(worker->field, field, n * sizeof *field);
    struct om_field *last = &worker->field[n - 1];
    while (last->length > 0 && last->data[last->length - 1] == '\x1a')
        last->length--;
    om_worker_end_mark(worker, record);
    return worker->field;
}

static om_status
take_records(struct om_worker *worker, const struct om_csv_part *part, struct om_error *err)
{
    const struct om_batch *batch = &part->records;
    for (size_t i = 0; i < batch->n_records; i++) {
        const bool last = i + 1 == batch->n_records;
        const struct om_shape shape = {
            .borrowed = true, .last = last && part->at_end, .unended = last && part->unended};
        const struct om_field *field = &batch->field[batch->record[i].first_field];
        if (shape.last && shape.unended)
            field = without_end_mark(worker, &batch->record[i], field);
        OM_TRY(om_worker_take_record(worker, &batch->record[i], field, shape, err));
    }
    return OM_OK;
}

/* What the reader passed over. */
static void
take_notes(struct om_worker *worker)
{
    size_t n;
    const struct om_csv_note *note = om_csv_notes(worker->reader, &n);
    for (size_t i = 0; i < n; i++)
        om_worker_blank_line(worker, note[i].line, note[i].number, note[i].byte_offset);
    om_csv_notes_clear(worker->reader);
}

/* Can the last record that is read be the last one of the file? */
static bool
ends_file(const struct om_worker *worker)
{
    const struct om_panel_file *file = &worker->panel->file[worker->block.file];
    return !file->part || file->to == om_csv_bytes_total(file->reader);
}

static om_status
read_parts(struct om_worker *worker, struct om_error *err)
{
    struct om_csv_part part;
    const bool ends = ends_file(worker);
    for (;;) {
        OM_TRY(om_csv_next_part(worker->reader, worker->n_fields, &part, err));
        part.at_end &= ends;
        take_notes(worker);
        if (part.ended)
            return worker->no_memory ? om_fail_memory(err) : OM_OK;
        OM_TRY(make_room(worker, part.rows ? part.rows->n_rows : part.records.n_records + 1, err));
        if (part.broken.code)
            om_worker_take_broken(worker, &part.broken);
        else
            OM_TRY(part.rows ? om_worker_take_rows(worker, &part, err) : take_records(worker, &part, err));
    }
}

void
om_worker_read(struct om_worker *worker, size_t file, char *bytes, size_t length, bool last)
{
    start(worker, file);
    om_csv_feed(worker->reader, om_input_name(om_csv_source(worker->panel->file[file].reader)), bytes, length,
                last);
    worker->start = bytes;
    worker->end = bytes + length;
    worker->status = read_parts(worker, &worker->error);
    worker->progress = om_csv_progress(worker->reader);
    worker->ends = *om_csv_ends(worker->reader);
    om_worker_sort_faults(worker);
    if (worker->status == OM_OK)
        worker->status = om_worker_drop_others(worker, &worker->error);
    worker->block.order = (int)om_block_order(&worker->block);
    worker->block.n_rejected = 0;
    for (size_t r = 0; r < worker->block.n; r++)
        worker->block.n_rejected += worker->block.row[r].rejected;
}

void
om_worker_read_behind(struct om_worker *worker, size_t file, const char *tail, size_t n_tail)
{
    struct om_piece *piece = &worker->piece;
    size_t n = n_tail + piece->length;
    if (n > worker->together_capacity) {
        om_free(worker->together);
        worker->together_capacity = 0;
        worker->together = om_alloc(n, 1);
        if (!worker->together) {
            start(worker, file);
            worker->status = om_fail_memory(&worker->error);
            return;
        }
        worker->together_capacity = n;
    }
    memcpy(worker->together, tail, n_tail);
    if (piece->length)
        memcpy(worker->together + n_tail, piece->bytes, piece->length);
    om_worker_read(worker, file, worker->together, n, piece->last);
}
