/* Who changed, by every rule side by side: improvement and deterioration with the same care. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void
rule_line(const struct om_compose *compose, const struct om_topic *topic)
{
    struct om_page *page = compose->page;
    const struct om_result *improved = om_compose_class(compose, topic, "improved");
    if (!improved)
        return;
    const uint64_t of = om_compose_of(improved);
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", topic->rule);
    om_table_cell(page, OM_TONE_PLAIN, "%s", om_rule_meaning(compose, topic->info, topic->rule).text);
    om_cell_number(page, of);
    om_cell_share(page, improved, &of, true, OM_TONE_BETTER);
    om_cell_share(page, om_compose_class(compose, topic, "unchanged"), &of, false, OM_TONE_PLAIN);
    om_cell_share(page, om_compose_class(compose, topic, "deteriorated"), &of, true, OM_TONE_WORSE);
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

/* --- the five classes of rules with a cut-off between populations -------------------------------------- */

static const struct {
    const char *id, *heading;
    enum om_tone tone;
} five[] = {{"recovered", "recovered", OM_TONE_BETTER},
            {"improved", "improved", OM_TONE_BETTER},
            {"unchanged", "unchanged", OM_TONE_PLAIN},
            {"deteriorated", "deteriorated", OM_TONE_WORSE},
            {"harmed", "harmed", OM_TONE_WORSE}};
enum { FIVE = sizeof five / sizeof *five };

static void
five_line(const struct om_compose *compose, const struct om_topic *topic, const char *prefix, const char *who)
{
    struct om_page *page = compose->page;
    char statistic[40];
    snprintf(statistic, sizeof statistic, "%s.recovered", prefix);
    const struct om_result *recovered = om_compose_find(compose, topic, statistic);
    if (!recovered)
        return;
    const uint64_t of = recovered->denominator;
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s%s", topic->rule, who);
    om_cell_score(page, om_compose_cutoff(compose, topic->info, topic->rule), 1);
    om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, of);
    for (size_t c = 0; c < FIVE; c++) {
        snprintf(statistic, sizeof statistic, "%s.%s", prefix, five[c].id);
        om_cell_share(page, om_compose_find(compose, topic, statistic), &of, false, five[c].tone);
    }
}

static bool
has_five(const struct om_compose *compose, const struct om_scale_info *info, const char **rule, size_t n)
{
    for (size_t r = 0; r < n; r++)
        if (om_compose_find(
                compose,
                &(struct om_topic){"all", info, om_compose_population(compose, info), "change", rule[r]},
                "class.recovered"))
            return true;
    return false;
}

/* Where the numbers behind the classes come from, and how much hangs on the reliability. */
static void
five_origin(const struct om_compose *compose, const struct om_scale_info *info, const char **rule,
            size_t n_rules)
{
    struct om_topic topic = {"all", info, om_compose_population(compose, info), "change", NULL};
    for (size_t r = 0; r < n_rules; r++) {
        topic.rule = rule[r];
        const struct om_result *cutoff = om_compose_find(compose, &topic, "cutoff");
        const struct om_result *flips = om_compose_find(compose, &topic, "flips");
        if (!cutoff || !om_compose_find(compose, &topic, "class.recovered"))
            continue;
        om_page_paragraph(compose->page, OM_TONE_DIM, "%s: %s.", rule[r], cutoff->note);
        if (flips && flips->has_ratio)
            om_page_paragraph(compose->page, OM_TONE_DIM, "%s would be %s.",
                              om_show_share(flips, NULL, false).text, flips->note);
        return;
    }
}

static void
five_table(const struct om_compose *compose, const struct om_scale_info *info, const char **rule,
           size_t n_rules)
{
    struct om_page *page = compose->page;
    const char *population[2];
    if (!has_five(compose, info, rule, n_rules))
        return;
    size_t n = om_compose_populations(compose, info, population);
    om_table_begin(page, "Clinically significant change, all groups: count of the number in \"of\" (%%)");
    om_table_column(page, OM_ALIGN_LEFT, "rule");
    om_table_column(page, OM_ALIGN_RIGHT, "cut-off");
    om_table_column(page, OM_ALIGN_RIGHT, "of");
    for (size_t c = 0; c < FIVE; c++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", five[c].heading);
    for (size_t p = 0; p < n; p++) {
        om_compose_population_line(compose, info, population[p]);
        for (size_t r = 0; r < n_rules; r++) {
            struct om_topic topic = {"all", info, population[p], "change", rule[r]};
            five_line(compose, &topic, "class", "");
            five_line(compose, &topic, "of_clinical", ", clinical before");
        }
    }
    om_table_end(page);
    five_origin(compose, info, rule, n_rules);
}

/* --- by group ------------------------------------------------------------------------------------------ */

/* How many persons most rules speak of: the most there are for one. 0: no rule speaks of this population. */
static uint64_t
persons_of(const struct om_compose *compose, struct om_topic topic, const char **rule, size_t n_rules)
{
    uint64_t most = 0;
    bool withheld = false;
    for (size_t r = 0; r < n_rules; r++) {
        topic.rule = rule[r];
        const struct om_result *row = om_compose_class(compose, &topic, "improved");
        const uint64_t of = row ? om_compose_of(row) : 0;
        withheld |= of == OM_WITHHELD;
        if (of != OM_WITHHELD && of > most)
            most = of;
    }
    return most || !withheld ? most : OM_WITHHELD;
}

static void
class_lines(const struct om_compose *compose, const struct om_topic *of, const char **rule, size_t n_rules,
            const char *class_, enum om_tone tone)
{
    for (size_t i = 1; i < om_compose_groups(compose, false); i++) {
        struct om_topic topic = *of;
        topic.group = compose->analysis->group[i];
        uint64_t n = persons_of(compose, topic, rule, n_rules);
        if (n == 0 && compose->analysis->disclosure.active)
            continue;
        om_table_row(compose->page);
        om_table_cell(compose->page, OM_TONE_PLAIN, "%s", topic.group);
        om_cell_number(compose->page, n);
        for (size_t r = 0; r < n_rules; r++) {
            topic.rule = rule[r];
            om_cell_percent_of(compose->page, om_compose_class(compose, &topic, class_), n, tone);
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
        om_table_column(page, OM_ALIGN_RIGHT, "of");
        for (size_t r = 0; r < n_rules; r++)
            om_table_column(page, OM_ALIGN_RIGHT, "%s", rule[r]);
        om_table_across(page, "improved");
        class_lines(compose, &of, rule, n_rules, "improved", OM_TONE_BETTER);
        om_table_across(page, "worse");
        class_lines(compose, &of, rule, n_rules, "deteriorated", OM_TONE_WORSE);
        om_table_end(page);
    }
}

void
om_compose_classes(const struct om_compose *compose, const struct om_scale_info *info)
{
    const char *rule[OM_RULES_LIMIT];
    size_t n_rules = om_compose_rules(compose, info, rule);
    rule_table(compose, info, rule, n_rules);
    five_table(compose, info, rule, n_rules);
    if (compose->analysis->n_groups > 2)
        group_table(compose, info, rule, n_rules);
}
