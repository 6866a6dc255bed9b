/* Tables of the families agreement, sensitivity and regression-to-mean. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- agreement between the rules ----------------------------------------------------------------------- */

static void
agreement_lines(const struct om_compose *compose, const struct om_topic *of)
{
    struct om_page *page = compose->page;
    const struct om_results *results = &compose->analysis->results;
    for (size_t i = 0; i < results->n_rows; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->family, "agreement") != 0 || strcmp(row->statistic, "agree") != 0 ||
            strcmp(row->group, of->group) != 0 || strcmp(row->population, of->population) != 0 ||
            strcmp(row->instrument, of->info->instrument->id) != 0 ||
            strcmp(row->scale, of->info->scale->id) != 0)
            continue;
        struct om_topic topic = *of;
        topic.rule = row->rule;
        const struct om_result *kappa = om_compose_find(compose, &topic, "kappa");
        const int first = (int)strcspn(row->rule, "*");
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%.*s, %s", first, row->rule, row->rule + first + 1);
        om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, row->denominator);
        om_cell_share(page, row, &row->denominator, true, OM_TONE_PLAIN);
        om_cell_fixed(page, kappa, 2, OM_TONE_PLAIN);
        om_cell_bounds(page, kappa, 2);
    }
}

void
om_compose_agreement(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const char *population[2], *level = om_compose_level(compose).text;
    size_t n = om_compose_populations(compose, info, population);
    om_table_begin(page,
                   "Agreement between the rules, all groups: in the same class (improved, unchanged, worse)");
    om_table_column(page, OM_ALIGN_LEFT, "rules");
    om_table_column(page, OM_ALIGN_RIGHT, "of");
    om_table_column(page, OM_ALIGN_RIGHT, "agree (%%, %s)", level);
    om_table_column(page, OM_ALIGN_RIGHT, "kappa");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", level);
    for (size_t p = 0; p < n; p++) {
        om_compose_population_line(compose, info, population[p]);
        agreement_lines(compose, &(struct om_topic){"all", info, population[p], "change", NULL});
    }
    om_table_end(page);
}

/* --- sensitivity --------------------------------------------------------------------------------------- */

/* A threshold from the results: "improved.5" gives "5". */
struct threshold {
    const char *text;
};

/* The thresholds that rows of this topic have behind `prefix`, one after the other; long lists show every
 * fifth. Returns how many are shown. */
enum { THRESHOLDS_MAX = 100, LONG_LIST = 40, EVERY = 5 };

static size_t
thresholds(const struct om_compose *compose, const struct om_topic *of, const char *prefix,
           struct threshold out[THRESHOLDS_MAX])
{
    const struct om_results *results = &compose->analysis->results;
    const size_t length = strlen(prefix);
    size_t n = 0, kept = 0;
    for (size_t i = 0; i < results->n_rows && n < THRESHOLDS_MAX; i++) {
        const struct om_result *row = &results->row[i];
        if (strcmp(row->family, "sensitivity") == 0 && strncmp(row->statistic, prefix, length) == 0 &&
            strcmp(row->group, of->group) == 0 && strcmp(row->population, of->population) == 0 &&
            strcmp(row->instrument, of->info->instrument->id) == 0 &&
            strcmp(row->scale, of->info->scale->id) == 0)
            out[n++].text = row->statistic + length;
    }
    for (size_t i = 0; i < n; i++)
        if (n <= LONG_LIST || (i + 1) % EVERY == 0)
            out[kept++] = out[i];
    return kept;
}

static const struct om_result *
at_threshold(const struct om_compose *compose, const struct om_topic *topic, const char *prefix,
             const struct threshold *threshold)
{
    char statistic[80];
    snprintf(statistic, sizeof statistic, "%.20s%.40s", prefix, threshold->text);
    return om_compose_find(compose, topic, statistic);
}

/* By the points of a responder, up to the largest change there is. */
static void
points_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const char *population[2];
    const size_t n = om_compose_populations(compose, info, population);
    struct threshold points[THRESHOLDS_MAX];
    struct om_topic topic = {"all", info, population[0], "change", "shift"};
    const size_t n_points = thresholds(compose, &topic, "improved.", points);
    if (n_points == 0)
        return;
    om_table_begin(page, "Responders by the points asked for, all groups: count of n (%%)");
    om_table_column(page, OM_ALIGN_RIGHT, "points");
    for (size_t p = 0; p < n; p++) {
        const char *who = strcmp(population[p], "all") == 0 ? "everyone" : "positive";
        om_table_column(page, OM_ALIGN_RIGHT, "%s: improved", who);
        om_table_column(page, OM_ALIGN_RIGHT, "worse");
    }
    for (size_t i = 0; i < n_points; i++) {
        const struct om_result *first[2] = {at_threshold(compose, &topic, "improved.", &points[i]),
                                            at_threshold(compose, &topic, "deteriorated.", &points[i])};
        if (first[0]->numerator == 0 && first[1]->numerator == 0)
            break;
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", points[i].text);
        for (size_t p = 0; p < n; p++) {
            struct om_topic of = topic;
            of.population = population[p];
            om_cell_share(page, at_threshold(compose, &of, "improved.", &points[i]), NULL, false,
                          OM_TONE_BETTER);
            om_cell_share(page, at_threshold(compose, &of, "deteriorated.", &points[i]), NULL, false,
                          OM_TONE_WORSE);
        }
    }
    om_table_end(page);
}

static void
cutoff_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    struct threshold cutoff[THRESHOLDS_MAX];
    struct om_topic topic = {"all", info, "all", "change", "screen"};
    const size_t n = thresholds(compose, &topic, "left.", cutoff);
    if (n == 0)
        return;
    om_table_begin(page,
                   "Screening by other cut-offs, all groups, everyone with both scores: count of n (%%, %s)",
                   om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_RIGHT, "cut-off %s", om_compose_beyond(compose, info));
    om_table_column(page, OM_ALIGN_RIGHT, "positive, then not");
    om_table_column(page, OM_ALIGN_RIGHT, "not positive, then positive");
    for (size_t i = 0; i < n; i++) {
        const struct om_result *left = at_threshold(compose, &topic, "left.", &cutoff[i]);
        const struct om_result *entered = at_threshold(compose, &topic, "entered.", &cutoff[i]);
        if (left->denominator == 0 && entered->numerator == 0)
            continue;
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", cutoff[i].text);
        om_cell_share(page, left, NULL, true, OM_TONE_BETTER);
        om_cell_share(page, entered, NULL, true, OM_TONE_WORSE);
    }
    om_table_end(page);
}

static void
bounds_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const char *const statistic[] = {"completers.improved",    "worst_case.improved",
                                            "best_case.improved",     "completers.deteriorated",
                                            "best_case.deteriorated", "worst_case.deteriorated"};
    static const char *const heading[] = {"improved", "if none", "if all", "worse", "if none", "if all"};
    struct om_page *page = compose->page;
    const char *population[2], *rule[OM_RULES_LIMIT];
    const size_t n = om_compose_populations(compose, info, population);
    const size_t n_rules = om_compose_rules(compose, info, rule);
    om_table_begin(
        page, "Those without a second score, all groups: the share if none, or all, of them had changed");
    om_table_column(page, OM_ALIGN_LEFT, "rule");
    for (size_t i = 0; i < sizeof statistic / sizeof *statistic; i++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", heading[i]);
    for (size_t p = 0; p < n; p++) {
        om_compose_population_line(compose, info, population[p]);
        for (size_t r = 0; r < n_rules; r++) {
            struct om_topic topic = {"all", info, population[p], "change", rule[r]};
            om_table_row(page);
            om_table_cell(page, OM_TONE_PLAIN, "%s", rule[r]);
            for (size_t i = 0; i < sizeof statistic / sizeof *statistic; i++)
                om_cell_percent_of(page, om_compose_find(compose, &topic, statistic[i]), 0,
                                   i < 3 ? OM_TONE_BETTER : OM_TONE_WORSE);
        }
    }
    om_table_end(page);
}

static void
baseline_table(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const char *const who[][3] = {{"with a second score", "completers.n", "completers.mean"},
                                         {"without", "dropouts.n", "dropouts.mean"}};
    static const char *const sd[] = {"completers.sd", "dropouts.sd"};
    struct om_page *page = compose->page;
    const int decimals = om_compose_decimals(info->scale);
    struct om_topic topic = {"all", info, om_compose_population(compose, info), compose->analysis->first,
                             NULL};
    om_table_begin(page, "Scores at %s of those with and without a second one, all groups",
                   compose->analysis->first);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "mean (SD)");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    for (size_t i = 0; i < 2; i++) {
        const struct om_result *mean = om_compose_find(compose, &topic, who[i][2]);
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", who[i][0]);
        om_cell_count(page, om_compose_find(compose, &topic, who[i][1]));
        om_cell_mean_sd(page, mean, om_compose_find(compose, &topic, sd[i]), decimals);
        om_cell_bounds(page, mean, decimals);
    }
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "standardised difference");
    om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    om_cell_fixed(page, om_compose_find(compose, &topic, "completers.smd"), 2, OM_TONE_PLAIN);
    om_table_end(page);
}

void
om_compose_sensitivity(const struct om_compose *compose, const struct om_scale_info *info)
{
    if (!om_compose_compares(compose))
        return;
    points_table(compose, info);
    cutoff_table(compose, info);
    bounds_table(compose, info);
    baseline_table(compose, info);
}

/* --- regression to the mean ---------------------------------------------------------------------------- */

static void
regression_line(const struct om_compose *compose, const struct om_topic *topic)
{
    struct om_page *page = compose->page;
    const int decimals = om_compose_decimals(topic->info->scale);
    const struct om_result *observed = om_compose_find(compose, topic, "rtm.observed");
    if (!observed)
        return;
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", topic->group);
    om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, observed->n);
    om_cell_fixed(page, observed, decimals, OM_TONE_PLAIN);
    om_cell_coefficient(page, om_compose_find(compose, topic, "rtm.correlation"));
    om_cell_fixed(page, om_compose_find(compose, topic, "rtm.expected"), decimals, OM_TONE_PLAIN);
    om_cell_fixed(page, om_compose_find(compose, topic, "rtm.beyond"), decimals, OM_TONE_PLAIN);
    om_cell_fixed(page, om_compose_find(compose, topic, "rtm.share"), 2, OM_TONE_PLAIN);
    om_cell_fixed(page, om_compose_find(compose, topic, "rtm_normal.expected"), decimals, OM_TONE_PLAIN);
}

void
om_compose_regression_to_mean(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const char *const heading[] = {"n",     "observed",     "r", "expected", "beyond",
                                          "share", "normal theory"};
    struct om_page *page = compose->page;
    struct om_topic topic = {"all", info, "positive", "change", NULL};
    if (!om_compose_find(compose, &topic, "rtm.observed"))
        return;
    om_table_begin(
        page, "Regression to the mean: change of those screening positive, and what their selection alone "
              "would bring");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    for (size_t i = 0; i < sizeof heading / sizeof *heading; i++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", heading[i]);
    for (size_t g = 0; g < om_compose_groups(compose, false); g++) {
        topic.group = compose->analysis->group[g];
        regression_line(compose, &topic);
    }
    om_table_end(page);
    om_page_paragraph(
        page, OM_TONE_PLAIN,
        "Expected: (1 - r) (mean of everyone - mean of the positive), an estimate. A treatment that helps "
        "some more "
        "than others lowers r, which makes it too large; where the people in the panel were selected before, "
        "it is too small.");
}
