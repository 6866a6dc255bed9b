#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"

#include <math.h>
#include <stdio.h>

/* Words for a threshold: "cut-off 10", "cut-off 11 (above 10; a choice: none is published)". */
static void
describe_cutoff(char *note, size_t size, const struct om_cutoff *cutoff, struct om_fraction at)
{
    bool listed = cutoff && om_fraction_compare(cutoff->at, at) == 0;
    snprintf(note, size, "cut-off %.10g%s%s%s", om_fraction_value(at), listed && cutoff->label ? ": " : "",
             listed && cutoff->label ? cutoff->label : "",
             listed && cutoff->is_choice ? " (a choice: none is published)"
             : listed                    ? ""
                                         : " (set by the study)");
}

/* Tables of more cells than this are not worth their memory: few of them are ever asked for. */
enum { LEVELS_KEPT = 256 };

static om_status
keep_classes(const struct om_scorer *scorer, struct om_class_rule *rule, struct om_error *err)
{
    if (scorer->n_levels > LEVELS_KEPT)
        return OM_OK;
    rule->known = om_calloc(scorer->n_levels * scorer->n_levels, sizeof *rule->known);
    return rule->known ? OM_OK : om_fail_memory(err);
}

static om_status
keep_turned(const struct om_view *view, const struct om_class_rule *rule, struct om_turned_rule **kept,
            struct om_error *err)
{
    const struct om_interval *alpha = &om_view_scale(view)->norms.alpha;
    if (!om_rule_is_index(rule->id) || rule->change.index.reason || alpha->reason)
        return OM_OK;
    struct om_turned_rule *turned = *kept = om_alloc(1, sizeof *turned);
    if (!turned)
        return om_fail_memory(err);
    *turned = (struct om_turned_rule){.low = *rule, .high = *rule};
    turned->low.known = turned->high.known = NULL;
    om_class_rule_turn(view, fmax(0, alpha->lower), &turned->low);
    om_class_rule_turn(view, alpha->upper, &turned->high);
    snprintf(turned->note, sizeof turned->note,
             "in another class were alpha %.4g or %.4g, the ends of its interval", alpha->lower,
             alpha->upper);
    OM_TRY(keep_classes(om_view_scale(view)->scorer, &turned->low, err));
    return keep_classes(om_view_scale(view)->scorer, &turned->high, err);
}

static om_status
keep_rule(const struct om_view *view, enum om_rule id, struct om_kept_scale *kept, struct om_error *err)
{
    kept->applies[id] = om_class_rule_prepare(view, id, &kept->rule[id]);
    if (!kept->applies[id])
        return OM_OK;
    OM_TRY(keep_classes(om_view_scale(view)->scorer, &kept->rule[id], err));
    return keep_turned(view, &kept->rule[id], &kept->turned[id], err);
}

static om_status
keep_scale(const struct om_run *run, size_t s, struct om_kept_scale *kept, struct om_error *err)
{
    const struct om_run_scale *scale = &run->scale[s];
    const struct om_scale *info = scale->info.scale;
    const struct om_scorer *scorer = scale->scorer;
    const struct om_view view = {.run = run, .group = &run->group[0], .scale = s};
    for (int id = 0; id < OM_RULES; id++)
        OM_TRY(keep_rule(&view, (enum om_rule)id, kept, err));
    kept->cutoff_note = om_alloc(info->n_cutoffs + 1, sizeof *kept->cutoff_note);
    kept->reaches = om_alloc(info->n_cutoffs * scorer->n_levels, sizeof *kept->reaches);
    if (!kept->cutoff_note || !kept->reaches)
        return om_fail_memory(err);
    describe_cutoff(kept->cutoff_note[0], OM_CUTOFF_NOTE_MAX, scale->info.cutoff, scorer->cutoff);
    for (size_t c = 0; c < info->n_cutoffs; c++) {
        describe_cutoff(kept->cutoff_note[c + 1], OM_CUTOFF_NOTE_MAX, &info->cutoff[c], info->cutoff[c].at);
        for (size_t level = 0; level < scorer->n_levels; level++)
            kept->reaches[c * scorer->n_levels + level] =
                om_scorer_reaches(scorer, level, info->cutoff[c].at);
    }
    return OM_OK;
}

om_status
om_kept_init(struct om_kept *kept, const struct om_run *run, struct om_error *err)
{
    enum { REMEMBERED = 1 << 14 };
    *kept = (struct om_kept){.scale = om_calloc(run->n_scales, sizeof *kept->scale),
                             .memo = {om_calloc(REMEMBERED, sizeof *kept->memo.at), REMEMBERED}};
    if (!kept->scale || !kept->memo.at)
        return om_fail_memory(err);
    kept->z = om_normal_bound(run->study->level);
    kept->n_scales = run->n_scales;
    for (size_t s = 0; s < run->n_scales; s++)
        OM_TRY(keep_scale(run, s, &kept->scale[s], err));
    return om_joint_words(run, &kept->joint, err);
}

static void
release_scale(struct om_kept_scale *kept)
{
    for (int id = 0; id < OM_RULES; id++) {
        om_free(kept->rule[id].known);
        if (!kept->turned[id])
            continue;
        om_free(kept->turned[id]->low.known);
        om_free(kept->turned[id]->high.known);
        om_free(kept->turned[id]);
    }
    om_free(kept->cutoff_note);
    om_free(kept->reaches);
}

void
om_kept_release(struct om_kept *kept)
{
    for (size_t s = 0; s < kept->n_scales; s++)
        release_scale(&kept->scale[s]);
    om_joint_words_release(&kept->joint);
    om_free(kept->scale);
    om_free(kept->memo.at);
    *kept = (struct om_kept){0};
}

const struct om_class_rule *
om_view_rule(const struct om_view *view, enum om_rule id)
{
    const struct om_kept_scale *kept = &view->kept->scale[view->scale];
    return kept->applies[id] ? &kept->rule[id] : NULL;
}
