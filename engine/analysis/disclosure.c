#include "analysis/disclosure.h"
#include "analysis/views.h"
#include "base/error.h"
#include "stats/protect.h"

#include <string.h>

/* Of the instruments and scales, those that rows are shown of: views then have nothing else to look for. */
static void
keep_scales(struct om_analysis *analysis, const struct om_run *run, const struct om_disclosure_plan *plan)
{
    size_t scales = 0, instruments = 0;
    for (size_t i = 0; i < plan->n_scales; i++)
        analysis->scale[scales++] = run->scale[plan->scale[i].scale].info;
    analysis->n_scales = scales;
    for (size_t i = 0; i < analysis->n_instruments; i++)
        for (size_t s = 0; s < scales; s++)
            if (analysis->scale[s].instrument == analysis->instrument[i]) {
                analysis->instrument[instruments++] = analysis->instrument[i];
                break;
            }
    analysis->n_instruments = instruments;
}

/* The ledger of persons says what the rows ledger.* say. */
static uint64_t
ledger_count(const struct om_analysis *analysis, const struct om_person_ledger *ledger, const char *scale,
             const char *statistic)
{
    const struct om_result *row = om_results_find(&analysis->results, ledger->group, ledger->instrument,
                                                  scale, NULL, "", "", statistic);
    return row && row->has_value ? (uint64_t)row->value : OM_WITHHELD;
}

static void
disclose_ledger(struct om_analysis *analysis, const struct om_disclosure_plan *plan)
{
    size_t kept = 0;
    for (size_t i = 0; i < analysis->n_ledger; i++) {
        struct om_person_ledger ledger = analysis->ledger[i];
        for (size_t s = 0; s < plan->n_scales; s++) {
            const char *scale = plan->scale[s].scale_id;
            if (strcmp(ledger.instrument, plan->scale[s].instrument) != 0)
                continue;
            ledger.persons = ledger_count(analysis, &ledger, scale, "ledger.persons");
            ledger.baseline = ledger_count(analysis, &ledger, scale, "ledger.baseline");
            ledger.positive = ledger_count(analysis, &ledger, scale, "ledger.positive");
            ledger.paired = ledger_count(analysis, &ledger, scale, "ledger.paired");
            ledger.used = ledger_count(analysis, &ledger, scale, "ledger.used");
            analysis->ledger[kept++] = ledger;
        }
    }
    analysis->n_ledger = kept;
}

static void
disclose_inputs(struct om_input_info *input, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        input[i].bytes = input[i].records = input[i].persons = OM_WITHHELD;
        input[i].digest[0] = '\0';
    }
}

/* Records, sizes and digests of inputs tell how many persons were left out, or let a guess of the whole file
 * be tested. */
static om_status
disclose_counts(struct om_analysis *analysis, const struct om_disclosure_plan *plan, struct om_error *err)
{
    struct om_disclosure *disclosure = &analysis->disclosure;
    analysis->persons =
        plan->persons ? om_disclosure_round(analysis->persons, disclosure->round) : OM_WITHHELD;
    analysis->without_partner = analysis->duplicates = OM_WITHHELD;
    analysis->records = (struct om_record_ledger){OM_WITHHELD, OM_WITHHELD, OM_WITHHELD, OM_WITHHELD};
    disclose_inputs(analysis->input, analysis->n_inputs);
    disclose_inputs(analysis->tallied, analysis->n_tallied);
    analysis->n_families = 0;
    disclosure->findings = analysis->findings;
    OM_TRY(om_findings_new(&disclosure->none, err));
    analysis->findings = disclosure->none;
    return OM_OK;
}

om_status
om_disclose(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    const struct om_disclosure_rule *rule = &run->study->shareable;
    struct om_disclosure_plan plan;
    if (rule->below <= 1)
        return OM_OK;
    analysis->disclosure = (struct om_disclosure){
        .active = true, .preset = rule->preset, .below = rule->below, .round = rule->round};
    om_status status = om_disclosure_plan(analysis, run, rule->below, &plan, err);
    if (status == OM_OK)
        status = om_disclosure_rows(analysis, run, &plan, err);
    if (status == OM_OK) {
        om_views_release(analysis); /* of single persons */
        keep_scales(analysis, run, &plan);
        disclose_ledger(analysis, &plan);
        status = disclose_counts(analysis, &plan, err);
    }
    om_disclosure_plan_release(&plan);
    return status;
}
