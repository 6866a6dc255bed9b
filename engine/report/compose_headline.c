/*
 * What happened, in words, before any table: per instrument who got better and who got worse, how sure that
 * is, and who is not in it.
 */
#include "report/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct om_result *
at(const struct om_compose *compose, const struct om_scale_info *info, const char *occasion,
   const char *statistic)
{
    struct om_topic topic = {"all", info, om_compose_population(compose, info), occasion, NULL};
    return om_compose_find(compose, &topic, statistic);
}

static bool
is_positive_only(const struct om_compose *compose, const struct om_scale_info *info)
{
    return strcmp(om_compose_population(compose, info), "positive") == 0;
}

/* "of 80", "of one": people in a sentence. */
static struct om_shown
people(uint64_t n)
{
    struct om_shown out;
    snprintf(out.text, sizeof out.text, "%" PRIu64 " %s", n, n == 1 ? "person" : "people");
    return out;
}

/* "48 (60 %, 95 % CI 49-70)" */
static struct om_shown
share_with_level(const struct om_compose *compose, const struct om_result *row)
{
    struct om_shown out;
    if (!row->has_interval)
        return om_show_share(row, &row->denominator, false);
    snprintf(out.text, sizeof out.text, "%" PRIu64 " (%.8s, %.14s %.14s)", row->numerator,
             om_show_percent(row->numerator, row->denominator).text, om_compose_level(compose).text,
             om_show_percent_bounds(row->lower, row->upper).text);
    return out;
}

static bool
is_counted(const struct om_result *row)
{
    return row && row->has_value && row->has_ratio && row->denominator > 0;
}

static const char *
reason(const struct om_result *row)
{
    return row && row->note[0] ? row->note : "nobody to count";
}

/* --- who changed --------------------------------------------------------------------------------------- */

struct classes {
    const char *rule;
    const struct om_result *improved, *unchanged, *worse;
};

static struct classes
find_classes(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct classes out = {.rule = om_compose_main_rule(compose, info)};
    if (!out.rule)
        return out;
    struct om_topic topic = {"all", info, om_compose_population(compose, info), "change", out.rule};
    out.improved = om_compose_class(compose, &topic, "improved");
    out.unchanged = om_compose_class(compose, &topic, "unchanged");
    out.worse = om_compose_class(compose, &topic, "deteriorated");
    return out;
}

/* Only where every part may be shown. */
static struct om_shares
shares_of(const struct classes *classes)
{
    if (!is_counted(classes->improved) || !is_counted(classes->unchanged) || !is_counted(classes->worse))
        return (struct om_shares){.of = 0};
    return (struct om_shares){
        {classes->improved->numerator, classes->unchanged->numerator, classes->worse->numerator},
        classes->improved->denominator};
}

static void
who_changed(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info,
            const struct classes *classes)
{
    const struct om_result *improved = classes->improved, *worse = classes->worse;
    const bool reliable = strcmp(classes->rule, "reliable") == 0;
    if (!is_counted(improved)) {
        om_buffer_format(out, "Who improved is not known: %s.", reason(improved));
        return;
    }
    const struct om_shown meaning = om_rule_meaning(compose, info, classes->rule);
    om_buffer_format(out, "Of %s %s, %s improved%s%s%s%s%s%s", people(improved->denominator).text,
                     is_positive_only(compose, info) ? "who screened positive and have both scores"
                                                     : "with both scores",
                     share_with_level(compose, improved).text, reliable ? " reliably" : "",
                     meaning.text[0] || !reliable ? " (" : "", reliable ? "" : "rule ",
                     reliable ? "" : classes->rule, meaning.text[0] && !reliable ? ": " : "", meaning.text);
    om_buffer_text(out, meaning.text[0] || !reliable ? ") and " : " and ");
    if (is_counted(worse))
        om_buffer_format(out, "%s got worse by as much.",
                         om_show_share(worse, &worse->denominator, true).text);
    else
        om_buffer_format(out, "how many got worse is not known (%s).", reason(worse));
}

/* --- scores -------------------------------------------------------------------------------------------- */

static void
mean_change(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    const int decimals = om_compose_decimals(info->scale);
    const struct om_result *before = at(compose, info, analysis->first, "mean"),
                           *after = at(compose, info, analysis->last, "mean"),
                           *change = at(compose, info, "change", "mean");
    if (!before || !after || !change || !before->has_value || !after->has_value || !change->has_value)
        return;
    om_buffer_format(out, "The mean went from %s to %s, by %s points",
                     om_show_fixed(before->value, decimals).text, om_show_fixed(after->value, decimals).text,
                     om_show_fixed(change->value, decimals).text);
    if (!change->has_interval) {
        om_buffer_format(out, "; how sure that is cannot be said (%s).", reason(change));
        return;
    }
    const enum om_tone tone = om_tone_of_change(change, info->scale);
    om_buffer_format(out, " (%s %s): %s.", om_compose_level(compose).text,
                     om_show_bounds(change->lower, change->upper, decimals).text,
                     tone == OM_TONE_BETTER  ? "better"
                     : tone == OM_TONE_WORSE ? "worse"
                                             : "unclear, as the interval holds zero");
}

static void
mean_score(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info)
{
    const int decimals = om_compose_decimals(info->scale);
    const char *first = compose->analysis->first;
    const struct om_result *n = at(compose, info, first, "n"), *mean = at(compose, info, first, "mean");
    if (!n || !n->has_value) {
        om_buffer_format(out, "How many have a score is not known: %s.", reason(n));
        return;
    }
    om_buffer_format(out, "%s %s a score%s%s.", people((uint64_t)n->value).text,
                     n->value == 1 ? "has" : "have", *first ? " at " : "", first);
    if (!mean || !mean->has_value)
        return;
    om_buffer_format(out, " The mean is %s points", om_show_fixed(mean->value, decimals).text);
    if (mean->has_interval)
        om_buffer_format(out, " (%s %s)", om_compose_level(compose).text,
                         om_show_bounds(mean->lower, mean->upper, decimals).text);
    om_buffer_text(out, ".");
}

static void
screened(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    const struct om_result *before = at(compose, info, analysis->first, "positive"),
                           *after = analysis->last ? at(compose, info, analysis->last, "positive") : NULL;
    if (!is_counted(before) || is_positive_only(compose, info))
        return;
    om_buffer_format(out, "%s screened positive", om_show_share(before, &before->denominator, true).text);
    if (info->cutoff_at.den)
        om_buffer_format(out, " (%s %s)", om_compose_beyond(compose, info),
                         om_show_fraction(info->cutoff_at).text);
    if (*analysis->first)
        om_buffer_format(out, " at %s", analysis->first);
    if (is_counted(after))
        om_buffer_format(out, ", %s at %s", om_show_share(after, &after->denominator, true).text,
                         analysis->last);
    else if (analysis->last)
        om_buffer_format(out, "; how many at %s is not known (%s)", analysis->last, reason(after));
    om_buffer_text(out, ".");
}

/* --- who is not in it ---------------------------------------------------------------------------------- */

static void
left_out(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    const struct om_person_ledger *ledger = om_compose_persons(compose, "all", info->instrument->id);
    const char *first = analysis->first, *at_first = *first ? " at " : "";
    if (!ledger || !om_compose_knows(ledger))
        return;
    const bool positive = analysis->last && is_positive_only(compose, info) && ledger->has_cutoff;
    if (positive && ledger->used == OM_WITHHELD)
        return;
    const uint64_t used = !analysis->last ? ledger->baseline : positive ? ledger->used : ledger->paired;
    if (used == ledger->persons) {
        om_buffer_text(out, "Nobody is left out.");
        return;
    }
    om_buffer_format(out, "Not in these numbers: %" PRIu64 " of %s", ledger->persons - used,
                     people(ledger->persons).text);
    om_buffer_format(out, " (%" PRIu64 " without a score%s%s", ledger->persons - ledger->baseline, at_first,
                     first);
    if (analysis->last)
        om_buffer_format(out, ", %" PRIu64 " more without one at %s", ledger->baseline - ledger->paired,
                         analysis->last);
    if (positive)
        om_buffer_format(out, ", %" PRIu64 " more not screening positive at %s",
                         ledger->paired - ledger->used, first);
    om_buffer_text(out, ").");
}

/* Sentences of a headline, each a text of its own. */
static void
end_sentence(const struct om_compose *compose, struct om_buffer *text)
{
    compose->page->failed |= !om_buffer_ok(text);
    if (text->length)
        om_page_sentence(compose->page, om_buffer_string(text));
    om_buffer_clear(text);
}

static void
instrument(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_buffer text = OM_BUFFER_EMPTY;
    const struct classes classes = find_classes(compose, info);
    const struct om_shares shares = shares_of(&classes);
    om_page_headline(compose->page, info->instrument->name,
                     om_tone_of_change(at(compose, info, "change", "mean"), info->scale), &shares);
    if (classes.rule)
        who_changed(&text, compose, info, &classes);
    end_sentence(compose, &text);
    if (om_compose_compares(compose))
        mean_change(&text, compose, info);
    else
        mean_score(&text, compose, info);
    end_sentence(compose, &text);
    screened(&text, compose, info);
    end_sentence(compose, &text);
    left_out(&text, compose, info);
    end_sentence(compose, &text);
    om_buffer_release(&text);
}

/* --- the groups ---------------------------------------------------------------------------------------- */

static void
readings(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info)
{
    const struct om_analysis *analysis = compose->analysis;
    size_t better = 0, worse = 0, unclear = 0, unknown = 0;
    for (size_t g = 1; g < analysis->n_groups; g++) {
        struct om_topic topic = {analysis->group[g], info, om_compose_population(compose, info), "change",
                                 NULL};
        const struct om_result *change = om_compose_find(compose, &topic, "mean");
        const enum om_tone tone = om_tone_of_change(change, info->scale);
        if (!change || !change->has_value || !change->has_interval)
            unknown++;
        else if (tone == OM_TONE_BETTER)
            better++;
        else if (tone == OM_TONE_WORSE)
            worse++;
        else
            unclear++;
    }
    om_buffer_format(out, "%s: %zu better, %zu worse, %zu unclear", info->instrument->name, better, worse,
                     unclear);
    if (unknown)
        om_buffer_format(out, ", %zu not known", unknown);
    om_buffer_char(out, '.');
}

static void
groups(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (analysis->n_groups < 3 || !om_compose_compares(compose))
        return;
    om_page_headline(compose->page, "Groups", OM_TONE_PLAIN, NULL);
    om_buffer_format(&text, "%zu groups, by the mean change and its interval:", analysis->n_groups - 1);
    end_sentence(compose, &text);
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (info && !om_compose_is_short_form(analysis, analysis->instrument[i]))
            readings(&text, compose, info);
        end_sentence(compose, &text);
    }
    om_buffer_release(&text);
}

/* --- safety -------------------------------------------------------------------------------------------- */

/* "new in 3" where the category was counted; true when there is somebody. */
static bool
category(struct om_buffer *out, const struct om_compose *compose, const struct om_scale_info *info,
         const char *name, const char *words)
{
    char statistic[40];
    snprintf(statistic, sizeof statistic, "class.%s", name);
    struct om_topic topic = {"all", info, "all", "change", "safety"};
    const struct om_result *row = om_compose_find(compose, &topic, statistic);
    if (!row || !row->has_ratio) {
        om_buffer_format(out, "%s: not known, ", words);
        return false;
    }
    om_buffer_format(out, "%s in %" PRIu64 ", ", words, row->numerator);
    return row->numerator > 0;
}

static void
safety(const struct om_compose *compose, const struct om_scale_info *info, const struct om_safety *safety)
{
    const struct om_analysis *analysis = compose->analysis;
    const char *occasion[] = {analysis->first, analysis->last};
    struct om_buffer text = OM_BUFFER_EMPTY;
    bool some = false, told = false;
    for (size_t i = 0; i < 2 && occasion[i]; i++) {
        struct om_topic topic = {"all", info, "all", occasion[i], NULL};
        const struct om_result *present = om_compose_find(compose, &topic, "present");
        om_buffer_text(&text, i ? ", and" : "Present");
        if (*occasion[i])
            om_buffer_format(&text, " at %s", occasion[i]);
        if (is_counted(present))
            om_buffer_format(&text, " in %s", om_show_share(present, NULL, true).text);
        else
            om_buffer_format(&text, " not known (%s)", reason(present));
        some |= is_counted(present) && present->numerator > 0;
        told |= present != NULL;
    }
    om_buffer_char(&text, '.');
    if (!told) { /* left out of the results */
        om_buffer_release(&text);
        return;
    }
    char term[256];
    snprintf(term, sizeof term, "Safety: %.200s", safety->label);
    om_page_headline(compose->page, term, some ? OM_TONE_WORSE : OM_TONE_PLAIN, NULL);
    end_sentence(compose, &text);
    if (analysis->last) {
        om_buffer_format(&text, "From %s to %s: ", analysis->first, analysis->last);
        category(&text, compose, info, "emergent", "new");
        category(&text, compose, info, "worsening", "more often");
        category(&text, compose, info, "persistent", "still there");
        category(&text, compose, info, "resolved", "gone");
        category(&text, compose, info, "unanswered", "unanswered");
        text.length -= text.length > 2 ? 2 : 0;
        om_buffer_text(&text, ".");
    }
    end_sentence(compose, &text);
    om_buffer_release(&text);
}

static void
safety_items(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_scales; i++) {
        const struct om_scale_info *info = &analysis->scale[i];
        for (size_t j = 0; j < info->instrument->n_safety; j++)
            if (strcmp(info->instrument->safety[j].scale, info->scale->id) == 0 &&
                !om_compose_is_short_form(analysis, info->instrument))
                safety(compose, info, &info->instrument->safety[j]);
    }
}

/* --- the data ------------------------------------------------------------------------------------------ */

static void
data(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    const struct om_record_ledger *records = &analysis->records;
    const uint64_t errors = analysis->findings ? om_findings_count(analysis->findings, OM_BAD) : 0;
    const uint64_t warnings =
        analysis->findings ? om_findings_count(analysis->findings, OM_WARNING) - errors : 0;
    struct om_buffer text = OM_BUFFER_EMPTY;
    if (records->read == OM_WITHHELD)
        return;
    om_page_headline(compose->page, "The data", errors || records->rejected ? OM_TONE_WORSE : OM_TONE_PLAIN,
                     NULL);
    om_buffer_format(
        &text, "%" PRIu64 " records read: %" PRIu64 " scored, %" PRIu64 " rejected, %" PRIu64 " skipped.",
        records->read, records->scored, records->rejected, records->skipped);
    end_sentence(compose, &text);
    if (errors || warnings)
        om_buffer_format(&text, "%" PRIu64 " errors and %" PRIu64 " warnings: see Data quality.", errors,
                         warnings);
    else if (analysis->findings)
        om_buffer_text(&text, "Nothing wrong was found in the data.");
    end_sentence(compose, &text);
    om_buffer_release(&text);
}

void
om_compose_headlines(const struct om_compose *compose)
{
    const struct om_analysis *analysis = compose->analysis;
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const struct om_scale_info *info = om_compose_main_scale(analysis, analysis->instrument[i]);
        if (info && !om_compose_is_short_form(analysis, analysis->instrument[i]))
            instrument(compose, info);
    }
    safety_items(compose);
    groups(compose);
    data(compose);
    if (om_compose_compares(compose))
        om_page_paragraph(compose->page, OM_TONE_DIM,
                          "Without an untreated group nothing says what would have happened anyway.");
}
