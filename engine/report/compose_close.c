/* The end of the page: sub-scales and short forms, who was counted, and what the words mean. */
#include "report/compose.h"
#include "report/manifest.h"

#include <inttypes.h>
#include <omstat/version.h>
#include <string.h>

/* Neither the scale an instrument is known by nor a safety item. */
static bool
is_other(const struct om_analysis *analysis, const struct om_scale_info *info)
{
    if (om_compose_is_safety(info))
        return false;
    return om_compose_is_short_form(analysis, info->instrument) ||
           info != om_compose_main_scale(analysis, info->instrument);
}

static void
other_label(struct om_page *page, const struct om_scale_info *info)
{
    bool total = strcmp(info->scale->id, "total") == 0;
    om_table_cell(page, OM_TONE_PLAIN, "%s", total ? info->instrument->name : info->scale->label);
}

static void
other_scores(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    int decimals = om_compose_decimals(info->scale);
    struct om_topic topic = {"all", info, om_compose_population(compose, info), compose->analysis->first,
                             NULL};
    struct om_topic last = topic, change = topic;
    last.occasion = compose->analysis->last;
    change.occasion = "change";
    const struct om_result *moved = om_compose_find(compose, &change, "mean");
    om_table_row(page);
    other_label(page, info);
    if (info->scale->combine == OM_COMBINE_CLASS)
        return;
    om_cell_count(page, om_compose_find(compose, &topic, "n"));
    om_cell_mean_sd(page, om_compose_find(compose, &topic, "mean"), om_compose_find(compose, &topic, "sd"),
                    decimals);
    om_cell_mean_sd(page, om_compose_find(compose, &last, "mean"), om_compose_find(compose, &last, "sd"),
                    decimals);
    om_cell_fixed(page, moved, decimals, om_tone_of_change(moved, info->scale));
    om_cell_bounds(page, moved, decimals);
    om_cell_reading(page, moved, info->scale);
    om_cell_fixed(page, om_compose_find(compose, &change, "d_z"), 2, OM_TONE_PLAIN);
}

static void
other_positive(const struct om_compose *compose, const struct om_scale_info *info)
{
    struct om_page *page = compose->page;
    struct om_topic topic = {"all", info, om_compose_population(compose, info), compose->analysis->first,
                             NULL};
    const struct om_result *before = om_compose_find(compose, &topic, "positive");
    const uint64_t of = om_compose_of(before);
    om_table_row(page);
    other_label(page, info);
    if (!before)
        return;
    if (info->scale->combine == OM_COMBINE_CLASS || !info->cutoff_at.den)
        om_table_cell(page, OM_TONE_PLAIN, "criteria met");
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s %s%s", om_compose_beyond(compose, info),
                      om_show_fraction(info->cutoff_at).text,
                      info->cutoff && info->cutoff->is_choice ? " (a choice)" : "");
    om_cell_number(page, of);
    om_cell_share(page, before, &of, true, OM_TONE_PLAIN);
    topic.occasion = compose->analysis->last;
    om_cell_share(page, topic.occasion ? om_compose_find(compose, &topic, "positive") : NULL, &of, true,
                  OM_TONE_PLAIN);
    topic.occasion = "change";
    om_cell_p(page, om_compose_find(compose, &topic, "mcnemar.exact_p"));
}

static void
for_each_other(const struct om_compose *compose,
               void (*line)(const struct om_compose *, const struct om_scale_info *))
{
    const struct om_analysis *analysis = compose->analysis;
    const char *heading = "";
    for (size_t i = 0; i < analysis->n_scales; i++) {
        const struct om_scale_info *info = &analysis->scale[i];
        if (!is_other(analysis, info))
            continue;
        const char *name =
            om_compose_is_short_form(analysis, info->instrument) ? "short forms" : info->instrument->name;
        if (strcmp(name, heading) != 0)
            om_table_across(compose->page, "%s", name);
        heading = name;
        line(compose, info);
    }
}

void
om_compose_others(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    const char *last = analysis->last ? analysis->last : "";
    const char *who = om_compose_who(compose);
    size_t blocks = page->n_blocks;
    om_page_heading(page, "others", "Sub-scales, diagnoses and short forms");
    om_table_begin(page, "Mean (SD), all groups, %s", who);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(analysis->first));
    om_table_column(page, OM_ALIGN_RIGHT, "%s", last);
    om_table_column(page, OM_ALIGN_RIGHT, "change");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_level(compose).text);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "d_z");
    for_each_other(compose, other_scores);
    om_table_end(page);
    om_table_begin(page, "Positive: count of n (%%, %s), all groups, %s", om_compose_level(compose).text,
                   who);
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_LEFT, "positive means");
    om_table_column(page, OM_ALIGN_RIGHT, "n");
    om_table_column(page, OM_ALIGN_RIGHT, "%s", om_compose_occasion(analysis->first));
    om_table_column(page, OM_ALIGN_RIGHT, "%s", last);
    om_table_column(page, OM_ALIGN_RIGHT, "McNemar exact p");
    for_each_other(compose, other_positive);
    om_table_end(page);
    if (page->n_blocks == blocks + 1)
        page->n_blocks--; /* a heading over nothing */
}

static const char *
instrument_name(const struct om_analysis *analysis, const char *id)
{
    for (size_t i = 0; i < analysis->n_instruments; i++)
        if (strcmp(analysis->instrument[i]->id, id) == 0)
            return analysis->instrument[i]->name;
    return id;
}

static void
ledger_line(struct om_page *page, const struct om_person_ledger *ledger, bool paired)
{
    om_table_row(page);
    om_table_cell(page, OM_TONE_PLAIN, "%s", ledger->group);
    om_cell_number(page, ledger->persons);
    om_cell_number(page, ledger->baseline);
    if (ledger->has_cutoff)
        om_cell_number(page, ledger->positive);
    else
        om_table_cell(page, OM_TONE_PLAIN, "%s", "");
    if (paired)
        om_cell_number(page, ledger->paired);
    if (paired && ledger->has_cutoff)
        om_cell_number(page, ledger->used);
}

static void
person_table(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    bool every = om_compose_groups(compose, false) == analysis->n_groups;
    om_table_begin(page, "Persons");
    om_table_column(page, OM_ALIGN_LEFT, "%s", "");
    om_table_column(page, OM_ALIGN_RIGHT, "known");
    om_table_column(page, OM_ALIGN_RIGHT, *analysis->first ? "scored at %s" : "scored%s", analysis->first);
    om_table_column(page, OM_ALIGN_RIGHT, "of these positive");
    if (analysis->last) {
        om_table_column(page, OM_ALIGN_RIGHT, "with both scores");
        om_table_column(page, OM_ALIGN_RIGHT, "of these positive");
    }
    for (size_t i = 0; i < analysis->n_instruments; i++) {
        const char *id = analysis->instrument[i]->id;
        om_table_across(page, "%s", instrument_name(analysis, id));
        for (size_t j = 0; j < analysis->n_ledger; j++)
            if (strcmp(analysis->ledger[j].instrument, id) == 0 &&
                (every || strcmp(analysis->ledger[j].group, "all") == 0))
                ledger_line(page, &analysis->ledger[j], analysis->last != NULL);
    }
    om_table_end(page);
}

static void
record_ledger(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    const struct om_record_ledger *records = &analysis->records;
    om_page_paragraph(page, OM_TONE_PLAIN,
                      "Records: %" PRIu64 " read = %" PRIu64 " scored + %" PRIu64 " rejected + %" PRIu64
                      " skipped.",
                      records->read, records->scored, records->rejected, records->skipped);
    if (analysis->last)
        om_page_paragraph(page, OM_TONE_PLAIN,
                          "Persons: %" PRIu64 ", of whom %" PRIu64 " have a record at only one of %s and %s.",
                          analysis->persons, analysis->without_partner, analysis->first, analysis->last);
    if (analysis->duplicates)
        om_page_paragraph(page, OM_TONE_WORSE,
                          "Duplicates: %" PRIu64 " records of a person and occasion seen before.",
                          analysis->duplicates);
}

void
om_compose_ledger(const struct om_compose *compose)
{
    om_page_heading(compose->page, "ledger", "Who was counted");
    if (!compose->analysis->disclosure.active)
        record_ledger(compose);
    om_compose_flows(compose);
    person_table(compose);
}

void
om_compose_reading(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    om_page_heading(page, "reading", "How to read this page");
    om_page_item(page, "scores", "%s",
                 strcmp(analysis->missing_rule, "prorate") == 0
                     ? "forms with few blanks are prorated by each instrument's missing rule (prorate)."
                     : "only forms without a blank have a score (missing rule: complete).");
    om_compose_disclosure_rule(compose);
    om_page_item(page, om_compose_level(compose).text,
                 "confidence interval: t for means, Wilson for shares, Feldt for alpha.");
    if (analysis->last) {
        om_page_item(page, "change",
                     "%s minus %s, in points. The mean change is \"better\" or \"worse\" when its "
                     "interval leaves out zero, else \"unclear\".",
                     analysis->last, analysis->first);
        om_page_item(page, "p, d_z",
                     "p of the paired t test; d_z is the mean change divided by the standard deviation "
                     "of the changes.");
        om_page_item(page, "rules", "of change are defined under Methods.");
        if (analysis->n_families > 0)
            om_page_item(page, "families",
                         "the further statistics have the names of the CSV and JSON forms; docs/methods of "
                         "omstat defines each.");
        om_page_item(page, "caution",
                     "Without an untreated group nothing says what would have happened anyway: those chosen "
                     "for a high "
                     "score tend to score lower next time (regression to the mean).");
    }
    if (om_compose_groups(compose, false) != analysis->n_groups)
        om_page_item(
            page, "groups",
            "%zu groups: the tables of change, scores and safety list each of them, the others all groups "
            "together. The CSV and JSON views hold every number of every group.",
            analysis->n_groups - 1);
}

static const char *
digest_name(const struct om_input_info *input)
{
    return strcmp(input->digest_name, "sha256") == 0 ? "SHA-256" : "XXH128";
}

static void
input(struct om_page *page, const struct om_input_info *input, const char *term)
{
    const char *file = om_compose_file(input->path);
    if (input->bytes == OM_WITHHELD)
        om_page_item(page, term, "%s", file);
    else if (input->tally)
        om_page_item(page, term, "%s: a tally of %" PRIu64 " persons, %" PRIu64 " bytes, %s %s", file,
                     input->persons, input->bytes, digest_name(input), input->digest);
    else
        om_page_item(page, term, "%s: %" PRIu64 " records, %" PRIu64 " bytes, %s %s", file, input->records,
                     input->bytes, digest_name(input), input->digest);
}

static void
inputs(struct om_page *page, const char *term, const struct om_input_info *at, size_t n)
{
    enum { INPUTS = 5 };
    for (size_t i = 0; i < n && i < INPUTS; i++)
        input(page, &at[i], i ? "" : term);
    if (n > INPUTS)
        om_page_item(page, "", "and %zu more inputs", n - INPUTS);
}

/* What the numbers were made from. */
void
om_compose_made(const struct om_compose *compose)
{
    struct om_page *page = compose->page;
    const struct om_analysis *analysis = compose->analysis;
    om_page_heading(page, "made", "How this was made");
    inputs(page, "made from", analysis->input, analysis->n_inputs);
    inputs(page, "tallied", analysis->tallied, analysis->n_tallied);
    for (size_t i = 0; i < analysis->n_reading; i++)
        om_page_item(page, i ? "" : "read as", "%s", om_without_folder(analysis, analysis->reading[i]));
    for (size_t i = 0; i < analysis->n_options; i++)
        om_page_item(page, i ? "" : "options", "%s", analysis->option[i]);
    for (size_t i = 0; i < analysis->n_instruments; i++)
        om_page_item(page, i ? "" : "definitions", "%s: SHA-256 %s", analysis->instrument[i]->name,
                     analysis->instrument[i]->sha256);
    om_page_item(page, "made by", "omstat %s",
                 compose->options->built_by ? compose->options->built_by->version : OM_VERSION);
    struct om_buffer manifest = OM_BUFFER_EMPTY;
    om_manifest_text(&manifest, analysis, compose->options);
    page->failed |= !om_buffer_ok(&manifest);
    om_page_code(page, "manifest", "Manifest, for 'omstat verify' (JSON)", om_buffer_string(&manifest));
    om_buffer_release(&manifest);
}
