/*
 * Nearly every form is complete, and nearly every scale is a sum of small codes. So there are short ways for
 * these, and what they cannot do goes the long way (score.c). The tests compare the two.
 */
#include "score/decoded.h"
#include "kernels/kernels.h"
#include "score/levels.h"

#include <string.h>

_Static_assert((int)OM_DECODED_ROWS == (int)OM_COLUMN_ROWS, "a block of the kernels");

/* Is the level of a complete form its sum, less the lowest one? */
static bool
is_plain(const struct om_scorer *scorer)
{
    size_t k = scorer->scale->n_items, low = k * (size_t)scorer->instrument->minimum;
    for (size_t sum = low; sum < scorer->n_sums; sum++)
        if (scorer->table[om_scorer_table_index(scorer, 0, k, sum)] != sum - low)
            return false;
    return scorer->max_blank == 0 && !scorer->instrument->has_na;
}

static bool
asks_own_items(const struct om_scorer *scorer)
{
    const struct om_scale *scale = scorer->scale;
    for (size_t c = 0; c < scale->n_classes; c++)
        for (size_t i = 0; i < scale->class_[c].n_criteria; i++)
            if (scale->class_[c].criterion[i].items & ~scale->items)
                return false;
    return true;
}

void
om_scorer_choose(struct om_scorer *scorer)
{
    const struct om_instrument *instrument = scorer->instrument;
    bool complete = scorer->missing_rule == OM_MISSING_COMPLETE && !instrument->has_na;
    for (size_t i = 0; i < scorer->scale->n_items; i++) {
        bool reversed = instrument->item[scorer->item[i]].reversed;
        scorer->flip[i] = reversed ? 0xff : 0; /* ~c = -c - 1 */
        scorer->base[i] = (uint8_t)(reversed ? instrument->minimum + instrument->maximum + 1 : 0);
    }
    scorer->way = OM_WAY_LONG;
    if (om_scale_is_sum(scorer->scale) && scorer->n_sums <= 256)
        scorer->way = is_plain(scorer) ? OM_WAY_PLAIN : OM_WAY_TABLE;
    else if (scorer->scale->combine == OM_COMBINE_COUNT && complete)
        scorer->way = OM_WAY_COUNT;
    else if (scorer->scale->combine == OM_COMBINE_CLASS && complete && asks_own_items(scorer))
        scorer->way = OM_WAY_CLASS;
}

static void
run_plain(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint16_t *level,
          uint8_t *complete)
{
    const struct om_column_points points = {scorer->flip, scorer->base};
    const struct om_column_result out = {level, complete};
    size_t k = scorer->scale->n_items;
    om_kernels_active()->column_sums(column, &points, k, n,
                                     (uint16_t)(k * (size_t)scorer->instrument->minimum),
                                     (uint16_t)scorer->n_levels, &out);
}

/* Nobody who answered nothing has a score: place 0 of the table says so for all who have none. */
static void
run_table(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint16_t *level,
          uint8_t *complete)
{
    const struct om_column_points points = {scorer->flip, scorer->base};
    const struct om_column_table table = {.n_sums = (uint32_t)scorer->n_sums,
                                          .max_blank = (uint32_t)scorer->max_blank,
                                          .has_na = scorer->instrument->has_na};
    uint32_t index[OM_DECODED_ROWS];
    om_kernels_active()->column_index(column, &points, scorer->scale->n_items, n, &table, index, complete);
    for (size_t r = 0; r < n; r++)
        level[r] = scorer->table[index[r]];
}

static void
run_count(const struct om_scorer *scorer, const uint8_t *const *column, size_t n, uint16_t *level,
          uint8_t *complete)
{
    uint8_t threshold[OM_ITEMS_MAX], endorsed[OM_DECODED_ROWS];
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        threshold[i] = scorer->scale->endorsed[scorer->item[i]];
    om_kernels_active()->column_endorsed(column, threshold, scorer->scale->n_items, n, endorsed, complete);
    om_kernels_active()->column_number(endorsed, complete, n, (uint16_t)scorer->n_levels, level);
}

static void
apply_criterion(const struct om_scorer *scorer, const struct om_criterion *criterion,
                const uint8_t *const *code, size_t n, uint8_t *holds)
{
    const uint8_t *column[OM_ITEMS_MAX];
    uint8_t threshold[OM_ITEMS_MAX];
    size_t k = 0;
    for (uint64_t items = criterion->items; items; items &= items - 1) {
        size_t i = (size_t)__builtin_ctzll(items);
        column[k] = code[i];
        threshold[k++] = scorer->scale->endorsed[i];
    }
    om_kernels_active()->column_criterion(column, threshold, k, n, (uint8_t)criterion->at_least, holds);
}

/* The class is the first, from the most severe, whose criteria all hold. */
static void
run_class(const struct om_scorer *scorer, const uint8_t *const *column, const uint8_t *const *code, size_t n,
          uint16_t *level, uint8_t *complete)
{
    const struct om_scale *scale = scorer->scale;
    uint8_t value[OM_DECODED_ROWS] = {0}, holds[OM_DECODED_ROWS], unused[OM_DECODED_ROWS];
    uint8_t none[OM_ITEMS_MAX] = {0};
    om_kernels_active()->column_endorsed(column, none, scale->n_items, n, unused, complete);
    for (size_t rank = 1; rank < scale->n_classes; rank++) { /* the least severe one asks for nothing */
        const struct om_class *class_ = &scale->class_[scale->n_classes - 1 - rank];
        memset(holds, 0xff, sizeof holds);
        for (size_t c = 0; c < class_->n_criteria; c++)
            apply_criterion(scorer, &class_->criterion[c], code, n, holds);
        om_kernels_active()->column_rank(holds, n, (uint8_t)rank, value); /* the last that holds stays */
    }
    om_kernels_active()->column_number(value, complete, n, (uint16_t)scorer->n_levels, level);
}

static void
run_long(const struct om_scorer *scorer, const uint8_t *const *column, const uint8_t *const *code, size_t n,
         uint16_t *level, uint8_t *complete)
{
    uint8_t none[OM_ITEMS_MAX] = {0}, unused[OM_DECODED_ROWS];
    om_kernels_active()->column_endorsed(column, none, scorer->scale->n_items, n, unused, complete);
    om_scorer_run(scorer, code, n, level, NULL);
}

void
om_scorer_levels(const struct om_scorer *scorer, const uint8_t *const *code, size_t n, uint16_t *level,
                 uint8_t *complete)
{
    const uint8_t *column[OM_ITEMS_MAX];
    for (size_t i = 0; i < scorer->scale->n_items; i++)
        column[i] = code[scorer->item[i]];
    switch (scorer->way) {
    case OM_WAY_PLAIN:
        run_plain(scorer, column, n, level, complete);
        return;
    case OM_WAY_TABLE:
        run_table(scorer, column, n, level, complete);
        return;
    case OM_WAY_COUNT:
        run_count(scorer, column, n, level, complete);
        return;
    case OM_WAY_CLASS:
        run_class(scorer, column, code, n, level, complete);
        return;
    case OM_WAY_LONG:
        run_long(scorer, column, code, n, level, complete);
        return;
    }
}
