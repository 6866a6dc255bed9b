/*
 * How much a rate depends on what was chosen: the points of a responder, the cut-off, and what is taken to
 * have become of those without a second score.
 */
#include "analysis/kept.h"
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/between.h>
#include <omstat/table1.h>

#include "stats/describe.h"

#include <math.h>

__extension__ typedef __int128 wide;

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

/* better[i]: people who are better by i steps and no more; worse[i] in the same way. Both have grid->n + 1
 * places. */
static void
count_steps(const struct om_view *view, const struct grid *grid, uint64_t *better, uint64_t *worse)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const struct om_level *level = scale->scorer->level;
    const bool higher_worse = scale->info.scale->direction == OM_HIGHER_WORSE;
    for (size_t c = 0; c < view->n_cells; c++) {
        const struct om_cell *cell = &view->cells[c];
        if (!om_view_includes(view, cell))
            continue;
        int64_t change = level[cell->last].value - level[cell->first].value,
                gain = higher_worse ? -change : change;
        wide size = (wide)(gain < 0 ? -gain : gain) * grid->step.den;
        wide reached = size / ((wide)grid->step.num * scale->scorer->unit);
        (gain < 0 ? worse : better)[reached < grid->n ? (int64_t)reached : grid->n] += cell->count;
    }
}

static om_status
rows_steps(struct om_view *view, const struct grid *grid, uint64_t *better, uint64_t *worse,
           struct om_error *err)
{
    uint64_t n = 0;
    for (int64_t i = 0; i <= grid->n; i++)
        n += better[i] + worse[i];
    for (int64_t i = grid->n; i > 1; i--) { /* from "so many" to "so many or more" */
        better[i - 1] += better[i];
        worse[i - 1] += worse[i];
    }
    view->row.rule = om_rule_id(OM_RULE_SHIFT);
    for (int64_t i = 1; i <= grid->n; i++) {
        const double points = om_fraction_value(steps(grid, i));
        OM_TRY(om_add_rate(view, om_view_numbered(view, "improved", points), better[i], n,
                           "better by so many points or more", err));
        OM_TRY(om_add_rate(view, om_view_numbered(view, "deteriorated", points), worse[i], n,
                           "worse by so many points or more", err));
    }
    view->row.rule = "";
    return OM_OK;
}

static om_status
rows_points(struct om_view *view, const struct grid *grid, struct om_error *err)
{
    const size_t places = (size_t)grid->n + 1;
    uint64_t *better = om_calloc(2 * places, sizeof *better);
    if (!better)
        return om_fail_memory(err);
    count_steps(view, grid, better, better + places);
    om_status status = rows_steps(view, grid, better, better + places, err);
    om_free(better);
    return status;
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

/* People by the edge between the levels that are positive and those that are not: how many have, at first, a
 * level from the edge on; and of these, one below it at last; and the reverse. */
struct edge {
    uint64_t above, falling, rising;
};

/* Where a count begins to hold, as the edge ascends, it is added; where it ends, taken off. */
static void
count_edges(const struct om_view *view, struct edge *edge, uint64_t *n)
{
    const size_t n_levels = om_view_scale(view)->scorer->n_levels;
    for (size_t c = 0; c < view->n_cells; c++) {
        const struct om_cell *cell = &view->cells[c];
        if (!om_view_includes(view, cell))
            continue;
        *n += cell->count;
        edge[0].above += cell->count;
        edge[cell->first + 1].above -= cell->count;
        if (cell->first > cell->last) {
            edge[cell->last + 1].falling += cell->count;
            edge[cell->first + 1].falling -= cell->count;
        } else {
            edge[cell->first + 1].rising += cell->count;
            edge[cell->last + 1].rising -= cell->count;
        }
    }
    for (size_t e = 1; e <= n_levels; e++) {
        edge[e].above += edge[e - 1].above;
        edge[e].falling += edge[e - 1].falling;
        edge[e].rising += edge[e - 1].rising;
    }
}

/* Who is positive at first by a cut-off and not at last, and the reverse. */
static om_status
rows_cutoff(struct om_view *view, struct om_fraction cutoff, bool low, const struct edge *edges, uint64_t n,
            struct om_error *err)
{
    const struct edge *edge = &edges[edge_of(om_view_scale(view)->scorer, cutoff, low)];
    const uint64_t before = low ? n - edge->above : edge->above;
    const double at = om_fraction_value(cutoff);
    OM_TRY(om_add_rate(view, om_view_numbered(view, "left", at), low ? edge->rising : edge->falling, before,
                       "positive by this cut-off at first, not at last", err));
    return om_add_rate(view, om_view_numbered(view, "entered", at), low ? edge->falling : edge->rising,
                       n - before, "not positive by this cut-off at first, but at last", err);
}

/* Every cut-off that divides the scale. Only of everyone: those positive by one cut-off are no population for
 * another. */
static om_status
rows_cutoffs(struct om_view *view, const struct grid *grid, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    const bool low = scale->info.scale->direction == OM_HIGHER_BETTER;
    uint64_t n = 0;
    struct edge *edge = om_calloc(scale->scorer->n_levels + 1, sizeof *edge);
    if (!edge)
        return om_fail_memory(err);
    count_edges(view, edge, &n);
    om_status status = OM_OK;
    view->row.rule = om_rule_id(OM_RULE_SCREEN);
    for (int64_t i = 1; i <= grid->n && status == OM_OK; i++)
        status = rows_cutoff(view, sum(grid->low, steps(grid, low ? i - 1 : i)), low, edge, n, err);
    view->row.rule = "";
    om_free(edge);
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
    OM_TRY(om_add_count(view, om_view_name(view, who, "n"), d->n, everyone, note, err));
    OM_TRY(om_add_stat(view, om_view_name(view, who, "mean"), &d->mean, &d->mean_interval, NULL, d->n, note,
                       err));
    return om_add_stat(view, om_view_name(view, who, "sd"), &d->sd, NULL, "n-1", d->n, note, err);
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
        om_describe_memo(&counts[i], view->run->study->level, &view->kept->memo, &d[i]);
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
