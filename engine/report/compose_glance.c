/* The first screen: one line an instrument, and the safety items. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "65 (69 %) -> 28 (30 %)" */
static void
screen_cell(const struct om_compose *compose, const struct om_result *before, const struct om_result *after,
            const uint64_t *of)
{
    struct om_page *page = compose->page;
    if (before && after && before->has_value && after->has_value && before->has_ratio && after->has_ratio)
        om_table_cell(page, OM_TONE_PLAIN, "%s %s %s", om_show_share(before, of, false).text,
                      om_compose_arrow(compose), om_show_share(after, of, false).text);
    else if (before && after && before->has_value && before->has_ratio && !after->has_value)
        om_table_cell(page, OM_TONE_PLAIN, "%s %s *", om_show_share(before, of, false).text,
                      om_compose_arrow(compose));
    else if (before && after && after->has_value && after->has_ratio && !before->has_value)
        om_table_cell(page, OM_TONE_PLAIN, "* %s %s", om_compose_arrow(compose),
                      om_show_share(after, of, false).text);
    else
        om_cell_share(page, before, of, false, OM_TONE_PLAIN);
}

static void
glance_line(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    struct om_topic topic = {"all", info, om_compose_population(compose, info), analysis->first, NULL};
    int decimals = om_compose_decimals(info->scale);
    struct om_topic at_last = topic, change = topic;
    at_last.occasion = analysis->last;
    change.occasion = "change";
    const struct om_result *n = om_compose_find(compose, &topic, "n");
    const struct om_result *moved = om_compose_find(compose, &change, "mean");
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", info->instrument->name);
    om_cell_count(page, n);
    om_cell_mean_sd(page, om_compose_find(compose, &topic, "mean"), om_compose_find(compose, &topic, "sd"),
                    decimals);
    om_cell_mean_sd(page, om_compose_find(compose, &at_last, "mean"),
                    om_compose_find(compose, &at_last, "sd"), decimals);
    om_cell_fixed(page, moved, decimals, om_tone_of_change(moved, info->scale));
    om_cell_bounds(page, moved, decimals);
    om_cell_reading(page, moved, info->scale);
    const uint64_t of = n && n->has_value ? (uint64_t)n->value : 0;
    screen_cell(compose, om_compose_find(compose, &topic, "positive"),
                om_compose_find(compose, &at_last, "positive"), &of);
}

static void
class_line(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    const char *rule = om_compose_main_rule(compose, info);
    if (!rule)
        return;
    struct om_topic topic = {"all", info, om_compose_population(compose, info), "change", rule};
    const struct om_result *improved = om_compose_class(compose, &topic, "improved");
    if (!improved)
        return;
    const uint64_t of = om_compose_of(improved);
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", info->instrument->name);
    om_table_cell(page, OM_TONE_PLAIN, "%s", rule);
    om_table_cell(page, OM_TONE_PLAIN, "%s", om_rule_meaning(compose, info, rule).text);
    om_cell_number(page, of);
    om_cell_share(page, improved, &of, true, OM_TONE_BETTER);
    om_cell_share(page, om_compose_class(compose, &topic, "unchanged"), &of, false, OM_TONE_PLAIN);
    om_cell_share(page, om_compose_class(compose, &topic, "deteriorated"), &of, true, OM_TONE_WORSE);
}

static void
for_each_instrument(const struct om_compose *compose,
                    void (*line)(const struct om_compose *, const struct om_scale_info *))
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (info && !om_compose_is_short_form(analysis, analysis->instrument[i]))
            line(compose, info);
    }
}

void
om_compose_glance(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    om_page_heading(page, "glance", "At a glance");
    om_table_begin(page, "Mean (SD), %s", om_compose_who(compose));
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(analysis->first));
    om_table_column(page, OM_ALIGN_RIGHT, "%s", analysis->last ? analysis->last : "");
    om_table_column(page, OM_ALIGN_RIGHT, "change");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "screen-positive");
    for_each_instrument(compose, glance_line);
    om_table_end(page);
    if (!om_compose_compares(compose))
        return;
    om_table_begin(page, "Who changed, the same persons: count of the number in \"of\" (%%, %s)",
                   om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_LEFT, "rule");
    om_table_column(page, OM_ALIGN_LEFT, "improved means");
    om_table_column(page, OM_ALIGN_RIGHT, "of");
    om_table_column(page, OM_ALIGN_RIGHT, "improved");
    om_table_column(page, OM_ALIGN_RIGHT, "unchanged");
    om_table_column(page, OM_ALIGN_RIGHT, "worse");
    for_each_instrument(compose, class_line);
    om_table_end(page);
}

/* Counts, not percentages: each of these is a person someone should know about. */
static void
count_of(struct om_page *page, const struct om_result *row, enum om_tone tone)
{
    if (row && row->has_ratio)
        om_table_cell(page, row->numerator ? tone : OM_TONE_PLAIN, "%" PRIu64 " of %" PRIu64, row->numerator,
                      row->denominator);
    else
        om_cell_count(page, row);
}

static void
safety_changes(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const struct {
        const char *name;
        enum om_tone tone;
    } category[] = {{"emergent", OM_TONE_WORSE},   {"worsening", OM_TONE_WORSE},
                    {"persistent", OM_TONE_WORSE}, {"resolved", OM_TONE_BETTER},
                    {"absent", OM_TONE_PLAIN},     {"unanswered", OM_TONE_PLAIN}};
    enum { CATEGORIES = sizeof category / sizeof *category };
    struct om_page *page = compose->page;
    om_table_begin(page, "Persons, from %s to %s", compose->analysis->first, compose->analysis->last);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    for (size_t j = 0; j < CATEGORIES; j++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", category[j].name);
    for (size_t i = 0; i < om_compose_groups(compose, true); i++) {
        struct om_topic topic = {compose->analysis->group[i], info, "all", "change", "safety"};
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", topic.group);
        for (size_t j = 0; j < CATEGORIES; j++) {
            char statistic[32];
            snprintf(statistic, sizeof statistic, "class.%s", category[j].name);
            count_of(page, om_compose_find(compose, &topic, statistic), category[j].tone);
        }
    }
    om_table_end(page);
    om_page_paragraph(
        page, OM_TONE_DIM,
        "Emergent: absent, then present. Worsening: present, then more often. Persistent: present, "
        "then present, not more often. Resolved: present, then absent. Unanswered: at either time.");
}

static void
safety_presence(const struct om_compose *compose, const struct om_scale_info *info,
                const struct om_safety *safety)
{
    struct om_page *page = compose->page;
    const char *occasion[] = {compose->analysis->first, compose->analysis->last};
    om_table_begin(page, "Present (answer %d or above), all groups", safety->at_least);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "present");
    om_table_column(page, OM_ALIGN_RIGHT, "unanswered");
    for (size_t i = 0; i < 2 && occasion[i]; i++) {
        struct om_topic topic = {"all", info, "all", occasion[i], NULL};
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", om_compose_occasion(occasion[i]));
        om_cell_share(page, om_compose_find(compose, &topic, "present"), NULL, true, OM_TONE_WORSE);
        count_of(page, om_compose_find(compose, &topic, "unanswered"), OM_TONE_PLAIN);
    }
    om_table_end(page);
}

void
om_compose_safety(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_scales; i++) {
        const struct om_scale_info *info = &analysis->scale[i];
        for (size_t j = 0; j < info->instrument->n_safety; j++) {
            const struct om_safety *safety = &info->instrument->safety[j];
            if (strcmp(safety->scale, info->scale->id) != 0 ||
                om_compose_is_short_form(analysis, info->instrument))
                continue;
            char anchor[OM_ANCHOR];
            om_compose_anchor(anchor, "safety", info->instrument->id);
            om_page_heading(compose->page, anchor, "Safety: %s, %s", info->instrument->name, safety->label);
            om_page_paragraph(compose->page, OM_TONE_DIM,
                              "Counted from the item itself, whether or not a total could be computed.");
            if (om_compose_compares(compose))
                safety_changes(compose, info);
            safety_presence(compose, info, safety);
        }
    }
}
