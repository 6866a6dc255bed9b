/*
 * Claims held against a panel. It is read once; where a claim does not match, once more for each other
 * missing rule and cut-off, so that these too can be named as what would give the published number.
 */
#include <omstat/claims.h>

#include "analysis/study.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>

enum { VARIANTS_MAX = 24 };

struct running {
    const struct om_claims *claims;
    struct om_study *study;
    const struct om_hooks *hooks;
    struct om_claims_variant variant[VARIANTS_MAX];
    struct om_analysis *analysis[VARIANTS_MAX];
    char change[VARIANTS_MAX][96];
    size_t n;
};

static om_status
read_again(struct running *r, const char *change, const char *instrument, struct om_error *err)
{
    struct om_analysis *analysis = NULL;
    OM_TRY(om_analyse(r->study, r->hooks, &analysis, NULL, err));
    snprintf(r->change[r->n], sizeof r->change[r->n], "%s", change);
    r->analysis[r->n] = analysis;
    r->variant[r->n] = (struct om_claims_variant){r->change[r->n], instrument, analysis};
    r->n++;
    return OM_OK;
}

/* Has a claim about this instrument not matched? */
static bool
is_wanted(const struct running *r, const struct om_claims_results *results, const char *instrument)
{
    for (size_t i = 0; i < results->n; i++)
        if (results->result[i].wrong_number &&
            (!instrument || strcmp(r->claims->claim[i].instrument, instrument) == 0))
            return true;
    return false;
}

/* One more reading; one that fails (nobody has a score under it) is no explanation, and no error. */
static om_status
try_variant(struct running *r, const char *key, const char *value, const char *change, const char *instrument,
            struct om_error *err)
{
    struct om_error why;
    if (r->n == VARIANTS_MAX)
        return OM_OK;
    OM_TRY(om_study_set(r->study, key, value, err));
    om_status status = read_again(r, change, instrument, &why);
    if (status == OM_ERR_NOMEM)
        return om_fail_memory(err);
    return OM_OK;
}

static om_status
vary_cutoffs(struct running *r, const struct om_scale_info *info, struct om_error *err)
{
    char value[96], change[96];
    for (size_t i = 0; i < info->scale->n_cutoffs; i++) {
        const struct om_fraction at = info->scale->cutoff[i].at;
        if (om_fraction_compare(at, info->cutoff_at) == 0)
            continue;
        snprintf(value, sizeof value, "%s=%.10g", info->instrument->id, om_fraction_value(at));
        snprintf(change, sizeof change, "cut-off %.10g", om_fraction_value(at));
        OM_TRY(try_variant(r, "cutoff", value, change, info->instrument->id, err));
    }
    snprintf(value, sizeof value, "%s=%.10g", info->instrument->id, om_fraction_value(info->cutoff_at));
    return om_study_set(r->study, "cutoff", value, err);
}

static om_status
vary(struct running *r, const struct om_claims_results *results, struct om_error *err)
{
    const struct om_analysis *first = r->analysis[0];
    const bool prorated = strcmp(first->missing_rule, "prorate") == 0;
    OM_TRY(try_variant(r, "missing-rule", prorated ? "complete" : "prorate",
                       prorated ? "missing rule complete" : "missing rule prorate", NULL, err));
    OM_TRY(om_study_set(r->study, "missing-rule", prorated ? "prorate" : "complete", err));
    for (size_t i = 0; i < first->n_scales; i++) {
        const struct om_scale_info *info = &first->scale[i];
        if (info->cutoff_at.den > 0 && strcmp(info->scale->id, "total") == 0 &&
            is_wanted(r, results, info->instrument->id))
            OM_TRY(vary_cutoffs(r, info, err));
    }
    return OM_OK;
}

/* A pipe cannot be read a second time. */
static bool
can_read_again(const struct om_study *study)
{
    for (size_t i = 0; i < study->panel.n_inputs; i++)
        if (strcmp(study->panel.input[i].path, "-") == 0)
            return false;
    return true;
}

/* What the claims and the search ask for beside what the study does: every rule and population, and any
 * number of points. */
static om_status
widen(struct om_study *study, struct om_error *err)
{
    OM_TRY(om_study_set(study, "rule", "all", err));
    OM_TRY(om_study_set(study, "population", "both", err));
    return om_study_set(study, "statistics", "sensitivity", err);
}

om_status
om_claims_run(const struct om_claims *claims, struct om_study *study, const struct om_hooks *hooks,
              struct om_claims_results **out, struct om_error *err)
{
    struct running r = {.claims = claims, .study = study, .hooks = hooks};
    struct om_claims_results *results = NULL;
    if (study->panel.n_inputs == 0)
        return om_claims_check(claims, om_study_registry(study), NULL, 0, out, err);
    om_status status = widen(study, err);
    if (status == OM_OK)
        status = read_again(&r, "", NULL, err);
    if (status == OM_OK)
        status = om_claims_check(claims, om_study_registry(study), r.variant, r.n, &results, err);
    if (status == OM_OK && is_wanted(&r, results, NULL) && can_read_again(study)) {
        status = vary(&r, results, err);
        om_claims_results_free(results);
        results = NULL;
        if (status == OM_OK)
            status = om_claims_check(claims, om_study_registry(study), r.variant, r.n, &results, err);
    }
    for (size_t i = 0; i < r.n; i++)
        om_analysis_free(r.analysis[i]);
    if (status == OM_OK)
        *out = results;
    else
        om_claims_results_free(results);
    return status;
}
