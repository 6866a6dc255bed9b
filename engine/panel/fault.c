#include "panel/places.h"
#include "panel/shard.h"
#include "panel/worker.h"

#include "base/memory.h"

#include <omstat/number.h>

#include <stdio.h>
#include <string.h>

enum { VALUE_SHOWN = 60 }; /* bytes of a cell, where they are shown */

void
om_panel_fault(const struct om_panel *panel, struct om_fault fault, size_t file,
               const struct om_record_place *place)
{
    const struct om_panel_file *f = &panel->file[file];
    const struct om_record_place at = place ? om_panel_place(panel, *place) : (struct om_record_place){0};
    struct om_finding finding = {.code = fault.code,
                                 .severity = fault.severity,
                                 .file = f->path,
                                 .line = at.line,
                                 .record = at.number,
                                 .column = fault.column == OM_NONE ? "" : f->header.at[fault.column],
                                 .column_number = (uint64_t)(fault.column + 1),
                                 .byte_offset = om_panel_offset(panel, &at),
                                 .message = fault.message,
                                 .hint = fault.hint,
                                 .value = fault.value};
    if (!panel->opened && f->elsewhere)
        return;
    if (panel->finding && om_spec_severity(panel->spec, fault.code, &finding.severity))
        panel->finding(panel->finding_context, &finding);
}

void
om_worker_fault(struct om_worker *worker, struct om_fault fault, const struct om_record_row *row,
                const struct om_field *cell)
{
    if (cell && worker->panel->spec->show_values) {
        size_t length = cell->length < VALUE_SHOWN ? cell->length : VALUE_SHOWN;
        fault.value = om_worker_keep(worker, cell->data, length);
        worker->no_memory |= !fault.value;
    }
    if (!om_grow(&worker->fault, &worker->fault_capacity, worker->n_faults, sizeof *worker->fault)) {
        worker->no_memory = true;
        return;
    }
    worker->fault[worker->n_faults++] = (struct om_worker_fault){
        .fault = fault, .line = row->line, .number = row->number, .byte_offset = row->byte_offset};
}

void
om_worker_nul_fault(struct om_worker *worker, const struct om_record_row *row, int column,
                    const struct om_field *cell)
{
    const bool within = cell && cell->data >= worker->start && cell->data < worker->end;
    const char *from = within ? cell->data : worker->start + row->byte_offset;
    const char *first = memchr(from, '\0', (size_t)(worker->end - from)), *last = first;
    struct om_record_row place = *row;
    char text[64];
    while (last && last < worker->end && !*last)
        last++;
    if (first)
        place.byte_offset = (uint32_t)(first - worker->start);
    snprintf(text, sizeof text, "%td NUL byte%s in the %s", last - first, last - first == 1 ? "" : "s",
             cell ? "cell" : "record");
    const char *message = om_worker_keep(worker, text, strlen(text));
    worker->no_memory |= !message;
    om_worker_fault(
        worker,
        (struct om_fault){.code = 104,
                          .severity = OM_BAD,
                          .column = column,
                          .message = message ? message : "",
                          .hint = "the file was damaged when it was written or copied: fetch it again"},
        &place, cell);
}

/* The sign of a form that is coded from 1: one more than the highest code. */
static bool
is_one_above(const struct om_decoder *decoder, const struct om_field *cell, enum om_cell_fault fault)
{
    int32_t number;
    return (fault == OM_CELL_OUT_OF_RANGE || fault == OM_CELL_SENTINEL) && !decoder->recoded &&
           om_integer_parse(cell->data, cell->length, &number) == 1 &&
           number == decoder->instrument->maximum + 1;
}

void
om_worker_cell_fault(struct om_worker *worker, const struct om_record_row *row, size_t column,
                     const struct om_field *cell, const struct om_decoder *decoder, enum om_cell_fault fault)
{
    const char *message = "not an integer", *hint = decoder->hint;
    const bool total = om_instrument_is_total(decoder->instrument);
    char declare[256];
    if (total)
        message = "not a number";
    switch (fault) {
    case OM_CELL_ENCODING:
        message = "not valid UTF-8";
        hint = "convert the file to UTF-8, and see what stands in the cell";
        break;
    case OM_CELL_NUL:
        om_worker_nul_fault(worker, row, (int)column, cell);
        return;
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
        snprintf(declare, sizeof declare,
                 "declare it: --missing CODE, or --declined CODE if the person "
                 "refused; %s",
                 decoder->hint);
        hint = om_worker_keep(worker, declare, strlen(declare));
        worker->no_memory |= !hint;
        break;
    case OM_CELL_NOT_INTEGER:
    case OM_CELL_FINE:
        break;
    }
    om_worker_fault(worker,
                    (struct om_fault){.code = (int)fault,
                                      .severity = OM_BAD,
                                      .column = (int)column,
                                      .message = message,
                                      .hint = hint ? hint : "",
                                      .one_above = !total && is_one_above(decoder, cell, fault)},
                    row, cell);
}
