/* The family group-change: how far a group moved, against true change and against what matters. */
#include "analysis/classes.h"
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/margins.h"

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

/* One group after, against the first. */
static om_status
rows_between(struct om_view *row, const struct om_view *group, const struct om_description *reference,
             struct om_error *err)
{
    struct described comparison;
    struct om_mean_difference between;
    OM_TRY(describe(group, &comparison, err));
    om_mean_difference(reference, &comparison.post, row->run->study->level, &between);
    uint64_t n = reference->n + comparison.post.n;
    OM_TRY(
        om_add_stat(row, "between.difference", &between.difference, &between.interval, NULL, n, NULL, err));
    return row_category(row, "between.category", between.difference, &between.interval, n, err);
}

om_status
om_compare_group_change(struct om_comparison *comparison, struct om_error *err)
{
    struct om_view *row = &comparison->whole;
    struct described first;
    if (!row->occasion[1] || !om_class_has_points(om_view_scale(row)) || !om_view_scale(row)->info.anchor.den)
        return OM_OK;
    OM_TRY(describe(&comparison->one[0], &first, err));
    row->row.occasion = row->occasion[1];
    row->row.rule = om_rule_id(OM_RULE_ANCHOR);
    for (size_t g = 1; g < comparison->n; g++) {
        char name[400];
        snprintf(name, sizeof name, "%.190s - %.190s", comparison->one[g].group->name,
                 comparison->one[0].group->name);
        row->row.group = name;
        OM_TRY(rows_between(row, &comparison->one[g], &first.post, err));
    }
    row->row.group = row->group->name;
    row->row.rule = "";
    return OM_OK;
}
