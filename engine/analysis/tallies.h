/*
 * What a run counts: for every group and scale a crosstab, and what pairs of levels cannot tell.
 *
 *   persons (blocks of codes) -> scorers -> levels -> +1 in the tables of the person's group
 *
 * Everything reported is computed from these counts afterwards, so the order of persons cannot matter, nor
 * which thread counted whom: each thread counts for itself (its share), and the shares are added up.
 */
#ifndef OM_ANALYSIS_TALLIES_H
#define OM_ANALYSIS_TALLIES_H

#include "analysis/norms.h"
#include "analysis/study.h"
#include "panel/turn.h"
#include "analysis/waves.h"
#include "panel/persons.h"
#include "tally/crosstab.h"

#include <omstat/analysis.h>
#include <omstat/reliability.h>
#include <omstat/score.h>

/* Persons a group gathers before they are scored together: a group that has filled a block gets a larger one,
 * so that thousands of small groups stay small. */
enum { OM_RECENT = 64 };
enum { OM_GROUP_FEW = 64, OM_GROUP_BLOCK = 256 };

/* A scale of the run. */
struct om_run_scale {
    const struct om_panel_instrument *panel; /* where its items are */
    struct om_scale_info info;
    struct om_scorer *scorer;       /* of a total: NULL until its values have been seen (totals.h) */
    const struct om_safety *safety; /* the scale is a safety item; NULL otherwise */
    bool numeric;                   /* a mean makes sense: not a diagnosis */
    bool has_alpha;                 /* a sum of two or more items */
    bool item_pairs;                /* ... and more is asked for than alpha: products of every two items */
    bool is_total;                  /* arrives as a number */
    bool counts_items;              /* items left unanswered are counted with it; see om_run_items */
    size_t items_at;
    bool is_main;                           /* the first of its instrument: what the ledger counts */
    const struct om_joint_rule *joint_rule; /* its part in a rule over several scales that is asked for */
    struct om_scale_norms norms;            /* once om_run_settle_norms has been here */
    uint8_t *joint; /* ... and what each pair of its levels says, first major; NULL: of a total */
};

/* The levels that tables of a scale are made for; before the values of a total are known, as many as there
 * may be. */
static inline size_t
om_run_levels(const struct om_run_scale *scale)
{
    return scale->scorer ? scale->scorer->n_levels : OM_LEVELS_MAX;
}

/* Where a group has the counts of an instrument's items at one occasion (which), for its first scale: per
 * item the forms without an answer to it, then how many forms there are. */
static inline size_t
om_run_items(const struct om_run_scale *scale, size_t which)
{
    return scale->items_at + which * (scale->info.instrument->n_items + 1);
}

/* How often each value of a described column occurs, by the panel's number of the value. */
struct om_value_counts {
    uint64_t *count;
    size_t n;
};

/* The counts of one group. Safety tables have two states more than the scale has levels: L = a form without a
 * usable answer to the item, L + 1 ("none") = no form. */
struct om_run_group {
    char *name;
    struct om_texts by; /* its values of the --by columns; "" is the blank. Of "all": none */
    uint64_t persons, without_partner;
    struct om_crosstab *table;  /* per scale */
    struct om_crosstab *safety; /* per scale; unused but for safety scales */
    struct om_item_sums *sums;  /* per scale and occasion: [2 * scale + which]; unused without alpha */
    struct om_wave_rows *waves; /* per scale: scores at every occasion, where the study asks for them */
    uint64_t *items;            /* forms, and those that lack an item; see om_run_items */
    uint64_t *joint;            /* persons by their state over several scales; NULL where nobody asks */
    struct om_value_counts *described; /* per --describe column */
    uint8_t *code;                     /* gathered answers, a row a person: as om_run_share.turn says */
    size_t capacity; /* persons code has room for: few at first, OM_GROUP_BLOCK in the end */
    size_t pending;  /* persons in code */
};

/* What one thread counts, and what it works with. */
struct om_run_share {
    struct om_dictionary group_key; /* the by values of each group, as bytes */
    struct om_run_group *group;     /* as they turn up */
    size_t n_groups, group_capacity;
    struct {
        uint32_t value, group;
    } recent[OM_RECENT]; /* with one --by column: group + 1 of values seen lately; 0: none */

    struct om_turn turn;   /* how the gathered rows look */
    const uint32_t *where; /* borrowed: as in om_person_block */
    uint32_t *total_at;    /* a copy of total_where there, [slot][total] */
    size_t n_slots;
    struct om_dictionary *total; /* per scale that arrives as a total: the values seen, numbered */
};

/* What the counts are for. */
enum om_run_use {
    OM_RUN_REPORT,
    OM_RUN_RECORDS, /* scores of single records: a diagnosis is given wherever it is determined */
    OM_RUN_TALLY,   /* any report later on: whatever the study of this run asks for */
    OM_RUN_SHARED,  /* the same, and this study's report at once: with the scores at every occasion */
};

struct om_run {
    const struct om_study *study;
    enum om_run_use use;
    struct om_panel *panel; /* what is being read; nobody looks at it once the counts are finished */

    /* What the counts are about; borrowed from the panel, or from what took its place. */
    const char *source; /* for messages: the name of the first input */
    const struct om_texts *occasion;
    const struct om_dictionary *by_value;    /* per --by and then per --describe column: the values */
    const struct om_instrument **instrument; /* owned */
    size_t n_instruments;

    struct om_run_scale *scale;
    size_t n_scales;
    struct om_run_share *share; /* per thread */
    size_t n_shares;
    struct om_run_group
        *group; /* all of them once om_run_finish has added them up: "all" first, then by name */
    size_t n_groups, group_capacity;
    size_t n_items; /* counts of items in each group */
    bool has_joint; /* a rule over several scales is asked for, and there are two of them */
    bool has_waves; /* scores at every occasion are kept */
    struct om_persons_count count;
};

/* Settles the scales of the panel's instruments: cut-offs and missing rule from the study. In a cohort a
 * diagnosis follows the missing rule, so that under `complete` it has the denominator of the total; for a
 * single record it is given wherever the blank answers cannot change it. */
om_status om_run_init(struct om_run *run, const struct om_study *study, struct om_panel *panel,
                      enum om_run_use use, struct om_error *err) OM_NODISCARD;
/* The same for counts that do not come from a panel: source, occasion and by_value of the run are set, and
 * the instruments are given. */
om_status om_run_init_bare(struct om_run *run, const struct om_study *study,
                           const struct om_instrument *const *instrument, size_t n,
                           struct om_error *err) OM_NODISCARD;
void om_run_release(struct om_run *run);

/* The group of person i, made when it is new; groups may move then. Errors: OM_ERR_USAGE for too many. */
om_status om_run_find_group(const struct om_run *run, struct om_run_share *share,
                            const struct om_person_block *block, size_t i, size_t *group,
                            struct om_error *err) OM_NODISCARD;
void om_run_group_release(const struct om_run *run, struct om_run_group *group);
void om_run_share_release(const struct om_run *run, struct om_run_share *share);

/* Counts what the groups of a share have gathered so far. */
om_status om_run_flush(const struct om_run *run, struct om_run_share *share,
                       struct om_error *err) OM_NODISCARD;

/* --- columns that are described (described.c) --- */

om_status om_run_count_described(const struct om_run *run, struct om_run_group *group,
                                 const struct om_person_block *block, size_t i,
                                 struct om_error *err) OM_NODISCARD;
om_status om_run_merge_described(const struct om_run *run, struct om_run_group *into,
                                 const struct om_run_group *from, struct om_error *err) OM_NODISCARD;
om_status om_run_add_described(const struct om_run *run, struct om_run_group *group, size_t column,
                               uint32_t value, uint64_t count, struct om_error *err) OM_NODISCARD;
void om_run_release_described(const struct om_run *run, struct om_run_group *group);

/* --- scales that arrive as totals (totals.c) --- */

/* The levels of n persons at one slot, numbered as the share has seen their values, and whether there is
 * anything. Errors: OM_ERR_NOMEM, OM_ERR_PANEL for too many different values. */
om_status om_run_total_levels(const struct om_run *run, struct om_run_share *share, size_t scale, size_t slot,
                              const uint8_t *code, size_t n, uint16_t *level, uint8_t *present,
                              struct om_error *err) OM_NODISCARD;
/* The number of one total, as the share has seen them. Errors as above. */
om_status om_run_total_number(const struct om_run *run, struct om_run_share *share, size_t scale,
                              uint64_t total, uint16_t *level, struct om_error *err) OM_NODISCARD;
/* When all persons have been counted: makes the scorers from the values that all shares have seen, and brings
 * the tables to their levels. */
om_status om_run_settle_totals(struct om_run *run, struct om_error *err) OM_NODISCARD;

/* An om_person_fn whose context is a struct om_run *. */
om_status om_run_consume(void *run, size_t thread, const struct om_person_block *block, struct om_error *err);

/* Names and sorts the groups and puts "all", their sum, first. Errors: OM_ERR_INTERNAL when the sums do not
 * agree. */
om_status om_run_finish(struct om_run *run, struct om_error *err) OM_NODISCARD;

/* Fails with OM_ERR_PANEL when no record could be used. source: the name of the input. */
om_status om_check_records(const char *source, uint64_t read, uint64_t scored,
                           struct om_error *err) OM_NODISCARD;

#endif
