#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Everything an om_analysis points into. */
struct owned {
    struct om_panel *panel;
    struct om_run run;
};

/* --- input checks -------------------------------------------------------------------------------------- */

static om_status
check_inputs(const struct om_study *study, struct om_error *err)
{
    if (study->panel.n_inputs > 0)
        return OM_OK;
    om_fail(err, OM_ERR_USAGE, "no input file");
    om_hint(err, "name one, or `-` for standard input, or --occasion NAME=FILE for each occasion");
    return OM_ERR_USAGE;
}

static om_status
check_strict(const struct om_study *study, const struct om_findings *findings, struct om_error *err)
{
    uint64_t n = om_findings_count(findings, OM_BAD);
    if (om_findings_status(findings) != OM_OK)
        return om_fail_memory(err);
    if (!study->strict || n == 0)
        return OM_OK;
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
    const char *const *occasion = (const char *const *)run->panel->occasion.at;
    om_fail(err, OM_ERR_PANEL,
            "no person has a score at both occasions: %llu at '%s', %llu at '%s', none in common",
            (unsigned long long)at[0], occasion[run->count.first], (unsigned long long)at[1],
            occasion[run->count.last]);
    om_place(err, run->panel->file[0].path, 0, 0);
    om_hint(err, "check that --id names the same persons at both, and that answers are where they should be");
    return OM_ERR_PANEL;
}

/* --- what the analysis says about itself --------------------------------------------------------------- */

static om_status
describe_inputs(struct om_analysis *analysis, struct om_panel *panel, struct om_error *err)
{
    analysis->input = om_calloc(panel->n_files, sizeof *analysis->input);
    if (!analysis->input)
        return om_fail_memory(err);
    for (size_t i = 0; i < panel->n_files; i++) {
        struct om_panel_file *file = &panel->file[i];
        struct om_input_info *info = &analysis->input[analysis->n_inputs++];
        *info = (struct om_input_info){.path = file->path,
                                       .bytes = om_csv_bytes_read(file->reader),
                                       .records = file->records,
                                       .digest_name =
                                           file->digest.kind == OM_DIGEST_SHA256 ? "sha256" : "xxh128"};
        OM_TRY(om_digest_final(&file->digest, info->digest, err));
    }
    return OM_OK;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static om_status
describe_study(struct om_analysis *analysis, const struct om_study *study, struct om_panel *panel,
               const struct om_persons_count *count, struct om_error *err)
{
    analysis->option = om_alloc(study->set.n, sizeof *analysis->option);
    if (!analysis->option)
        return om_fail_memory(err);
    for (size_t i = 0; i < study->set.n; i++)
        analysis->option[i] = study->set.at[i];
    analysis->n_options = study->set.n;
    if (analysis->n_options > 1)
        qsort(analysis->option, analysis->n_options, sizeof *analysis->option, compare_texts);
    OM_TRY(om_panel_say_compared(panel, count->first, count->last, err));
    analysis->reading = panel->reading.at;
    analysis->n_reading = panel->reading.n;
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
    const struct om_panel *panel = run->panel;
    analysis->group = om_alloc(run->n_groups, sizeof *analysis->group);
    analysis->instrument = om_alloc(panel->n_instruments, sizeof *analysis->instrument);
    analysis->scale = om_alloc(run->n_scales, sizeof *analysis->scale);
    analysis->ledger = om_calloc(run->n_groups * panel->n_instruments, sizeof *analysis->ledger);
    analysis->occasion = om_alloc(panel->occasion.n, sizeof *analysis->occasion);
    analysis->family = om_alloc(OM_FAMILIES_MAX, sizeof *analysis->family);
    if (!analysis->group || !analysis->instrument || !analysis->scale || !analysis->ledger ||
        !analysis->occasion || !analysis->family)
        return om_fail_memory(err);
    for (size_t g = 0; g < run->n_groups; g++)
        analysis->group[analysis->n_groups++] = run->group[g].name;
    for (size_t i = 0; i < panel->n_instruments; i++)
        analysis->instrument[analysis->n_instruments++] = panel->instrument[i].instrument;
    for (size_t s = 0; s < run->n_scales; s++)
        analysis->scale[analysis->n_scales++] = run->scale[s].info;
    for (size_t f = 0; om_families[f].id; f++)
        if (om_family_asked(run->study, f))
            analysis->family[analysis->n_families++] =
                (struct om_family_info){om_families[f].id, om_families[f].title};
    for (size_t i = 0; i < panel->occasion.n; i++)
        analysis->occasion[analysis->n_occasions++] = panel->occasion.at[i];
    analysis->first = panel->occasion.at[run->count.first];
    analysis->last = run->count.last == OM_NONE ? NULL : panel->occasion.at[run->count.last];
    analysis->records = (struct om_record_ledger){.read = run->count.read,
                                                  .scored = run->count.scored,
                                                  .rejected = run->count.rejected,
                                                  .skipped = run->count.skipped};
    analysis->persons = run->count.persons;
    analysis->without_partner = run->group[0].without_partner;
    analysis->duplicates = run->count.duplicates;
    return OM_OK;
}

/* --- the run ------------------------------------------------------------------------------------------- */

static om_status
read_panel(struct om_analysis *analysis, struct owned *owned, const struct om_study *study,
           const struct om_hooks *hooks, bool again, struct om_error *err)
{
    OM_TRY(om_findings_new(&analysis->findings, err));
    OM_TRY(om_panel_open(&study->panel, study->registry, om_findings_collect, analysis->findings,
                         &owned->panel, err));
    OM_TRY(om_run_init(&owned->run, study, owned->panel, false, err));
    return om_persons_read(owned->panel, again, om_run_consume, &owned->run, hooks ? hooks->progress : NULL,
                           hooks ? hooks->context : NULL, &owned->run.count, err);
}

/* Forgets a reading that has to be made again. */
static void
forget_panel(struct om_analysis *analysis, struct owned *owned)
{
    om_run_release(&owned->run);
    owned->run = (struct om_run){0};
    om_panel_close(owned->panel);
    owned->panel = NULL;
    om_findings_free(analysis->findings);
    analysis->findings = NULL;
}

static om_status
run_all(struct om_analysis *analysis, struct owned *owned, const struct om_study *study,
        const struct om_hooks *hooks, struct om_error *err)
{
    OM_TRY(read_panel(analysis, owned, study, hooks, false, err));
    if (owned->run.count.read_again) {
        forget_panel(analysis, owned);
        OM_TRY(read_panel(analysis, owned, study, hooks, true, err));
    }
    OM_TRY(check_strict(study, analysis->findings, err));
    OM_TRY(om_check_records(owned->panel, owned->run.count.read, owned->run.count.scored, err));
    OM_TRY(om_run_finish(&owned->run, err));
    OM_TRY(check_pairs(&owned->run, err));
    if (owned->run.count.last != OM_NONE)
        OM_TRY(om_run_settle_norms(&owned->run, err));
    OM_TRY(describe_study(analysis, study, owned->panel, &owned->run.count, err));
    OM_TRY(describe_inputs(analysis, owned->panel, err));
    OM_TRY(describe_run(analysis, &owned->run, err));
    return om_rows_all(analysis, &owned->run, err);
}

om_status
om_analyse(const struct om_study *study, const struct om_hooks *hooks, struct om_analysis **out,
           struct om_findings **findings_on_error, struct om_error *err)
{
    OM_TRY(check_inputs(study, err));
    struct om_analysis *analysis = om_calloc(1, sizeof *analysis);
    struct owned *owned = om_calloc(1, sizeof *owned);
    if (!analysis || !owned) {
        om_free(analysis);
        om_free(owned);
        return om_fail_memory(err);
    }
    analysis->owned = owned;
    om_status status = run_all(analysis, owned, study, hooks, err);
    if (status == OM_OK) {
        *out = analysis;
        return OM_OK;
    }
    if (findings_on_error) {
        *findings_on_error = analysis->findings;
        analysis->findings = NULL;
    }
    om_analysis_free(analysis);
    return status;
}

void
om_analysis_free(struct om_analysis *analysis)
{
    if (!analysis)
        return;
    struct owned *owned = analysis->owned;
    om_results_release(&analysis->results);
    om_findings_free(analysis->findings);
    om_free(analysis->group);
    om_free(analysis->instrument);
    om_free(analysis->scale);
    om_free(analysis->ledger);
    om_free(analysis->occasion);
    om_free(analysis->input);
    om_free(analysis->family);
    om_free(analysis->option);
    om_run_release(&owned->run);
    om_panel_close(owned->panel);
    om_free(owned);
    om_free(analysis);
}

void
om_text_free(char *text)
{
    om_free(text);
}
