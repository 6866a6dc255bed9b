#include "analysis/tallies.h"
#include "analysis/families.h"
#include "analysis/joint.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static const struct om_safety *
safety_of(const struct om_instrument *instrument, const struct om_scale *scale)
{
    for (size_t i = 0; i < instrument->n_safety; i++)
        if (strcmp(instrument->safety[i].scale, scale->id) == 0)
            return &instrument->safety[i];
    return NULL;
}

/* panel: NULL where there is none. */
static om_status
init_scale(struct om_run *run, const struct om_instrument *instrument,
           const struct om_panel_instrument *panel, size_t index, struct om_error *err)
{
    const struct om_scale *scale = &instrument->scale[index];
    const struct om_fraction *own = index == 0 ? om_study_cutoff(run->study, instrument) : NULL;
    struct om_run_scale *out = &run->scale[run->n_scales];
    *out = (struct om_run_scale){.panel = panel,
                                 .info = {.instrument = instrument,
                                          .scale = scale,
                                          .cutoff = om_scale_default_cutoff(scale),
                                          .shift = om_study_shift(run->study, instrument),
                                          .share = om_percent_share(run->study, instrument, scale),
                                          .reliable_by_index = run->study->rule.reliable_by_index},
                                 .safety = safety_of(instrument, scale),
                                 .numeric = scale->combine != OM_COMBINE_CLASS,
                                 .has_alpha = scale->n_items > 1 && (scale->combine == OM_COMBINE_SUM ||
                                                                     scale->combine == OM_COMBINE_MEAN ||
                                                                     scale->combine == OM_COMBINE_PERCENT),
                                 .item_pairs =
                                     !panel || run->use != OM_RUN_REPORT ||
                                     run->study->families[om_family_find("reliability")] ||
                                     !om_with_total_fits(scale->n_items, (unsigned)instrument->maximum),
                                 .is_total = scale->combine == OM_COMBINE_TOTAL,
                                 .is_main = index == 0};
    if (own &&
        (om_fraction_compare(*own, scale->minimum) < 0 || om_fraction_compare(*own, scale->maximum) > 0)) {
        om_fail(err, OM_ERR_USAGE, "--cutoff %s=%.10g lies outside the range of the score", instrument->id,
                om_fraction_value(*own));
        om_hint(err, "%s %s goes from %.10g to %.10g", instrument->name, scale->id,
                om_fraction_value(scale->minimum), om_fraction_value(scale->maximum));
        return OM_ERR_USAGE;
    }
    om_anchor_points(run->study, instrument, scale, &out->info.anchor, &out->info.anchor_worse);
    if (own)
        out->info.cutoff_from_study = true;
    if (own || out->info.cutoff)
        out->info.cutoff_at = own ? *own : out->info.cutoff->at;
    bool counted = scale->combine == OM_COMBINE_CLASS || scale->combine == OM_COMBINE_COUNT;
    const bool by_record = run->use == OM_RUN_RECORDS;
    enum om_missing_rule rule = by_record && counted ? OM_MISSING_PRORATE : run->study->missing_rule;
    run->n_scales++;
    if (!out->is_total)
        return om_scorer_new(instrument, scale, rule, own, &out->scorer, err);
    /* Single records are judged by themselves; the levels of a cohort are known when all have been seen. */
    return by_record ? om_scorer_of_totals(instrument, own, NULL, 0, &out->scorer, err) : OM_OK;
}

/* A number given for an instrument that is not in the panel is a mistake of the user's. */
static om_status
check_named(const struct om_run *run, const struct om_study_number *number, size_t n, const char *key,
            struct om_error *err)
{
    for (size_t i = 0; i < n; i++) {
        bool found = !number[i].instrument;
        for (size_t k = 0; k < run->n_instruments && !found; k++)
            found = strcmp(run->instrument[k]->id, number[i].instrument) == 0;
        if (!found) {
            om_fail(err, OM_ERR_USAGE, "--%s names the instrument '%s', which the panel does not have", key,
                    number[i].instrument);
            om_hint(err, "`omstat instruments list` shows the names");
            return OM_ERR_USAGE;
        }
    }
    return OM_OK;
}

/* Does the study name only instruments that are there? */
static om_status
check_study(const struct om_run *run, struct om_error *err)
{
    const struct om_study *study = run->study;
    OM_TRY(check_named(run, study->shift, study->n_shifts, "shift", err));
    OM_TRY(check_named(run, study->paired.equivalence, study->paired.n_equivalences, "equivalence", err));
    OM_TRY(check_named(run, study->cutoff, study->n_cutoffs, "cutoff", err));
    OM_TRY(om_run_check_rule_values(run, err));
    return check_named(run, study->rtm_correlation, study->n_rtm_correlations, "rtm-correlation", err);
}

/* Are the items of an instrument counted with another one, which has them too? */
static bool
has_parent(const struct om_run *run, const struct om_instrument *instrument)
{
    for (size_t i = 0; instrument->parent && i < run->n_instruments; i++)
        if (strcmp(run->instrument[i]->id, instrument->parent) == 0)
            return true;
    return false;
}

/* Settles where groups count unanswered items. */
static void
place_items(struct om_run *run)
{
    for (size_t s = 0; s < run->n_scales; s++) {
        struct om_run_scale *scale = &run->scale[s];
        const struct om_instrument *instrument = scale->info.instrument;
        if (!scale->is_main || instrument->n_items == 0 || has_parent(run, instrument))
            continue;
        scale->counts_items = true;
        scale->items_at = run->n_items;
        run->n_items += 2 * (instrument->n_items + 1);
    }
}

/* Scales and shares, for run->instrument; panel_instrument: beside it, or NULL. */
static om_status
init_counts(struct om_run *run, size_t n_shares, const struct om_panel_instrument *panel_instrument,
            struct om_error *err)
{
    OM_TRY(check_study(run, err));
    size_t n = 0;
    for (size_t i = 0; i < run->n_instruments; i++)
        n += run->instrument[i]->n_scales;
    run->n_shares = n_shares;
    run->scale = om_calloc(n, sizeof *run->scale);
    run->share = om_calloc(run->n_shares, sizeof *run->share);
    if (!run->scale || !run->share)
        return om_fail_memory(err);
    for (size_t t = 0; t < run->n_shares; t++) {
        run->share[t].total = om_calloc(n, sizeof *run->share[t].total);
        if (!run->share[t].total)
            return om_fail_memory(err);
    }
    for (size_t i = 0; i < run->n_instruments; i++)
        for (size_t s = 0; s < run->instrument[i]->n_scales; s++)
            OM_TRY(
                init_scale(run, run->instrument[i], panel_instrument ? &panel_instrument[i] : NULL, s, err));
    place_items(run);
    return om_joint_init(run, err);
}

om_status
om_run_init(struct om_run *run, const struct om_study *study, struct om_panel *panel, enum om_run_use use,
            struct om_error *err)
{
    *run = (struct om_run){.study = study,
                           .use = use,
                           .panel = panel,
                           .source = panel->file[0].path,
                           .occasion = &panel->occasion,
                           .by_value = panel->by_value,
                           .has_waves = panel->spec->every_occasion};
    run->instrument = om_alloc(panel->n_instruments, sizeof *run->instrument);
    if (!run->instrument)
        return om_fail_memory(err);
    for (; run->n_instruments < panel->n_instruments; run->n_instruments++)
        run->instrument[run->n_instruments] = panel->instrument[run->n_instruments].instrument;
    return init_counts(run, om_flow_threads(panel), panel->instrument, err);
}

om_status
om_run_init_bare(struct om_run *run, const struct om_study *study,
                 const struct om_instrument *const *instrument, size_t n, struct om_error *err)
{
    run->study = study;
    run->instrument = om_alloc(n, sizeof *run->instrument);
    if (!run->instrument)
        return om_fail_memory(err);
    memcpy(run->instrument, instrument, n * sizeof *instrument);
    run->n_instruments = n;
    return init_counts(run, 1, NULL, err);
}

void
om_run_release(struct om_run *run)
{
    for (size_t g = 0; g < run->n_groups; g++)
        om_run_group_release(run, &run->group[g]);
    for (size_t t = 0; run->share && t < run->n_shares; t++)
        om_run_share_release(run, &run->share[t]);
    for (size_t s = 0; s < run->n_scales; s++) {
        om_scorer_free(run->scale[s].scorer);
        om_free(run->scale[s].joint);
    }
    om_free(run->instrument);
    om_free(run->scale);
    om_free(run->share);
    om_free(run->group);
}

om_status
om_check_records(const char *source, uint64_t read, uint64_t scored, struct om_error *err)
{
    if (scored > 0)
        return OM_OK;
    if (read == 0)
        om_fail(err, OM_ERR_PANEL, "OM120 there is a header but no record");
    else
        om_fail(err, OM_ERR_PANEL, "none of the %llu records can be used", (unsigned long long)read);
    om_place(err, source, 0, 0);
    om_hint(err, "the findings say what is wrong with the records; an empty export is a mistake elsewhere");
    return OM_ERR_PANEL;
}
