/*
 * What goes on the page, for a reader who looks rather than reads: first what happened, then whom to look
 * after, then each instrument with every rule side by side, at the end who was counted and what the words
 * mean.
 */
#include "report/compose.h"
#include "report/view.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct om_result *
om_compose_find(const struct om_compose *compose, const struct om_topic *topic, const char *statistic)
{
    if (!topic->occasion)
        return NULL; /* there is only one */
    return om_results_find(&compose->analysis->results, topic->group, topic->info->instrument->id,
                           topic->info->scale->id, topic->population, topic->occasion,
                           topic->rule ? topic->rule : "", statistic);
}

bool
om_compose_compares(const struct om_compose *compose)
{
    return compose->analysis->last != NULL;
}

size_t
om_compose_populations(const struct om_compose *compose, const struct om_scale_info *info,
                       const char *population[2])
{
    const char *asked = compose->analysis->population;
    size_t n = 0;
    if (!om_compose_has_threshold(info) || strcmp(asked, "positive") != 0)
        population[n++] = "all";
    if (om_compose_has_threshold(info) && strcmp(asked, "all") != 0)
        population[n++] = "positive";
    return n;
}

void
om_compose_population_line(const struct om_compose *compose, const struct om_scale_info *info,
                           const char *population)
{
    if (strcmp(population, "positive") == 0 && info->cutoff_at.den == 0)
        om_table_across(compose->page, "positive at %s", om_compose_occasion(compose->analysis->first));
    else if (strcmp(population, "positive") == 0)
        om_table_across(compose->page, "screening positive at %s (%s %s)",
                        om_compose_occasion(compose->analysis->first), om_compose_beyond(compose, info),
                        om_show_fraction(info->cutoff_at).text);
    else
        om_table_across(compose->page, "%s",
                        om_compose_compares(compose) ? "everyone with both scores" : "everyone with a score");
}

bool
om_compose_has_threshold(const struct om_scale_info *info)
{
    return info->cutoff || info->cutoff_from_study || info->scale->combine == OM_COMBINE_CLASS;
}

const char *
om_compose_population(const struct om_compose *compose, const struct om_scale_info *info)
{
    const char *population[2] = {"", ""};
    om_compose_populations(compose, info, population);
    return population[0];
}

const char *
om_compose_who(const struct om_compose *compose)
{
    if (strcmp(compose->analysis->population, "positive") == 0)
        return "those screening positive, where there is a threshold";
    return om_compose_compares(compose) ? "everyone with both scores" : "everyone with a score";
}

struct om_shown
om_compose_level(const struct om_compose *compose)
{
    struct om_shown out = {"CI"};
    const struct om_results *results = &compose->analysis->results;
    for (size_t i = 0; i < results->n_rows; i++) {
        if (!results->row[i].has_level)
            continue;
        snprintf(out.text, sizeof out.text, "%.20s %% CI",
                 om_show_score(100 * results->row[i].level, 2).text);
        break;
    }
    return out;
}

size_t
om_compose_groups(const struct om_compose *compose, bool every)
{
    size_t n = compose->analysis->n_groups;
    return every || n <= OM_COMPOSE_GROUPS ? n : 1;
}

bool
om_compose_is_safety(const struct om_scale_info *info)
{
    for (size_t i = 0; i < info->instrument->n_safety; i++)
        if (strcmp(info->instrument->safety[i].scale, info->scale->id) == 0)
            return true;
    return false;
}

bool
om_compose_is_short_form(const struct om_analysis *analysis, const struct om_instrument *instrument)
{
    for (size_t i = 0; instrument->parent && i < analysis->n_instruments; i++)
        if (strcmp(analysis->instrument[i]->id, instrument->parent) == 0)
            return true;
    return false;
}

const struct om_scale_info *
om_compose_main_scale(const struct om_analysis *analysis, const struct om_instrument *instrument)
{
    const struct om_scale_info *found = NULL;
    for (size_t i = 0; i < analysis->n_scales; i++) {
        const struct om_scale_info *info = &analysis->scale[i];
        if (info->instrument != instrument || om_compose_is_safety(info))
            continue;
        if (strcmp(info->scale->id, "total") == 0)
            return info;
        if (!found || (found->scale->combine == OM_COMBINE_CLASS && info->scale->combine != OM_COMBINE_CLASS))
            found = info;
    }
    return found;
}

const struct om_person_ledger *
om_compose_persons(const struct om_compose *compose, const char *group, const char *instrument)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_ledger; i++)
        if (strcmp(analysis->ledger[i].group, group) == 0 &&
            strcmp(analysis->ledger[i].instrument, instrument) == 0)
            return &analysis->ledger[i];
    return NULL;
}

bool
om_compose_knows(const struct om_person_ledger *ledger)
{
    return ledger->persons != OM_WITHHELD && ledger->baseline != OM_WITHHELD &&
           ledger->paired != OM_WITHHELD && ledger->persons >= ledger->baseline &&
           ledger->baseline >= ledger->paired;
}

int
om_compose_decimals(const struct om_scale *scale)
{
    return om_fraction_value(scale->maximum) - om_fraction_value(scale->minimum) < 10 ? 2 : 1;
}

static bool
typeset(const struct om_compose *compose)
{
    return compose->page && compose->page->typeset;
}

const char *
om_compose_at_least(const struct om_compose *compose)
{
    return typeset(compose) ? "\u2265" : ">=";
}

const char *
om_compose_arrow(const struct om_compose *compose)
{
    return typeset(compose) ? "\u2192" : "->";
}

const char *
om_compose_beyond(const struct om_compose *compose, const struct om_scale_info *info)
{
    if (info->scale->direction != OM_HIGHER_BETTER)
        return om_compose_at_least(compose);
    return typeset(compose) ? "\u2264" : "<=";
}

const char *
om_compose_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void
om_compose_anchor(char anchor[OM_ANCHOR], const char *kind, const char *id)
{
    snprintf(anchor, OM_ANCHOR, "%.40s-%.40s", kind, id);
}

const char *
om_compose_occasion(const char *name)
{
    return !name ? "" : *name ? name : "score";
}

/* "; pre compared with post", "; pre only", or nothing for one occasion without a name. */
static void
compared(const struct om_analysis *analysis, char *text, size_t size)
{
    text[0] = '\0';
    if (analysis->last)
        snprintf(text, size, "; %s compared with %s", analysis->first, analysis->last);
    else if (*analysis->first)
        snprintf(text, size, "; %s only", analysis->first);
}

/* What is wrong with the data stands before the numbers made from them. */
static void
data_quality(const struct om_compose *compose)
{
    const struct om_findings *findings = compose->analysis->findings;
    uint64_t errors = findings ? om_findings_count(findings, OM_BAD) : 0;
    uint64_t warnings = findings ? om_findings_count(findings, OM_WARNING) - errors : 0;
    if (errors)
        om_page_paragraph(compose->page, OM_TONE_WORSE,
                          "The data have %" PRIu64 " error%s: the records or scores concerned are left out.",
                          errors, errors == 1 ? "" : "s");
    if (warnings)
        om_page_paragraph(compose->page, OM_TONE_PLAIN, "The data have %" PRIu64 " warning%s.", warnings,
                          warnings == 1 ? "" : "s");
}

static void
title(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *path = om_compose_file(analysis->n_inputs ? analysis->input[0].path : "no input");
    if (analysis->n_inputs > 1)
        om_page_title(compose->page, "Outcome report: %s and %zu more", path, analysis->n_inputs - 1);
    else
        om_page_title(compose->page, "Outcome report: %s", strcmp(path, "-") == 0 ? "standard input" : path);
    size_t groups = analysis->n_groups ? analysis->n_groups - 1 : 0;
    char in_groups[64] = "", occasions[256];
    compared(analysis, occasions, sizeof occasions);
    if (groups)
        snprintf(in_groups, sizeof in_groups, " in %zu %s", groups, groups == 1 ? "group" : "groups");
    char persons[32] = "Persons";
    if (analysis->persons != OM_WITHHELD)
        snprintf(persons, sizeof persons, "%" PRIu64 " %s", analysis->persons,
                 analysis->persons == 1 ? "person" : "persons");
    om_page_paragraph(compose->page, OM_TONE_PLAIN, "%s%s%s. %s", persons, in_groups, occasions,
                      strcmp(analysis->missing_rule, "prorate") == 0
                          ? "Forms with few blanks are prorated by each instrument's rule."
                          : "Complete forms only.");
    data_quality(compose);
    om_compose_disclosure(compose);
}

void
om_view_compose(struct om_page *page, const struct om_analysis *analysis,
                const struct om_report_options *options, const struct om_figures *figures)
{
    struct om_compose compose = {page, analysis, options, figures, NULL};
    om_compose_gather_rules(&compose);
    title(&compose);
    om_page_heading(page, "short", "In short");
    om_compose_headlines(&compose);
    om_compose_glance(&compose);
    om_compose_table1(&compose);
    om_compose_safety(&compose);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_instrument *instrument = analysis->instrument[i];
        const struct om_scale_info *info = om_compose_main_scale(analysis, instrument);
        if (info && !om_compose_is_short_form(analysis, instrument))
            om_compose_instrument(&compose, info);
    }
    om_compose_joint(&compose);
    om_compose_others(&compose);
    om_compose_ledger(&compose);
    om_compose_quality(&compose);
    om_compose_reading(&compose);
    om_compose_methods(&compose);
    om_compose_made(&compose);
    om_free(compose.rules);
}
