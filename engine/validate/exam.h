/*
 * What only somebody who knows questionnaires sees in a panel: checks over the answers as they are read.
 *
 *   blocks of records -> forms (the answers of 256 records at an occasion, in columns) -> checks -> findings
 *
 * A check is a struct om_check: it begins, sees forms or pairs of forms on several threads, each with a state
 * of its own, and finishes with the states of all in order. What it reports depends on the numbers of the
 * records and never on the threads. Only `omstat validate` runs them.
 */
#ifndef OM_VALIDATE_EXAM_H
#define OM_VALIDATE_EXAM_H

#include "panel/panel.h"
#include "panel/persons.h"
#include "panel/places.h"

#include "validate/settings.h"

#include <omstat/score.h>

enum { OM_EXAM_ROWS = 256 };

/* The forms of one instrument, one a record: what its answers come to. */
struct om_exam_form {
    bool here;                       /* the file has its columns at this occasion; else the rest is not set */
    uint8_t present[OM_EXAM_ROWS];   /* 1: some cell is not blank */
    uint8_t answered[OM_EXAM_ROWS];  /* items with a code */
    uint8_t blank[OM_EXAM_ROWS];     /* items blank or declined */
    uint8_t na[OM_EXAM_ROWS];        /* items that do not apply */
    uint8_t different[OM_EXAM_ROWS]; /* 0: every cell is like the first */
    uint16_t sum[OM_EXAM_ROWS];      /* of the codes */
};

/* Records at one occasion. Answer j of the panel's items of record i is column[j][i]. */
struct om_exam_block {
    size_t n, thread;
    const struct om_record_block *block;
    const uint32_t *row;     /* of each record: its row in the block */
    const uint32_t *sampled; /* records that a statistic without exact counts should look at */
    size_t n_sampled;
    int occasion; /* of the panel */
    size_t slot;  /* of the records; 0 in a long panel */
    const uint8_t *const *column;
    const struct om_exam_form *form; /* per instrument of the panel */
    const uint8_t *code;             /* the same row by row: where[j] of a row is answer j */
    size_t stride;
    const uint32_t *where;
};

/* Persons at the two occasions compared; as they come, they are a struct om_person_block. */
struct om_exam_pairs {
    size_t n;
    const uint8_t *const *before, *const *after;
    const struct om_exam_form *form_before, *form_after;
};

struct om_exam;

/* One check, or several that look at the same things. States are zeroed memory; begin returns with *plan NULL
 * where there is nothing to look for, and may then have said why (om_exam_skip). */
struct om_check {
    om_status (*begin)(struct om_exam *exam, void **plan, struct om_error *err);
    void (*end)(void *plan); /* accepts NULL */
    om_status (*open)(const struct om_exam *exam, const void *plan, void **state, struct om_error *err);
    void (*close)(void *state); /* accepts NULL */
    om_status (*forms)(const struct om_exam *exam, const void *plan, void *state,
                       const struct om_exam_block *block, struct om_error *err); /* NULL: not of interest */
    om_status (*pairs)(const struct om_exam *exam, const void *plan, void *state,
                       const struct om_exam_pairs *pairs, struct om_error *err); /* likewise */
    om_status (*persons)(const struct om_exam *exam, const void *plan, void *state,
                         const struct om_person_block *block, struct om_error *err); /* likewise */
    om_status (*finish)(struct om_exam *exam, void *plan, void *const *state, size_t n, struct om_error *err);
};

enum { OM_CHECKS_MAX = 16 };

struct om_exam {
    struct om_panel *panel;
    const struct om_exam_settings *settings;
    size_t threads;
    bool *own;       /* per instrument: has items of its own, not those of a longer form */
    size_t n_forms;  /* of them */
    size_t step;     /* answers whose sum fits in a byte */
    bool *miscoded;  /* per instrument: its codes are others, so that nothing more is said of its answers */
    int first, last; /* the occasions compared; last OM_NONE: there is one, or they are not known yet */
    struct om_places places;
    struct om_observer observer;
    const struct om_check *check[OM_CHECKS_MAX];
    void *plan[OM_CHECKS_MAX];
    void **state[OM_CHECKS_MAX]; /* per thread */
    size_t n_checks;
    struct om_exam_desk *desk; /* per thread */
    void (*skip)(void *context, int code, const char *reason);
    void *skip_context;
};

/* Prepares the checks and looks on while the panel is read. exam is the caller's and stays where it is.
 * Errors: OM_ERR_NOMEM, OM_ERR_USAGE for a setting that names no column. */
om_status om_exam_begin(struct om_exam *exam, struct om_panel *panel, const struct om_exam_settings *settings,
                        void (*skip)(void *context, int code, const char *reason), void *context,
                        struct om_error *err) OM_NODISCARD;
/* An om_person_fn with the exam as its context. */
om_status om_exam_persons(void *exam, size_t thread, const struct om_person_block *block,
                          struct om_error *err) OM_NODISCARD;
/* When all was read: the findings go where the panel's go. */
om_status om_exam_finish(struct om_exam *exam, const struct om_persons_count *count,
                         struct om_error *err) OM_NODISCARD;
void om_exam_end(struct om_exam *exam); /* a zeroed one is fine */

/* --- for checks --- */

/* Says that something is not looked at. The reason stays the caller's. */
void om_exam_skip(struct om_exam *exam, int code, const char *reason);

/* Records that something is wrong with. All are counted; those that come first are kept, and every one where
 * the finding is an error, as such records are told from others. */
struct om_hits {
    uint64_t *ordinal; /* ascending */
    size_t n, capacity;
    uint64_t count;
    bool every;
};
om_status om_hits_add(struct om_hits *hits, uint64_t ordinal, struct om_error *err) OM_NODISCARD;
om_status om_hits_join(struct om_hits *to, const struct om_hits *from, struct om_error *err) OM_NODISCARD;
void om_hits_release(struct om_hits *hits);

/* Is a finding of this code, a warning by itself, an error for the study? */
bool om_exam_is_error(const struct om_exam *exam, int code);

static inline uint64_t
om_exam_ordinal(const struct om_exam_block *block, size_t i)
{
    return block->block->ordinal + block->row[i];
}

/* Where a finding about a column stands. */
struct om_exam_column {
    size_t file;
    int column;
};
/* The first item of an instrument at an occasion, or an item. False when no file has it. */
bool om_exam_item(const struct om_exam *exam, int occasion, size_t instrument, size_t item,
                  struct om_exam_column *out);
/* The index of an occasion's columns in a wide panel; 0 in a long one. */
size_t om_exam_slot(const struct om_exam *exam, int occasion);
/* "PHQ-9 at pre", or "PHQ-9" where occasions have no names. */
const char *om_exam_name(const struct om_exam *exam, int occasion, size_t instrument, char text[128]);

void om_exam_report(const struct om_exam *exam, int code, enum om_severity severity, struct om_exam_column at,
                    const char *message, const char *hint);
void om_exam_report_hits(const struct om_exam *exam, int code, struct om_exam_column at,
                         const struct om_hits *hits, const char *message, const char *hint);

extern const struct om_check om_check_coding, om_check_forms, om_check_changes, om_check_stored,
    om_check_twins, om_check_dates, om_check_rules, om_check_groups;

#endif
