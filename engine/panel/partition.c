#include "panel/partition.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"

enum { BLANK_LINE = 111 };

static bool
is_own(const struct om_panel_spec *spec, const struct om_record_row *row)
{
    if (row->rejected || row->id_length == 0)
        return spec->part == 1;
    return om_hash128(row->id, row->id_length, 0).low % spec->n_parts + 1 == spec->part;
}

/* Moves row `from` to `to`, with all that belongs to it. */
static void
move_row(struct om_worker *worker, size_t from, size_t to)
{
    struct om_record_block *block = &worker->block;
    if (from == to)
        return;
    block->row[to] = block->row[from];
    for (size_t b = 0; b < worker->panel->n_by; b++)
        block->by[b][to] = block->by[b][from];
    memcpy(block->code + to * block->stride, block->code + from * block->stride, block->stride);
    for (size_t k = 0; k < block->n_kept; k++)
        block->kept[to * block->n_kept + k] = block->kept[from * block->n_kept + k];
}

/* Faults come in the order of the records, as the rows do. What is no record's is the first part's. */
static void
drop_faults(struct om_worker *worker, size_t n_dropped)
{
    const struct om_record_block *block = &worker->block;
    const bool first = worker->panel->spec->part == 1;
    size_t kept = 0, next = 0, row = 0;
    for (size_t i = 0; i < worker->n_faults; i++) {
        const struct om_worker_fault *fault = &worker->fault[i];
        while (next < n_dropped && worker->dropped[next].number < fault->number)
            next++;
        while (row < block->n && block->row[row].number < fault->number)
            row++;
        const bool lost = next < n_dropped && worker->dropped[next].number == fault->number;
        const bool own = row < block->n && block->row[row].number == fault->number;
        if (fault->fault.code == BLANK_LINE ? first : own || (first && !lost))
            worker->fault[kept++] = *fault;
    }
    worker->n_faults = kept;
}

/* Values that are new are so in rows that have moved, or are gone. */
static void
move_values(const struct om_worker *worker, struct om_values *values, size_t n_dropped)
{
    const size_t n = worker->block.n;
    size_t gone = 0;
    for (size_t i = 0; i < values->n_fresh; i++) {
        while (gone < n_dropped && worker->dropped[gone].row < values->fresh[i].row)
            gone++;
        const size_t row = values->fresh[i].row - gone;
        values->fresh[i].row = (uint32_t)(row < n ? row : n ? n - 1 : 0);
    }
}

om_status
om_worker_drop_others(struct om_worker *worker, struct om_error *err)
{
    struct om_record_block *block = &worker->block;
    size_t kept = 0, n_dropped = 0;
    if (worker->panel->spec->n_parts <= 1)
        return OM_OK;
    for (size_t r = 0; r < block->n; r++) {
        if (is_own(worker->panel->spec, &block->row[r])) {
            move_row(worker, r, kept++);
            continue;
        }
        if (!om_grow(&worker->dropped, &worker->dropped_capacity, n_dropped, sizeof *worker->dropped))
            return om_fail_memory(err);
        worker->dropped[n_dropped].row = (uint32_t)r;
        worker->dropped[n_dropped++].number = block->row[r].number;
    }
    block->n = kept;
    drop_faults(worker, n_dropped);
    for (size_t b = 0; b < worker->panel->n_by; b++)
        move_values(worker, &worker->by[b], n_dropped);
    move_values(worker, &worker->occasion, n_dropped);
    return OM_OK;
}
