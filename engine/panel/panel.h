/*
 * A panel: files of records, read as answers of persons at occasions.
 *
 *   files -> header -> plan (which column is what) -> blocks of records -> persons
 *
 * Two ways to read on from here: record by record in file order (om_panel_next: scores of each record), or
 * person by person with occasions paired (persons.h: everything a report needs).
 */
#ifndef OM_PANEL_PANEL_H
#define OM_PANEL_PANEL_H

#include "base/dictionary.h"
#include "csv/reader.h"
#include "io/sha256.h"
#include "panel/decode.h"
#include "panel/recognise.h"

#include <omstat/csv.h>
#include <omstat/findings.h>

enum {
    OM_BLOCK = OM_CSV_BATCH, /* records or persons in a block, at most */
    OM_OCCASIONS_MAX = 64,
    OM_NONE = -1,
};

/* An instrument of this panel and where its items are among the panel's item columns. A short form (PHQ-2)
 * that has no columns of its own shares those of its parent. */
struct om_panel_instrument {
    const struct om_instrument *instrument;
    size_t item[OM_ITEMS_MAX];
};

/* One item column of one file. */
struct om_panel_cell {
    size_t column; /* in the file */
    size_t target; /* slot * n_items + item: which code column of the block */
    struct om_decoder decoder;
};

struct om_panel_file {
    const char *path; /* borrowed from the spec */
    struct om_csv_reader *reader;
    struct om_sha256 digest; /* of the bytes read */
    struct om_texts header;
    struct om_recognition recognition;
    int id, occasion_column; /* columns; OM_NONE = none */
    int *by;                 /* per --by column; OM_NONE = not in this file */
    int fixed_occasion;      /* of --occasion NAME=FILE; OM_NONE = the records say */
    struct om_panel_cell *cell;
    size_t n_cells;
    struct om_csv_part part; /* being worked through */
    size_t part_position;
    uint64_t part_records;  /* records among the rows worked through */
    struct om_field *field; /* scratch: the fields of one row, and one more */
    uint64_t records;       /* read so far, without the header */
};

struct om_panel {
    const struct om_panel_spec *spec;
    const struct om_registry *registry;
    om_finding_fn finding;
    void *finding_context;

    enum om_layout layout; /* WIDE: every occasion in one record. LONG: one occasion a record (or a file) */
    struct om_panel_file *file;
    size_t n_files;
    size_t current; /* file being read */

    struct om_panel_instrument *instrument; /* with own columns or derived, registry order */
    size_t n_instruments;
    size_t n_items; /* item columns of one occasion */
    size_t n_slots; /* occasions in one record: 1 in a long panel */

    struct om_texts occasion;       /* names; wide: in order, long: as they turn up */
    struct om_texts occasion_token; /* wide: the word in the column names */
    struct om_dictionary *by_value; /* per --by column: the values seen; 0 is the blank */
    struct om_texts reading;        /* sentences for people: what was taken for what */
    struct om_record_block *block;
    struct om_field *key; /* scratch: the keys of a run of rows (record.c) */
};

/* Where a record is, to point at it later. */
struct om_record_place {
    size_t file;
    uint64_t line, number;
};

/* A record as read. */
struct om_record_row {
    const char *id; /* borrowed from the CSV batch; "" when the file has no id column */
    uint32_t id_length;
    int occasion; /* long panels: index into om_panel.occasion; OM_NONE in a wide one */
    bool rejected;
    uint64_t line, number, byte_offset;
};

struct om_record_block {
    size_t n;
    size_t file;
    struct om_record_row row[OM_BLOCK];
    uint32_t *by;  /* [by column][record]: index into by_value */
    uint8_t *code; /* [slot * n_items + item][record] */
};

/* Opens every input and settles what each column is. Errors as om_analyse in <omstat/analysis.h>. */
om_status om_panel_open(const struct om_panel_spec *spec, const struct om_registry *registry,
                        om_finding_fn finding, void *context, struct om_panel **out,
                        struct om_error *err) OM_NODISCARD;
void om_panel_close(struct om_panel *panel);

/* The next block in file order; n is 0 at the end. Faults go to the finding function. */
om_status om_panel_next(struct om_panel *panel, const struct om_record_block **block,
                        struct om_error *err) OM_NODISCARD;

uint64_t om_panel_bytes_read(const struct om_panel *panel);
uint64_t om_panel_bytes_total(const struct om_panel *panel); /* 0 when not known */

/* The index of an occasion, added when new. Returns OM_NONE on failure (err is set): too many, or no memory.
 */
int om_panel_occasion(struct om_panel *panel, const char *name, size_t length, struct om_error *err);

/* --- parts of om_panel_open, in this order --- */

/* Finds the item, id and group columns of a file (roles.c). */
om_status om_panel_find_columns(struct om_panel *panel, struct om_panel_file *file,
                                struct om_error *err) OM_NODISCARD;
/* The occasion column the user names, or the one with a usual name; OM_NONE in the file when there is none.
 */
om_status om_panel_find_occasion_column(const struct om_panel *panel, struct om_panel_file *file,
                                        struct om_error *err) OM_NODISCARD;
/* Settles layout, occasions, instruments and cells of the opened files (plan.c). */
om_status om_panel_plan(struct om_panel *panel, struct om_error *err) OM_NODISCARD;
/* Says for people what was taken for what (reading.c). */
om_status om_panel_say_reading(struct om_panel *panel, struct om_error *err) OM_NODISCARD;

/* Does every token and recoding concern a column, and give a code its instrument has? (targets.c) */
om_status om_panel_check_targets(const struct om_panel *panel, struct om_error *err) OM_NODISCARD;

/* Reports a fault of the record (or, with row NULL, of the file). column may be OM_NONE. */
void om_panel_fault(const struct om_panel *panel, int code, enum om_severity severity, size_t file,
                    const struct om_record_row *row, int column, const char *message, const char *hint);

/* Reads the answers of plain rows [from, to) of the current part into records r, r + 1, ... of the block;
 * look[i] is set where a cell of the i-th has to be looked at itself (rows.c). */
void om_panel_take_rows(const struct om_panel *panel, size_t from, size_t to, size_t r, bool *look);

/* Reports why a cell of the record is no answer. */
void om_panel_cell_fault(const struct om_panel *panel, const struct om_record_row *row,
                         const struct om_panel_cell *cell, enum om_cell_fault fault);

#endif
