/* The family group-change: how far a group moved, against true change and against what matters. */
#include "analysis/classes.h"
#include "analysis/compare.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/margins.h"

#include <omstat/between.h>
#include <omstat/group_change.h>
#include <stdio.h>

/* The scores and changes of a view. */
struct described {
    struct om_description post, change;
};

static om_status
describe(const struct om_view *view, struct described *out, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    struct om_margins margins;
    OM_TRY(om_view_pairs(view, &at, &pairs, err));
    om_status status = om_margins_make(&pairs, &margins, err);
    om_free(at);
    if (status != OM_OK)
        return status;
    om_describe(&margins.post, view->run->study->level, &out->post);
    om_describe(&margins.change, view->run->study->level, &out->change);
    om_margins_release(&margins);
    return OM_OK;
}

static double
toward_better(const struct om_view *view)
{
    return om_view_scale(view)->info.scale->direction == OM_HIGHER_BETTER ? 1 : -1;
}

/* --- Hageman & Arrindell ------------------------------------------------------------------------------- */

static om_status
rows_true_shares(struct om_view *view, const struct described *group, struct om_error *err)
{
    struct om_class_rule rule;
    if (!om_class_rule_settle(view, OM_RULE_HA, &rule))
        return OM_OK;
    const struct om_change_index *index = &rule.change.index;
    const struct om_change_cutoff *cutoff = &rule.change.cutoff;
    struct om_true_shares shares;
    om_true_shares(&group->change, &group->post, index->r_dd, index->sem, cutoff->at, toward_better(view),
                   &shares);
    if (index->reason)
        shares.changed = (struct om_stat){0, index->reason};
    if (index->reason || cutoff->reason)
        shares.functional = (struct om_stat){0, index->reason ? index->reason : cutoff->reason};
    view->row.rule = om_rule_id(OM_RULE_HA);
    OM_TRY(om_add_stat(view, "group.changed", &shares.changed, NULL, "normal", group->change.n,
                       "share of the group whose true change is toward better", err));
    return om_add_stat(view, "group.functional", &shares.functional, NULL, "normal", group->post.n, rule.note,
                       err);
}

/* --- the minimal important difference ------------------------------------------------------------------ */

static om_status
row_category(struct om_view *view, const char *statistic, struct om_stat difference,
             const struct om_interval *interval, uint64_t n, struct om_error *err)
{
    const struct om_scale_info *info = &om_view_scale(view)->info;
    double better = om_fraction_value(info->anchor);
    double worse = info->anchor_worse.den ? om_fraction_value(info->anchor_worse) : better;
    struct om_mid_verdict verdict = om_mid_verdict(difference, interval, better, worse, toward_better(view));
    const struct om_stat category = {verdict.category, verdict.reason};
    char note[160];
    snprintf(note, sizeof note, "%s%s; the threshold is %.10g points", om_mid_words(verdict.category),
             verdict.worse ? ", toward worse" : "", verdict.worse ? worse : better);
    return om_add_stat(view, statistic, &category, NULL, verdict.reason ? "" : om_mid_id(verdict.category), n,
                       note, err);
}

static om_status
rows_within(struct om_view *view, const struct described *group, struct om_error *err)
{
    if (!om_class_has_points(om_view_scale(view)) || !om_view_scale(view)->info.anchor.den)
        return OM_OK;
    view->row.rule = om_rule_id(OM_RULE_ANCHOR);
    OM_TRY(om_add_stat(view, "within.difference", &group->change.mean, &group->change.mean_interval, NULL,
                       group->change.n, NULL, err));
    return row_category(view, "within.category", group->change.mean, &group->change.mean_interval,
                        group->change.n, err);
}

om_status
om_rows_group_change(struct om_view *view, struct om_error *err)
{
    struct described group;
    if (!view->occasion[1] || !om_view_scale(view)->numeric)
        return OM_OK;
    OM_TRY(describe(view, &group, err));
    view->row.occasion = "change";
    OM_TRY(rows_true_shares(view, &group, err));
    OM_TRY(rows_within(view, &group, err));
    view->row.rule = "";
    return OM_OK;
}

/* --- between groups ------------------------------------------------------------------------------------ */

/* The scores of one group after; the caller releases the margins. */
static om_status
scores_after(const struct om_view *view, struct om_margins *margins, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    om_status status = om_view_pairs(view, &at, &pairs, err);
    if (status == OM_OK)
        status = om_margins_make(&pairs, margins, err);
    om_free(at);
    return status;
}

static om_status
rows_between(struct om_view *row, size_t group, size_t reference, void *context, struct om_error *err)
{
    const struct om_comparison *comparison = context;
    struct om_margins one, other;
    struct om_welch_result welch = {.n = 0};
    OM_TRY(scores_after(&comparison->one[group], &one, err));
    om_status status = scores_after(&comparison->one[reference], &other, err);
    if (status == OM_OK) {
        om_welch(&one.post, &other.post, row->run->study->level, &welch);
        om_margins_release(&other);
    }
    om_margins_release(&one);
    OM_TRY(status);
    uint64_t n = welch.n + welch.n_reference;
    OM_TRY(om_add_stat(row, "between.difference", &welch.difference, &welch.interval, NULL, n, NULL, err));
    return row_category(row, "between.category", welch.difference, &welch.interval, n, err);
}

om_status
om_compare_group_change(struct om_comparison *comparison, struct om_error *err)
{
    struct om_view *row = &comparison->whole;
    if (!row->occasion[1] || !om_class_has_points(om_view_scale(row)) || !om_view_scale(row)->info.anchor.den)
        return OM_OK;
    row->row.occasion = row->occasion[1];
    row->row.rule = om_rule_id(OM_RULE_ANCHOR);
    om_status status = om_compare_pairs(comparison, rows_between, comparison, err);
    row->row.rule = "";
    return status;
}
