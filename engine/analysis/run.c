/* The second half of an analysis: what was counted becomes rows. */
#include "analysis/counted.h"
#include "analysis/disclosure.h"
#include "analysis/families.h"
#include "analysis/share.h"
#include "analysis/views.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

om_status
om_check_strict(const struct om_study *study, const struct om_findings *findings, struct om_error *err)
{
    uint64_t n = om_findings_count(findings, OM_BAD);
    if (om_findings_status(findings) != OM_OK)
        return om_fail_memory(err);
    if (!study->strict || n == 0)
        return OM_OK;
    if (study->shareable.below > 1)
        return om_fail(err, OM_ERR_DATA, "errors in the data, and --strict asks to stop");
    om_fail(err, OM_ERR_DATA, "%llu error%s in the data, and --strict asks to stop", (unsigned long long)n,
            n == 1 ? "" : "s");
    return OM_ERR_DATA;
}

/* Two occasions are compared; is there anybody at both? */
static om_status
check_pairs(const struct om_run *run, struct om_error *err)
{
    uint64_t at[2] = {0, 0}, both = 0;
    const struct om_run_group *all = &run->group[0];
    if (run->count.last == OM_NONE || all->persons == 0)
        return OM_OK;
    for (size_t s = 0; s < run->n_scales; s++) {
        struct om_cell *cells = NULL;
        size_t n = 0;
        OM_TRY(om_crosstab_cells(&all->table[s], &cells, &n, err));
        uint64_t first = 0, last = 0;
        for (size_t i = 0; i < n; i++) {
            bool has_first = cells[i].first < run->scale[s].scorer->n_levels;
            bool has_last = cells[i].last < run->scale[s].scorer->n_levels;
            first += has_first ? cells[i].count : 0;
            last += has_last ? cells[i].count : 0;
            both += has_first && has_last ? cells[i].count : 0;
        }
        at[0] = first > at[0] ? first : at[0];
        at[1] = last > at[1] ? last : at[1];
        om_free(cells);
    }
    if (both > 0)
        return OM_OK;
    const char *const *occasion = (const char *const *)run->occasion->at;
    om_fail(err, OM_ERR_PANEL,
            "no person has a score at both occasions: %llu at '%s', %llu at '%s', none in common",
            (unsigned long long)at[0], occasion[run->count.first], (unsigned long long)at[1],
            occasion[run->count.last]);
    om_place(err, run->source, 0, 0);
    om_hint(err, "check that --id names the same persons at both, and that answers are where they should be");
    return OM_ERR_PANEL;
}

/* --- what the analysis says about itself --------------------------------------------------------------- */

/* "key: value" of what was set, by key, and of one key in the order it was set: the last may overrule. */
static om_status
describe_options(struct om_analysis *analysis, const struct om_study_settings *set, struct om_error *err)
{
    size_t n_keys;
    const struct om_study_key *key = om_study_keys(&n_keys);
    analysis->option = om_calloc(set->n + 1, sizeof *analysis->option);
    if (!analysis->option)
        return om_fail_memory(err);
    for (size_t k = 0; k < n_keys; k++)
        for (size_t i = 0; i < set->n; i++) {
            struct om_buffer text = OM_BUFFER_EMPTY;
            if (set->at[i].key != &key[k])
                continue;
            om_buffer_format(&text, "%s: ", key[k].name);
            om_setting_value(&text, &set->at[i], true);
            if (!(analysis->option[analysis->n_options] = om_buffer_take(&text)))
                return om_fail_memory(err);
            analysis->n_options++;
        }
    return OM_OK;
}

static om_status
describe_sources(struct om_analysis *analysis, const struct om_study_settings *set, struct om_error *err)
{
    analysis->source = om_calloc(set->n_sources + 1, sizeof *analysis->source);
    if (!analysis->source)
        return om_fail_memory(err);
    for (size_t i = 0; i < set->n_sources; i++)
        analysis->source[analysis->n_sources++] =
            (struct om_source_info){set->source[i].key, set->source[i].path, set->source[i].sha256};
    return OM_OK;
}

static om_status
describe_study(struct om_analysis *analysis, const struct om_study *study, struct om_error *err)
{
    OM_TRY(describe_options(analysis, &study->set, err));
    OM_TRY(describe_sources(analysis, &study->set, err));
    analysis->missing_rule = study->missing_rule == OM_MISSING_PRORATE ? "prorate" : "complete";
    analysis->population = study->populations[0] && study->populations[1] ? "both"
                           : study->populations[0]                        ? "all"
                                                                          : "positive";
    analysis->shift = (struct om_fraction){.num = 5, .den = 1};
    for (size_t i = 0; i < study->n_shifts; i++)
        if (!study->shift[i].instrument)
            analysis->shift = study->shift[i].value;
    return OM_OK;
}

static om_status
describe_run(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    analysis->group = om_alloc(run->n_groups, sizeof *analysis->group);
    analysis->instrument = om_alloc(run->n_instruments, sizeof *analysis->instrument);
    analysis->scale = om_alloc(run->n_scales, sizeof *analysis->scale);
    analysis->ledger = om_calloc(run->n_groups * run->n_instruments, sizeof *analysis->ledger);
    analysis->occasion = om_alloc(run->count.n_slots, sizeof *analysis->occasion);
    analysis->family = om_alloc(OM_FAMILIES_MAX, sizeof *analysis->family);
    if (!analysis->group || !analysis->instrument || !analysis->scale || !analysis->ledger ||
        !analysis->occasion || !analysis->family)
        return om_fail_memory(err);
    for (size_t g = 0; g < run->n_groups; g++)
        analysis->group[analysis->n_groups++] = run->group[g].name;
    for (size_t i = 0; i < run->n_instruments; i++)
        analysis->instrument[analysis->n_instruments++] = run->instrument[i];
    for (size_t s = 0; s < run->n_scales; s++)
        analysis->scale[analysis->n_scales++] = run->scale[s].info;
    for (size_t f = 0; om_families[f].id; f++)
        if (om_family_asked(run->study, f))
            analysis->family[analysis->n_families++] =
                (struct om_family_info){om_families[f].id, om_families[f].title};
    const size_t n_slots = run->count.n_slots; /* the panel may have others, in the order of its records */
    for (size_t k = 0; k < n_slots; k++)
        analysis->occasion[analysis->n_occasions++] =
            run->occasion->at[run->count.slot[om_slot_in_time(k, n_slots)]];
    if (run->study->n_times == n_slots)
        analysis->occasion_time = run->study->time;
    analysis->first = run->occasion->at[run->count.first];
    analysis->last = run->count.last == OM_NONE ? NULL : run->occasion->at[run->count.last];
    analysis->records = (struct om_record_ledger){.read = run->count.read,
                                                  .scored = run->count.scored,
                                                  .rejected = run->count.rejected,
                                                  .skipped = run->count.skipped};
    analysis->persons = run->count.persons;
    analysis->without_partner = run->group[0].without_partner;
    analysis->duplicates = run->count.duplicates;
    return OM_OK;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

om_status
om_conclude(struct om_counted *counted, struct om_analysis *analysis, struct om_error *err)
{
    struct om_run *run = &counted->run;
    const struct om_study *study = run->study;
    OM_TRY(om_check_strict(study, counted->findings, err));
    OM_TRY(om_check_records(run->source, run->count.read, run->count.scored, err));
    OM_TRY(check_pairs(run, err));
    if (run->count.last != OM_NONE)
        OM_TRY(om_run_settle_norms(run, err));
    analysis->findings = counted->findings;
    analysis->reading = counted->reading.at;
    analysis->n_reading = counted->reading.n;
    analysis->input = counted->input;
    analysis->n_inputs = counted->n_inputs;
    analysis->tallied = counted->tallied;
    analysis->n_tallied = counted->n_tallied;
    OM_TRY(describe_study(analysis, study, err));
    OM_TRY(describe_run(analysis, run, err));
    OM_TRY(om_views_make(analysis, run, err));
    OM_TRY(om_rows_all(analysis, run, err));
    return om_disclose(analysis, run, err);
}

static om_status
start(struct om_analysis **out, struct om_counted **counted, struct om_error *err)
{
    *out = om_calloc(1, sizeof **out);
    *counted = om_calloc(1, sizeof **counted);
    if (*out && *counted) {
        (*out)->owned = *counted;
        return OM_OK;
    }
    om_free(*out);
    om_free(*counted);
    return om_fail_memory(err);
}

om_status
om_analyse(const struct om_study *study, const struct om_hooks *hooks, struct om_analysis **out,
           struct om_findings **findings_on_error, struct om_error *err)
{
    struct om_analysis *analysis;
    struct om_counted *counted;
    bool elsewhere = false;
    OM_TRY(start(&analysis, &counted, err));
    om_status status = om_is_shared(study) ? om_count_with_others(study, hooks, counted, &elsewhere, err)
                                           : om_count_inputs(study, hooks, counted, err);
    if (status == OM_OK && elsewhere) {
        om_analysis_free(analysis);
        *out = NULL;
        return OM_OK;
    }
    if (status == OM_OK)
        status = om_conclude(counted, analysis, err);
    if (status == OM_OK) {
        *out = analysis;
        return OM_OK;
    }
    if (findings_on_error) {
        *findings_on_error = counted->findings;
        counted->findings = NULL;
    }
    om_analysis_free(analysis);
    return status;
}

/* As the file of it would be. */
static om_status
describe_tally(const struct om_tally *tally, const char *name, struct om_counted *out, struct om_error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    out->input = om_calloc(1, sizeof *out->input);
    if (!out->input)
        return om_fail_memory(err);
    OM_TRY(om_tally_save(tally, &bytes, &length, err));
    *out->input = (struct om_input_info){.path = name,
                                         .bytes = length,
                                         .digest_name = "sha256",
                                         .tally = true,
                                         .persons = om_tally_persons(tally)};
    om_status status = om_sha256_text(bytes, length, out->input->digest, err);
    om_free(bytes);
    out->n_inputs = 1;
    return status;
}

om_status
om_analyse_tally(const struct om_study *study, const struct om_tally *tally, const char *name,
                 struct om_analysis **out, struct om_error *err)
{
    struct om_analysis *analysis;
    struct om_counted *counted;
    OM_TRY(start(&analysis, &counted, err));
    om_status status = om_count_tally(study, tally, name, counted, err);
    if (status == OM_OK)
        status = describe_tally(tally, name, counted, err);
    if (status == OM_OK)
        status = om_conclude(counted, analysis, err);
    if (status == OM_OK)
        *out = analysis;
    else
        om_analysis_free(analysis);
    return status;
}

void
om_analysis_free(struct om_analysis *analysis)
{
    if (!analysis)
        return;
    struct om_counted *counted = analysis->owned;
    om_views_release(analysis);
    om_results_release(&analysis->results);
    om_results_release(&analysis->disclosure.log);
    om_findings_free(analysis->disclosure.none);
    om_free(analysis->group);
    om_free(analysis->instrument);
    om_free(analysis->scale);
    om_free(analysis->ledger);
    om_free(analysis->occasion);
    om_free(analysis->family);
    for (size_t i = 0; i < analysis->n_options; i++)
        om_free(analysis->option[i]);
    om_free(analysis->option);
    om_free(analysis->source);
    om_counted_release(counted);
    om_free(counted);
    om_free(analysis);
}

void
om_text_free(char *text)
{
    om_free(text);
}
