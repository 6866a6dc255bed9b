/*
 * A panel: files of records, read as answers of persons at occasions.
 *
 *   files -> header -> plan (which column is what) -> blocks of records -> persons
 *
 * Here the files are opened and planned. Two ways to read on: block by block in file order (flow.h: scores of
 * each record), or person by person with occasions paired (persons.h: everything a report needs).
 */
#ifndef OM_PANEL_PANEL_H
#define OM_PANEL_PANEL_H

#include "panel/by_date.h"
#include "base/dictionary.h"
#include "csv/reader.h"
#include "io/digest.h"
#include "panel/form.h"
#include "panel/recognise.h"

#include <omstat/csv.h>
#include <omstat/findings.h>

enum {
    OM_OCCASIONS_MAX = 64,
    OM_NONE = -1,
};

/* An instrument of this panel and where its items are among the panel's item columns. A short form (PHQ-2)
 * that has no columns of its own shares those of its parent. */
struct om_panel_instrument {
    const struct om_instrument *instrument;
    bool derived; /* it does */
    size_t item[OM_ITEMS_MAX];
    size_t total; /* of one that arrives as a total: which of the panel's totals it is */
};

struct om_panel_check {
    size_t column;
    const struct om_column_rule *rule; /* NULL: nothing may stand there */
};

struct om_panel_file {
    const char *path; /* borrowed from the spec */
    struct om_csv_reader *reader;
    struct om_digest digest; /* of the bytes read */
    struct om_texts header;
    struct om_recognition recognition;
    int id, occasion_column; /* columns; OM_NONE = none */
    int *by;                 /* per --by and then per --describe column; OM_NONE = not in this file */
    int fixed_occasion;      /* of --occasion NAME=FILE; OM_NONE = the records say */
    struct om_panel_cell *cell;
    size_t n_cells;
    struct om_panel_total *total;
    size_t n_totals;
    struct om_panel_check *check; /* columns that a schema has rules about */
    size_t n_checks;
    size_t *kept; /* columns whose text stays with a block (om_panel_keep) */
    size_t n_kept, kept_capacity;
    uint64_t *one_above; /* per column: cells with one more than the highest code; NULL = not counted */
    struct om_form form;
    char *shape;       /* for people: what is wrong with a record of another number of fields */
    uint64_t records;  /* read so far, without the header */
    uint64_t bytes;    /* of the file as it is stored, read so far */
    uint64_t from, to; /* of a shard: the bytes with its records */
    bool part;         /* they are not all of the file; */
    bool none;         /* there are none; */
    bool elsewhere;    /* the header is another shard's or part's, which says what is to be said of it */
    struct {
        uint64_t from, lines, at; /* `lines` lines behind byte `from`, a line begins at byte `at` */
    } walked;                     /* the last one that was looked for (panel/offset.c) */
    bool counted;
    uint64_t lines_before, records_before; /* of a part: before `from`, once they were counted */
    int line_end;                          /* enum om_csv_end of its first line; OM_NONE = not known yet */
    size_t given_up;                       /* records that no quote ends, or too long */
    bool mixed_ends;                       /* another one was seen, and reported */
};

/* Where a record is, to point at it later. */
struct om_record_place {
    size_t file;
    uint64_t line, number, byte_offset;
    uint64_t
        behind;   /* byte_offset is that of the record so many lines before: om_panel_offset finds its own */
    bool in_file; /* counted from the start of the file, not of a shard */
};

/* Looks on: sees every block of records once, after it was joined, on the thread that read it. */
struct om_observer {
    /* For each block in the order of the inputs, while it is joined. */
    om_status (*join)(void *context, const struct om_record_block *block, struct om_error *err);
    om_status (*look)(void *context, size_t thread, const struct om_record_block *block,
                      struct om_error *err);
    void *context;
};

struct om_panel {
    const struct om_panel_spec *spec;
    const struct om_registry *registry;
    om_finding_fn finding;
    void *finding_context;

    enum om_layout layout; /* WIDE: every occasion in one record. LONG: one occasion a record (or a file) */
    struct om_panel_file *file;
    size_t n_files;
    bool opened; /* the headers have been read */

    struct om_panel_instrument *instrument; /* with own columns or derived, registry order */
    size_t n_instruments;
    size_t n_items;  /* item columns of one occasion */
    size_t n_totals; /* total columns of one occasion */
    size_t n_slots;  /* occasions in one record: 1 in a long panel */

    struct om_texts occasion; /* names; wide: in order, long: as they turn up */
    struct om_record_place occasion_place[OM_OCCASIONS_MAX]; /* long: file and line where each turned up */
    struct om_texts occasion_token;                          /* wide: the word in the column names */
    enum om_by_unit
        by_unit[OM_BY_MAX];         /* of each of those below: are its values dates to be made periods of? */
    size_t n_by;                    /* --by columns and --describe columns: both say something of a person */
    struct om_dictionary *by_value; /* of each: the values seen; 0 is the blank */
    const struct om_observer *observer; /* borrowed; NULL = none */
    struct om_texts reading;            /* sentences for people: what was taken for what */
};

static inline const char *
om_panel_by_name(const struct om_panel *panel, size_t b)
{
    const struct om_panel_spec *spec = panel->spec;
    return b < spec->by.n ? spec->by.at[b] : spec->described.at[b - spec->by.n];
}

static inline struct om_record_place
om_block_place(const struct om_record_block *block, size_t r)
{
    return (struct om_record_place){.file = block->file,
                                    .line = block->line + block->row[r].line,
                                    .number = block->number + block->row[r].number,
                                    .byte_offset = block->byte_offset + block->row[r].byte_offset};
}

/* Opens every input and settles what each column is. Errors as om_analyse in <omstat/analysis.h>. */
om_status om_panel_open(const struct om_panel_spec *spec, const struct om_registry *registry,
                        om_finding_fn finding, void *context, struct om_panel **out,
                        struct om_error *err) OM_NODISCARD;
void om_panel_close(struct om_panel *panel);

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

/* Is anything read from this column of a file? */
bool om_panel_uses(const struct om_panel *panel, const struct om_panel_file *file, size_t column);

/* Keeps the text of a column of a file with every block that is read from now on; *at is which of the kept
 * ones it is. Errors: OM_ERR_NOMEM. */
om_status om_panel_keep(struct om_panel *panel, size_t file, size_t column, size_t *at,
                        struct om_error *err) OM_NODISCARD;

/* Can duplicates be told at all? Only where every record has an id. */
bool om_panel_has_ids(const struct om_panel *panel);

/* Finds the columns that a schema names (checks.c); those of instruments are left to them. */
om_status om_panel_find_checks(struct om_panel *panel, size_t file, struct om_error *err) OM_NODISCARD;

/* What is wrong with something, and what to do about it. */
struct om_fault {
    int code;
    enum om_severity severity; /* unless the study says otherwise */
    int column;                /* OM_NONE = none */
    bool one_above;            /* the cell holds one more than the highest code */
    const char *message, *hint;
    const char *value; /* the cell's text, where the study wants to see it; else NULL */
};

/* Reports a fault of the record at a place, or with place NULL of the file. */
void om_panel_fault(const struct om_panel *panel, struct om_fault fault, size_t file,
                    const struct om_record_place *place);

#endif
