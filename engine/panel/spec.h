/* What a study says about the panel: columns, occasions, codes. Filled by the study, read by everything else
 * here. */
#ifndef OM_PANEL_SPEC_H
#define OM_PANEL_SPEC_H

#include "io/digest.h"
#include "io/spool.h"
#include "panel/rule.h"

#include <omstat/exchange.h>
#include <omstat/encoding.h>
#include <omstat/findings.h>

#include <omstat/instrument.h>

enum {
    OM_GROUPING_MAX = 16, /* --by columns, and as many --describe columns */
    OM_BY_MAX = 2 * OM_GROUPING_MAX,
    OM_DESCRIBED_MAX = 100000, /* different values of a described column */
    OM_MAX_GROUPS = 1000,      /* values of one of them, unless the study says otherwise */
    OM_THREADS_MAX = 256,
    OM_SHARDS_MAX = 1000000,
    OM_MEMORY_LEAST = 1 << 20,
    OM_MEMORY_USUAL = 24 << 20,
    OM_FINDING_FIRST = 100, /* codes of findings */
    OM_FINDING_LAST = 299,
};

/* What a study says of the severity of a code: OM_SAID_LEAST + the severity, or one of these. */
enum om_said { OM_SAID_NOTHING, OM_SAID_OFF, OM_SAID_LEAST };

enum om_layout {
    OM_LAYOUT_AUTO,
    OM_LAYOUT_WIDE, /* one record a person */
    OM_LAYOUT_LONG, /* one record a person and occasion */
};

enum om_duplicates {
    OM_DUPLICATES_ERROR,  /* stop */
    OM_DUPLICATES_FIRST,  /* the first in file order counts */
    OM_DUPLICATES_LAST,   /* the last in file order counts */
    OM_DUPLICATES_REJECT, /* none of them counts */
};

/* A text list that grows; owns its strings. */
struct om_texts {
    char **at;
    size_t n, capacity;
};
om_status om_texts_add(struct om_texts *texts, const char *text, size_t length,
                       struct om_error *err) OM_NODISCARD;
/* Adds copies of all texts of another list. Errors: OM_ERR_NOMEM. */
om_status om_texts_add_all(struct om_texts *texts, const struct om_texts *from, struct om_error *err);
void om_texts_release(struct om_texts *texts);
/* The index of text, ASCII case ignored, or -1. */
int om_texts_find(const struct om_texts *texts, const char *text);

struct om_panel_input {
    char *occasion; /* NULL: the file says itself */
    char *path;
};

/* Columns of an instrument: a pattern with {item} and perhaps {occasion}, or the columns one by one. */
struct om_panel_map {
    char *instrument;
    char *occasion; /* NULL: from the pattern, the occasion column, or the file */
    char *pattern;  /* NULL when columns are listed */
    struct om_texts columns;
};

/* Cells that are read as something else than an answer. */
struct om_panel_token {
    char *column; /* name of a column or id of an instrument; NULL = everywhere */
    char *text;   /* "" is the empty cell */
    uint8_t code; /* OM_CODE_BLANK, OM_CODE_DECLINED or OM_CODE_NA */
};

/* Cells that stand for another code: 1-4 instead of 0-3, or words. */
struct om_panel_recode {
    char *column; /* name of a column or id of an instrument */
    char *text;
    int code;
};

struct om_panel_spec {
    enum om_layout layout;
    struct om_panel_input *input;
    size_t n_inputs, input_capacity;
    char *id;              /* NULL = by the usual names */
    char *occasion_column; /* NULL = by the usual names */
    struct om_texts by;
    struct om_texts described; /* columns that are counted in each group */
    enum om_described {
        OM_DESCRIBED_AUTO, /* as its values look */
        OM_DESCRIBED_NUMBER,
        OM_DESCRIBED_CATEGORY,
    } described_as[OM_GROUPING_MAX];
    struct om_texts occasions; /* in order; empty = all, in their own order */
    struct om_panel_map *map;
    size_t n_maps, map_capacity;
    struct om_panel_token *token;
    size_t n_tokens, token_capacity;
    struct om_panel_recode *recode;
    size_t n_recodes, recode_capacity;
    struct om_column_rule *rule; /* of a schema */
    size_t n_rules, rule_capacity;
    enum om_duplicates duplicates;
    size_t max_groups;
    char delimiter;
    enum om_encoding encoding; /* of the inputs */
    enum om_digest_kind digest;
    size_t threads;         /* 0: one for each processor this process may use */
    size_t shard, n_shards; /* which part of the inputs is read, from 1, and of how many; 0: all of it */
    size_t part, n_parts;   /* which part of the persons is read, from 1, and of how many; 0: all of them */
    const struct om_exchange *exchange; /* borrowed: the processes that read the other shards; NULL: none */
    bool every_occasion;                /* keep persons at all of them, not only the two compared */
    size_t piece;                       /* bytes an input is cut into, for tests; 0: OM_CUT_SIZE */
    uint8_t said[OM_FINDING_LAST - OM_FINDING_FIRST + 1]; /* enum om_said, by code */
    bool show_values;                                     /* findings hold the text of the cell */
    bool allow_empty;                                     /* an input without records is in order */
    bool no_formulas;   /* a record whose id, occasion or group is one to a spreadsheet is rejected */
    bool thorough;      /* look also at what does not matter for a report: line ends, formulas */
    uint64_t max_input; /* bytes of an input, decompressed; 0: no limit */
    size_t
        memory; /* bytes for what waits before it goes to a file (om_spec_spool); 0: the study did not say */
};

void om_panel_spec_release(struct om_panel_spec *spec);

/* The severity of a finding under this study; false when it is not to be reported. What is fatal stays so. */
bool om_spec_severity(const struct om_panel_spec *spec, int code, enum om_severity *severity);

/* What waits, and its part of --memory: records for others of the same person have all of it; hashes of
 * answers, dates of visits and notes of what is wrong take a part in addition. That of the hashes is to fit
 * in the cache of a processor: they are written all over it. */
enum om_waiting {
    OM_WAITING_RECORDS = 1,
    OM_WAITING_VISITS = 4,
    OM_WAITING_NOTES = 8,
    OM_WAITING_ANSWERS = 8,
};
/* A limit that the study gives holds. The usual one is for those who have room on the disk. */
struct om_spool_spec om_spec_spool(const struct om_panel_spec *spec, size_t parts, size_t threads,
                                   enum om_waiting what);

#endif
