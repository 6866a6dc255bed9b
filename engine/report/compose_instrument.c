/* One instrument: change, screening, bands, tests and reliability. The classes of change: compose_classes.c.
 */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "PHQ-9 score 0-27 points", "bdi as given". */
static struct om_shown
range_of(const struct om_scale *scale)
{
    struct om_shown out, low = om_show_fraction(scale->minimum), high = om_show_fraction(scale->maximum);
    if (scale->open_range)
        snprintf(out.text, sizeof out.text, "as given");
    else
        snprintf(out.text, sizeof out.text, "%.20s-%.20s points", low.text, high.text);
    return out;
}

static void
heading(const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_scale *scale = info->scale;
    const char *direction = scale->direction == OM_HIGHER_BETTER ? "higher = better" : "lower = better";
    char anchor[OM_ANCHOR];
    om_compose_anchor(anchor, "instrument", info->instrument->id);
    om_page_heading(compose->page, anchor, "%s  %s", info->instrument->name, info->instrument->title);
    struct om_shown range = range_of(scale);
    if (!info->cutoff_at.den) {
        om_page_paragraph(compose->page, OM_TONE_PLAIN, "%s %s, %s. No screening threshold.", scale->label,
                          range.text, direction);
        return;
    }
    const char *origin = info->cutoff_from_study   ? " (set by this study)"
                         : info->cutoff->is_choice ? " (a choice: no published threshold)"
                                                   : "";
    om_page_paragraph(compose->page, OM_TONE_PLAIN, "%s %s, %s. Screen-positive: %s %s%s.", scale->label,
                      range.text, direction, om_compose_beyond(compose, info),
                      om_show_fraction(info->cutoff_at).text, origin);
}

static void
change_line(const struct om_compose *compose, const struct om_topic *change)
{
    struct om_page *page = compose->page;
    struct om_topic first = *change, last = *change;
    first.occasion = compose->analysis->first;
    last.occasion = compose->analysis->last;
    const struct om_scale *scale = change->info->scale;
    int decimals = om_compose_decimals(scale);
    const struct om_result *moved = om_compose_find(compose, change, "mean");
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", change->group);
    om_cell_count(page, om_compose_find(compose, change, "n"));
    om_cell_mean_sd(page, om_compose_find(compose, &first, "mean"), om_compose_find(compose, &first, "sd"),
                    decimals);
    om_cell_mean_sd(page, om_compose_find(compose, &last, "mean"), om_compose_find(compose, &last, "sd"),
                    decimals);
    om_cell_fixed(page, moved, decimals, om_tone_of_change(moved, scale));
    om_cell_bounds(page, moved, decimals);
    om_cell_reading(page, moved, scale);
    om_cell_p(page, om_compose_find(compose, change, "t.p"));
    om_cell_fixed(page, om_compose_find(compose, change, "d_z"), 2, OM_TONE_PLAIN);
}

static void
change_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    const char *population[2];
    size_t n = om_compose_populations(compose, info, population);
    om_table_begin(page, "Change in points, %s minus %s: mean (SD)", analysis->last, analysis->first);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(analysis->first));
    om_table_column(page, OM_ALIGN_RIGHT, "%s", analysis->last);
    om_table_column(page, OM_ALIGN_RIGHT, "change");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "p");
    om_table_column(page, OM_ALIGN_RIGHT, "d_z");
    for (size_t p = 0; p < n; p++) {
        om_compose_population_line(compose, info, population[p]);
        for (size_t i = 0; i < om_compose_groups(compose, true); i++) {
            struct om_topic change = {analysis->group[i], info, population[p], "change", NULL};
            change_line(compose, &change);
        }
    }
    om_table_end(page);
}

static void
score_line(const struct om_compose *compose, const struct om_topic *topic, const char *label)
{
    struct om_page *page = compose->page;
    int decimals = om_compose_decimals(topic->info->scale);
    const struct om_result *mean = om_compose_find(compose, topic, "mean");
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", label);
    om_cell_count(page, om_compose_find(compose, topic, "n"));
    om_cell_mean_sd(page, mean, om_compose_find(compose, topic, "sd"), decimals);
    om_cell_bounds(page, mean, decimals);
    om_cell_fixed(page, om_compose_find(compose, topic, "median"), decimals, OM_TONE_PLAIN);
    om_cell_fixed(page, om_compose_find(compose, topic, "q1"), decimals, OM_TONE_PLAIN);
    om_cell_fixed(page, om_compose_find(compose, topic, "q3"), decimals, OM_TONE_PLAIN);
    om_cell_score(page, om_compose_find(compose, topic, "min"), decimals);
    om_cell_score(page, om_compose_find(compose, topic, "max"), decimals);
}

static void
score_columns(const struct om_compose *compose)
{
    static const char *const number[] = {"median", "q1", "q3", "min", "max"};
    struct om_page *page = compose->page;
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "mean (SD)");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    for (size_t j = 0; j < sizeof number / sizeof *number; j++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", number[j]);
}

/* Occasions at which everybody's scores are known. A panel may have others, which nobody asked for. */
static size_t
scored_occasions(const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    size_t n = 0;
    for (size_t i = 0; i < analysis->n_occasions; i++) {
        const struct om_topic topic = {"all", info, om_compose_population(compose, info),
                                       analysis->occasion[i], NULL};
        n += om_compose_find(compose, &topic, "mean") != NULL;
    }
    return n;
}

/* Scores by group at the one occasion there is, or by occasion when there are more than two. */
static void
score_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    bool by_occasion = om_compose_compares(compose);
    if (by_occasion && scored_occasions(compose, info) < 3)
        return;
    if (by_occasion)
        om_table_begin(compose->page, "Scores at each occasion, all groups");
    else
        om_table_begin(compose->page, *analysis->first ? "Scores at %s" : "Scores%s", analysis->first);
    score_columns(compose);
    size_t n = by_occasion ? analysis->n_occasions : om_compose_groups(compose, true);
    for (size_t i = 0; i < n; i++) {
        struct om_topic topic = {by_occasion ? "all" : analysis->group[i], info,
                                 om_compose_population(compose, info),
                                 by_occasion ? analysis->occasion[i] : analysis->first, NULL};
        score_line(compose, &topic, by_occasion ? topic.occasion : topic.group);
    }
    om_table_end(compose->page);
}

static void
screening_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    if (!om_compose_has_threshold(info))
        return;
    if (info->cutoff_at.den)
        om_table_begin(page, "Screening positive (%s %s): count of n (%%, %s), %s",
                       om_compose_beyond(compose, info), om_show_fraction(info->cutoff_at).text,
                       om_compose_level(compose).text, om_compose_who(compose));
    else
        om_table_begin(page, "Positive: count of n (%%, %s), %s", om_compose_level(compose).text,
                       om_compose_who(compose));
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(analysis->first));
    om_table_column(page, OM_ALIGN_RIGHT, "%s", analysis->last ? analysis->last : "");
    om_table_column(page, OM_ALIGN_RIGHT, "McNemar exact p");
    for (size_t i = 0; i < om_compose_groups(compose, false); i++) {
        struct om_topic topic = {analysis->group[i], info, om_compose_population(compose, info),
                                 analysis->first, NULL};
        const struct om_result *before = om_compose_find(compose, &topic, "positive");
        const uint64_t of = om_compose_of(before);
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", topic.group);
        om_cell_number(page, of);
        om_cell_share(page, before, &of, true, OM_TONE_PLAIN);
        topic.occasion = analysis->last;
        om_cell_share(page, analysis->last ? om_compose_find(compose, &topic, "positive") : NULL, &of, true,
                      OM_TONE_PLAIN);
        topic.occasion = "change";
        om_cell_p(page, om_compose_find(compose, &topic, "mcnemar.exact_p"));
    }
    om_table_end(page);
}

/* "moderate (10-14)": the scores of a band where bands lie between whole numbers. */
static void
band_label(struct om_page *page, const struct om_scale *scale, size_t i)
{
    const struct om_band *band = &scale->band[i];
    bool last = i + 1 == scale->n_bands;
    bool whole = band->from.num % band->from.den == 0 && (last || band[1].from.num % band[1].from.den == 0);
    if (scale->combine == OM_COMBINE_CLASS || !whole) {
        om_table_cell(page, OM_TONE_PLAIN, "%s", band->label);
        return;
    }
    int64_t to = last ? om_fraction_round(scale->maximum) : band[1].from.num / band[1].from.den - 1;
    om_table_cell(page, OM_TONE_PLAIN, "%s (%" PRId64 "-%" PRId64 ")", band->label,
                  band->from.num / band->from.den, to);
}

static const struct om_result *
band_row(const struct om_compose *compose, struct om_topic topic, size_t i)
{
    char statistic[80];
    snprintf(statistic, sizeof statistic, "band.%s", topic.info->scale->band[i].id);
    return om_compose_find(compose, &topic, statistic);
}

/* The largest share at any of the occasions: the bars of a table have one measure. */
static double
largest_share(const struct om_compose *compose, struct om_topic topic, const char *const occasion[2])
{
    double largest = 0;
    for (size_t j = 0; j < 2 && occasion[j]; j++) {
        topic.occasion = occasion[j];
        for (size_t i = 0; i < topic.info->scale->n_bands; i++) {
            const struct om_result *row = band_row(compose, topic, i);
            if (row && row->has_value && row->value > largest)
                largest = row->value;
        }
    }
    return largest;
}

static void
band_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    enum { BAR = 20 };
    struct om_page *page = compose->page;
    const char *occasion[] = {compose->analysis->first, compose->analysis->last};
    struct om_topic topic = {"all", info, om_compose_population(compose, info), occasion[0], NULL};
    const struct om_result *n = om_compose_find(compose, &topic, "n");
    const uint64_t of = n && n->has_value ? (uint64_t)n->value : 0;
    double largest = largest_share(compose, topic, occasion);
    om_table_begin(page, "Severity, all groups, %s: count of %" PRIu64 " (%%)", om_compose_who(compose), of);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    for (size_t j = 0; j < 2; j++) {
        om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(occasion[j]));
        om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    }
    for (size_t i = 0; i < info->scale->n_bands; i++) {
        om_table_row(page);
        band_label(page, info->scale, i);
        for (size_t j = 0; j < 2 && occasion[j]; j++) {
            topic.occasion = occasion[j];
            const struct om_result *row = band_row(compose, topic, i);
            om_cell_share(page, row, &of, false, OM_TONE_PLAIN);
            om_cell_bar(page, row, largest, BAR);
        }
    }
    om_table_end(page);
}

static void
t_cell(struct om_page *page, const struct om_result *t, const struct om_result *df)
{
    if (t && t->has_value && df && df->has_value)
        om_table_cell(page, OM_TONE_PLAIN, "%s (%s)", om_show_fixed(t->value, 2).text,
                      om_show_fixed(df->value, 0).text);
    else
        om_cell_fixed(page, t, 2, OM_TONE_PLAIN);
}

static void
test_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const char *const effect[] = {"d_z", "d_av", "d_rm", "g_z", "g_av", "rank_biserial"};
    enum { EFFECTS = sizeof effect / sizeof *effect };
    struct om_page *page = compose->page;
    const char *population[2];
    size_t n = om_compose_populations(compose, info, population);
    om_table_begin(page, "Tests and effect sizes of the change, all groups");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "t (df)");
    om_table_column(page, OM_ALIGN_RIGHT, "p");
    om_table_column(page, OM_ALIGN_RIGHT, "Wilcoxon p");
    om_table_column(page, OM_ALIGN_RIGHT, "r");
    for (size_t j = 0; j < EFFECTS; j++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", effect[j]);
    for (size_t p = 0; p < n; p++) {
        struct om_topic topic = {"all", info, population[p], "change", NULL};
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", strcmp(population[p], "all") == 0 ? "everyone" : "positive");
        t_cell(page, om_compose_find(compose, &topic, "t.statistic"),
               om_compose_find(compose, &topic, "t.df"));
        om_cell_p(page, om_compose_find(compose, &topic, "t.p"));
        om_cell_p(page, om_compose_find(compose, &topic, "wilcoxon.p"));
        om_cell_coefficient(page, om_compose_find(compose, &topic, "correlation"));
        for (size_t j = 0; j < EFFECTS; j++)
            om_cell_fixed(page, om_compose_find(compose, &topic, effect[j]), 2, OM_TONE_PLAIN);
    }
    om_table_end(page);
}

/* alpha by occasion; a reason where there is none. */
static void
reliability_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const char *occasion[] = {compose->analysis->first, compose->analysis->last};
    om_table_begin(page, "Reliability: Cronbach's alpha, all groups");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "alpha");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_RIGHT, "complete forms");
    for (size_t i = 0; i < 2 && occasion[i]; i++) {
        struct om_topic topic = {"all", info, "all", occasion[i], NULL};
        const struct om_result *alpha = om_compose_find(compose, &topic, "alpha");
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_compose_occasion(occasion[i]));
        om_cell_coefficient(page, alpha);
        if (alpha && alpha->has_interval)
            om_table_cell(page, OM_TONE_PLAIN, "%s to %s", om_show_coefficient(alpha->lower).text,
                          om_show_coefficient(alpha->upper).text);
        else
            om_table_cell(page, OM_TONE_PLAIN, "%s", "");
        if (alpha && alpha->has_n)
            om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, alpha->n);
    }
    om_table_end(page);
}

void
om_compose_instrument(const struct om_compose *compose, const struct om_scale_info *info)
{
    bool compares = om_compose_compares(compose);
    heading(compose, info);
    if (compares)
        change_table(compose, info);
    score_table(compose, info);
    om_compose_figures(compose, info);
    if (compares)
        om_compose_classes(compose, info);
    screening_table(compose, info);
    band_table(compose, info);
    if (compares)
        test_table(compose, info);
    reliability_table(compose, info);
    om_compose_families(compose, info);
    if (compares)
        om_compose_apa(compose, info);
}
