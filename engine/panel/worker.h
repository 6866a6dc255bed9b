/*
 * A worker reads pieces of the inputs into blocks of records, on its own: it needs nothing of what stands
 * before the piece and changes nothing that others see. What depends on the order of the records (their
 * numbers, which values are new, what was wrong where) is written down, and settled when the piece is joined
 * to those before it (flow.c).
 */
#ifndef OM_PANEL_WORKER_H
#define OM_PANEL_WORKER_H

#include "csv/cut.h"
#include "panel/panel.h"
#include "panel/values.h"

#include <string.h>

/* A fault of a record; its place counts from the start of the piece. Texts live as long as the block. */
struct om_worker_fault {
    struct om_fault fault;
    uint32_t line, number, byte_offset;
};

struct om_worker {
    const struct om_panel *panel;
    const struct om_kernels *kernels;
    struct om_csv_reader *reader;
    struct om_piece piece;
    char *together; /* an unfinished record and the piece behind it */
    size_t together_capacity;

    struct om_record_block block;
    struct om_values by[OM_BY_MAX], occasion;
    struct om_worker_fault *fault; /* in the order of the records */
    size_t n_faults, fault_capacity;
    size_t n_broken; /* records given up */
    bool no_memory;

    om_status status; /* what stopped the reading of the piece, behind the block's records */
    struct om_error error;
    struct om_csv_progress progress;
    struct om_csv_ends ends; /* lines count from the start of the piece */
    const char *start, *end; /* of the bytes that were read; the tail lies before the end */

    struct om_field *field; /* scratch: the fields of one row, and one more */
    size_t n_fields;
    struct om_field *key; /* scratch: the keys of a run of rows */
    uint8_t *look;        /* scratch: of each row of a run */
    size_t key_capacity;
    struct om_dropped_row {
        uint32_t row, number;
    } * dropped; /* rows of other parts of the persons (partition.h) */
    size_t dropped_capacity;
    struct om_text_block *text; /* ids of records that libcsv read: its own bytes do not stay */
};

om_status om_worker_open(struct om_worker *worker, const struct om_panel *panel,
                         struct om_error *err) OM_NODISCARD;
void om_worker_close(struct om_worker *worker); /* a zeroed one is fine */

/* Reads bytes of a file, where a record begins, into the block; faults stay in the worker. */
void om_worker_read(struct om_worker *worker, size_t file, char *bytes, size_t length, bool last);

/* Reads `tail` and the piece behind it. */
void om_worker_read_behind(struct om_worker *worker, size_t file, const char *tail, size_t n_tail);

/* Notes a fault of a record, or of a cell that is no answer (fault.c). cell: its text, NULL when there is
 * none.
 */
void om_worker_fault(struct om_worker *worker, struct om_fault fault, const struct om_record_row *row,
                     const struct om_field *cell);
void om_worker_cell_fault(struct om_worker *worker, const struct om_record_row *row, size_t column,
                          const struct om_field *cell, const struct om_decoder *decoder,
                          enum om_cell_fault fault);

/* Says how many NUL bytes stand in a cell or a record (cell is NULL), and where the first one is (fault.c).
 */
void om_worker_nul_fault(struct om_worker *worker, const struct om_record_row *row, int column,
                         const struct om_field *cell);

/* What is known of a record beside its fields. */
struct om_shape {
    bool borrowed; /* libcsv's: its bytes do not stay, and a field may have a stray quote */
    bool last;     /* of the input */
    bool unended;  /* it has no line end */
    bool nul;      /* not borrowed: it holds a NUL byte */
};

/* A record of libcsv's, and plain rows [from, to) of the fast path, added to the block (record.c, rows.c). */
om_status om_worker_take_record(struct om_worker *worker, const struct om_record *record,
                                const struct om_field *field, struct om_shape shape,
                                struct om_error *err) OM_NODISCARD;
/* A record that the reader gave up, a Ctrl-Z behind the last one, and a line that is none. */
void om_worker_take_broken(struct om_worker *worker, const struct om_csv_broken *broken);
void om_worker_end_mark(struct om_worker *worker, const struct om_record *record);
void om_worker_blank_line(struct om_worker *worker, uint64_t line, uint64_t number, uint64_t byte_offset);

/* Does text say that its line is a total or a footer, not a record? Only to be asked of a broken one. */
bool om_looks_like_total(const char *text, size_t length);
om_status om_worker_take_rows(struct om_worker *worker, const struct om_csv_part *part,
                              struct om_error *err) OM_NODISCARD;

/* Holds a cell, and rows [from, to) of which the first has this number, to the rules of a schema (checks.c).
 */
void om_worker_check(struct om_worker *worker, const struct om_panel_check *check,
                     const struct om_field *field, const struct om_record_row *place);
void om_worker_check_rows(struct om_worker *worker, const struct om_csv_part *part, size_t from, size_t to,
                          uint64_t number);
/* Puts faults in the order of the records again: those of rules come a column at a time. */
void om_worker_sort_faults(struct om_worker *worker);

/* The cells of a record that are no answers. Those a file does not have are empty. */
struct om_keys {
    struct om_field id, occasion, by[OM_BY_MAX];
};
/* Reads them into the row; rejects it where they do not serve (keys.c). */
om_status om_worker_take_keys(struct om_worker *worker, const struct om_keys *keys, size_t r,
                              struct om_error *err) OM_NODISCARD;

/* Are all bytes ASCII and none a blank or a control? Then there is nothing to trim and nothing to complain
 * of. */
static inline bool
om_is_word(const char *text, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = UINT64_C(0x8080808080808080);
    uint64_t wrong = 0, word;
    size_t i = 0;
    for (; i + sizeof word <= length; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        wrong |= word | (word - ones * 0x21); /* borrows from below are only set where a byte is wrong */
    }
    for (; i < length; i++)
        wrong |= (uint64_t)(unsigned char)((text[i] & 0x80) | ((unsigned char)text[i] < 0x21 ? 0x80 : 0));
    return length > 0 && (wrong & high) == 0;
}

/* Keeps text as long as the block, with a NUL behind it. NULL without memory. */
const char *om_worker_keep(struct om_worker *worker, const char *text, size_t length);

#endif
