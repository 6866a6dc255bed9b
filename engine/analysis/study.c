#include "analysis/keys.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "io/sink.h"

#include <string.h>

/* Keys that say how to run and cannot change a number. */
static const char RUNNING[] = "Running";

static const struct om_study_key keys[] = {
    {"id", "COLUMN", "The column with the person's id.", "Panel", false, false, false},
    {"by", "COLUMN[,COLUMN]",
     "Split the report by these columns. DATE:month, :quarter or :year make groups of a column of dates.",
     "Panel", false, true, false},
    {"occasion", "NAME=FILE", "An input that holds one occasion; give one for each.", "Panel", true, false,
     false},
    {"occasion-column", "COLUMN", "The column that says the occasion of a record (long panels).", "Panel",
     false, false, false},
    {"occasions", "FIRST,LAST",
     "The two occasions to compare, when there are more or their order is not plain.", "Panel", false, true,
     false},
    {"layout", "auto|wide|long", "One record a person (wide), or one a person and occasion (long).", "Panel",
     false, false, false},
    {"map", "INSTRUMENT=COLUMNS",
     "The item columns of an instrument: a pattern with {item} and perhaps {occasion}, or the columns in "
     "item order. INSTRUMENT@OCCASION= for one occasion.",
     "Panel", true, true, false},
    {"instrument", "FILE", "Also know the instrument that this definition describes.", "Panel", false, true,
     false},
    {"scale", "NAME:COLUMN[:better=higher][:range=LOW..HIGH]",
     "A score that arrives as a total, any decimals; {occasion} in COLUMN where the occasion stands. Lower "
     "is better unless "
     "said. The name of a known instrument brings its bands and thresholds.",
     "Panel", false, true, false},
    {"input", "FILE", "An input file, as an argument would be.", "Panel", false, true, false},
    {"delimiter", "CHARACTER",
     "What separates fields: comma (the default), semicolon, tab, pipe, or one character.", "Panel", false,
     false, false},
    {"encoding", "NAME",
     "The encoding of the inputs: utf-8 (the default), utf-16 (by its byte-order mark), utf-16le, utf-16be, "
     "latin1 or windows-1252.",
     "Panel", false, false, false},
    {"allow-empty", NULL,
     "A file without records is in order: an empty table of scores, and no finding to fail on.", "Panel",
     false, false, false},
    {"duplicates", "error|first|last|reject-all",
     "What to do with a second record of the same person and occasion.", "Panel", false, false, false},
    {"max-groups", "N", "How many different values a --by column may have (1000).", "Panel", false, false,
     false},
    {"missing", "TOKENS",
     "Cells that mean no answer, besides empty ones; COLUMN=TOKENS for one column or instrument.", "Answers",
     true, true, false},
    {"declined", "TOKENS", "Cells that mean the person declined to answer or did not know.", "Answers", true,
     true, false},
    {"not-applicable", "TOKENS",
     "Cells that mean the item does not apply (an empty token is the empty cell).", "Answers", true, true,
     false},
    {"recode", "TARGET=FROM:TO,...", "Other codes or words for the answers of an instrument or a column.",
     "Answers", true, true, false},
    {"missing-rule", "complete|prorate",
     "Score complete answers only (the default), or make up for a few blank ones by the instrument's rule.",
     "Answers", false, false, false},
    {"population", "all|positive|both",
     "Who enters: everyone, those screening positive at first, or both (the default).", "Analysis", false,
     false, true},
    {"rule", "RULE[,RULE]",
     "Change rules: shift, band, band-or-shift, screen, reliable, percent, remission, nhs, jt (these by "
     "default), gln, hll, en, nk, ha, anchor, cwb, functional, functional-ha; all for every one.",
     "Analysis", false, true, true},
    {"shift", "POINTS", "Points of the shift rule (5); INSTRUMENT=POINTS for one instrument.", "Analysis",
     true, false, true},
    {"percent", "SHARE", "Share of the first score in the percent rule (.5); INSTRUMENT=SHARE for one.",
     "Analysis", true, false, true},
    {"anchor", "INSTRUMENT=POINTS[:POINTS]",
     "Minimal important difference of the rules anchor and cwb, for improvement and for deterioration.",
     "Analysis", true, false, true},
    {"reliability", "INSTRUMENT=NUMBER[:NUMBER]",
     "Reliability of the scores before, and after, for the indices of change; INSTRUMENT.SCALE= for another "
     "scale than its main one.",
     "Analysis", true, false, true},
    {"clinical-norms", "INSTRUMENT=MEAN:SD",
     "Mean and SD of the clinical population, instead of those of everyone before.", "Analysis", true, false,
     true},
    {"functional-norms", "INSTRUMENT=MEAN:SD", "Mean and SD of the functional population, for the cut-offs.",
     "Analysis", true, false, true},
    {"jt-cutoff", "auto|a|b|c",
     "Cut-off between the clinical and the functional population. auto: c where they overlap, b where they "
     "do "
     "not, a where only the clinical one is known.",
     "Analysis", false, false, true},
    {"reliable", "points|index",
     "The rule reliable: by the published points of the definition (the default), or beyond Jacobson and "
     "Truax's "
     "index, from the norms of the study, the definition or the sample.",
     "Analysis", false, false, true},
    {"compat", "none|clinicalsignificance", "Classify as that R package does, where it differs.", "Analysis",
     false, false, true},
    {"cutoff", "INSTRUMENT=SCORE", "Screen positive at this score or beyond, instead of the default.",
     "Analysis", true, false, false},
    {"describe", "COLUMN[,COLUMN]",
     "Columns about the persons, such as age or sex, to be described in each group: counts and percentages, "
     "or means of "
     "numbers. COLUMN:number or COLUMN:category says how.",
     "Analysis", false, true, true},
    {"nhs", "composite|both",
     "Reliable improvement by the rule nhs: of one measure and no worsening of the other (the default), or "
     "of both.",
     "Analysis", false, false, true},
    {"rtm-correlation", "sample|alpha|INSTRUMENT=R",
     "How two occasions correlate without treatment, for regression to the mean: as in the sample (the "
     "default), alpha, or a number for an instrument.",
     "Analysis", true, false, true},
    {"statistics", "FAMILY[,FAMILY]",
     "Statistics beside the standard ones: reliability, group-change, paired, effects, symmetry, "
     "equivalence, "
     "bootstrap, power, waves, friedman, survival, sudden-gains, mixed, agreement, sensitivity, "
     "regression-to-mean, between, rates, ancova, adjust; all for every family.",
     "Analysis", false, true, true},
    {"reference", "GROUP",
     "The group that the others are compared with, by its name or value (the first one).", "Analysis", false,
     false, true},
    {"occasion-times", "TIME,TIME[,TIME]",
     "When the occasions are, in their order and any unit (0, 1, 2 and so on): what growth and time to an "
     "event "
     "are counted in.",
     "Analysis", false, true, true},
    {"wilcoxon", "WORD[,WORD]",
     "Conventions of the signed-rank test: changes of zero drop, pratt or split; p auto, exact, normal or "
     "normal-cc (drop,auto).",
     "Analysis", false, true, true},
    {"equivalence", "POINTS",
     "A mean change between -POINTS and POINTS makes no difference: adds two one-sided tests to the family "
     "equivalence. INSTRUMENT=POINTS for one instrument.",
     "Analysis", true, false, true},
    {"effect", "SIZE[,SIZE]", "Sizes of d_z that the family power asks for (0.2,0.5,0.8).", "Analysis", false,
     true, true},
    {"replicates", "N", "Replicates of the family bootstrap (10000).", "Analysis", false, false, true},
    {"seed", "N", "Where the random numbers of the bootstrap begin (1).", "Analysis", false, false, true},
    {"level", "LEVEL", "Confidence level of the intervals (0.95).", "Analysis", false, false, true},
    {"shareable", "[cms|nhs|acro|below=N[,round=M]]",
     "Withhold every number that tells of fewer than 11 persons (cms, the default), 5 (nhs, which also "
     "rounds "
     "counts to 5), 10 (acro) or N, and every other from which one could be found.",
     "Analysis", false, false, true},
    {"strict", NULL, "Stop at the first error in the data instead of leaving the record or score out.",
     "Analysis", false, false, false},
    {"severity", "CODE=SEVERITY[,...]",
     "Findings of this code are off, note, warning or error: OM143=off. What is done with the data stays.",
     "Findings", false, true, false},
    {"checks", "RULE[,RULE]",
     "Rules between fields that 'omstat validate' looks after: 'WHEN => THEN', such as 'bipf_5 == na => "
     "employed == 0'; '=> MESSAGE' may follow.",
     "Findings", false, true, false},
    {"date", "COLUMN", "Dates of the occasions, for 'omstat validate'; in a wide panel 'date_{occasion}'.",
     "Findings", false, false, false},
    {"interval", "LOW..HIGH", "Days between an occasion and the next, as they should be.", "Findings", false,
     false, false},
    {"max-missing", "SHARE", "Share of forms without a score that 'omstat validate' accepts (0.2).",
     "Findings", false, false, false},
    {"min-group", "N", "Persons that a group needs, or 'omstat validate' warns (5).", "Findings", false,
     false, false},
    {"schema", "FILE",
     "Check the columns that this table schema names (Frictionless, JSON), beside those of the instruments.",
     "Findings", false, false, false},
    {"max-input", "SIZE", "Stop at an input larger than this, such as 10G, decompressed (no limit).",
     "Findings", false, false, false},
    {"show-values", NULL,
     "Show the text of the cells that findings are about. It may tell who somebody is: not for logs.",
     "Findings", false, false, false},
    {"formula-guard", "error|escape|off",
     "Ids and groups that a spreadsheet would run as a formula, in a table of scores: error leaves the "
     "record out "
     "(the default), escape puts an apostrophe in front, off writes them as they are.",
     "Findings", false, false, false},
    {"threads", "N", "Threads to read with (one for each processor). Results are the same with any number.",
     RUNNING, false, false, false},
    {"memory", "SIZE",
     "Memory for records that wait for others of the same person, such as 500M; what goes beyond it waits "
     "in an encrypted temporary file (24M).",
     RUNNING, false, false, false},
    {"shard", "K/N",
     "Read only part K of N of the inputs. The parts are of about the same size, and each record belongs to "
     "one "
     "of them (all of it).",
     RUNNING, false, false, false},
    {"persons", "K/N",
     "Read only part K of N of the persons: all records of those whose id falls to it, in whatever files "
     "they are (all "
     "of them).",
     RUNNING, false, false, false},
    {"digest", "auto|sha256|xxh128",
     "How an input is told from others: SHA-256, or for regular files above 64 MiB XXH128 (auto).", RUNNING,
     false, false, false},
};

const struct om_study_key *
om_study_keys(size_t *n)
{
    *n = sizeof keys / sizeof keys[0];
    return keys;
}

const struct om_study_key *
om_key_find(const char *name)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

om_status
om_study_new(struct om_study **out, struct om_error *err)
{
    struct om_study *study = om_calloc(1, sizeof *study);
    if (!study)
        return om_fail_memory(err);
    study->panel.max_groups = OM_MAX_GROUPS;
    study->exam.max_missing = (struct om_fraction){1, 5};
    study->exam.min_group = 5;
    study->populations[0] = study->populations[1] = true;
    for (size_t i = 0; i < OM_RULES; i++)
        study->rules[i] = om_rule_by_default((enum om_rule)i);
    study->level = 0.95;
    study->paired = (struct om_study_paired){.seed = 1, .replicates = 10000};
    om_status status = om_registry_new(&study->registry, err);
    if (status != OM_OK) {
        om_study_free(study);
        return status;
    }
    *out = study;
    return OM_OK;
}

static void
release_numbers(struct om_study_number *number, size_t n)
{
    for (size_t i = 0; i < n; i++)
        om_free(number[i].instrument);
    om_free(number);
}

void
om_study_free(struct om_study *study)
{
    if (!study)
        return;
    om_panel_spec_release(&study->panel);
    om_exam_settings_release(&study->exam);
    om_registry_free(study->registry);
    release_numbers(study->shift, study->n_shifts);
    release_numbers(study->cutoff, study->n_cutoffs);
    om_rule_settings_release(&study->rule);
    release_numbers(study->rtm_correlation, study->n_rtm_correlations);
    om_free(study->reference);
    release_numbers(study->paired.equivalence, study->paired.n_equivalences);
    om_settings_release(&study->set);
    om_free(study);
}

om_status
om_study_apply(struct om_study *study, const struct om_study_key *key, const char *target,
               const struct om_texts *values, struct om_error *err)
{
    OM_TRY(om_key_apply(key->name)(study, target, values, err));
    if (key->topic == RUNNING) /* the same results, to the last byte */
        return OM_OK;
    return om_settings_add(&study->set, key, target, values, err);
}

om_status
om_study_add_source(struct om_study *study, const char *key, const char *path, const struct om_buffer *bytes,
                    struct om_error *err)
{
    char sha256[OM_SHA256_TEXT];
    OM_TRY(om_sha256_text(om_buffer_string(bytes), bytes->length, sha256, err));
    return om_settings_add_source(&study->set, key, path, sha256, err);
}

static om_status
fail_unknown_key(const char *name, struct om_error *err)
{
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        om_buffer_format(&list, "%s%s", i ? ", " : "", keys[i].name);
    om_fail(err, OM_ERR_USAGE, "there is no key '%s'", name);
    om_hint(err, "the keys are: %s", om_buffer_string(&list));
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

om_status
om_study_set(struct om_study *study, const char *name, const char *value, struct om_error *err)
{
    const struct om_study_key *key = om_key_find(name);
    if (!key)
        return fail_unknown_key(name, err);
    char *target = NULL;
    struct om_texts values = {0};
    om_status status = om_setting_parse(key, value, &target, &values, err);
    if (status == OM_OK)
        status = om_study_apply(study, key, target, &values, err);
    om_texts_release(&values);
    om_free(target);
    return status;
}

om_status
om_study_add_input(struct om_study *study, const char *path, struct om_error *err)
{
    struct om_texts values = {0};
    om_status status = om_texts_add(&values, path, strlen(path), err);
    if (status == OM_OK)
        status = om_key_apply("input")(study, NULL, &values, err);
    om_texts_release(&values);
    return status;
}

bool
om_study_reads(const struct om_study *study, const char *path)
{
    for (size_t i = 0; i < study->panel.n_inputs; i++)
        if (om_sink_same_file(path, study->panel.input[i].path))
            return true;
    return false;
}

const struct om_registry *
om_study_registry(const struct om_study *study)
{
    return study->registry;
}

bool
om_study_strict(const struct om_study *study)
{
    return study->strict;
}

/* The last number given for this instrument, else the last given for all. */
static const struct om_fraction *
find_number(const struct om_study_number *number, size_t n, const struct om_instrument *instrument)
{
    const struct om_fraction *found = NULL;
    for (size_t i = 0; i < n; i++)
        if (!number[i].instrument)
            found = &number[i].value;
    for (size_t i = 0; i < n; i++)
        if (number[i].instrument && strcmp(number[i].instrument, instrument->id) == 0)
            found = &number[i].value;
    return found;
}

struct om_fraction
om_study_shift(const struct om_study *study, const struct om_instrument *instrument)
{
    const struct om_fraction *points = find_number(study->shift, study->n_shifts, instrument);
    return points ? *points : (struct om_fraction){.num = 5, .den = 1};
}

const struct om_fraction *
om_study_equivalence(const struct om_study *study, const struct om_instrument *instrument)
{
    return find_number(study->paired.equivalence, study->paired.n_equivalences, instrument);
}

const struct om_fraction *
om_study_cutoff(const struct om_study *study, const struct om_instrument *instrument)
{
    return find_number(study->cutoff, study->n_cutoffs, instrument);
}

const struct om_fraction *
om_study_rtm_correlation(const struct om_study *study, const struct om_instrument *instrument)
{
    return find_number(study->rtm_correlation, study->n_rtm_correlations, instrument);
}
