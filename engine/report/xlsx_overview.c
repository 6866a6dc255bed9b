/* The first two sheets: one line an instrument and group; and charts of these lines. */
#include "report/xlsx.h"

#include <stdio.h>
#include <string.h>

enum {
    CHART_GROUPS = 40, /* more could not be told apart */
    HEADER = 2,        /* line of the column titles, below the title */
    CHART_LINES = 18,  /* that a chart covers, and columns */
    CHART_WIDTH = 10,
};

/* In the order of the sheet. */
enum {
    INSTRUMENT,
    GROUP,
    PEOPLE,
    FIRST_MEAN,
    FIRST_SD,
    LAST_MEAN,
    LAST_SD,
    LOWER,
    CHANGE,
    UPPER,
    P,
    D_Z,
    FIRST_POSITIVE,
    FIRST_SHARE,
    LAST_POSITIVE,
    LAST_SHARE,
    RULE,
    IMPROVED,
    IMPROVED_SHARE,
    UNCHANGED,
    UNCHANGED_SHARE,
    WORSE,
    WORSE_SHARE,
    COLUMNS
};

struct overview {
    struct om_compose compose;
    struct om_sheet *sheet, *charts;
    uint32_t line, chart_line;
};

static void
titles(struct om_sheet *sheet, const struct om_analysis *analysis)
{
    const char *first = *analysis->first ? analysis->first : "scored",
               *last = analysis->last ? analysis->last : "";
    const struct {
        const char *what, *when;
        double width;
    } column[COLUMNS] = {
        [INSTRUMENT] = {"instrument", "", 11},
        [GROUP] = {"group", "", 18},
        [PEOPLE] = {"people", "", 8},
        [FIRST_MEAN] = {"mean ", first, 8},
        [FIRST_SD] = {"SD ", first, 8},
        [LAST_MEAN] = {"mean ", last, 8},
        [LAST_SD] = {"SD ", last, 8},
        [LOWER] = {"change, lower", "", 9},
        [CHANGE] = {"mean change", "", 9},
        [UPPER] = {"change, upper", "", 9},
        [P] = {"p, paired t", "", 9},
        [D_Z] = {"d_z", "", 7},
        [FIRST_POSITIVE] = {"positive ", first, 9},
        [FIRST_SHARE] = {"positive, share ", first, 9},
        [LAST_POSITIVE] = {"positive ", last, 9},
        [LAST_SHARE] = {"positive, share ", last, 9},
        [RULE] = {" rule", "", 11},
        [IMPROVED] = {"improved", "", 10},
        [IMPROVED_SHARE] = {"improved, share", "", 10},
        [UNCHANGED] = {"unchanged", "", 10},
        [UNCHANGED_SHARE] = {"unchanged, share", "", 10},
        [WORSE] = {"worse", "", 10},
        [WORSE_SHARE] = {"worse, share", "", 10},
    };
    struct om_sheet_column shown[COLUMNS];
    char text[COLUMNS][128];
    for (size_t i = 0; i < COLUMNS; i++) {
        snprintf(text[i], sizeof text[i], "%s%.80s", column[i].what, column[i].when);
        bool words = i == INSTRUMENT || i == GROUP || i == RULE;
        shown[i] = (struct om_sheet_column){text[i], column[i].width, words};
    }
    om_xlsx_columns(sheet, HEADER, shown, COLUMNS, GROUP + 1);
}

static void
value(const struct overview *to, unsigned column, const struct om_result *row, enum om_style style)
{
    if (row && row->has_value)
        om_sheet_number(to->sheet, to->line, column, row->value, style);
}

/* k, and beside it k of n. */
static void
share(const struct overview *to, unsigned column, const struct om_result *row)
{
    if (row && row->has_ratio)
        om_sheet_number(to->sheet, to->line, column, (double)row->numerator, OM_STYLE_COUNT);
    value(to, column + 1, row, OM_STYLE_RATE);
}

static const struct om_result *
find(const struct overview *to, const struct om_topic *topic, const char *occasion, const char *statistic)
{
    struct om_topic at = *topic;
    at.occasion = occasion;
    return om_compose_find(&to->compose, &at, statistic);
}

static void
change_cells(const struct overview *to, struct om_topic *topic, const char *rule)
{
    const struct om_result *change = find(to, topic, "change", "mean");
    value(to, CHANGE, change, OM_STYLE_MEAN);
    if (change && change->has_interval) {
        om_sheet_number(to->sheet, to->line, LOWER, change->lower, OM_STYLE_MEAN);
        om_sheet_number(to->sheet, to->line, UPPER, change->upper, OM_STYLE_MEAN);
    }
    value(to, P, find(to, topic, "change", "t.p"), OM_STYLE_P);
    value(to, D_Z, find(to, topic, "change", "d_z"), OM_STYLE_EFFECT);
    if (!rule)
        return;
    topic->occasion = "change";
    topic->rule = rule;
    om_sheet_text(to->sheet, to->line, RULE, rule, OM_STYLE_LABEL);
    share(to, IMPROVED, om_compose_class(&to->compose, topic, "improved"));
    share(to, UNCHANGED, om_compose_class(&to->compose, topic, "unchanged"));
    share(to, WORSE, om_compose_class(&to->compose, topic, "deteriorated"));
}

static void
group_line(struct overview *to, const struct om_scale_info *info, const char *group, const char *rule)
{
    const struct om_analysis *analysis = to->compose.analysis;
    struct om_topic topic = {group, info, om_compose_population(&to->compose, info), NULL, NULL};
    om_sheet_label(to->sheet, to->line, INSTRUMENT, info->instrument->name);
    om_sheet_label(to->sheet, to->line, GROUP, group);
    value(to, PEOPLE, find(to, &topic, analysis->first, "n"), OM_STYLE_COUNT);
    value(to, FIRST_MEAN, find(to, &topic, analysis->first, "mean"), OM_STYLE_MEAN);
    value(to, FIRST_SD, find(to, &topic, analysis->first, "sd"), OM_STYLE_MEAN);
    value(to, LAST_MEAN, find(to, &topic, analysis->last, "mean"), OM_STYLE_MEAN);
    value(to, LAST_SD, find(to, &topic, analysis->last, "sd"), OM_STYLE_MEAN);
    share(to, FIRST_POSITIVE, find(to, &topic, analysis->first, "positive"));
    share(to, LAST_POSITIVE, find(to, &topic, analysis->last, "positive"));
    if (analysis->last)
        change_cells(to, &topic, rule);
    to->line++;
}

/* Colours that are told apart by everyone, and in grey. */
enum { BEFORE = 0x9DB4C8, AFTER = 0x1F5A8C, BETTER = 0x1B7A5A, SAME = 0xC3C9D0, WORSENED = 0xC4560D };

static void
add_charts(struct overview *to, const struct om_scale_info *info, uint32_t first_row, const char *rule)
{
    const struct om_analysis *analysis = to->compose.analysis;
    uint32_t last_row = to->line - 1;
    char means[160], changes[160], classes[160];
    if (last_row - first_row >= CHART_GROUPS)
        last_row = first_row + CHART_GROUPS - 1;
    snprintf(means, sizeof means, "%.60s: means", info->instrument->name);
    snprintf(changes, sizeof changes, "%.60s: mean change with %.40s", info->instrument->name,
             om_compose_level(&to->compose).text);
    snprintf(classes, sizeof classes, "%.60s: who changed (rule %.40s)", info->instrument->name,
             rule ? rule : "");
    struct om_chart chart = {
        .data = "overview", .first_row = first_row, .last_row = last_row, .labels = GROUP};
    chart.kind = OM_CHART_COLUMNS;
    chart.title = means;
    chart.description =
        "Columns: the mean score of each group at each occasion. The numbers are in the sheet overview.";
    chart.axis = "points";
    chart.number_format = "0";
    chart.series[0] =
        (struct om_chart_series){*analysis->first ? analysis->first : "mean", FIRST_MEAN, BEFORE};
    chart.series[1] = (struct om_chart_series){analysis->last, LAST_MEAN, AFTER};
    chart.n_series = analysis->last ? 2 : 1;
    om_sheet_chart(to->charts, to->chart_line, 0, &chart);
    if (analysis->last) {
        chart.kind = OM_CHART_RANGES;
        chart.title = changes;
        chart.description =
            "Lines: the confidence interval of the mean change of each group; dots: the mean. The "
            "numbers are in the sheet overview.";
        chart.series[0] = (struct om_chart_series){"lower", LOWER, AFTER};
        chart.series[1] = (struct om_chart_series){"mean change", CHANGE, AFTER};
        chart.series[2] = (struct om_chart_series){"upper", UPPER, AFTER};
        chart.n_series = 3;
        om_sheet_chart(to->charts, to->chart_line, CHART_WIDTH, &chart);
    }
    if (analysis->last && rule) {
        chart.kind = OM_CHART_STACKED;
        chart.title = classes;
        chart.description =
            "Bars: the shares of each group that improved, did not change, and got worse. The numbers are "
            "in the sheet overview.";
        chart.axis = "share of people";
        chart.number_format = "0%";
        chart.series[0] = (struct om_chart_series){"improved", IMPROVED, BETTER};
        chart.series[1] = (struct om_chart_series){"unchanged", UNCHANGED, SAME};
        chart.series[2] = (struct om_chart_series){"worse", WORSE, WORSENED};
        om_sheet_chart(to->charts, to->chart_line, 2 * CHART_WIDTH, &chart);
    }
    to->chart_line += CHART_LINES + 1;
}

static void
instrument_lines(struct overview *to, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = to->compose.analysis;
    const char *rule = om_compose_main_rule(&to->compose, info);
    uint32_t first_row = to->line;
    for (size_t i = 0; i < analysis->n_groups; i++)
        group_line(to, info, analysis->group[i], rule);
    add_charts(to, info, first_row, rule);
}

void
om_xlsx_overview(struct om_workbook *book, const struct om_analysis *analysis)
{
    struct overview to = {.compose = {.analysis = analysis}, .line = HEADER + 1, .chart_line = 1};
    char title[160];
    to.sheet = om_sheet_add(book, "overview");
    to.charts = om_sheet_add(book, "charts");
    om_sheet_text(to.sheet, 0, 0, "Outcome report", OM_STYLE_TITLE);
    snprintf(title, sizeof title, "%.100s; empty cells: not defined, the sheet results says why",
             om_compose_who(&to.compose));
    om_sheet_text(to.sheet, 1, 0, title, OM_STYLE_PLAIN);
    titles(to.sheet, analysis);
    if (analysis->n_groups > CHART_GROUPS)
        om_sheet_text(to.charts, 0, 0, "The first 40 groups; the sheet overview has all of them.",
                      OM_STYLE_PLAIN);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (info && !om_compose_is_short_form(analysis, analysis->instrument[i]))
            instrument_lines(&to, info);
    }
    om_sheet_filter(to.sheet, HEADER, to.line - 1, COLUMNS);
}
