/*
 * A tally in memory: named counts, and what they are about.
 *
 * Every count is found by five numbers:
 *
 *   kind      what is counted (enum om_tally_kind)
 *   group     which combination of values of the --by columns; kinds about the whole panel have no groups
 *   subject   which scale, column ... of the tally
 *   a, b      which level before and after, which value, which two items ...
 *
 * The cells of one kind, group and subject are a list that ascends by (a, b) and has no zeros. All lists of
 * names that numbers point into ascend too and hold nothing twice, so that equal counts are equal bytes, and
 * a union of two lists keeps the order of both: merging is adding up lists.
 *
 * Nothing here knows what an instrument is. docs/formats/tally.md is the contract.
 */
#ifndef OM_TALLY_TALLY_H
#define OM_TALLY_TALLY_H

#include "io/sha256.h"

#include <omstat/tally_file.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are those of the file format. */
enum om_tally_kind {
    OM_TALLY_RECORDS,   /* the panel: a = enum om_tally_record */
    OM_TALLY_FINDINGS,  /* the panel: a = finding */
    OM_TALLY_PERSONS,   /* a group: a = enum om_tally_person */
    OM_TALLY_DESCRIBED, /* a group and described column: a = value */
    OM_TALLY_SCORES,    /* a group and scale: a, b = before and after; 0 = no score, 1 + level */
    OM_TALLY_SAFETY,    /* the same of a safety item; 0 = no form, 1 = no usable answer, 2 + level */
    OM_TALLY_SUMS,      /* a group and 2 * scale + occasion: a >= b = items; see struct om_item_sums */
    OM_TALLY_JOINT,     /* a group: a = OM_JOINT_ bits */
    OM_TALLY_ITEMS,     /* a group and 2 * scale + occasion: a = item: forms without it; a = k: forms */
    OM_TALLY_KINDS
};

enum om_tally_record { OM_TALLY_READ, OM_TALLY_SCORED, OM_TALLY_REJECTED, OM_TALLY_SKIPPED, OM_TALLY_TWICE };
enum om_tally_person { OM_TALLY_ALL, OM_TALLY_ALONE };

/* Persons of a tally at most, so that no statistic can overflow. */
/* Levels of a scale at most (OM_LEVELS_MAX). */
enum { OM_TALLY_LEVELS_MAX = 65000 };
enum { OM_TALLY_COLUMNS_MAX = 64, OM_TALLY_INSTRUMENTS_MAX = 1024, OM_TALLY_SCALES_MAX = 4096 };

#define OM_TALLY_PERSONS_MAX (UINT64_C(1) << 40)

struct om_tally_cell {
    uint32_t a, b;
    uint64_t count;
};

struct om_tally_cells {
    struct om_tally_cell *at;
    size_t n;
};

/* Owned strings. */
struct om_tally_texts {
    char **at;
    size_t n, capacity;
};

struct om_tally_instrument {
    char *id, *version;
    bool derived; /* scored from the items of its parent */
    char *digest; /* SHA-256 of what its scores are made of (analysis/fingerprint.h) */
};

struct om_tally_scale {
    size_t instrument;
    char *id;
    bool is_total;     /* arrives as a number: its levels are the values seen */
    uint32_t n_levels; /* of any other */
    int64_t *value;    /* of a total, ascending: 16 m + p stands for m / 10^p */
    size_t n_values;
};

/* A kind of finding. Ascending by severity, code and column. */
struct om_tally_finding {
    uint32_t severity, code;
    char *column; /* its name; "" = none */
};

/* A file that was read, or a part of one. */
struct om_tally_input {
    char *name;           /* without its directory */
    char *digest;         /* "sha256:..." or "xxh128:..." of what was read of it */
    uint32_t part, parts; /* the part-th of so many; 0 of 0: the whole */
    uint64_t bytes, records;
};

/* What one run counted. Its inputs ascend by digest, part and name. */
struct om_tally_shard {
    struct om_tally_input *input;
    size_t n_inputs;
    uint64_t persons;
    uint64_t times; /* of one that was taken out: how often */
};

struct om_tally {
    struct om_tally_texts setting;          /* "key: value" of the keys that fix what a count means */
    char *first, *last;                     /* the occasions compared; last is NULL with one occasion */
    struct om_tally_texts by, described;    /* columns, ascending */
    struct om_tally_instrument *instrument; /* ascending by id */
    size_t n_instruments;
    struct om_tally_scale *scale; /* by instrument, then as the definition has them */
    size_t n_scales;
    struct om_tally_shard *shard; /* what is in it, ascending by inputs */
    size_t n_shards;
    struct om_tally_shard *removed; /* what was taken out of it again */
    size_t n_removed;
    struct om_tally_texts *group; /* values of the by columns; each as many as there are columns */
    size_t n_groups;
    struct om_tally_texts *value; /* per described column */
    struct om_tally_finding *finding;
    size_t n_findings;

    bool has[OM_TALLY_KINDS];                     /* was this counted at all? */
    struct om_tally_cells *cells[OM_TALLY_KINDS]; /* [group * subjects + subject]; NULL where not counted */
};

/* The levels of a scale, without "none". */
static inline size_t
om_tally_scale_levels(const struct om_tally_scale *scale)
{
    return scale->is_total ? scale->n_values : scale->n_levels;
}

/* How many subjects a kind has, and lists of cells. */
size_t om_tally_subjects(const struct om_tally *tally, enum om_tally_kind kind);
size_t om_tally_lists(const struct om_tally *tally, enum om_tally_kind kind);
/* Is there a list for each group? */
bool om_tally_by_group(enum om_tally_kind kind);

/* The list of one group and subject; group is 0 for kinds without groups. */
struct om_tally_cells *om_tally_at(const struct om_tally *tally, enum om_tally_kind kind, size_t group,
                                   size_t subject);
/* The count at (a, b); 0 where there is none. */
uint64_t om_tally_count(const struct om_tally_cells *cells, uint32_t a, uint32_t b);
/* Who is counted in it. */
uint64_t om_tally_persons(const struct om_tally *tally);

om_status om_tally_new(struct om_tally **out, struct om_error *err) OM_NODISCARD;
/* Makes the empty lists of the kinds it has, once everything else is known. Errors: OM_ERR_NOMEM. */
om_status om_tally_make_lists(struct om_tally *tally, struct om_error *err) OM_NODISCARD;

om_status om_tally_texts_add(struct om_tally_texts *texts, const char *text, size_t length,
                             struct om_error *err) OM_NODISCARD;
void om_tally_texts_release(struct om_tally_texts *texts);
void om_tally_shard_release(struct om_tally_shard *shard);

/* The order of what ascends: below 0, 0, above 0. */
int om_tally_compare_texts(const struct om_tally_texts *a, const struct om_tally_texts *b);
int om_tally_compare_findings(const struct om_tally_finding *a, const struct om_tally_finding *b);
int om_tally_compare_inputs(const struct om_tally_input *a, const struct om_tally_input *b);
int om_tally_compare_shards(const struct om_tally_shard *a, const struct om_tally_shard *b);

/* Everything that must hold of counts, so that nobody has to ask later: each person is in each table, sums
 * are of so many forms, records read = scored + rejected + skipped. Returns what does not hold, or NULL. */
const char *om_tally_fault(const struct om_tally *tally);

/* A tally as a file: digest and size of it as it is stored. */
struct om_tally_origin {
    uint64_t bytes, persons;
    char sha256[OM_SHA256_TEXT];
};

/* om_tally_read and om_tally_read_sum, which also say what was read; origin ([n]) may be NULL. */
om_status om_tally_read_file(const char *path, struct om_tally **out, struct om_tally_origin *origin,
                             struct om_error *err) OM_NODISCARD;
om_status om_tally_read_files(const char *const *path, size_t n, struct om_tally_origin *origin,
                              struct om_tally **out, struct om_error *err) OM_NODISCARD;

#endif
