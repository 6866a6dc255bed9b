#include "analysis/views.h"
#include "analysis/classes.h"
#include "base/error.h"
#include "base/memory.h"

static om_status
copy_levels(const struct om_scorer *scorer, struct om_scale_view *out, struct om_error *err)
{
    out->unit = scorer->unit;
    out->level = om_alloc(scorer->n_levels, sizeof *out->level);
    if (!out->level)
        return om_fail_memory(err);
    for (out->n_levels = 0; out->n_levels < scorer->n_levels; out->n_levels++) {
        const struct om_level *level = &scorer->level[out->n_levels];
        out->level[out->n_levels] = (struct om_scale_level){level->value, level->band, level->positive};
    }
    return OM_OK;
}

static om_status
copy_cells(const struct om_view *view, struct om_scale_view *out, struct om_error *err)
{
    out->cell = om_alloc(view->n_cells, sizeof *out->cell);
    if (!out->cell)
        return om_fail_memory(err);
    for (out->n_cells = 0; out->n_cells < view->n_cells; out->n_cells++) {
        const struct om_cell *cell = &view->cells[out->n_cells];
        out->cell[out->n_cells] = (struct om_scale_cell){cell->first, cell->last, cell->count};
    }
    return OM_OK;
}

/* Where the rule draws its lines: a change of at least so many points, or beyond the error of measurement. */
static void
describe_lines(const struct om_class_rule *rule, struct om_rule_view *out)
{
    const struct om_change_rule *change = &rule->change;
    bool by_points = rule->id == OM_RULE_SHIFT || rule->id == OM_RULE_ANCHOR || rule->id == OM_RULE_CWB ||
                     (rule->id == OM_RULE_RELIABLE && !change->by_index);
    bool by_index = om_rule_is_index(rule->id) || change->by_index;
    out->inclusive = by_points;
    if (by_points) {
        out->points = om_fraction_value(change->points);
        out->points_worse = change->points_worse.den ? om_fraction_value(change->points_worse) : out->points;
    } else if (by_index && change->index.slope == 1 && change->index.intercept == 0) {
        out->points = out->points_worse = change->index.critical * change->index.se;
    }
    out->has_cutoff = om_class_has_five(rule);
    out->cutoff = out->has_cutoff ? change->cutoff.at : 0;
}

static om_status
classify(const struct om_view *view, const struct om_class_rule *rule, struct om_scale_view *out,
         struct om_error *err)
{
    struct om_rule_view *to = &out->rule[out->n_rules];
    *to = (struct om_rule_view){.rule = om_rule_id(rule->id), .class_ = om_alloc(view->n_cells, 1)};
    if (!to->class_)
        return om_fail_memory(err);
    out->n_rules++;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        to->class_[i] = (uint8_t)(om_view_is_none(view, cell->first) || om_view_is_none(view, cell->last)
                                      ? OM_CHANGE_UNDEFINED
                                      : om_class_of(view, rule, cell->first, cell->last));
    }
    describe_lines(rule, to);
    return OM_OK;
}

static om_status
make_rules(const struct om_view *view, struct om_scale_view *out, struct om_error *err)
{
    out->rule = om_alloc(OM_RULES, sizeof *out->rule);
    if (!out->rule)
        return om_fail_memory(err);
    for (int id = 0; id < OM_RULES; id++) {
        struct om_class_rule rule;
        if (om_class_rule_prepare(view, (enum om_rule)id, &rule) && !om_class_why_not(&rule))
            OM_TRY(classify(view, &rule, out, err));
    }
    return OM_OK;
}

om_status
om_views_make(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    analysis->view = om_calloc(run->n_scales, sizeof *analysis->view);
    if (!analysis->view)
        return om_fail_memory(err);
    for (size_t s = 0; s < run->n_scales; s++) {
        struct om_view view = {
            .run = run, .group = &run->group[0], .scale = s, .occasion = {analysis->first, analysis->last}};
        struct om_scale_view *out = &analysis->view[s];
        OM_TRY(om_crosstab_cells(&view.group->table[s], &view.cells, &view.n_cells, err));
        om_status status = copy_levels(run->scale[s].scorer, out, err);
        if (status == OM_OK)
            status = copy_cells(&view, out, err);
        if (status == OM_OK && analysis->last)
            status = make_rules(&view, out, err);
        om_free(view.cells);
        if (status != OM_OK)
            return status;
    }
    return OM_OK;
}

void
om_views_release(struct om_analysis *analysis)
{
    for (size_t s = 0; analysis->view && s < analysis->n_scales; s++) {
        struct om_scale_view *view = &analysis->view[s];
        for (size_t r = 0; r < view->n_rules; r++)
            om_free(view->rule[r].class_);
        om_free(view->rule);
        om_free(view->cell);
        om_free(view->level);
    }
    om_free(analysis->view);
    analysis->view = NULL;
}
