/* Means before and after, and standardised mean changes, by group: charts of rows. */
#include "report/figure_rows.h"
#include "base/error.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* More groups than this: those that changed most and least. */
enum { ROWS_MOST = 24 };

struct columns {
    const struct om_result **first, **last, **change, **effect; /* per group */
    double *key;
    struct om_row *row;
    struct om_row_pick pick;
};

static void
release(struct columns *columns)
{
    om_free(columns->first);
    om_free(columns->last);
    om_free(columns->change);
    om_free(columns->effect);
    om_free(columns->key);
    om_free(columns->row);
    om_free(columns->pick.group);
}

static om_status
collect(struct om_figure_context *context, struct columns *out, struct om_error *err)
{
    const struct om_analysis *analysis = context->analysis;
    OM_TRY(om_figure_by_group(context, analysis->first, "", "mean", &out->first, err));
    OM_TRY(om_figure_by_group(context, analysis->last ? analysis->last : "", "", "mean", &out->last, err));
    OM_TRY(om_figure_by_group(context, "change", "", "mean", &out->change, err));
    OM_TRY(om_figure_by_group(context, "change", "", "d_z", &out->effect, err));
    out->key = om_alloc(analysis->n_groups, sizeof *out->key);
    out->row = om_calloc(ROWS_MOST + 2, sizeof *out->row);
    return out->key && out->row ? OM_OK : om_fail_memory(err);
}

/* A value of a row, or NaN, which picks no group. */
static double
key_of(const struct om_result *row)
{
    return row && row->has_value ? row->value : NAN;
}

typedef void fill_fn(const struct om_figure_context *context, const struct columns *columns, size_t group,
                     struct om_row *row);

/* Everyone, the groups picked, and the line between them. Returns how many rows. */
static size_t
fill_rows(const struct om_figure_context *context, struct columns *columns, fill_fn *fill)
{
    size_t n = 0;
    for (size_t i = 0; i <= columns->pick.n; i++) {
        if (i > 0 && i - 1 == columns->pick.gap && columns->pick.left_out)
            columns->row[n++].left_out = columns->pick.left_out;
        size_t group = i ? columns->pick.group[i - 1] : 0;
        struct om_row *row = &columns->row[n++];
        row->label = om_figure_group_name(context, group);
        row->strong = group == 0;
        fill(context, columns, group, row);
    }
    return n;
}

static void
say_left_out(struct om_draft *draft, const struct columns *columns, const char *by)
{
    if (columns->pick.left_out)
        om_buffer_format(
            &draft->subtitle,
            " The %zu groups with the largest and the %zu with the smallest %s; %zu between are not shown.",
            columns->pick.gap, columns->pick.n - columns->pick.gap, by, columns->pick.left_out);
    if (columns->pick.without)
        om_buffer_format(&draft->subtitle, " Without a value: %zu %s.", columns->pick.without,
                         columns->pick.without == 1 ? "group" : "groups");
}

static const char *
interval_words(const struct om_result *row, struct om_shown *out)
{
    *out = (struct om_shown){"intervals"};
    if (row && row->has_level)
        snprintf(out->text, sizeof out->text, "%.20s %% intervals", om_show_score(100 * row->level, 2).text);
    return out->text;
}

/* --- means --------------------------------------------------------------------------------------------- */

static void
fill_means(const struct om_figure_context *context, const struct columns *columns, size_t group,
           struct om_row *row)
{
    int decimals = om_compose_decimals(context->info->scale);
    const struct om_result *change = columns->change[group], *first = columns->first[group];
    row->at[0] = om_row_value_of(first);
    if (context->analysis->last)
        row->at[1] = om_row_value_of(columns->last[group]);
    if (change && change->has_value)
        snprintf(row->right, sizeof row->right, "%s%.20s, n = %.30s", change->value > 0 ? "+" : "",
                 om_show_fixed(change->value, decimals).text, om_show_count(change->n).text);
    else if (first)
        snprintf(row->right, sizeof row->right, "n = %.30s", om_show_count(first->n).text);
}

static void
title_means(struct om_draft *draft, const struct columns *columns, size_t groups)
{
    const struct om_figure_context *context = draft->context;
    const struct om_result *first = columns->first[0], *last = columns->last[0], *change = columns->change[0];
    const char *name = context->info->instrument->name;
    int decimals = om_compose_decimals(context->info->scale);
    if (!change || !last) {
        om_buffer_format(&draft->title, "%s: the mean is %s", name,
                         om_show_fixed(first->value, decimals).text);
        return;
    }
    bool clear = change->has_interval && (change->lower > 0 || change->upper < 0);
    om_buffer_format(&draft->title, "%s: the mean %s from %s to %s", name,
                     !clear              ? "does not change clearly,"
                     : change->value < 0 ? "falls"
                                         : "rises",
                     om_show_fixed(first->value, decimals).text, om_show_fixed(last->value, decimals).text);
    size_t same = 0;
    for (size_t g = 1; g < context->analysis->n_groups; g++) {
        const struct om_result *one = columns->change[g];
        same += one && one->has_value && one->has_interval &&
                (change->value < 0 ? one->upper < 0 : one->lower > 0);
    }
    if (clear && groups > 1)
        om_buffer_format(&draft->title,
                         same == groups ? ", in each of %zu groups" : ", clearly so in %zu of %zu groups",
                         same == groups ? groups : same, groups);
}

static void
words_means(struct om_draft *draft, const struct columns *columns)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    struct om_shown interval, by = om_figure_grouping(context);
    size_t groups = analysis->n_groups ? analysis->n_groups - 1 : 0;
    title_means(draft, columns, groups);
    om_buffer_format(&draft->subtitle, "Mean scores%s%s with %s%s%s.%s", groups ? " by " : "",
                     groups ? by.text : "", interval_words(columns->first[0], &interval),
                     strcmp(context->population, "positive") == 0 ? ", of those screening positive at first"
                                                                  : "",
                     analysis->last ? ", of the same persons" : "",
                     analysis->last ? " At the right the mean change." : "");
    say_left_out(draft, columns, "mean change");
    om_buffer_format(&draft->description, "Mean %s scores", context->info->instrument->name);
    om_buffer_format(&draft->description, analysis->last ? " at %s and %s, by group." : "%s%s.",
                     analysis->last ? analysis->first : "", analysis->last ? analysis->last : "");
}

static void
cell_of(struct om_draft *draft, const struct om_result *row, int decimals)
{
    if (!row || !row->has_value)
        om_draft_cell(draft, "%s", "");
    else if (row->has_interval)
        om_draft_cell(draft, "%s (%s)", om_show_fixed(row->value, decimals).text,
                      om_show_bounds(row->lower, row->upper, decimals).text);
    else
        om_draft_cell(draft, "%s", om_show_fixed(row->value, decimals).text);
}

static void
count_cell(struct om_draft *draft, const struct om_result *row)
{
    if (row)
        om_draft_cell(draft, "%" PRIu64, row->n);
    else
        om_draft_cell(draft, "%s", "");
}

static void
table_means(struct om_draft *draft, const struct columns *columns)
{
    const struct om_analysis *analysis = draft->context->analysis;
    const char *header[] = {"group", "n", analysis->first[0] ? analysis->first : "score",
                            analysis->last ? analysis->last : "", "change"};
    int decimals = om_compose_decimals(draft->context->info->scale) + 1;
    om_draft_columns(draft, analysis->last ? 5 : 3, header);
    for (size_t i = 0; i <= columns->pick.n; i++) {
        size_t g = i ? columns->pick.group[i - 1] : 0;
        om_draft_cell(draft, "%s", om_figure_group_name(draft->context, g));
        count_cell(draft, columns->first[g]);
        cell_of(draft, columns->first[g], decimals);
        if (analysis->last) {
            cell_of(draft, columns->last[g], decimals);
            cell_of(draft, columns->change[g], decimals);
        }
    }
}

static om_status
draw_means(struct om_figure_context *context, struct columns *columns, struct om_error *err)
{
    const struct om_analysis *analysis = context->analysis;
    const struct om_scale_info *info = context->info;
    struct om_draft draft;
    om_draft_begin(&draft, context, OM_FIGURE_MEANS, NULL);
    draft.group = analysis->n_groups > 1 ? "" : "all";
    words_means(&draft, columns);
    double top = om_draft_head(&draft) + 4;
    char cutoff[60] = "", axis[100];
    const struct om_shown by = om_figure_grouping(context);
    if (info->cutoff_at.den)
        snprintf(cutoff, sizeof cutoff, "cut-off %.20s", om_show_fraction(info->cutoff_at).text);
    snprintf(axis, sizeof axis, "Mean %.60s score", info->instrument->name);
    double mean = columns->first[0]->value;
    bool open = info->scale->open_range;
    struct om_row_chart chart = {.row = columns->row,
                                 .n = fill_rows(context, columns, fill_means),
                                 .two = analysis->last != NULL,
                                 .low = open ? mean : om_fraction_value(info->scale->minimum),
                                 .high = mean,
                                 .floor = open ? -INFINITY : om_fraction_value(info->scale->minimum),
                                 .ceiling = open ? INFINITY : om_fraction_value(info->scale->maximum),
                                 .reference = info->cutoff_at.den ? om_fraction_value(info->cutoff_at) : 0,
                                 .reference_label = cutoff[0] ? cutoff : NULL,
                                 .axis = axis,
                                 .left = analysis->n_groups > 1 ? by.text : NULL,
                                 .right = analysis->last ? "change, n" : "n",
                                 .series = {analysis->first, analysis->last}};
    om_rows_draw(&draft, &chart, top);
    table_means(&draft, columns);
    return om_draft_end(&draft, err);
}

om_status
om_figure_means(struct om_figure_context *context, struct om_error *err)
{
    struct columns columns = {0};
    const struct om_analysis *analysis = context->analysis;
    om_status status = collect(context, &columns, err);
    bool any = status == OM_OK && columns.first[0] && columns.first[0]->has_value &&
               (!analysis->last || (columns.last[0] && columns.last[0]->has_value));
    for (size_t g = 0; any && g < analysis->n_groups; g++)
        columns.key[g] = key_of(analysis->last ? columns.change[g] : columns.first[g]);
    if (any)
        status = om_rows_pick(columns.key, analysis->n_groups, ROWS_MOST, false, &columns.pick, err);
    if (any && status == OM_OK)
        status = draw_means(context, &columns, err);
    release(&columns);
    return status;
}

/* --- effect sizes -------------------------------------------------------------------------------------- */

static void
fill_effects(const struct om_figure_context *context, const struct columns *columns, size_t group,
             struct om_row *row)
{
    const struct om_result *effect = columns->effect[group];
    (void)context;
    row->at[0] = om_row_value_of(effect);
    if (effect && effect->has_value && effect->has_interval)
        snprintf(row->right, sizeof row->right, "%.12s [%.12s, %.12s], n = %.30s",
                 om_show_fixed(effect->value, 2).text, om_show_fixed(effect->lower, 2).text,
                 om_show_fixed(effect->upper, 2).text, om_show_count(effect->n).text);
}

static void
words_effects(struct om_draft *draft, const struct columns *columns)
{
    const struct om_figure_context *context = draft->context;
    const struct om_analysis *analysis = context->analysis;
    struct om_shown interval;
    double low = INFINITY, high = -INFINITY;
    size_t n = 0, better = 0;
    bool lower = om_figure_lower_better(context);
    for (size_t g = 1; g < analysis->n_groups; g++) {
        const struct om_result *row = columns->effect[g];
        if (!row || !row->has_value)
            continue;
        low = fmin(low, row->value);
        high = fmax(high, row->value);
        better += row->has_interval && (lower ? row->upper < 0 : row->lower > 0);
        n++;
    }
    om_buffer_format(&draft->title, "%s: %zu of %zu groups improve clearly, d_z from %s to %s",
                     context->info->instrument->name, better, n, om_show_fixed(low, 2).text,
                     om_show_fixed(high, 2).text);
    om_buffer_format(
        &draft->subtitle,
        "Mean change in standard deviations of the changes (d_z) by %s, with %s. %s is better; an "
        "interval that holds 0 is unclear.",
        om_figure_grouping(context).text, interval_words(columns->effect[0], &interval),
        lower ? "Left" : "Right");
    say_left_out(draft, columns, "effect");
    om_buffer_format(&draft->description, "Forest plot of d_z for %s. Everyone: %s. ",
                     context->info->instrument->name, om_show_fixed(columns->effect[0]->value, 2).text);
}

static void
table_effects(struct om_draft *draft, const struct columns *columns)
{
    static const char *const header[] = {"group", "n", "d_z"};
    om_draft_columns(draft, 3, header);
    for (size_t i = 0; i <= columns->pick.n; i++) {
        size_t g = i ? columns->pick.group[i - 1] : 0;
        om_draft_cell(draft, "%s", om_figure_group_name(draft->context, g));
        count_cell(draft, columns->effect[g]);
        cell_of(draft, columns->effect[g], 2);
    }
}

static om_status
draw_effects(struct om_figure_context *context, struct columns *columns, struct om_error *err)
{
    struct om_draft draft;
    om_draft_begin(&draft, context, OM_FIGURE_EFFECTS, NULL);
    draft.group = "";
    words_effects(&draft, columns);
    double top = om_draft_head(&draft) + 4;
    const struct om_shown by = om_figure_grouping(context);
    const struct om_row_chart chart = {.row = columns->row,
                                       .n = fill_rows(context, columns, fill_effects),
                                       .floor = -INFINITY,
                                       .ceiling = INFINITY,
                                       .reference_label = "no change",
                                       .axis = "Standardised mean change, d_z",
                                       .left = by.text,
                                       .right = "d_z, interval, n"};
    om_rows_draw(&draft, &chart, top);
    table_effects(&draft, columns);
    return om_draft_end(&draft, err);
}

om_status
om_figure_effects(struct om_figure_context *context, struct om_error *err)
{
    struct columns columns = {0};
    const struct om_analysis *analysis = context->analysis;
    if (!analysis->last || analysis->n_groups < 3)
        return OM_OK;
    om_status status = collect(context, &columns, err);
    bool any = status == OM_OK && columns.effect[0] && columns.effect[0]->has_value;
    for (size_t g = 0; any && g < analysis->n_groups; g++)
        columns.key[g] = key_of(columns.effect[g]);
    if (any)
        status = om_rows_pick(columns.key, analysis->n_groups, ROWS_MOST, false, &columns.pick, err);
    if (any && status == OM_OK && columns.pick.n > 1)
        status = draw_effects(context, &columns, err);
    release(&columns);
    return status;
}
