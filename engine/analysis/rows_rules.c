#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdio.h>

/* Everyone with both scores, by class; and of those clinical before, where the rule has a cut-off. */
struct tally {
    uint64_t count[OM_CHANGE_UNDEFINED + 1], clinical[OM_CHANGE_UNDEFINED + 1];
    uint64_t twice; /* of the improved, counted as deteriorated too */
};

static void
count_classes(const struct om_view *view, const struct om_class_rule *rule, struct tally *tally)
{
    const bool five = om_class_has_five(rule), compatible = rule->change.compatible; /* asked of few rules */
    *tally = (struct tally){.twice = 0};
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        enum om_change_class class_ = om_class_of(view, rule, cell->first, cell->last);
        tally->count[class_] += cell->count;
        if (five && om_class_was_clinical(view, rule, cell->first))
            tally->clinical[class_] += cell->count;
        if (compatible && om_class_counts_twice(view, rule, cell->first, cell->last))
            tally->twice += cell->count;
    }
}

static uint64_t
sum_classes(const uint64_t *count)
{
    uint64_t n = 0;
    for (size_t c = 0; c < OM_CHANGE_CLASSES; c++)
        n += count[c];
    return n;
}

/* class.recovered ... class.harmed, or the three that a rule without a cut-off has. */
static om_status
rows_classes(struct om_view *view, const struct om_class_rule *rule, const struct tally *tally,
             struct om_error *err)
{
    bool five = om_class_has_five(rule);
    uint64_t n = sum_classes(tally->count);
    char longer[sizeof rule->note + 100];
    const char *note = rule->note;
    if (tally->count[OM_CHANGE_UNDEFINED] || tally->twice) {
        bool both = tally->twice > 0;
        snprintf(longer, sizeof longer, "%s; %llu %s, their first score is 0", rule->note,
                 (unsigned long long)(both ? tally->twice : tally->count[OM_CHANGE_UNDEFINED]),
                 both ? "in both classes" : "left out");
        note = longer;
    }
    for (int c = 0; c < OM_CHANGE_CLASSES; c++) {
        if (!five && (c == OM_CHANGE_RECOVERED || c == OM_CHANGE_HARMED))
            continue;
        uint64_t k = tally->count[c] + (c == OM_CHANGE_DETERIORATED ? tally->twice : 0);
        OM_TRY(om_add_rate(view, om_view_name(view, "class", om_change_class_id((enum om_change_class)c)), k,
                           n, note, err));
    }
    return OM_OK;
}

/* Recovered or not, harmed or not; and the classes of those who could recover. */
static om_status
rows_five(struct om_view *view, const struct om_class_rule *rule, const struct tally *tally,
          struct om_error *err)
{
    uint64_t n = sum_classes(tally->count), clinical = sum_classes(tally->clinical);
    OM_TRY(om_add_rate(view, "improved.any",
                       tally->count[OM_CHANGE_RECOVERED] + tally->count[OM_CHANGE_IMPROVED], n,
                       "recovered or improved", err));
    OM_TRY(om_add_rate(view, "deteriorated.any",
                       tally->count[OM_CHANGE_DETERIORATED] + tally->count[OM_CHANGE_HARMED], n,
                       "deteriorated or harmed", err));
    if (!om_class_has_five(rule))
        return OM_OK;
    OM_TRY(
        om_add_rate(view, "clinical_before", clinical, n, "on the clinical side of the cut-off before", err));
    for (int c = OM_CHANGE_RECOVERED; c <= OM_CHANGE_DETERIORATED; c++) {
        OM_TRY(om_add_rate(view,
                           om_view_name(view, "of_clinical", om_change_class_id((enum om_change_class)c)),
                           tally->clinical[c], clinical, "of those clinical before", err));
    }
    return OM_OK;
}

/* Every class, undefined. */
static om_status
rows_without_index(struct om_view *view, const char *reason, struct om_error *err)
{
    static const char *const statistics[] = {"class.improved", "class.unchanged", "class.deteriorated"};
    const struct om_stat none = {0, reason};
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++)
        OM_TRY(om_add_stat(view, statistics[i], &none, NULL, NULL, 0, NULL, err));
    return OM_OK;
}

static om_status
rows_rule(struct om_view *view, const struct om_class_rule *rule, struct om_error *err)
{
    struct tally tally;
    const char *reason = om_class_why_not(rule);
    if (reason)
        return rows_without_index(view, reason, err);
    count_classes(view, rule, &tally);
    OM_TRY(rows_classes(view, rule, &tally, err));
    return om_rule_has_five_classes(rule->id) ? rows_five(view, rule, &tally, err) : OM_OK;
}

om_status
om_rows_rules(struct om_view *view, struct om_error *err)
{
    view->row.occasion = "change";
    for (int id = 0; id < OM_RULES; id++) {
        const struct om_class_rule *rule = om_view_rule(view, (enum om_rule)id);
        if (!rule)
            continue;
        view->row.rule = om_rule_id((enum om_rule)id);
        OM_TRY(rows_rule(view, rule, err));
        OM_TRY(om_rows_index(view, rule, err));
    }
    view->row.rule = "";
    return OM_OK;
}

/* --- safety -------------------------------------------------------------------------------------------- */

enum { EMERGENT, WORSENING, PERSISTENT, RESOLVED, ABSENT, UNANSWERED, SAFETY_CLASSES };

static const char *const safety_ids[SAFETY_CLASSES] = {"class.emergent",   "class.worsening",
                                                       "class.persistent", "class.resolved",
                                                       "class.absent",     "class.unanswered"};
static const char *const safety_notes[SAFETY_CLASSES] = {
    "absent before, present after",
    "present before, more so after",
    "present at both, not more so after",
    "present before, absent after",
    "absent at both",
    "a form at both, but no answer to this item at one of them",
};

/* States below n_levels are answers; n_levels is a form without one. */
static int
safety_class(const struct om_run_scale *scale, uint32_t first, uint32_t last)
{
    const struct om_scorer *scorer = scale->scorer;
    if (first == scorer->n_levels || last == scorer->n_levels)
        return UNANSWERED;
    int64_t before = scorer->level[first].value, after = scorer->level[last].value;
    int64_t threshold = scale->safety->at_least * scorer->unit;
    if (before < threshold)
        return after < threshold ? ABSENT : EMERGENT;
    if (after < threshold)
        return RESOLVED;
    return after > before ? WORSENING : PERSISTENT;
}

/* At one occasion, over everyone who gave a form, whatever became of the other occasion or of the total. */
static om_status
rows_safety_occasion(struct om_view *view, const struct om_cell *cells, size_t n_cells, size_t which,
                     struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    size_t n_levels = scale->scorer->n_levels;
    uint64_t present = 0, answered = 0, forms = 0;
    for (size_t i = 0; i < n_cells; i++) {
        size_t state = which == 0 ? cells[i].first : cells[i].last;
        if (state > n_levels)
            continue;
        forms += cells[i].count;
        if (state == n_levels)
            continue;
        answered += cells[i].count;
        if (scale->scorer->level[state].value >= scale->safety->at_least * scale->scorer->unit)
            present += cells[i].count;
    }
    view->row.occasion = view->occasion[which];
    OM_TRY(om_add_rate(view, "present", present, answered, "everyone who answered the item at this occasion",
                       err));
    return om_add_count(view, "unanswered", forms - answered, forms, "forms without an answer to the item",
                        err);
}

static om_status
rows_safety_change(struct om_view *view, const struct om_cell *cells, size_t n_cells, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    uint64_t count[SAFETY_CLASSES] = {0}, n = 0;
    for (size_t i = 0; i < n_cells; i++) {
        if (cells[i].first > scale->scorer->n_levels || cells[i].last > scale->scorer->n_levels)
            continue;
        count[safety_class(scale, cells[i].first, cells[i].last)] += cells[i].count;
        n += cells[i].count;
    }
    view->row.occasion = "change";
    view->row.rule = "safety";
    for (int c = 0; c < SAFETY_CLASSES; c++)
        OM_TRY(om_add_rate(view, safety_ids[c], count[c], n, safety_notes[c], err));
    view->row.rule = "";
    return OM_OK;
}

om_status
om_rows_safety(struct om_view *view, struct om_error *err)
{
    struct om_cell *cells = NULL;
    size_t n = 0;
    om_status status = om_crosstab_cells(&view->group->safety[view->scale], &cells, &n, err);
    if (status != OM_OK)
        return status;
    for (size_t which = 0; which < 2 && view->occasion[which] && status == OM_OK; which++)
        status = rows_safety_occasion(view, cells, n, which, err);
    if (status == OM_OK && view->occasion[1])
        status = rows_safety_change(view, cells, n, err);
    om_free(cells);
    return status;
}

/* --- ledger -------------------------------------------------------------------------------------------- */

om_status
om_rows_ledger(struct om_view *view, struct om_person_ledger *ledger, struct om_error *err)
{
    const struct om_run_scale *scale = om_view_scale(view);
    *ledger = (struct om_person_ledger){.group = view->group->name,
                                        .instrument = scale->info.instrument->id,
                                        .persons = view->group->persons,
                                        .has_cutoff = scale->scorer->has_cutoff};
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (om_view_is_none(view, cell->first))
            continue;
        bool positive = scale->scorer->level[cell->first].positive;
        bool paired = view->occasion[1] && !om_view_is_none(view, cell->last);
        ledger->baseline += cell->count;
        ledger->positive += positive ? cell->count : 0;
        ledger->paired += paired ? cell->count : 0;
        ledger->used += paired && positive ? cell->count : 0;
    }
    view->row.occasion = "";
    OM_TRY(om_add_count(view, "ledger.persons", ledger->persons, ledger->persons, NULL, err));
    OM_TRY(om_add_count(view, "ledger.baseline", ledger->baseline, ledger->persons, NULL, err));
    if (ledger->has_cutoff)
        OM_TRY(om_add_count(view, "ledger.positive", ledger->positive, ledger->baseline, NULL, err));
    if (!view->occasion[1])
        return OM_OK;
    OM_TRY(om_add_count(view, "ledger.paired", ledger->paired, ledger->baseline, NULL, err));
    return ledger->has_cutoff ? om_add_count(view, "ledger.used", ledger->used, ledger->positive, NULL, err)
                              : OM_OK;
}
