/* Agreement between the change rules: who is in which class by one and by the other. */
#include "analysis/kept.h"
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/agreement.h>

#include <stdio.h>

/* Every rule is reduced to these, so that any two can be crossed: recovered is improved, harmed deteriorated.
 */
enum { IMPROVED, UNCHANGED, DETERIORATED, CLASSES, NO_CLASS };

static const char *const cross_ids[CLASSES * CLASSES] = {
    "cross.improved.improved",     "cross.improved.unchanged",     "cross.improved.deteriorated",
    "cross.unchanged.improved",    "cross.unchanged.unchanged",    "cross.unchanged.deteriorated",
    "cross.deteriorated.improved", "cross.deteriorated.unchanged", "cross.deteriorated.deteriorated",
};

static uint8_t
reduce(enum om_change_class class_)
{
    if (class_ == OM_CHANGE_UNDEFINED)
        return NO_CLASS;
    return om_change_is_better(class_) ? IMPROVED : om_change_is_worse(class_) ? DETERIORATED : UNCHANGED;
}

/* The classes of the cells of a view by every rule that the scale has. */
struct classified {
    enum om_rule rule[OM_RULES];
    size_t n_rules;
    uint8_t *class_; /* rule major, n_cells each; NO_CLASS also where a cell is not of the population */
};

static om_status
classify(const struct om_view *view, struct classified *out, struct om_error *err)
{
    *out = (struct classified){.class_ = om_alloc(OM_RULES * view->n_cells, 1)};
    if (!out->class_)
        return om_fail_memory(err);
    for (int id = 0; id < OM_RULES; id++) {
        const struct om_class_rule *rule = om_view_rule(view, (enum om_rule)id);
        if (!rule || om_class_why_not(rule))
            continue;
        uint8_t *class_ = out->class_ + out->n_rules * view->n_cells;
        out->rule[out->n_rules++] = (enum om_rule)id;
        for (size_t i = 0; i < view->n_cells; i++) {
            const struct om_cell *cell = &view->cells[i];
            class_[i] = om_view_includes(view, cell)
                            ? reduce(om_class_of(view, rule, cell->first, cell->last))
                            : NO_CLASS;
        }
    }
    return OM_OK;
}

static void
cross(const struct om_view *view, const struct classified *classified, size_t a, size_t b,
      uint64_t count[CLASSES * CLASSES])
{
    const uint8_t *by_a = classified->class_ + a * view->n_cells;
    const uint8_t *by_b = classified->class_ + b * view->n_cells;
    for (size_t i = 0; i < view->n_cells; i++)
        if (by_a[i] != NO_CLASS && by_b[i] != NO_CLASS)
            count[by_a[i] * CLASSES + by_b[i]] += view->cells[i].count;
}

static om_status
rows_pair(struct om_view *view, const struct classified *classified, size_t a, size_t b, struct om_error *err)
{
    uint64_t count[CLASSES * CLASSES] = {0};
    struct om_agreement_result agreement;
    char rule[80];
    cross(view, classified, a, b, count);
    om_agreement(count, CLASSES, view->run->study->level, &agreement);
    snprintf(rule, sizeof rule, "%s*%s", om_rule_id(classified->rule[a]), om_rule_id(classified->rule[b]));
    view->row.rule = rule;
    om_status status = om_add_rate(view, "agree", agreement.agree, agreement.n,
                                   "in the same class by both rules: improved, unchanged, deteriorated", err);
    if (status == OM_OK)
        status =
            om_add_stat(view, "kappa", &agreement.kappa, &agreement.interval, NULL, agreement.n, NULL, err);
    for (size_t i = 0; i < CLASSES * CLASSES && status == OM_OK; i++)
        status = om_add_count(view, cross_ids[i], count[i], agreement.n, NULL, err);
    view->row.rule = "";
    return status;
}

om_status
om_rows_agreement(struct om_view *view, struct om_error *err)
{
    struct classified classified;
    if (!view->occasion[1])
        return OM_OK;
    view->row.occasion = "change";
    om_status status = classify(view, &classified, err);
    for (size_t a = 0; a < classified.n_rules && status == OM_OK; a++)
        for (size_t b = a + 1; b < classified.n_rules && status == OM_OK; b++)
            status = rows_pair(view, &classified, a, b, err);
    om_free(classified.class_);
    return status;
}
