/* Mean changes of the groups in the order of their size, against that of everyone. */
#include "report/figure_rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* With more groups than NAMED_MOST there are no labels, with more than MOST not every group. */
enum { GROUPS_LEAST = 4, NAMED_MOST = 30, MOST = 400, TABLE_MOST = 40 };

struct caterpillar {
    const struct om_result **change; /* per group */
    double *key;
    struct om_row *row;
    struct om_row_pick pick;
    size_t better, worse; /* groups whose interval leaves out the mean of everyone */
    double overall;
};

/* 1: better than everyone by more than its interval, -1: worse, 0: neither. */
static int
verdict(const struct om_figure_context *context, const struct om_result *row, double overall)
{
    if (!row || !row->has_value || !row->has_interval)
        return 0;
    int side = row->upper < overall ? -1 : row->lower > overall ? 1 : 0;
    return om_figure_lower_better(context) ? -side : side;
}

static void
fill(const struct om_figure_context *context, struct caterpillar *chart)
{
    int decimals = om_compose_decimals(context->info->scale);
    for (size_t i = 0; i < chart->pick.n; i++) {
        size_t g = chart->pick.group[i];
        const struct om_result *change = chart->change[g];
        int side = verdict(context, change, chart->overall);
        struct om_row *row = &chart->row[i];
        row->label = om_figure_group_name(context, g);
        row->at[0] = om_row_value_of(change);
        row->color = side > 0 ? OM_BLUE : side < 0 ? OM_ORANGE : "#8d97a3";
        snprintf(row->right, sizeof row->right, "%.20s, n = %.30s",
                 om_show_fixed(change->value, decimals).text, om_show_count(change->n).text);
    }
}

static void
write_words(struct om_draft *draft, const struct caterpillar *chart)
{
    const struct om_figure_context *context = draft->context;
    const char *name = context->info->instrument->name;
    size_t groups = chart->pick.n + chart->pick.left_out;
    struct om_shown by = om_figure_grouping(context);
    om_buffer_format(&draft->title, "%s: %zu of %zu groups improve clearly more than everyone, %zu less",
                     name, chart->better, groups, chart->worse);
    om_buffer_format(
        &draft->subtitle,
        "Mean change by %s with 95 %% intervals, in order; below 0 is a fall, and a %s is better. Dashed: "
        "everyone. Blue "
        "and orange: the interval lies beyond it. Of many groups some do so by chance: about 1 in 20.",
        by.text, om_figure_lower_better(context) ? "fall" : "rise");
    if (chart->pick.left_out)
        om_buffer_format(&draft->subtitle, " %zu groups in the middle are not shown.", chart->pick.left_out);
    om_buffer_format(&draft->description, "Mean change of %s in %zu groups; everyone %s.", name, groups,
                     om_show_fixed(chart->overall, 2).text);
}

/* The first and the last of the order where there are many. */
static void
write_table(struct om_draft *draft, const struct caterpillar *chart)
{
    static const char *const header[] = {"group", "n", "mean change", "interval"};
    om_draft_columns(draft, 4, header);
    for (size_t i = 0; i < chart->pick.n; i++) {
        if (chart->pick.n > TABLE_MOST && i >= TABLE_MOST / 2 && i < chart->pick.n - TABLE_MOST / 2)
            continue;
        const struct om_result *row = chart->change[chart->pick.group[i]];
        om_draft_cell(draft, "%s", om_figure_group_name(draft->context, chart->pick.group[i]));
        om_draft_cell(draft, "%" PRIu64, row->n);
        om_draft_cell(draft, "%s", om_show_fixed(row->value, 2).text);
        om_draft_cell(draft, "%s", row->has_interval ? om_show_bounds(row->lower, row->upper, 2).text : "");
    }
}

static om_status
draw(struct om_figure_context *context, struct caterpillar *chart, struct om_error *err)
{
    struct om_draft draft;
    char everyone[60], axis[100];
    const struct om_shown by = om_figure_grouping(context);
    om_draft_begin(&draft, context, OM_FIGURE_CATERPILLAR, NULL);
    draft.group = "";
    write_words(&draft, chart);
    double top = om_draft_head(&draft) + 4;
    snprintf(everyone, sizeof everyone, "everyone %.20s",
             om_show_fixed(chart->overall, om_compose_decimals(context->info->scale)).text);
    snprintf(axis, sizeof axis, "Mean change of the %.60s score", context->info->instrument->name);
    const struct om_scale *scale = context->info->scale; /* nobody changes by more than its range */
    const double reach =
        scale->open_range ? INFINITY : om_fraction_value(scale->maximum) - om_fraction_value(scale->minimum);
    const struct om_row_chart rows = {.row = chart->row,
                                      .n = chart->pick.n,
                                      .dense = chart->pick.n > NAMED_MOST,
                                      .low = chart->overall,
                                      .high = chart->overall,
                                      .floor = -reach,
                                      .ceiling = reach,
                                      .reference = chart->overall,
                                      .reference_label = everyone,
                                      .axis = axis,
                                      .left = by.text,
                                      .right = "change, n"};
    om_rows_draw(&draft, &rows, top);
    write_table(&draft, chart);
    return om_draft_end(&draft, err);
}

static om_status
prepare(struct om_figure_context *context, struct caterpillar *chart, struct om_error *err)
{
    const size_t n = context->analysis->n_groups;
    OM_TRY(om_figure_by_group(context, "change", "", "mean", &chart->change, err));
    chart->key = om_alloc(n, sizeof *chart->key);
    chart->row = om_calloc(n < MOST ? n : MOST, sizeof *chart->row);
    if (!chart->key || !chart->row)
        return om_fail_memory(err);
    const struct om_result *all = chart->change[0];
    chart->overall = all && all->has_value ? all->value : NAN;
    for (size_t g = 0; g < n; g++) {
        const struct om_result *row = chart->change[g];
        chart->key[g] = row && row->has_value ? row->value : NAN;
        int side = g ? verdict(context, row, chart->overall) : 0;
        chart->better += side > 0;
        chart->worse += side < 0;
    }
    OM_TRY(om_rows_pick(chart->key, n, MOST, true, &chart->pick, err));
    fill(context, chart);
    return OM_OK;
}

om_status
om_figure_caterpillar(struct om_figure_context *context, struct om_error *err)
{
    struct caterpillar chart = {0};
    if (!context->analysis->last || context->analysis->n_groups < GROUPS_LEAST + 1 || context->periods)
        return OM_OK;
    om_status status = prepare(context, &chart, err);
    if (status == OM_OK && chart.pick.n >= GROUPS_LEAST && isfinite(chart.overall))
        status = draw(context, &chart, err);
    om_free(chart.change);
    om_free(chart.key);
    om_free(chart.row);
    om_free(chart.pick.group);
    return status;
}
