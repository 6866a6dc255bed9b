/*
 * Methods, as a paper prints them: every definition, threshold, source and choice behind the numbers. Facts
 * come from the definitions, the study and the method that stands beside each number.
 */
#include "report/compose.h"

#include <inttypes.h>
#include <omstat/version.h>
#include <stdio.h>
#include <string.h>

/* Sources in the order they are first cited. */
enum { SOURCES = 64 };
struct sources {
    const char *text[SOURCES];
    size_t n;
};

/* " [3]", or "" where there is no source. */
static struct om_shown
cite(struct sources *sources, const struct om_source *source)
{
    struct om_shown out = {""};
    size_t i = 0;
    if (!source->citation || !source->citation[0])
        return out;
    while (i < sources->n && strcmp(sources->text[i], source->citation) != 0)
        i++;
    if (i == SOURCES)
        return out;
    if (i == sources->n)
        sources->text[sources->n++] = source->citation;
    snprintf(out.text, sizeof out.text, " [%zu]", i + 1);
    return out;
}

static const char *
text_or(const char *text, const char *otherwise)
{
    return text && text[0] ? text : otherwise;
}

/* --- measures ------------------------------------------------------------------------------------------ */

static const char *
made_how(enum om_combine combine)
{
    switch (combine) {
    case OM_COMBINE_SUM:
        return "the sum of the answers";
    case OM_COMBINE_MEAN:
        return "the mean of the answers";
    case OM_COMBINE_PERCENT:
        return "the sum of the answers as a percentage of the highest one possible";
    case OM_COMBINE_COUNT:
        return "how many items reach their threshold";
    case OM_COMBINE_TOTAL:
        return "a total as given";
    case OM_COMBINE_CLASS:
        break;
    }
    return "a diagnosis by criteria";
}

static void
identity(struct om_buffer *out, struct sources *sources, const struct om_instrument *instrument)
{
    om_buffer_format(out, "%s", instrument->title);
    if (text_or(instrument->authors, NULL))
        om_buffer_format(out, " (%s", instrument->authors);
    if (text_or(instrument->authors, NULL) && instrument->year)
        om_buffer_format(out, ", %d", instrument->year);
    om_buffer_format(out, "%s%s. ", text_or(instrument->authors, NULL) ? ")" : "",
                     cite(sources, &instrument->source).text);
    if (instrument->n_items)
        om_buffer_format(out, "%zu items, answered %d to %d%s%s. ", instrument->n_items, instrument->minimum,
                         instrument->maximum, text_or(instrument->recall, NULL) ? ", about the last " : "",
                         text_or(instrument->recall, ""));
}

static void
bands(struct om_buffer *out, struct sources *sources, const struct om_scale *scale)
{
    if (!scale->n_bands)
        return;
    om_buffer_text(out, "Severity bands: ");
    for (size_t i = 0; i < scale->n_bands; i++)
        om_buffer_format(out, "%s%s from %s", i ? ", " : "", scale->band[i].label,
                         om_show_fraction(scale->band[i].from).text);
    om_buffer_format(out, "%s. ", cite(sources, &scale->band_source).text);
}

static void
cutoff(struct om_buffer *out, const struct om_compose *compose, struct sources *sources,
       const struct om_scale_info *info)
{
    if (!info->cutoff_at.den)
        return;
    om_buffer_format(out, "Screening positive: %s %s", om_compose_beyond(compose, info),
                     om_show_fraction(info->cutoff_at).text);
    if (info->cutoff_from_study)
        om_buffer_text(out, " (set by this study)");
    else if (info->cutoff)
        om_buffer_format(out, "%s%s", info->cutoff->is_choice ? " (a choice: no published threshold)" : "",
                         cite(sources, &info->cutoff->source).text);
    om_buffer_text(out, ". ");
}

static void
thresholds(struct om_buffer *out, struct sources *sources, const struct om_scale *scale)
{
    for (size_t i = 0; i < scale->n_thresholds; i++) {
        const struct om_threshold *threshold = &scale->threshold[i];
        if (!threshold->is_default)
            continue;
        om_buffer_format(out, "%s change: %s points or more%s%s%s%s. ",
                         strcmp(threshold->kind, "reliable") == 0 ? "Reliable" : "Meaningful",
                         om_show_fraction(threshold->points).text,
                         text_or(threshold->label, NULL) ? " (" : "", text_or(threshold->label, ""),
                         text_or(threshold->label, NULL) ? ")" : "", cite(sources, &threshold->source).text);
    }
    if (scale->has_remission)
        om_buffer_format(out, "Remission: below %s%s. ", om_show_fraction(scale->remission_below).text,
                         cite(sources, &scale->remission_source).text);
}

static void
missing(struct om_buffer *out, struct sources *sources, const struct om_analysis *analysis,
        const struct om_scale *scale)
{
    if (!scale->n_items || scale->combine == OM_COMBINE_TOTAL)
        return;
    if (strcmp(analysis->missing_rule, "prorate") != 0)
        om_buffer_text(out, "A form with a blank answer has no score. ");
    else
        om_buffer_format(out, "Up to %d blank answers were prorated%s. ", scale->max_blank,
                         cite(sources, &scale->missing_source).text);
}

static void
measure(const struct om_compose *compose, struct sources *sources, const struct om_scale_info *info)
{
    const struct om_scale *scale = info->scale;
    const struct om_instrument *instrument = info->instrument;
    struct om_buffer out = OM_BUFFER_EMPTY;
    identity(&out, sources, instrument);
    om_buffer_format(&out, "%s: %s", scale->label, made_how(scale->combine));
    if (!scale->open_range)
        om_buffer_format(&out, ", %s to %s", om_show_fraction(scale->minimum).text,
                         om_show_fraction(scale->maximum).text);
    om_buffer_format(&out, "; %s is better. ", scale->direction == OM_HIGHER_BETTER ? "higher" : "lower");
    bands(&out, sources, scale);
    cutoff(&out, compose, sources, info);
    thresholds(&out, sources, scale);
    missing(&out, sources, compose->analysis, scale);
    om_buffer_format(&out, "Definition %s.", text_or(instrument->version, "without a version"));
    compose->page->failed |= !om_buffer_ok(&out);
    om_page_item(compose->page, instrument->name, "%s", om_buffer_string(&out));
    om_buffer_release(&out);
}

/* --- rules --------------------------------------------------------------------------------------------- */

/* Each rule in use once, in the order of the result set. */
static void
define_rules(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *seen[OM_RULES_LIMIT];
    size_t n_seen = 0;
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        const char *rule[OM_RULES_LIMIT];
        size_t n = info ? om_compose_rules(compose, info, rule) : 0;
        for (size_t r = 0; r < n; r++) {
            size_t j = 0;
            while (j < n_seen && seen[j] != rule[r])
                j++;
            if (j < n_seen || n_seen == OM_RULES_LIMIT)
                continue;
            seen[n_seen++] = rule[r];
            om_rule_define(compose, rule[r]);
        }
    }
}

/* --- statistics ---------------------------------------------------------------------------------------- */

/* The methods that stand beside the numbers, in words. */
static const struct {
    const char *method, *words;
} methods[] = {
    {"t", "Intervals of means: t"},
    {"wilson", "Intervals of shares: Wilson's score"},
    {"clopper-pearson", "Intervals of shares: Clopper and Pearson"},
    {"paired-t", "Change of means: paired t test"},
    {"signed-rank-exact", "Change of ranks: Wilcoxon signed-rank test, exact"},
    {"signed-rank-normal-cc",
     "Change of ranks: Wilcoxon signed-rank test, normal with continuity correction"},
    {"binomial-exact", "Screening status: McNemar test, exact"},
    {"noncentral-t",
     "Effect size d_z: mean change divided by the SD of the changes, interval by the noncentral t"},
    {"noncentral-t-scaled", "d_av, d_rm, g_z, g_av: the same, scaled"},
    {"matched-pairs", "Rank-biserial correlation of matched pairs"},
    {"fisher-z", "Correlation of the two scores: Pearson, interval by Fisher's z"},
    {"feldt", "Reliability: Cronbach's alpha of complete forms, interval by Feldt"},
    {"n-1", "Standard deviations: divided by n - 1"},
    {"type-7", "Quartiles: type 7 of Hyndman and Fan"},
};

static bool
is_used(const struct om_results *results, const char *method)
{
    for (size_t i = 0; i < results->n_rows; i++)
        if (strcmp(results->row[i].method, method) == 0)
            return true;
    return false;
}

static void
statistics(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    struct om_buffer out = OM_BUFFER_EMPTY;
    const char *between = "";
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (!is_used(&analysis->results, methods[i].method))
            continue;
        om_buffer_format(&out, "%s%s", between, methods[i].words);
        between = ". ";
    }
    if (*between)
        om_buffer_format(
            &out, ". Level of confidence: %s. p values are two-sided and not adjusted for their number.",
            om_compose_level(compose).text);
    for (size_t i = 0; i < analysis->n_families; i++)
        om_buffer_format(&out, "%s%s", i ? ", " : " Beside these: ", analysis->family[i].title);
    om_buffer_text(&out, analysis->n_families ? "; docs/methods of omstat defines each." : "");
    compose->page->failed |= !om_buffer_ok(&out);
    if (out.length)
        om_page_item(compose->page, "statistics", "%s", om_buffer_string(&out));
    om_buffer_release(&out);
}

/* --- the whole ----------------------------------------------------------------------------------------- */

static void
design(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    if (analysis->last)
        om_page_item(
            compose->page, "design",
            "One group before and after, without a control group: scores at %s are compared with those "
            "of the same people at %s. Who has only one of the two is left out; nothing was imputed%s. "
            "Change is %s minus %s.",
            analysis->last, analysis->first,
            strcmp(analysis->missing_rule, "prorate") == 0 ? " but single answers" : "", analysis->last,
            analysis->first);
    else
        om_page_item(compose->page, "design", "Scores at one occasion; nothing is compared.");
    if (strcmp(analysis->population, "all") != 0)
        om_page_item(compose->page, "", "Those screening positive at the first occasion %s.",
                     strcmp(analysis->population, "both") == 0 ? "are shown beside everyone"
                                                               : "only are shown");
}

void
om_compose_methods(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    struct sources sources = {.n = 0};
    om_page_heading(page, "methods", "Methods");
    om_page_paragraph(page, OM_TONE_DIM, "Ready to be copied into a paper.");
    design(compose);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (info)
            measure(compose, &sources, info);
    }
    statistics(compose);
    om_page_item(page, "software", "omstat %s.", OM_VERSION);
    if (om_compose_compares(compose)) {
        om_page_subheading(page, "rules", "Rules of change");
        define_rules(compose);
    }
    if (sources.n)
        om_page_subheading(page, "sources", "Sources");
    for (size_t i = 0; i < sources.n; i++) {
        char number[32];
        snprintf(number, sizeof number, "[%zu]", i + 1);
        om_page_item(page, number, "%s", sources.text[i]);
    }
}
