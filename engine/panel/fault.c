#include "panel/worker.h"

#include "base/memory.h"

void
om_panel_fault(const struct om_panel *panel, int code, enum om_severity severity, size_t file,
               const struct om_record_place *place, int column, const char *message, const char *hint)
{
    const struct om_panel_file *f = &panel->file[file];
    struct om_finding finding = {.code = code,
                                 .severity = severity,
                                 .file = f->path,
                                 .line = place ? place->line : 0,
                                 .record = place ? place->number : 0,
                                 .column = column == OM_NONE ? "" : f->header.at[column],
                                 .column_number = (uint64_t)(column + 1),
                                 .byte_offset = place ? place->byte_offset : 0,
                                 .message = message,
                                 .hint = hint};
    if (panel->finding)
        panel->finding(panel->finding_context, &finding);
}

void
om_worker_fault(struct om_worker *worker, int code, enum om_severity severity,
                const struct om_record_row *row, int column, const char *message, const char *hint)
{
    if (!om_grow(&worker->fault, &worker->fault_capacity, worker->n_faults, sizeof *worker->fault)) {
        worker->no_memory = true;
        return;
    }
    worker->fault[worker->n_faults++] = (struct om_worker_fault){.code = code,
                                                                 .severity = severity,
                                                                 .column = column,
                                                                 .line = row->line,
                                                                 .number = row->number,
                                                                 .byte_offset = row->byte_offset,
                                                                 .message = message,
                                                                 .hint = hint};
}

void
om_worker_cell_fault(struct om_worker *worker, const struct om_record_row *row, size_t column,
                     const struct om_decoder *decoder, enum om_cell_fault fault)
{
    const char *message = "not an integer", *hint = decoder->hint;
    const bool total = om_instrument_is_total(decoder->instrument);
    if (total)
        message = "not a number";
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
        message = total ? "not a number that a total can be" : "not a number that an answer can be";
        break;
    case OM_CELL_OUT_OF_RANGE:
        message = total ? "total out of range" : "answer out of range";
        break;
    case OM_CELL_SENTINEL:
        message = total ? "total out of range; looks like a code for a missing total"
                        : "answer out of range; looks like a code for a missing answer";
        hint = "declare it: --missing CODE, or --declined CODE if the person refused";
        break;
    case OM_CELL_NOT_INTEGER:
    case OM_CELL_FINE:
        break;
    }
    om_worker_fault(worker, (int)fault, OM_BAD, row, (int)column, message, hint);
}
