/*
 * From item codes to scores.
 *
 * A score takes few values; each is a level. A scorer knows the levels of one scale in ascending order, with
 * their exact values, bands and screening status, and turns blocks of item codes into level numbers. Nothing
 * is rounded.
 */
#ifndef OMSTAT_SCORE_H
#define OMSTAT_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <omstat/instrument.h>
#include <omstat/status.h>

enum om_missing_rule {
    /* Every item answered, or "does not apply" where the instrument offers that. */
    OM_MISSING_COMPLETE,
    /* The scale's own rule: in a sum, so many blank answers are made up for; a symptom count or diagnosis is
     * given where the blank answers cannot change it, whatever they would have been. */
    OM_MISSING_PRORATE,
};

enum {
    OM_SCORE_BLOCK = 1024, /* records scored in one call, at most */
    OM_LEVELS_MAX = 65000, /* levels of a scale, at most */
};

/* Why there is no score. */
enum om_reason {
    OM_REASON_SCORED = 0,
    OM_REASON_NO_FORM,        /* no answer to any item of the instrument */
    OM_REASON_INVALID,        /* an answer that is not allowed */
    OM_REASON_BLANK,          /* too many blank or declined answers */
    OM_REASON_NOT_APPLICABLE, /* nothing is blank, but too few items apply, often none */
    OM_REASON_UNDETERMINED,   /* a diagnosis that the missing answers could change */
};

/* "", "no answers", "invalid answer", ... Static storage. */
OM_API const char *om_reason_text(enum om_reason reason);

struct om_level {
    int64_t value; /* score * unit */
    int band;      /* index into the scale's bands; -1 = it has none */
    bool positive; /* at or beyond the cut-off in force; false when there is none */
    bool remitted; /* below the scale's remission threshold */
};

struct om_scorer {
    const struct om_instrument *instrument; /* borrowed */
    const struct om_scale *scale;           /* borrowed */
    enum om_missing_rule missing_rule;
    int64_t unit;           /* a score is level.value / unit */
    struct om_level *level; /* ascending value */
    size_t n_levels;        /* level number n_levels means: no score */
    bool has_cutoff;
    struct om_fraction cutoff; /* in force */

    uint8_t item[OM_ITEMS_MAX]; /* the items of the scale, 0-based in the instrument */
    int max_blank;

    /* Private. */
    uint16_t *table; /* [blank][answered][sum]: level number */
    size_t n_sums;
    enum { OM_WAY_LONG, OM_WAY_PLAIN, OM_WAY_TABLE, OM_WAY_COUNT, OM_WAY_CLASS } way;
    uint8_t flip[OM_ITEMS_MAX], base[OM_ITEMS_MAX]; /* (code ^ flip) + base are the points of an item */
};

/* Prepares the scale. cutoff NULL = the scale's default one. Errors: OM_ERR_DEFINITION when the scale has
 * more than OM_LEVELS_MAX levels or its fractions have no common denominator, OM_ERR_NOMEM. */
OM_API OM_NODISCARD om_status om_scorer_new(const struct om_instrument *instrument,
                                            const struct om_scale *scale, enum om_missing_rule missing_rule,
                                            const struct om_fraction *cutoff, struct om_scorer **out,
                                            struct om_error *err);
/* The same for a scale that arrives as a total: its levels are the values seen, in any order and each at
 * least once. Errors: OM_ERR_PANEL for more than OM_LEVELS_MAX different ones, or when the largest has too
 * many digits to be counted in the smallest unit; OM_ERR_NOMEM. om_scorer_run is not for it. */
OM_API OM_NODISCARD om_status om_scorer_of_totals(const struct om_instrument *instrument,
                                                  const struct om_fraction *cutoff,
                                                  const struct om_fraction *value, size_t n,
                                                  struct om_scorer **out, struct om_error *err);
/* What a score is judged to be, whether or not a level has it; value is 0. */
OM_API struct om_level om_scorer_judge(const struct om_scorer *scorer, struct om_fraction score);
/* The level with exactly this value; n_levels when there is none. */
OM_API size_t om_scorer_find(const struct om_scorer *scorer, struct om_fraction value);
/* Accepts NULL. */
OM_API void om_scorer_free(struct om_scorer *scorer);

/*
 * Scores n <= OM_SCORE_BLOCK records. code[i] is the column of item i of the instrument (all of its items,
 * not only the scale's), one byte a record. Writes level numbers to level[0..n), and the reason where there
 * is no score to reason[0..n) (may be NULL). Pure; one scorer may serve several threads.
 */
OM_API void om_scorer_run(const struct om_scorer *scorer, const uint8_t *const *code, size_t n,
                          uint16_t *level, uint8_t *reason);

/* Per record, how many items of the scale have an answer. Columns as above. */
OM_API void om_scorer_answered(const struct om_scorer *scorer, const uint8_t *const *code, size_t n,
                               uint8_t *answered);

/* Per record, 1 where there is a form: any item of the instrument that is not a plain blank. Columns as
 * above. */
OM_API void om_form_present(const struct om_instrument *instrument, const uint8_t *const *code, size_t n,
                            uint8_t *present);

/* Is a level at or beyond a threshold other than the one in force? Looks at the score after the scale's
 * rounding. */
OM_API bool om_scorer_reaches(const struct om_scorer *scorer, size_t level, struct om_fraction cutoff);

/* The same of any score of a scale. */
OM_API bool om_scale_reaches(const struct om_scale *scale, struct om_fraction score,
                             struct om_fraction cutoff);

/* Scores every worked example of the definition, under the rule it names. Errors: OM_ERR_DEFINITION with the
 * line of the example, what was expected and what came out. */
OM_API OM_NODISCARD om_status om_instrument_verify(const struct om_instrument *instrument,
                                                   struct om_error *err);

#endif
