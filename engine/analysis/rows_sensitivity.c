/*
 * How much a rate depends on what was chosen: the points of a responder, the cut-off, and what is taken to
 * have become of those without a second score.
 */
#include "analysis/kept.h"
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/between.h>
#include <omstat/describe.h>
#include <omstat/table1.h>

#include <math.h>
#include <stdio.h>

/* --- thresholds on a scale ----------------------------------------------------------------------------- */

/* Thresholds are whole points, or hundredths where a score is a mean of answers or a total of that kind;
 * where there would be more than STEPS_MAX of them, every 2nd, 5th, 10th ... */
enum { STEPS_MAX = 100, FEW_POINTS = 10 };

struct grid {
    struct om_fraction low; /* the lowest score */
    struct om_fraction step;
    int64_t n; /* steps from the lowest to the highest score */
};

/* The range of the scale: of a total without one, that of all scores there are. */
static void
range_of(const struct om_run_scale *scale, struct om_fraction *low, struct om_fraction *high)
{
    const struct om_scorer *scorer = scale->scorer;
    *low = scale->info.scale->minimum;
    *high = scale->info.scale->maximum;
    if (!scale->info.scale->open_range || scorer->n_levels == 0)
        return;
    struct om_fraction first = {scorer->level[0].value, scorer->unit};
    struct om_fraction last = {scorer->level[scorer->n_levels - 1].value, scorer->unit};
    *low = (struct om_fraction){(int64_t)floor(om_fraction_value(first)), 1};
    *high = (struct om_fraction){(int64_t)ceil(om_fraction_value(last)), 1};
}

static struct grid
grid_of(const struct om_run_scale *scale)
{
    static const int64_t widths[] = {1, 2, 5};
    struct om_fraction low, high;
    range_of(scale, &low, &high);
    const double range = om_fraction_value(high) - om_fraction_value(low);
    const bool fine = scale->info.scale->combine == OM_COMBINE_MEAN ||
                      (scale->is_total && scale->scorer->unit > 1 && range < FEW_POINTS);
    const int64_t parts = fine ? 100 : 1;
    int64_t width = 1, ten = 1;
    for (size_t i = 1; range * (double)parts / (double)width > STEPS_MAX; i++) {
        ten *= i % 3 == 0 ? 10 : 1;
        width = widths[i % 3] * ten;
    }
    return (struct grid){
        .low = low, .step = {width, parts}, .n = (int64_t)(range * (double)parts / (double)width)};
}

/* A whole number of steps. */
static struct om_fraction
steps(const struct grid *grid, int64_t n)
{
    return (struct om_fraction){n * grid->step.num, grid->step.den};
}

static struct om_fraction
sum(struct om_fraction a, struct om_fraction b)
{
    return (struct om_fraction){a.num * b.den + b.num * a.den, a.den * b.den};
}

/* --- by the points of a responder ---------------------------------------------------------------------- */

static om_status
rows_points(struct om_view *view, const struct grid *grid, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    struct om_class_rule rule = {.id = OM_RULE_SHIFT,
                                 .change = {.rule = OM_RULE_SHIFT,
                                            .direction = scale->info.scale->direction,
                                            .unit = scale->scorer->unit}};
    view->row.rule = om_rule_id(OM_RULE_SHIFT);
    for (int64_t i = 1; i <= grid->n; i++) {
        uint64_t count[OM_CHANGE_UNDEFINED + 1] = {0}, n = 0;
        char statistic[64];
        rule.change.points = steps(grid, i);
        for (size_t c = 0; c < view->n_cells; c++) {
            const struct om_cell *cell = &view->cells[c];
            if (!om_view_includes(view, cell))
                continue;
            count[om_class_of(view, &rule, cell->first, cell->last)] += cell->count;
            n += cell->count;
        }
        const double points = om_fraction_value(rule.change.points);
        snprintf(statistic, sizeof statistic, "improved.%.10g", points);
        OM_TRY(om_add_rate(view, statistic, count[OM_CHANGE_IMPROVED], n, "better by so many points or more",
                           err));
        snprintf(statistic, sizeof statistic, "deteriorated.%.10g", points);
        OM_TRY(om_add_rate(view, statistic, count[OM_CHANGE_DETERIORATED], n,
                           "worse by so many points or more", err));
    }
    view->row.rule = "";
    return OM_OK;
}

/* --- by the cut-off ------------------------------------------------------------------------------------ */

/* Levels ascend: the first that reaches the cut-off, or, where `low` scores are positive, the first that does
 * not. */
static size_t
edge_of(const struct om_scorer *scorer, struct om_fraction cutoff, bool low)
{
    size_t from = 0, to = scorer->n_levels;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (om_scorer_reaches(scorer, middle, cutoff) != low)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

/* Who is positive at first by a cut-off and not at last, and the reverse. */
static om_status
rows_cutoff(struct om_view *view, struct om_fraction cutoff, bool low, struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    uint64_t before = 0, left = 0, not_before = 0, entered = 0;
    char statistic[64];
    const size_t edge = edge_of(scorer, cutoff, low);
    for (size_t c = 0; c < view->n_cells; c++) {
        const struct om_cell *cell = &view->cells[c];
        if (!om_view_includes(view, cell))
            continue;
        bool first = (cell->first >= edge) != low, last = (cell->last >= edge) != low;
        before += first ? cell->count : 0;
        left += first && !last ? cell->count : 0;
        not_before += first ? 0 : cell->count;
        entered += !first && last ? cell->count : 0;
    }
    snprintf(statistic, sizeof statistic, "left.%.10g", om_fraction_value(cutoff));
    OM_TRY(om_add_rate(view, statistic, left, before, "positive by this cut-off at first, not at last", err));
    snprintf(statistic, sizeof statistic, "entered.%.10g", om_fraction_value(cutoff));
    return om_add_rate(view, statistic, entered, not_before,
                       "not positive by this cut-off at first, but at last", err);
}

/* Every cut-off that divides the scale. Only of everyone: those positive by one cut-off are no population for
 * another. */
static om_status
rows_cutoffs(struct om_view *view, const struct grid *grid, struct om_error *err)
{
    const bool low = om_view_scale(view)->info.scale->direction == OM_HIGHER_BETTER;
    om_status status = OM_OK;
    view->row.rule = om_rule_id(OM_RULE_SCREEN);
    for (int64_t i = 1; i <= grid->n && status == OM_OK; i++)
        status = rows_cutoff(view, sum(grid->low, steps(grid, low ? i - 1 : i)), low, err);
    view->row.rule = "";
    return status;
}

/* --- those without a second score ---------------------------------------------------------------------- */

/* People with a first score in the population, by what a rule says of them. */
struct outcome {
    uint64_t improved, deteriorated, paired; /* with both scores */
    uint64_t lost;                           /* without a second one */
};

/* A person of the population with a first score? */
static bool
started(const struct om_view *view, const struct om_cell *cell)
{
    if (om_view_is_none(view, cell->first))
        return false;
    return view->population == OM_POPULATION_ALL || om_view_scale(view)->scorer->level[cell->first].positive;
}

/* Where the rule would say nothing whatever the second score, the first one tells. */
static struct outcome
outcome_of(const struct om_view *view, const struct om_class_rule *rule)
{
    struct outcome out = {0};
    for (size_t c = 0; c < view->n_cells; c++) {
        const struct om_cell *cell = &view->cells[c];
        if (!started(view, cell))
            continue;
        const bool lost = om_view_is_none(view, cell->last);
        enum om_change_class class_ = om_class_of(view, rule, cell->first, lost ? cell->first : cell->last);
        if (class_ == OM_CHANGE_UNDEFINED)
            continue;
        out.lost += lost ? cell->count : 0;
        out.paired += lost ? 0 : cell->count;
        if (lost)
            continue;
        bool worse = om_change_is_worse(class_) || om_class_counts_twice(view, rule, cell->first, cell->last);
        out.improved += om_change_is_better(class_) ? cell->count : 0;
        out.deteriorated += worse ? cell->count : 0;
    }
    return out;
}

static om_status
rows_bounds(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    const struct outcome o = outcome_of(view, rule);
    const uint64_t all = o.paired + o.lost;
    const struct {
        const char *statistic;
        uint64_t k, n;
        const char *note;
    } rows[] = {
        {"completers.improved", o.improved, o.paired, "of those with both scores"},
        {"worst_case.improved", o.improved, all,
         "of all who started, as if nobody without a second score improved"},
        {"best_case.improved", o.improved + o.lost, all,
         "of all who started, as if everybody without a second score improved"},
        {"completers.deteriorated", o.deteriorated, o.paired, "of those with both scores"},
        {"best_case.deteriorated", o.deteriorated, all,
         "of all who started, as if nobody without a second score deteriorated"},
        {"worst_case.deteriorated", o.deteriorated + o.lost, all,
         "of all who started, as if everybody without a second score deteriorated"},
    };
    view->row.rule = om_rule_id(rule->id);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        OM_TRY(om_add_rate(view, rows[i].statistic, rows[i].k, rows[i].n, rows[i].note, err));
    view->row.rule = "";
    return OM_OK;
}

/* The first scores of the people in the population who have, or lack, a second one. Returns how many values.
 */
static size_t
count_baseline(const struct om_view *view, bool lost, struct om_count *at)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    size_t n = 0;
    for (size_t c = 0; c < view->n_cells; c++) {
        const struct om_cell *cell = &view->cells[c];
        if (!started(view, cell) || om_view_is_none(view, cell->last) != lost)
            continue;
        int64_t value = scorer->level[cell->first].value;
        if (n == 0 || at[n - 1].value != value) /* cells ascend by the first score */
            at[n++] = (struct om_count){.value = value};
        at[n - 1].count += cell->count;
    }
    return n;
}

static om_status
rows_description(struct om_view *view, const char *who, const struct om_description *d, uint64_t everyone,
                 const char *note, struct om_error *err)
{
    char statistic[32];
    snprintf(statistic, sizeof statistic, "%s.n", who);
    OM_TRY(om_add_count(view, statistic, d->n, everyone, note, err));
    snprintf(statistic, sizeof statistic, "%s.mean", who);
    OM_TRY(om_add_stat(view, statistic, &d->mean, &d->mean_interval, NULL, d->n, note, err));
    snprintf(statistic, sizeof statistic, "%s.sd", who);
    return om_add_stat(view, statistic, &d->sd, NULL, "n-1", d->n, note, err);
}

static om_status
rows_baseline_difference(struct om_view *view, const struct om_counts *completers,
                         const struct om_counts *dropouts, uint64_t n, struct om_error *err)
{
    static const char note[] = "with a second score minus without one";
    struct om_welch_result welch;
    struct om_smd smd;
    om_welch(completers, dropouts, view->run->study->level, &welch);
    om_smd_numeric(completers, dropouts, view->run->study->level, &smd);
    OM_TRY(
        om_add_stat(view, "completers.difference", &welch.difference, &welch.interval, NULL, n, note, err));
    OM_TRY(om_add_stat(view, "completers.welch.p", &welch.p, NULL, "welch-t", n, NULL, err));
    return om_add_stat(view, "completers.smd", &smd.estimate, &smd.interval, NULL, n, note, err);
}

/* Those with and without a second score, by the first one. */
static om_status
rows_baseline(struct om_view *view, struct om_error *err)
{
    static const char *const who[2] = {"completers", "dropouts"};
    static const char *const note[2] = {"with a second score", "without a second score"};
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    struct om_count *at = om_alloc(2 * scorer->n_levels, sizeof *at);
    if (!at)
        return om_fail_memory(err);
    struct om_counts counts[2] = {{.at = at, .unit = scorer->unit},
                                  {.at = at + scorer->n_levels, .unit = scorer->unit}};
    struct om_description d[2];
    om_status status = OM_OK;
    for (size_t i = 0; i < 2; i++) {
        counts[i].n = count_baseline(view, i == 1, at + i * scorer->n_levels);
        om_describe(&counts[i], view->run->study->level, &d[i]);
    }
    view->row.occasion = view->occasion[0];
    for (size_t i = 0; i < 2 && status == OM_OK; i++)
        status = rows_description(view, who[i], &d[i], d[0].n + d[1].n, note[i], err);
    if (status == OM_OK)
        status = rows_baseline_difference(view, &counts[0], &counts[1], d[0].n + d[1].n, err);
    om_free(at);
    return status;
}

/* --- all of it ----------------------------------------------------------------------------------------- */

om_status
om_rows_sensitivity(struct om_view *view, struct om_error *err)
{
    if (!view->occasion[1])
        return OM_OK;
    const struct grid grid = grid_of(om_view_scale(view));
    const bool points = om_class_has_points(om_view_scale(view));
    view->row.occasion = "change";
    if (points)
        OM_TRY(rows_points(view, &grid, err));
    if (points && view->population == OM_POPULATION_ALL)
        OM_TRY(rows_cutoffs(view, &grid, err));
    for (int id = 0; id < OM_RULES; id++) {
        const struct om_class_rule *rule = om_view_rule(view, (enum om_rule)id);
        if (rule && !om_class_why_not(rule))
            OM_TRY(rows_bounds(view, rule, err));
    }
    return om_view_scale(view)->numeric ? rows_baseline(view, err) : OM_OK;
}
