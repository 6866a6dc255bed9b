#include "score/decoded.h"
#include "score/levels.h"
#include "kernels/items.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static const char *const reasons[] = {
    [OM_REASON_SCORED] = "",
    [OM_REASON_NO_FORM] = "no answers",
    [OM_REASON_INVALID] = "invalid answer",
    [OM_REASON_BLANK] = "too many blank answers",
    [OM_REASON_NOT_APPLICABLE] = "too few items apply",
    [OM_REASON_UNDETERMINED] = "undetermined: the blank answers could change it",
};

const char *
om_reason_text(enum om_reason reason)
{
    size_t i = (size_t)reason;
    return i < sizeof reasons / sizeof reasons[0] ? reasons[i] : "";
}

static struct om_scorer *
make_scorer(const struct om_instrument *instrument, const struct om_scale *scale,
            const struct om_fraction *cutoff)
{
    const struct om_cutoff *usual = om_scale_default_cutoff(scale);
    struct om_scorer *scorer = om_calloc(1, sizeof *scorer);
    if (!scorer)
        return NULL;
    scorer->instrument = instrument;
    scorer->scale = scale;
    scorer->has_cutoff = cutoff || usual;
    if (scorer->has_cutoff)
        scorer->cutoff = cutoff ? *cutoff : usual->at;
    return scorer;
}

om_status
om_scorer_of_totals(const struct om_instrument *instrument, const struct om_fraction *cutoff,
                    const struct om_fraction *value, size_t n, struct om_scorer **out, struct om_error *err)
{
    struct om_scorer *scorer = make_scorer(instrument, &instrument->scale[0], cutoff);
    if (!scorer)
        return om_fail_memory(err);
    om_status status = om_scorer_take_levels(scorer, value, n, err);
    if (status == OM_OK)
        *out = scorer;
    else
        om_scorer_free(scorer);
    return status;
}

om_status
om_scorer_new(const struct om_instrument *instrument, const struct om_scale *scale,
              enum om_missing_rule missing_rule, const struct om_fraction *cutoff, struct om_scorer **out,
              struct om_error *err)
{
    struct om_scorer *scorer = make_scorer(instrument, scale, cutoff);
    if (!scorer)
        return om_fail_memory(err);
    scorer->missing_rule = missing_rule;
    scorer->max_blank = missing_rule == OM_MISSING_PRORATE ? scale->max_blank : 0;
    size_t n = 0;
    for (size_t i = 0; i < instrument->n_items; i++)
        if (scale->items >> i & 1)
            scorer->item[n++] = (uint8_t)i;
    om_status status = om_scorer_build_levels(scorer, err);
    if (status != OM_OK) {
        om_scorer_free(scorer);
        return status;
    }
    om_scorer_choose(scorer);
    *out = scorer;
    return OM_OK;
}

void
om_scorer_free(struct om_scorer *scorer)
{
    if (!scorer)
        return;
    om_free(scorer->level);
    om_free(scorer->table);
    om_free(scorer);
}

/* The scale's own columns, in item order. */
static void
pick_columns(const struct om_scorer *scorer, const uint8_t *const *code, const uint8_t **column)
{
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        column[i] = code[scorer->item[i]];
}

/* "Does not apply" is an answer only where the instrument offers it. */
static bool
is_allowed(const struct om_instrument *instrument, uint8_t c)
{
    if (c < OM_CODE_BLANK)
        return c <= OM_CODE_MAX && instrument->allowed[c];
    return c == OM_CODE_NA ? instrument->has_na : c < OM_CODE_INVALID;
}

/* Marks records with an answer that is not allowed in any item of the scale. */
static void
find_invalid(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint8_t *invalid)
{
    uint8_t wrong[256];
    for (size_t c = 0; c < sizeof wrong; c++)
        wrong[c] = !is_allowed(scorer->instrument, (uint8_t)c);
    memset(invalid, 0, n);
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        for (size_t r = 0; r < n; r++)
            invalid[r] |= wrong[column[i][r]];
}

/* Does the instrument leave out a code between its lowest and its highest? */
static bool
has_gaps(const struct om_instrument *instrument)
{
    for (int c = instrument->minimum; c <= instrument->maximum; c++)
        if (!instrument->allowed[c])
            return true;
    return false;
}

static uint8_t
reason_of(const struct om_scorer *scorer, size_t answered, size_t na, size_t invalid)
{
    if (invalid)
        return OM_REASON_INVALID;
    return answered + na == scorer->scale->n_items ? OM_REASON_NOT_APPLICABLE : OM_REASON_BLANK;
}

static void
run_sum(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint16_t *level,
        uint8_t *reason)
{
    uint16_t sum[OM_SCORE_BLOCK];
    uint8_t answered[OM_SCORE_BLOCK], na[OM_SCORE_BLOCK], invalid[OM_SCORE_BLOCK];
    struct om_item_counts counts = {.sum = sum, .answered = answered, .na = na, .invalid = invalid};
    struct om_item_rule rule[OM_ITEMS_MAX];
    size_t k = scorer->scale->n_items;
    for (size_t i = 0; i < k; i++)
        rule[i] = (struct om_item_rule){.minimum = (uint8_t)scorer->instrument->minimum,
                                        .maximum = (uint8_t)scorer->instrument->maximum,
                                        .reversed = scorer->instrument->item[scorer->item[i]].reversed};
    om_kernel_sum(column, rule, k, n, &counts);
    if (has_gaps(scorer->instrument)) /* the kernel knows only the lowest and the highest code */
        find_invalid(scorer, column, n, invalid);
    for (size_t r = 0; r < n; r++) {
        invalid[r] |= na[r] && !scorer->instrument->has_na;
        size_t blank = k - answered[r] - na[r] - invalid[r];
        bool usable = invalid[r] == 0 && blank <= (size_t)scorer->max_blank;
        level[r] = usable ? scorer->table[om_scorer_table_index(scorer, blank, answered[r], sum[r])]
                          : (uint16_t)scorer->n_levels;
        reason[r] = level[r] < scorer->n_levels ? OM_REASON_SCORED
                                                : reason_of(scorer, answered[r], na[r], invalid[r]);
    }
}

/* Counts the items of the scale that are blank or declined, and those that do not apply. */
static void
count_missing(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint8_t *blank,
              uint8_t *na)
{
    memset(blank, 0, n);
    memset(na, 0, n);
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        for (size_t r = 0; r < n; r++) {
            uint8_t c = column[i][r];
            blank[r] = (uint8_t)(blank[r] + (c == OM_CODE_BLANK || c == OM_CODE_DECLINED));
            na[r] = (uint8_t)(na[r] + (c == OM_CODE_NA));
        }
}

/* Levels from what is sure and what is possible: a level only where the two agree, and under the complete
 * rule only where nothing is blank. */
static void
settle(const struct om_scorer *scorer, const uint8_t *const *column, const uint8_t *sure,
       const uint8_t *possible, size_t n, uint16_t *level, uint8_t *reason)
{
    uint8_t invalid[OM_SCORE_BLOCK], blank[OM_SCORE_BLOCK], na[OM_SCORE_BLOCK];
    find_invalid(scorer, column, n, invalid);
    count_missing(scorer, column, n, blank, na);
    for (size_t r = 0; r < n; r++) {
        size_t n_items = scorer->scale->n_items;
        bool incomplete = scorer->missing_rule == OM_MISSING_COMPLETE && blank[r] > 0;
        reason[r] = invalid[r]               ? OM_REASON_INVALID
                    : na[r] == n_items       ? OM_REASON_NOT_APPLICABLE
                    : incomplete             ? OM_REASON_BLANK
                    : sure[r] != possible[r] ? OM_REASON_UNDETERMINED
                                             : OM_REASON_SCORED;
        level[r] = reason[r] == OM_REASON_SCORED ? sure[r] : (uint16_t)scorer->n_levels;
    }
}

static void
run_count(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint16_t *level,
          uint8_t *reason)
{
    uint8_t endorsed[OM_ITEMS_MAX];
    uint8_t sure[OM_SCORE_BLOCK], possible[OM_SCORE_BLOCK];
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        endorsed[i] = scorer->scale->endorsed[scorer->item[i]];
    om_kernel_endorsed(column, endorsed, scorer->scale->n_items, n, sure, possible);
    settle(scorer, column, sure, possible, n, level, reason);
}

/* ANDs into holds[r] whether the criterion is met for sure, into may whether it could be. */
static void
apply_criterion(const struct om_scorer *scorer, const struct om_criterion *criterion,
                const uint8_t *const *code, size_t n, uint8_t *holds, uint8_t *may)
{
    const uint8_t *column[OM_ITEMS_MAX];
    uint8_t endorsed[OM_ITEMS_MAX];
    uint8_t sure[OM_SCORE_BLOCK], possible[OM_SCORE_BLOCK];
    size_t k = 0;
    for (size_t i = 0; i < scorer->instrument->n_items; i++)
        if (criterion->items >> i & 1) {
            column[k] = code[i];
            endorsed[k++] = scorer->scale->endorsed[i];
        }
    om_kernel_endorsed(column, endorsed, k, n, sure, possible);
    for (size_t r = 0; r < n; r++) {
        holds[r] &= sure[r] >= criterion->at_least;
        may[r] &= possible[r] >= criterion->at_least;
    }
}

/*
 * The class is the first, from the most severe, whose criteria all hold. Criteria only ask for enough
 * endorsed items, so endorsing more can only make the class more severe: if it is the same with no blank
 * answer endorsed and with all of them endorsed, it is the same whatever they are. So they are two rankings,
 * and a level where they agree.
 */
static void
run_class(const struct om_scorer *scorer, const uint8_t *const *column, const uint8_t *const *code, size_t n,
          uint16_t *level, uint8_t *reason)
{
    const struct om_scale *scale = scorer->scale;
    uint8_t sure[OM_SCORE_BLOCK] = {0}, possible[OM_SCORE_BLOCK] = {0};
    uint8_t holds[OM_SCORE_BLOCK], may[OM_SCORE_BLOCK];
    for (size_t rank = 0; rank < scale->n_classes;
         rank++) { /* least severe first: the last that holds stays */
        const struct om_class *class_ = &scale->class_[scale->n_classes - 1 - rank];
        memset(holds, 1, n);
        memset(may, 1, n);
        for (size_t c = 0; c < class_->n_criteria; c++)
            apply_criterion(scorer, &class_->criterion[c], code, n, holds, may);
        for (size_t r = 0; r < n; r++) {
            sure[r] = holds[r] ? (uint8_t)rank : sure[r];
            possible[r] = may[r] ? (uint8_t)rank : possible[r];
        }
    }
    settle(scorer, column, sure, possible, n, level, reason);
}

void
om_form_present(const struct om_instrument *instrument, const uint8_t *const *code, size_t n,
                uint8_t *present)
{
    memset(present, 0, n);
    om_kernel_present(code, instrument->n_items, n, present);
}

void
om_scorer_answered(const struct om_scorer *scorer, const uint8_t *const *code, size_t n, uint8_t *answered)
{
    const uint8_t *column[OM_ITEMS_MAX];
    pick_columns(scorer, code, column);
    om_kernel_answered(column, scorer->scale->n_items, n, answered);
}

/* Is every item of the instrument a plain blank? */
static bool
is_no_form(const struct om_instrument *instrument, const uint8_t *const *code, size_t r)
{
    size_t i = 0;
    while (i < instrument->n_items && code[i][r] == OM_CODE_BLANK)
        i++;
    return i == instrument->n_items;
}

void
om_scorer_run(const struct om_scorer *scorer, const uint8_t *const *code, size_t n, uint16_t *level,
              uint8_t *reason)
{
    const uint8_t *column[OM_ITEMS_MAX];
    uint8_t unused[OM_SCORE_BLOCK];
    uint8_t *why = reason ? reason : unused;
    pick_columns(scorer, code, column);
    if (om_scale_is_sum(scorer->scale))
        run_sum(scorer, column, n, level, why);
    else if (scorer->scale->combine == OM_COMBINE_COUNT)
        run_count(scorer, column, n, level, why);
    else
        run_class(scorer, column, code, n, level, why);
    for (size_t r = 0; r < n; r++)
        if (column[0][r] == OM_CODE_BLANK && is_no_form(scorer->instrument, code, r)) {
            level[r] = (uint16_t)scorer->n_levels; /* nothing was answered, so there is no diagnosis either */
            why[r] = OM_REASON_NO_FORM;
        }
}
