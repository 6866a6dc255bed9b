/* Change rules in words. Operators and formulas: the definitions in engine/change. */
#include "report/compose.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

static bool
is_of(const struct om_result *row, const struct om_scale_info *info)
{
    return strcmp(row->instrument, info->instrument->id) == 0 && strcmp(row->scale, info->scale->id) == 0;
}

static void
add_rule(struct om_rule_list *list, const char *rule)
{
    size_t i = 0;
    while (i < list->n && list->rule[i] != rule) /* the set holds each text once */
        i++;
    if (i == list->n && i < OM_RULES_LIMIT)
        list->rule[list->n++] = rule;
}

void
om_compose_gather_rules(struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    compose->rules = om_calloc(analysis->n_scales, sizeof *compose->rules);
    compose->page->failed |= !compose->rules;
    for (size_t i = 0; compose->rules && i < analysis->results.n_rows; i++) {
        const struct om_result *row = &analysis->results.row[i];
        for (size_t s = 0; s < analysis->n_scales && strcmp(row->statistic, "class.improved") == 0; s++)
            if (is_of(row, &analysis->scale[s]))
                add_rule(&compose->rules[s], row->rule);
    }
}

size_t
om_compose_rules(const struct om_compose *compose, const struct om_scale_info *info,
                 const char *rule[OM_RULES_LIMIT])
{
    const struct om_results *results = &compose->analysis->results;
    struct om_rule_list list = {.n = 0};
    if (compose->rules)
        list = compose->rules[info - compose->analysis->scale];
    for (size_t i = 0; !compose->rules && i < results->n_rows; i++)
        if (strcmp(results->row[i].statistic, "class.improved") == 0 && is_of(&results->row[i], info))
            add_rule(&list, results->row[i].rule);
    memcpy(rule, list.rule, list.n * sizeof *rule);
    return list.n;
}

const char *
om_compose_main_rule(const struct om_compose *compose, const struct om_scale_info *info)
{
    static const char *const preferred[] = {"reliable", "shift", "screen"};
    const char *rule[OM_RULES_LIMIT];
    size_t n = om_compose_rules(compose, info, rule);
    for (size_t p = 0; p < sizeof preferred / sizeof *preferred; p++)
        for (size_t i = 0; i < n; i++)
            if (strcmp(rule[i], preferred[p]) == 0)
                return rule[i];
    return n ? rule[0] : NULL;
}

static const struct om_threshold *
reliable_threshold(const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_thresholds; i++)
        if (scale->threshold[i].is_default && strcmp(scale->threshold[i].kind, "reliable") == 0)
            return &scale->threshold[i];
    return NULL;
}

static const char *
toward_better(const struct om_scale_info *info)
{
    return info->scale->direction == OM_HIGHER_BETTER ? "higher" : "lower";
}

/* Of the rows that describe a rule on a scale: they stand with the first population. */
static const struct om_result *
find_quantity(const struct om_compose *compose, const struct om_scale_info *info, const char *rule,
              const char *statistic)
{
    return om_compose_find(
        compose, &(struct om_topic){"all", info, om_compose_population(compose, info), "change", rule},
        statistic);
}

const struct om_result *
om_compose_cutoff(const struct om_compose *compose, const struct om_scale_info *info, const char *rule)
{
    return find_quantity(compose, info, rule, "cutoff");
}

const struct om_result *
om_compose_class(const struct om_compose *compose, const struct om_topic *topic, const char *class_)
{
    char statistic[40];
    snprintf(statistic, sizeof statistic, "%s.any", class_);
    const struct om_result *any = om_compose_find(compose, topic, statistic);
    snprintf(statistic, sizeof statistic, "class.%s", class_);
    return any ? any : om_compose_find(compose, topic, statistic);
}

static struct om_shown
points_meaning(const struct om_compose *compose, struct om_fraction points, const char *toward)
{
    struct om_shown out;
    snprintf(out.text, sizeof out.text, "%.4s %.25s points %.12s", om_compose_at_least(compose),
             om_show_fraction(points).text, toward);
    return out;
}

/* "> 6.2 points lower" for Jacobson & Truax; "index beyond 1.96" for the others. */
static struct om_shown
index_meaning(const struct om_compose *compose, const struct om_scale_info *info, const char *rule)
{
    struct om_shown out = {""};
    const struct om_result *points = find_quantity(compose, info, rule, "points");
    const struct om_result *critical = find_quantity(compose, info, rule, "critical_value");
    if (points && points->has_value)
        snprintf(out.text, sizeof out.text, "> %.20s points %.12s", om_show_score(points->value, 1).text,
                 toward_better(info));
    else if (critical && critical->has_value)
        snprintf(out.text, sizeof out.text, "index beyond %.20s", om_show_fixed(critical->value, 2).text);
    return out;
}

struct om_shown
om_rule_meaning(const struct om_compose *compose, const struct om_scale_info *info, const char *rule)
{
    struct om_shown out = {""};
    const char *toward = toward_better(info);
    struct om_fraction shift = info->shift;
    const struct om_threshold *reliable = reliable_threshold(info->scale);
    if (strcmp(rule, "shift") == 0)
        return points_meaning(compose, shift, toward);
    if (strcmp(rule, "reliable") == 0 && info->reliable_by_index)
        return (struct om_shown){"beyond its error"};
    if (strcmp(rule, "reliable") == 0 && reliable)
        return points_meaning(compose, reliable->points, toward);
    if ((strcmp(rule, "anchor") == 0 || strcmp(rule, "cwb") == 0) && info->anchor.den)
        return points_meaning(compose, info->anchor, toward);
    if (strcmp(rule, "band") == 0)
        return (struct om_shown){"a milder band"};
    if (strcmp(rule, "screen") == 0)
        return (struct om_shown){"positive, then not"};
    if (strcmp(rule, "functional") == 0 || strcmp(rule, "functional-ha") == 0)
        return (struct om_shown){"clinical, then functional"};
    if (strcmp(rule, "band-or-shift") == 0)
        snprintf(out.text, sizeof out.text, "milder band or %.4s %.25s", om_compose_at_least(compose),
                 om_show_fraction(shift).text);
    else if (strcmp(rule, "percent") == 0)
        snprintf(out.text, sizeof out.text, "%.4s %.10g %% %s", om_compose_at_least(compose),
                 100 * om_fraction_value(info->share), toward);
    else if (strcmp(rule, "remission") == 0 && info->scale->has_remission)
        snprintf(out.text, sizeof out.text, "was %.4s %.20s, now below", om_compose_at_least(compose),
                 om_show_fraction(info->scale->remission_below).text);
    else
        return index_meaning(compose, info, rule);
    return out;
}

/* General definitions; the points of each instrument are added by the caller. */
static const struct {
    const char *rule, *text;
} definitions[] = {
    {"shift",
     "improved: the score moved toward better by at least the points given; worse: toward worse by as many."},
    {"band", "improved: a milder severity band than before; worse: a more severe one."},
    {"band-or-shift",
     "improved by band or by shift; worse by band or by shift. The rule of the published evaluation."},
    {"screen", "improved: screened positive before, not after; worse: not before, but after."},
    {"reliable",
     "improved: moved toward better by at least the points named in the instrument's definition as "
     "reliable change, or, when the study asks for the index, by more than 1.96 times the error of a "
     "difference; "
     "worse: toward worse by as many."},
    {"percent",
     "improved: by at least half of the score before, or the share given; worse: by as much the other way. A "
     "score of 0 before has no per cent and is not counted."},
    {"remission",
     "improved: at or above the remission threshold before, below it after; worse: the reverse."},
    {"jt",
     "Jacobson and Truax. Improved: the change toward better is more than 1.96 times the error of a "
     "difference; worse: as much toward worse. Recovered: improved, and from the clinical to the functional "
     "side of the cut-off; harmed: the reverse. A score on the cut-off is on neither side."},
    {"gln", "as jt, with the index of Gulliksen, Lord and Novick."},
    {"hll", "as jt, with the index of Hsu, Linn and Lord: change beyond the mean change of everyone."},
    {"en", "as jt, with the index of Edwards and Nunnally."},
    {"nk", "as jt, with the index of Nunnally and Kotsch."},
    {"ha", "as jt, with the index and the true-score cut-off of Hageman and Arrindell, and 1.65."},
    {"anchor", "improved: by at least the minimal important difference; worse: by as much, or by its own."},
    {"cwb", "as anchor, with recovered and harmed as in jt."},
    {"functional",
     "improved: from the clinical to the functional side of the cut-off of jt, whatever the points; worse: "
     "the reverse."},
    {"functional-ha", "the same with the true-score cut-off of ha."},
};

/* "PHQ-9 6, GAD-7 4 points" for rules counted in points that differ between instruments. */
static void
list_points(const struct om_compose *compose, const char *rule, char *text, size_t size)
{
    const struct om_analysis *analysis = compose->analysis;
    size_t at = 0;
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        const struct om_threshold *reliable = info ? reliable_threshold(info->scale) : NULL;
        struct om_fraction value = {0, 0};
        if (info && (strcmp(rule, "shift") == 0 || strcmp(rule, "band-or-shift") == 0))
            value = info->shift;
        else if (strcmp(rule, "reliable") == 0 && reliable && !info->reliable_by_index)
            value = reliable->points;
        else if (strcmp(rule, "remission") == 0 && info && info->scale->has_remission)
            value = info->scale->remission_below;
        else if (info && (strcmp(rule, "anchor") == 0 || strcmp(rule, "cwb") == 0))
            value = info->anchor;
        if (value.den == 0 || at >= size)
            continue;
        at += (size_t)snprintf(text + at, size - at, "%s%.40s %.20s",
                               at ? ", " : " Points: ", analysis->instrument[i]->name,
                               om_show_fraction(value).text);
    }
    if (at && at + 1 < size)
        snprintf(text + at, size - at, ".");
}

void
om_rule_define(const struct om_compose *compose, const char *rule)
{
    char points[512] = "";
    list_points(compose, rule, points, sizeof points);
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
        if (strcmp(definitions[i].rule, rule) == 0)
            om_page_item(compose->page, rule, "%s%s", definitions[i].text, points);
}
