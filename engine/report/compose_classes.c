/* Who changed, by every rule side by side: improvement and deterioration with the same care. */
#include "report/compose.h"

#include <inttypes.h>
#include <string.h>

static void
rule_line(const struct om_compose *compose, const struct om_topic *topic)
{
    struct om_page *page = compose->page;
    const struct om_result *improved = om_compose_find(compose, topic, "class.improved");
    if (!improved)
        return;
    const uint64_t of = improved->denominator;
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", topic->rule);
    om_table_cell(page, OM_TONE_PLAIN, "%s", om_rule_meaning(topic->info, topic->rule).text);
    om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, of);
    om_cell_share(page, improved, &of, true, OM_TONE_BETTER);
    om_cell_share(page, om_compose_find(compose, topic, "class.unchanged"), &of, false, OM_TONE_PLAIN);
    om_cell_share(page, om_compose_find(compose, topic, "class.deteriorated"), &of, true, OM_TONE_WORSE);
}

static void
rule_table(const struct om_compose *compose, const struct om_scale_info *info, const char **rule,
           size_t n_rules)
{
    struct om_page *page = compose->page;
    const char *population[2];
    size_t n = om_compose_populations(compose, info, population);
    om_table_begin(page, "Who changed, by rule, all groups: count of the number in \"of\" (%%, %s)",
                   om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "rule");
    om_table_column(page, OM_ALIGN_LEFT, "improved means");
    om_table_column(page, OM_ALIGN_RIGHT, "of");
    om_table_column(page, OM_ALIGN_RIGHT, "improved");
    om_table_column(page, OM_ALIGN_RIGHT, "unchanged");
    om_table_column(page, OM_ALIGN_RIGHT, "worse");
    for (size_t p = 0; p < n; p++) {
        om_compose_population_line(compose, info, population[p]);
        for (size_t r = 0; r < n_rules; r++)
            rule_line(compose, &(struct om_topic){"all", info, population[p], "change", rule[r]});
    }
    om_table_end(page);
}

static void
class_lines(const struct om_compose *compose, const struct om_topic *of, const char **rule, size_t n_rules,
            const char *statistic, enum om_tone tone)
{
    for (size_t i = 1; i < om_compose_groups(compose, false); i++) {
        struct om_topic topic = *of;
        topic.group = compose->analysis->group[i];
        om_table_row(compose->page);
        om_table_cell(compose->page, OM_TONE_PLAIN, "%s", topic.group);
        for (size_t r = 0; r < n_rules; r++) {
            topic.rule = rule[r];
            om_cell_percent_of(compose->page, om_compose_find(compose, &topic, statistic), tone);
        }
    }
}

static void
group_table(const struct om_compose *compose, const struct om_scale_info *info, const char **rule,
            size_t n_rules)
{
    struct om_page *page = compose->page;
    const char *population[2];
    size_t n = om_compose_populations(compose, info, population);
    for (size_t p = 0; p < n; p++) {
        struct om_topic of = {NULL, info, population[p], "change", NULL};
        bool positive = strcmp(population[p], "positive") == 0;
        om_table_begin(page, "Who changed, by group and rule, %s",
                       positive ? "those screening positive" : "everyone with both scores");
        om_table_column(page, OM_ALIGN_LEFT, "%s", "");
        for (size_t r = 0; r < n_rules; r++)
            om_table_column(page, OM_ALIGN_RIGHT, "%s", rule[r]);
        om_table_across(page, "improved");
        class_lines(compose, &of, rule, n_rules, "class.improved", OM_TONE_BETTER);
        om_table_across(page, "worse");
        class_lines(compose, &of, rule, n_rules, "class.deteriorated", OM_TONE_WORSE);
        om_table_end(page);
    }
}

void
om_compose_classes(const struct om_compose *compose, const struct om_scale_info *info)
{
    const char *rule[OM_RULES_LIMIT];
    size_t n_rules = om_compose_rules(compose, info, rule);
    rule_table(compose, info, rule, n_rules);
    if (compose->analysis->n_groups > 2)
        group_table(compose, info, rule, n_rules);
}
