/*
 * Scores many forms with the library and with a plain scorer that knows nothing of it, and compares
 * everything.
 *
 * A plain scorer is written in the test from the published rules: one form at a time, loops, whole numbers.
 * The forms pass through om_scorer_run in blocks, as in a run.
 */
#ifndef OM_TESTS_SWEEP_H
#define OM_TESTS_SWEEP_H

#include "score/decoded.h"
#include "support/support.h"

#include <omstat/instrument.h>
#include <omstat/score.h>
#include <string.h>

/* What a form must score. */
struct expected {
    enum om_reason reason;
    int64_t num, den; /* the score, when reason is OM_REASON_SCORED */
    const char *band; /* NULL: it has none */
    bool positive, remitted;
};

typedef struct expected (*plain_fn)(const uint8_t *row, bool prorate);

enum { SWEEP_ITEMS = 20, SWEEP_CHECKS = 16, LEVELS = 1024 };

struct check {
    const char *what; /* instrument.scale */
    struct om_scorer *scorer;
    plain_fn plain;
    bool prorate;
    size_t column[OM_ITEMS_MAX]; /* of each item of the instrument in the row */
    uint64_t scored;
    bool reached[LEVELS]; /* a form came out at this level */
};

struct sweep {
    struct om_registry *registry;
    size_t n_items; /* in a row */
    struct check check[SWEEP_CHECKS];
    size_t n_checks;
    uint8_t row[OM_SCORE_BLOCK][SWEEP_ITEMS];
    uint8_t column[SWEEP_ITEMS][OM_SCORE_BLOCK];
    size_t n; /* rows waiting */
    uint64_t forms;
    uint64_t random;
};

static inline void
sweep_init(struct sweep *sweep, size_t n_items)
{
    struct om_error err;
    memset(sweep, 0, sizeof *sweep);
    sweep->n_items = n_items;
    sweep->random = 20220114;
    assert_ok(om_registry_new(&sweep->registry, &err));
}

/* Levels ascend, each once, and there is room to note which were reached. */
static inline void
assert_ascending(const struct om_scorer *scorer)
{
    assert_true(scorer->unit > 0);
    assert_in_range(scorer->n_levels, 1, LEVELS);
    for (size_t l = 1; l < scorer->n_levels; l++)
        assert_true(scorer->level[l - 1].value < scorer->level[l].value);
}

/* Checks a scale under both missing rules. A short form reads its parent's columns of the row. */
static inline void
sweep_add(struct sweep *sweep, const char *instrument, const char *scale, plain_fn plain)
{
    struct om_error err;
    const struct om_instrument *in = om_registry_find(sweep->registry, instrument);
    assert_non_null(in);
    for (int prorate = 0; prorate < 2; prorate++) {
        assert_true(sweep->n_checks < SWEEP_CHECKS);
        struct check *check = &sweep->check[sweep->n_checks++];
        *check = (struct check){.what = scale, .plain = plain, .prorate = prorate == 1};
        assert_ok(om_scorer_new(in, om_instrument_scale(in, scale),
                                prorate ? OM_MISSING_PRORATE : OM_MISSING_COMPLETE, NULL, &check->scorer,
                                &err));
        assert_ascending(check->scorer);
        for (size_t i = 0; i < in->n_items; i++)
            check->column[i] = i;
        for (size_t i = 0; in->parent && i < in->n_items; i++)
            check->column[i] = in->parent_item[i];
    }
}

static inline void
sweep_fail(const struct check *check, const uint8_t *row, size_t n_items, const char *why)
{
    print_error("%s %s, %s:", check->scorer->instrument->id, check->what,
                check->prorate ? "prorate" : "complete");
    for (size_t i = 0; i < n_items; i++)
        print_error(" %02x", row[i]);
    print_error("\n");
    fail_msg("%s", why);
}

static inline const char *
sweep_compare(const struct check *check, const struct expected *want, size_t level, uint8_t reason)
{
    const struct om_scorer *scorer = check->scorer;
    if (reason != want->reason)
        return "another reason";
    if (want->reason != OM_REASON_SCORED)
        return level == scorer->n_levels ? NULL : "a level beside a reason";
    if (level >= scorer->n_levels)
        return "no level";
    const struct om_level *got = &scorer->level[level];
    if (got->value * want->den != want->num * scorer->unit)
        return "another score";
    if ((got->band < 0) != !want->band)
        return "a band too much or missing";
    if (want->band && strcmp(scorer->scale->band[got->band].id, want->band) != 0)
        return "another band";
    if (got->positive != want->positive)
        return "another screening status";
    return got->remitted == want->remitted ? NULL : "another remission status";
}

/* The short way to the levels (score/decoded.h) gives the same. It takes decoded answers only: what is not
 * allowed is invalid there. */
static inline void
sweep_short_way(const struct sweep *sweep, const struct check *check, const uint16_t *level)
{
    static uint8_t column[OM_ITEMS_MAX][OM_DECODED_ROWS];
    const struct om_instrument *in = check->scorer->instrument;
    const uint8_t *code[OM_ITEMS_MAX];
    for (size_t from = 0, n; from < sweep->n; from += n) {
        uint16_t got[OM_DECODED_ROWS];
        uint8_t complete[OM_DECODED_ROWS];
        n = sweep->n - from < OM_DECODED_ROWS ? sweep->n - from : OM_DECODED_ROWS;
        for (size_t i = 0; i < in->n_items; i++) {
            code[i] = column[i];
            for (size_t r = 0; r < n; r++) {
                uint8_t c = sweep->row[from + r][check->column[i]];
                bool fine = c <= OM_CODE_MAX ? in->allowed[c] : c >= OM_CODE_BLANK && c <= OM_CODE_NA;
                column[i][r] = fine ? c : OM_CODE_INVALID;
            }
        }
        om_scorer_levels(check->scorer, code, n, got, complete);
        for (size_t r = 0; r < n; r++)
            if (got[r] != level[from + r])
                sweep_fail(check, sweep->row[from + r], sweep->n_items, "another level by the short way");
    }
}

static inline void
sweep_flush(struct sweep *sweep)
{
    uint16_t level[OM_SCORE_BLOCK];
    uint8_t reason[OM_SCORE_BLOCK];
    for (size_t r = 0; r < sweep->n; r++)
        for (size_t i = 0; i < sweep->n_items; i++)
            sweep->column[i][r] = sweep->row[r][i];
    for (size_t c = 0; c < sweep->n_checks; c++) {
        struct check *check = &sweep->check[c];
        const uint8_t *code[OM_ITEMS_MAX];
        for (size_t i = 0; i < check->scorer->instrument->n_items; i++)
            code[i] = sweep->column[check->column[i]];
        om_scorer_run(check->scorer, code, sweep->n, level, reason);
        sweep_short_way(sweep, check, level);
        for (size_t r = 0; r < sweep->n; r++) {
            struct expected want = check->plain(sweep->row[r], check->prorate);
            const char *why = sweep_compare(check, &want, level[r], reason[r]);
            if (why)
                sweep_fail(check, sweep->row[r], sweep->n_items, why);
            if (reason[r] == OM_REASON_SCORED) {
                check->scored++;
                check->reached[level[r]] = true;
            }
        }
    }
    sweep->forms += sweep->n;
    sweep->n = 0;
}

static inline void
sweep_row(struct sweep *sweep, const uint8_t *row)
{
    memcpy(sweep->row[sweep->n++], row, sweep->n_items);
    if (sweep->n == OM_SCORE_BLOCK)
        sweep_flush(sweep);
}

/* Every row whose items [first, first + n) run through the answers, the others as they are in row. */
static inline void
sweep_all(struct sweep *sweep, uint8_t *row, size_t first, size_t n, const uint8_t *answer, size_t n_answers)
{
    size_t digit[SWEEP_ITEMS] = {0}, i;
    do {
        for (i = 0; i < n; i++)
            row[first + i] = answer[digit[i]];
        sweep_row(sweep, row);
        for (i = 0; i < n && ++digit[i] == n_answers; i++)
            digit[i] = 0;
    } while (i < n);
    sweep_flush(sweep);
}

/* How many forms had a score: complete, then prorated. A number known beforehand, lest nothing was compared.
 */
static inline void
sweep_scored(const struct sweep *sweep, size_t nth, uint64_t complete, uint64_t prorated)
{
    assert_int_equal(sweep->check[2 * nth].scored, complete);
    assert_int_equal(sweep->check[2 * nth + 1].scored, prorated);
}

/* After all patterns: no level is there in vain. */
static inline void
sweep_reached(const struct sweep *sweep)
{
    for (size_t c = 0; c < sweep->n_checks; c++)
        for (size_t l = 0; l < sweep->check[c].scorer->n_levels; l++)
            if (!sweep->check[c].reached[l])
                fail_msg("%s %s: nobody reaches level %zu", sweep->check[c].scorer->instrument->id,
                         sweep->check[c].what, l);
}

/* 0 ... below - 1: xorshift64, the same numbers in every run. */
static inline size_t
sweep_random(struct sweep *sweep, size_t below)
{
    sweep->random ^= sweep->random << 13;
    sweep->random ^= sweep->random >> 7;
    sweep->random ^= sweep->random << 17;
    return (size_t)(sweep->random >> 33) % below;
}

static inline void
sweep_release(struct sweep *sweep)
{
    for (size_t c = 0; c < sweep->n_checks; c++)
        om_scorer_free(sweep->check[c].scorer);
    om_registry_free(sweep->registry);
}

/* --- what plain scorers share --------------------------------------------------------------------------- */

static inline struct expected
no_score(enum om_reason reason)
{
    return (struct expected){.reason = reason};
}

/* Of the n answers with codes 0 ... maximum: how many of each kind, and their sum. */
struct plain_counts {
    int answered, blank, na, invalid, untouched, sum;
};

static inline struct plain_counts
plain_count(const uint8_t *row, int n, int maximum, bool has_na)
{
    struct plain_counts c = {0};
    for (int i = 0; i < n; i++) {
        if (row[i] <= maximum) {
            c.answered++;
            c.sum += row[i];
        } else if (row[i] == 0x80 || row[i] == 0x81) { /* blank, declined */
            c.blank++;
        } else if (row[i] == 0x82 && has_na) {
            c.na++;
        } else {
            c.invalid++;
        }
        c.untouched += row[i] == 0x80;
    }
    return c;
}

/* floor(num / den + 1/2) of a score that is not negative. */
static inline int64_t
plain_half_up(int64_t num, int64_t den)
{
    return (2 * num + den) / (2 * den);
}

#endif
