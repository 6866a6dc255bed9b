/* The rule over several instruments together (nhs): a section of its own behind theirs. */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *statistic, *name, *column, *means;
} classes[] = {
    {"class.recovery", "recovery", "recovery", "a case before, by no measure after"},
    {"class.reliable_improvement", "reliable improvement", "improved", "better by the points"},
    {"class.reliable_recovery", "reliable recovery", "reliable recovery", "both of these"},
    {"class.reliable_deterioration", "reliable deterioration", "deteriorated", "worse by the points"},
    {"class.no_reliable_change", "no reliable change", "no change", "all others"},
};
enum { CLASSES = sizeof classes / sizeof *classes };

/* The rows of a group and population; `of` is any row of the rule. */
static const struct om_result *
find(const struct om_compose *compose, const struct om_result *of, const char *group, const char *population,
     const char *statistic)
{
    return om_results_find(&compose->analysis->results, group, of->instrument, of->scale, population,
                           "change", of->rule, statistic);
}

/* "PHQ-9 and GAD-7" for phq9+gad7. */
static void
names(const struct om_analysis *analysis, const char *ids, char *text, size_t size)
{
    size_t at = 0;
    while (*ids && at < size) {
        size_t length = strcspn(ids, "+");
        const char *name = NULL;
        for (size_t i = 0; i < analysis->n_instruments; i++)
            if (strncmp(analysis->instrument[i]->id, ids, length) == 0 &&
                !analysis->instrument[i]->id[length])
                name = analysis->instrument[i]->name;
        ids += length + (ids[length] == '+');
        at += (size_t)snprintf(text + at, size - at, "%s%s",
                               at == 0 ? ""
                               : *ids  ? ", "
                                       : " and ",
                               name ? name : "");
    }
}

static enum om_tone
tone_of(size_t class_)
{
    return class_ < 3 ? OM_TONE_BETTER : class_ == 3 ? OM_TONE_WORSE : OM_TONE_PLAIN;
}

static void
class_table(const struct om_compose *compose, const struct om_result *of_rule)
{
    static const char *const populations[][2] = {{"all", "everyone with every score"},
                                                 {"positive", "cases before"}};
    struct om_page *page = compose->page;
    om_table_begin(page, "Who changed, all groups: count of the number in \"of\" (%%, %s)",
                   om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_LEFT, "means");
    om_table_column(page, OM_ALIGN_RIGHT, "of");
    om_table_column(page, OM_ALIGN_RIGHT, "count");
    for (size_t p = 0; p < 2; p++) {
        if (!find(compose, of_rule, "all", populations[p][0], "n"))
            continue;
        om_table_across(page, "%s", populations[p][1]);
        for (size_t c = 0; c < CLASSES; c++) {
            const struct om_result *row =
                find(compose, of_rule, "all", populations[p][0], classes[c].statistic);
            const uint64_t of = row->denominator;
            om_table_row(page);
            om_table_cell(page, OM_TONE_PLAIN, "%s", classes[c].name);
            om_table_cell(page, OM_TONE_PLAIN, "%s", classes[c].means);
            om_table_cell(page, OM_TONE_PLAIN, "%" PRIu64, of);
            om_cell_share(page, row, &of, true, tone_of(c));
        }
    }
    om_table_end(page);
}

static void
group_table(const struct om_compose *compose, const struct om_result *of_rule, const char *population)
{
    struct om_page *page = compose->page;
    om_table_begin(page, "Who changed reliably, by group, %s",
                   strcmp(population, "positive") == 0 ? "cases before" : "everyone with every score");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    for (size_t c = 0; c < CLASSES; c++)
        om_table_column(page, OM_ALIGN_RIGHT, "%s", classes[c].column);
    for (size_t g = 1; g < om_compose_groups(compose, false); g++) {
        om_table_row(page);
        om_table_cell(page, OM_TONE_PLAIN, "%s", compose->analysis->group[g]);
        for (size_t c = 0; c < CLASSES; c++)
            om_cell_percent_of(
                page, find(compose, of_rule, compose->analysis->group[g], population, classes[c].statistic),
                0, tone_of(c));
    }
    om_table_end(page);
}

void
om_compose_joint(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *population = strcmp(analysis->population, "positive") == 0 ? "positive" : "all";
    const struct om_result *recovery =
        om_results_find(&analysis->results, "all", NULL, NULL, population, "change", "nhs", "class.recovery");
    char who[256] = "";
    if (!recovery)
        return;
    names(analysis, recovery->instrument, who, sizeof who);
    om_page_heading(compose->page, "together", "%s together", who);
    om_page_paragraph(compose->page, OM_TONE_PLAIN, "Rule nhs; %s. Reliable change: %s.", recovery->note,
                      find(compose, recovery, "all", population, "class.reliable_improvement")->note);
    class_table(compose, recovery);
    if (analysis->n_groups > 2)
        group_table(compose, recovery, population);
}
