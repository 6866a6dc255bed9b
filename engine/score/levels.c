#include "score/levels.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>

/*
 * The score of `answered` valid answers that add up to `sum`, with `blank` items missing and the others not
 * applicable:
 *
 *   sum:      sum * (answered + blank) / answered    blank items are made up for, items that do not apply are
 * not mean:     sum / answered percent:  100 * sum / (answered * highest code)
 */
static struct om_fraction
score_of(const struct om_scorer *scorer, int64_t blank, int64_t answered, int64_t sum)
{
    struct om_fraction f = {.num = sum, .den = answered};
    if (scorer->scale->combine == OM_COMBINE_SUM)
        f.num = sum * (answered + blank);
    if (scorer->scale->combine == OM_COMBINE_PERCENT) {
        f.num = 100 * sum;
        f.den = answered * scorer->instrument->maximum;
    }
    int64_t common = om_gcd(f.num, f.den);
    return (struct om_fraction){.num = f.num / common, .den = f.den / common};
}

struct visit {
    struct om_scorer *scorer;
    void *context;
    om_status (*at)(struct visit *visit, size_t index, struct om_fraction score, struct om_error *err);
};

/* Calls visit->at for every combination of counts and sum that has a score. */
static om_status
visit_scores(struct visit *visit, struct om_error *err)
{
    const struct om_scorer *scorer = visit->scorer;
    int k = (int)scorer->scale->n_items, low = scorer->instrument->minimum,
        high = scorer->instrument->maximum;
    int fewest = scorer->scale->min_answered > 1 ? scorer->scale->min_answered : 1;
    for (int blank = 0; blank <= scorer->max_blank; blank++)
        for (int answered = fewest; answered + blank <= k; answered++) {
            if (!scorer->instrument->has_na && answered + blank != k)
                continue;
            for (int sum = answered * low; sum <= answered * high; sum++)
                OM_TRY(visit->at(visit,
                                 om_scorer_table_index(scorer, (size_t)blank, (size_t)answered, (size_t)sum),
                                 score_of(scorer, blank, answered, sum), err));
        }
    return OM_OK;
}

struct scores {
    struct om_fraction *at;
    size_t n, capacity;
};

static om_status
collect_score(struct visit *visit, size_t index, struct om_fraction score, struct om_error *err)
{
    (void)index;
    struct scores *scores = visit->context;
    if (!om_grow(&scores->at, &scores->capacity, scores->n, sizeof *scores->at))
        return om_fail_memory(err);
    scores->at[scores->n++] = score;
    return OM_OK;
}

static int
compare_scores(const void *a, const void *b)
{
    return om_fraction_compare(*(const struct om_fraction *)a, *(const struct om_fraction *)b);
}

/* Ascending, each value once. */
static void
sort_unique(struct scores *scores)
{
    size_t kept = 0;
    if (scores->n)
        qsort(scores->at, scores->n, sizeof *scores->at, compare_scores);
    for (size_t i = 0; i < scores->n; i++)
        if (kept == 0 || om_fraction_compare(scores->at[i], scores->at[kept - 1]) != 0)
            scores->at[kept++] = scores->at[i];
    scores->n = kept;
}

/* Bands and thresholds look at the score after the scale's rounding. */
static struct om_fraction
judged(const struct om_scale *scale, struct om_fraction score)
{
    if (scale->rounding == OM_ROUND_HALF_UP)
        return (struct om_fraction){.num = om_fraction_round(score), .den = 1};
    return score;
}

/* Is a score as bad as the threshold, or worse? */
static bool
reaches(const struct om_scale *scale, struct om_fraction seen, struct om_fraction threshold)
{
    int side = om_fraction_compare(seen, threshold);
    return scale->direction == OM_HIGHER_WORSE ? side >= 0 : side <= 0;
}

bool
om_scale_reaches(const struct om_scale *scale, struct om_fraction score, struct om_fraction cutoff)
{
    return reaches(scale, judged(scale, score), cutoff);
}

bool
om_scorer_reaches(const struct om_scorer *scorer, size_t level, struct om_fraction cutoff)
{
    struct om_fraction score = {.num = scorer->level[level].value, .den = scorer->unit};
    return om_scale_reaches(scorer->scale, score, cutoff);
}

struct om_level
om_scorer_judge(const struct om_scorer *scorer, struct om_fraction score)
{
    const struct om_scale *scale = scorer->scale;
    struct om_fraction seen = judged(scale, score);
    struct om_level level = {.band = -1};
    for (size_t b = 0; b < scale->n_bands; b++)
        if (om_fraction_compare(seen, scale->band[b].from) >= 0)
            level.band = (int)b;
    level.positive = scorer->has_cutoff && reaches(scale, seen, scorer->cutoff);
    level.remitted = scale->has_remission && !reaches(scale, seen, scale->remission_below);
    return level;
}

static struct om_level
make_level(const struct om_scorer *scorer, struct om_fraction score)
{
    struct om_level level = om_scorer_judge(scorer, score);
    level.value = score.num * (scorer->unit / score.den);
    return level;
}

static om_status
set_levels(struct om_scorer *scorer, const struct scores *scores, struct om_error *err)
{
    if (scores->n > OM_LEVELS_MAX)
        return om_fail(err, OM_ERR_DEFINITION, "scale %s of %s can take %zu values, more than %d",
                       scorer->scale->id, scorer->instrument->id, scores->n, OM_LEVELS_MAX);
    scorer->unit = 1;
    for (size_t i = 0; i < scores->n; i++) {
        scorer->unit = om_lcm(scorer->unit, scores->at[i].den);
        if (scorer->unit == 0 || scorer->unit > INT64_C(1) << 32) {
            om_fail(err, OM_ERR_DEFINITION, "the scores of scale %s of %s have no usable common denominator",
                    scorer->scale->id, scorer->instrument->id);
            om_hint(err, "allow fewer blank answers (missing: max_blank)");
            return OM_ERR_DEFINITION;
        }
    }
    scorer->n_levels = scores->n;
    scorer->level = om_alloc(scores->n, sizeof *scorer->level);
    if (!scorer->level)
        return om_fail_memory(err);
    for (size_t i = 0; i < scores->n; i++)
        scorer->level[i] = make_level(scorer, scores->at[i]);
    return OM_OK;
}

om_status
om_scorer_take_levels(struct om_scorer *scorer, const struct om_fraction *value, size_t n,
                      struct om_error *err)
{
    const int64_t limit = INT64_C(1) << 53;
    struct scores scores = {.at = om_alloc(n + 1, sizeof *value), .n = n};
    if (!scores.at)
        return om_fail_memory(err);
    int64_t unit = 1, largest = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t common = om_gcd(value[i].num < 0 ? -value[i].num : value[i].num, value[i].den);
        scores.at[i] = (struct om_fraction){.num = value[i].num / common, .den = value[i].den / common};
        unit = om_lcm(unit, scores.at[i].den); /* of powers of ten, at most 10^9 */
        int64_t whole = (value[i].num < 0 ? -value[i].num : value[i].num) / value[i].den;
        largest = whole > largest ? whole : largest;
    }
    sort_unique(&scores);
    om_status status = OM_OK;
    if (scores.n > OM_LEVELS_MAX) {
        status = om_fail(err, OM_ERR_PANEL, "%s has more than %d different totals", scorer->instrument->name,
                         OM_LEVELS_MAX);
        om_hint(err, "round them, or check that the column holds scores");
    } else if (largest >= limit / unit) {
        status =
            om_fail(err, OM_ERR_PANEL, "the totals of %s have too many digits", scorer->instrument->name);
        om_hint(err, "round them: the largest, in units of the smallest decimal place, must be below 2^53");
    }
    if (status == OM_OK)
        status = set_levels(scorer, &scores, err);
    om_free(scores.at);
    return status;
}

size_t
om_scorer_find(const struct om_scorer *scorer, struct om_fraction value)
{
    size_t low = 0, high = scorer->n_levels;
    while (low < high) {
        size_t middle = (low + high) / 2;
        struct om_fraction at = {.num = scorer->level[middle].value, .den = scorer->unit};
        int order = om_fraction_compare(at, value);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return scorer->n_levels;
}

static om_status
file_level(struct visit *visit, size_t index, struct om_fraction score, struct om_error *err)
{
    (void)err;
    struct om_scorer *scorer = visit->scorer;
    int64_t value = score.num * (scorer->unit / score.den);
    size_t low = 0, high = scorer->n_levels;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        if (scorer->level[middle].value <= value)
            low = middle;
        else
            high = middle;
    }
    scorer->table[index] = (uint16_t)low;
    return OM_OK;
}

static om_status
build_sum(struct om_scorer *scorer, struct om_error *err)
{
    struct scores scores = {0};
    struct visit visit = {.scorer = scorer, .context = &scores, .at = collect_score};
    size_t k = scorer->scale->n_items;
    scorer->n_sums = k * (size_t)scorer->instrument->maximum + 1;
    om_status status = visit_scores(&visit, err);
    if (status == OM_OK) {
        sort_unique(&scores);
        status = set_levels(scorer, &scores, err);
    }
    om_free(scores.at);
    if (status != OM_OK)
        return status;
    size_t n = ((size_t)scorer->max_blank + 1) * (k + 1) * scorer->n_sums;
    scorer->table = om_alloc(n, sizeof *scorer->table);
    if (!scorer->table)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        scorer->table[i] = (uint16_t)scorer->n_levels;
    visit.at = file_level;
    return visit_scores(&visit, err);
}

/* Counts 0..k, or classes 0..n-1 from the least to the most severe. */
static om_status
build_whole(struct om_scorer *scorer, size_t n, struct om_error *err)
{
    struct scores scores = {0};
    struct visit visit = {.context = &scores};
    om_status status = OM_OK;
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = collect_score(&visit, 0, (struct om_fraction){.num = (int64_t)i, .den = 1}, err);
    if (status == OM_OK)
        status = set_levels(scorer, &scores, err);
    om_free(scores.at);
    return status;
}

om_status
om_scorer_build_levels(struct om_scorer *scorer, struct om_error *err)
{
    if (scorer->scale->combine == OM_COMBINE_COUNT)
        return build_whole(scorer, scorer->scale->n_items + 1, err);
    if (scorer->scale->combine == OM_COMBINE_CLASS)
        return build_whole(scorer, scorer->scale->n_classes, err);
    return build_sum(scorer, err);
}
