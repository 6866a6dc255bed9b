/* Table 1: who the persons are, group by group, in the columns that were to be described, and their first
 * scores. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_BY_SIDE = 6 }; /* groups that fit beside each other */

static size_t
shown_groups(const struct om_compose *compose)
{
    size_t n = compose->analysis->n_groups;
    return n <= SIDE_BY_SIDE + 1 ? n : 1;
}

static const struct om_result *
find(const struct om_compose *compose, const char *group, const char *column, const char *statistic)
{
    return om_results_find(&compose->analysis->results, group, "", column, "all", "", "", statistic);
}

static void
median_cell(struct om_page *page, const struct om_result *median, const struct om_result *q1,
            const struct om_result *q3)
{
    if (median && q1 && q3 && median->has_value)
        om_table_cell(page, OM_TONE_PLAIN, "%s (%s-%s)", om_show_score(median->value, 1).text,
                      om_show_score(q1->value, 1).text, om_show_score(q3->value, 1).text);
    else
        om_cell_score(page, median, 1);
}

/* Of the column as a whole: only on its first line. */
static void
comparison_cells(const struct om_compose *compose, const char *column)
{
    const struct om_result *smd = find(compose, "all", column, "smd.largest");
    const struct om_result *means = find(compose, "all", column, "welch.p");
    const struct om_result *shares = find(compose, "all", column, "chi_square.p");
    om_cell_fixed(compose->page, smd, 2, OM_TONE_PLAIN);
    om_cell_p(compose->page, means ? means : shares);
}

/* One line of the column: its label, and a cell for each group. */
static void
line(const struct om_compose *compose, const struct om_result *row, bool first)
{
    const struct om_analysis *analysis = compose->analysis;
    struct om_page *page = compose->page;
    const char *column = row->scale, *statistic = row->statistic;
    const bool mean = strcmp(statistic, "mean") == 0, median = strcmp(statistic, "median") == 0;
    om_table_row(page);
    if (strncmp(statistic, "value.", 6) == 0)
        om_table_cell(page, OM_TONE_PLAIN, "%s: %s", column, statistic + 6);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s, %s", column,
                      mean     ? "mean (SD)"
                      : median ? "median (q1-q3)"
                               : statistic);
    for (size_t g = 0; g < shown_groups(compose); g++) {
        const char *group = analysis->group[g];
        const struct om_result *here = find(compose, group, column, statistic);
        if (mean)
            om_cell_mean_sd(page, here, find(compose, group, column, "sd"), 1);
        else if (median)
            median_cell(page, here, find(compose, group, column, "q1"), find(compose, group, column, "q3"));
        else if (strcmp(statistic, "missing") == 0)
            om_cell_count(page, here);
        else
            om_cell_share(page, here, here ? &here->denominator : NULL, false, OM_TONE_PLAIN);
    }
    if (first)
        comparison_cells(compose, column);
}

/* The statistics of Table 1 among all there are. Nobody missing needs no line. */
static bool
has_line(const struct om_result *row)
{
    if (strcmp(row->family, "table1") != 0 || strcmp(row->group, "all") != 0)
        return false;
    if (strcmp(row->statistic, "missing") == 0)
        return row->numerator > 0;
    return strcmp(row->statistic, "mean") == 0 || strcmp(row->statistic, "median") == 0 ||
           strncmp(row->statistic, "value.", 6) == 0;
}

static void
described_lines(const struct om_compose *compose)
{
    const struct om_results *results = &compose->analysis->results;
    const char *before = NULL;
    for (size_t i = 0; i < results->n_rows && strcmp(results->row[i].family, "table1") == 0; i++) {
        const struct om_result *row = &results->row[i];
        if (!has_line(row))
            continue;
        line(compose, row, !before || strcmp(before, row->scale) != 0);
        before = row->scale;
    }
}

/* The scores at the first occasion of everyone who has one. */
static void
score_lines(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *prefix = om_compose_compares(compose) ? "available." : "";
    char mean[32], sd[32];
    snprintf(mean, sizeof mean, "%smean", prefix);
    snprintf(sd, sizeof sd, "%ssd", prefix);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (!info || om_compose_is_short_form(analysis, analysis->instrument[i]))
            continue;
        om_table_row(compose->page);
        om_table_cell(compose->page, OM_TONE_PLAIN, "%s%s%s, mean (SD)", info->instrument->name,
                      *analysis->first ? " at " : "", analysis->first);
        for (size_t g = 0; g < shown_groups(compose); g++) {
            struct om_topic topic = {analysis->group[g], info, "all", analysis->first, NULL};
            om_cell_mean_sd(compose->page, om_compose_find(compose, &topic, mean),
                            om_compose_find(compose, &topic, sd), om_compose_decimals(info->scale));
        }
    }
}

void
om_compose_table1(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    struct om_page *page = compose->page;
    if (analysis->results.n_rows == 0 || strcmp(analysis->results.row[0].family, "table1") != 0)
        return;
    om_page_heading(page, "persons", "Who they are");
    om_table_begin(page,
                   "Persons; SMD: largest standardised difference between two groups; p: Welch for means, "
                   "chi-square for shares");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    for (size_t g = 0; g < shown_groups(compose); g++) {
        const struct om_result *n = find(compose, analysis->group[g], analysis->results.row[0].scale, "n");
        om_table_column(page, OM_ALIGN_RIGHT, "%s (%" PRIu64 ")", analysis->group[g],
                        n && n->has_ratio ? n->denominator : 0);
    }
    om_table_column(page, OM_ALIGN_RIGHT, "SMD");
    om_table_column(page, OM_ALIGN_RIGHT, "p");
    described_lines(compose);
    score_lines(compose);
    om_table_end(page);
}
