/*
 * Which statistics can be shown.
 *
 * A person has three coordinates on a scale: the score before, the score after, the class of change. What is
 * published of each is made from a partition of the persons that is refined step by step,
 *
 *   persons -> group -> positive before        (-> severity, of all)
 *                    -> positive after         (-> severity, of all)
 *                    -> improved by a rule -> unchanged or worse -> improved by the next rule -> ...
 *
 * and a step is only taken where no cell becomes small (stats/protect.h). What a rule adds to those before it
 * is thus the groups of persons on whom they disagree, and each of these groups is empty or large.
 */
#include "analysis/disclosure_settle.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* --- counting ------------------------------------------------------------------------------------------ */

static const struct om_level *
level_of(const struct om_settling *settling, uint32_t level)
{
    return &om_view_scale(&settling->view)->scorer->level[level];
}

static om_status
load_members(struct om_settling *settling, size_t group, struct om_members *members, struct om_error *err)
{
    struct om_view *view = &settling->view;
    size_t n, kept = 0;
    OM_TRY(om_crosstab_cells(&settling->run->group[group].table[view->scale], &members->cell, &n, err));
    for (size_t i = 0; i < n; i++)
        if (om_view_includes(view, &members->cell[i]))
            members->cell[kept++] = members->cell[i];
    members->n = kept;
    members->label = om_calloc(kept, sizeof *members->label);
    return members->label ? OM_OK : om_fail_memory(err);
}

/* Puts a person into classes: sets of flags[c]. Classes of a partition have one flag each; parts that a mean
 * is made of may overlap. */
typedef void class_fn(const struct om_settling *settling, const void *context, const struct om_cell *cell,
                      bool *flag);

/* count[row * classes + class]; NULL without memory. */
static uint64_t *
count_classes(const struct om_settling *settling, size_t classes, class_fn *classify, const void *context)
{
    enum { CLASSES = 16 };
    uint64_t *count = om_calloc(settling->n_rows * classes, sizeof *count);
    for (size_t r = 0; count && r < settling->n_rows; r++) {
        for (size_t i = 0; i < settling->row[r].n; i++) {
            const struct om_cell *cell = &settling->row[r].cell[i];
            bool flag[CLASSES] = {false};
            classify(settling, context, cell, flag);
            for (size_t c = 0; c < classes; c++)
                count[r * classes + c] += flag[c] ? cell->count : 0;
        }
    }
    return count;
}

/* --- steps --------------------------------------------------------------------------------------------- */

/* Notes the groups that are a block of their own, and all. */
static om_status
show(const struct om_settling *settling, const struct om_blocks *blocks, unsigned *group, unsigned part,
     struct om_error *err)
{
    bool *alone = om_alloc(settling->n_rows, sizeof *alone);
    if (!alone)
        return om_fail_memory(err);
    om_status status = om_blocks_alone(blocks, alone, err);
    for (size_t r = 0; status == OM_OK && r < settling->n_rows; r++)
        group[r + settling->first_group] |= alone[r] ? part : 0;
    group[0] |= part;
    om_free(alone);
    return status;
}

/* Refines a partition: *blocks are those of its parent, and become those of the classes. */
static om_status
refine(const struct om_settling *settling, struct om_blocks *blocks, size_t classes, class_fn *classify,
       const void *context, const bool *never_alone, unsigned part, bool *possible, struct om_error *err)
{
    uint64_t *count = count_classes(settling, classes, classify, context);
    if (!count)
        return om_fail_memory(err);
    om_status status = om_blocks_protect(blocks, count, classes, settling->persons, never_alone,
                                         settling->below, possible, err);
    om_free(count);
    if (status == OM_OK && *possible)
        status = show(settling, blocks, settling->plan->group, part, err);
    return status;
}

static void
anybody(const struct om_settling *settling, const void *context, const struct om_cell *cell, bool *flag)
{
    (void)settling;
    (void)context;
    (void)cell;
    flag[0] = true;
}

/* context: the occasion, 0 or 1. */
static void
by_status(const struct om_settling *settling, const void *context, const struct om_cell *cell, bool *flag)
{
    uint32_t level = *(const size_t *)context == 0 ? cell->first : cell->last;
    flag[level_of(settling, level)->positive] = true;
}

/* Who takes part in a mean: nobody learns it of fewer. A person at the end of the scale adds nothing to a sum
 * counted from there. */
enum { CONTRIBUTIONS = 5 };

static void
contributions(const struct om_settling *settling, const struct om_cell *cell, bool *flag)
{
    const struct om_run_scale *scale = om_view_scale(&settling->view);
    const size_t top = scale->scorer->n_levels - 1;
    const bool open = scale->info.scale->open_range;
    flag[0] = open || cell->first > 0;
    flag[1] = open || cell->first < top;
    if (!settling->view.occasion[1])
        return;
    flag[2] = open || cell->last > 0;
    flag[3] = open || cell->last < top;
    flag[4] = cell->first != cell->last;
}

static void
by_contribution(const struct om_settling *settling, const void *context, const struct om_cell *cell,
                bool *flag)
{
    (void)context;
    contributions(settling, cell, flag);
}

/* Of those positive at first; and who is not, as one mean less the other tells theirs. */
static void
by_contribution_and_status(const struct om_settling *settling, const void *context,
                           const struct om_cell *cell, bool *flag)
{
    (void)context;
    if (level_of(settling, cell->first)->positive)
        contributions(settling, cell, flag);
    else
        flag[CONTRIBUTIONS] = true;
}

/* --- the score at an occasion --------------------------------------------------------------------------- */

/* Bands of those positive, or of those not: shown where joining bands is not needed. alone has room for them.
 */
static om_status
settle_band_part(const struct om_settling *settling, const uint64_t *count, size_t n_bands, bool *alone,
                 bool *shown, struct om_error *err)
{
    struct om_blocks blocks;
    bool possible = false;
    OM_TRY(om_blocks_init(&blocks, n_bands, err));
    om_status status = om_blocks_protect(&blocks, count, 1, count, NULL, settling->below, &possible, err);
    if (status == OM_OK)
        status = om_blocks_alone(&blocks, alone, err);
    for (size_t b = 0; status == OM_OK && b < n_bands; b++)
        shown[b] = shown[b] && possible && alone[b];
    om_blocks_release(&blocks);
    return status;
}

/* count[part * n_bands + band] of all. */
static void
count_bands(const struct om_settling *settling, size_t which, size_t n_bands, uint64_t *count)
{
    for (size_t r = 0; r < settling->n_rows; r++)
        for (size_t i = 0; i < settling->row[r].n; i++) {
            const struct om_cell *cell = &settling->row[r].cell[i];
            const struct om_level *level = level_of(settling, which == 0 ? cell->first : cell->last);
            if (level->band >= 0)
                count[(level->positive ? n_bands : 0) + (size_t)level->band] += cell->count;
        }
}

static om_status
settle_bands(struct om_settling *settling, size_t which, struct om_error *err)
{
    const size_t n = om_view_scale(&settling->view)->info.scale->n_bands;
    if (n == 0)
        return OM_OK;
    uint64_t *count = om_calloc(2 * n, sizeof *count);
    bool *alone = om_alloc(n, sizeof *alone), *shown = om_alloc(n, sizeof *shown);
    settling->plan->band[which] = shown;
    om_status status = OM_OK;
    if (count && alone && shown) {
        memset(shown, true, n * sizeof *shown);
        count_bands(settling, which, n, count);
        for (size_t part = 0; part < 2 && status == OM_OK; part++)
            status = settle_band_part(settling, count + part * n, n, alone, shown, err);
    } else {
        status = om_fail_memory(err);
    }
    om_free(alone);
    om_free(count);
    return status;
}

static om_status
settle_occasion(struct om_settling *settling, size_t which, struct om_error *err)
{
    const bool cutoff = om_view_scale(&settling->view)->scorer->has_cutoff;
    struct om_blocks blocks;
    bool possible = true;
    OM_TRY(om_blocks_copy(&blocks, &settling->groups, err));
    om_status status = OM_OK;
    if (cutoff)
        status = refine(settling, &blocks, 2, by_status, &which, NULL,
                        which == 0 ? OM_SHOW_FIRST : OM_SHOW_LAST, &possible, err);
    if (status == OM_OK && possible)
        status = settle_bands(settling, which, err);
    if (status == OM_OK && possible && which == 0 && cutoff && settling->plan->base == OM_POPULATION_ALL) {
        settling->positive = blocks;
        settling->has_positive = true;
        return show(settling, &blocks, settling->plan->group, OM_SHOW_POSITIVE, err);
    }
    om_blocks_release(&blocks);
    return status;
}

static void
hide(const struct om_settling *settling, unsigned part)
{
    for (size_t g = 0; g < settling->run->n_groups; g++)
        settling->plan->group[g] &= ~part;
}

om_status
om_settle_means(const struct om_settling *settling, struct om_error *err)
{
    struct om_blocks blocks;
    bool possible = false;
    hide(settling, OM_SHOW_MEANS);
    if (!settling->has_groups || !om_view_scale(&settling->view)->numeric)
        return OM_OK;
    OM_TRY(om_blocks_copy(&blocks, &settling->groups, err));
    om_status status = refine(settling, &blocks, CONTRIBUTIONS, by_contribution, NULL, settling->never_alone,
                              OM_SHOW_MEANS, &possible, err);
    om_blocks_release(&blocks);
    return status;
}

om_status
om_settle_positive_means(const struct om_settling *settling, struct om_error *err)
{
    struct om_blocks blocks;
    bool possible = false;
    hide(settling, OM_SHOW_POSITIVE_MEANS);
    if (!settling->has_positive || !om_view_scale(&settling->view)->numeric)
        return OM_OK;
    OM_TRY(om_blocks_copy(&blocks, &settling->positive, err));
    om_status status = refine(settling, &blocks, CONTRIBUTIONS + 1, by_contribution_and_status, NULL,
                              settling->never_alone_positive, OM_SHOW_POSITIVE_MEANS, &possible, err);
    om_blocks_release(&blocks);
    return status;
}

/* --- classes of change ---------------------------------------------------------------------------------- */

/* What a rule tells of a change at a step: 0 ... 3. */
enum { STEP_IMPROVED, STEP_CLASSES, STEPS };
enum { TOLD = 4 };

static uint32_t
told(const struct om_settling *settling, const struct om_class_rule *rule, int step,
     const struct om_cell *cell)
{
    const enum om_change_class class_ = om_class_of(&settling->view, rule, cell->first, cell->last);
    if (rule->id == OM_RULE_SCREEN) /* beside both margins, one cell of the four tells the others */
        return 2 * level_of(settling, cell->first)->positive + level_of(settling, cell->last)->positive;
    if (class_ == OM_CHANGE_UNDEFINED)
        return 3;
    if (om_change_is_better(class_))
        return 0;
    return step == STEP_CLASSES && om_change_is_worse(class_) ? 2 : 1;
}

/* The classes by this rule too: new label of [old label * TOLD + told], and how many there are. */
static uint32_t
number_labels(const struct om_settling *settling, const struct om_class_rule *rule, int step,
              uint32_t *number)
{
    uint32_t n = 0;
    memset(number, 0xff, (size_t)settling->n_labels * TOLD * sizeof *number);
    for (size_t r = 0; r < settling->n_rows; r++)
        for (size_t i = 0; i < settling->row[r].n; i++) {
            uint32_t *at = &number[settling->row[r].label[i] * TOLD +
                                   told(settling, rule, step, &settling->row[r].cell[i])];
            if (*at == UINT32_MAX)
                *at = n++;
        }
    return n;
}

static void
take_labels(struct om_settling *settling, const struct om_class_rule *rule, int step, const uint32_t *number,
            uint32_t n)
{
    for (size_t r = 0; r < settling->n_rows; r++)
        for (size_t i = 0; i < settling->row[r].n; i++) {
            uint32_t *label = &settling->row[r].label[i];
            *label = number[*label * TOLD + told(settling, rule, step, &settling->row[r].cell[i])];
        }
    settling->n_labels = n;
}

/* Adds what a rule tells at one step to what those before it tell, if it can be shown. */
static om_status
refine_labels(struct om_settling *settling, struct om_blocks *blocks, const struct om_class_rule *rule,
              int step, bool *possible, struct om_error *err)
{
    uint32_t *number = om_alloc((size_t)settling->n_labels * TOLD, sizeof *number);
    if (!number)
        return om_fail_memory(err);
    const uint32_t n = number_labels(settling, rule, step, number);
    uint64_t *count = om_calloc(settling->n_rows * (n ? n : 1), sizeof *count);
    om_status status = count ? OM_OK : om_fail_memory(err);
    for (size_t r = 0; count && r < settling->n_rows; r++)
        for (size_t i = 0; i < settling->row[r].n; i++)
            count[r * n + number[settling->row[r].label[i] * TOLD +
                                 told(settling, rule, step, &settling->row[r].cell[i])]] +=
                settling->row[r].cell[i].count;
    if (status == OM_OK)
        status = om_blocks_protect(blocks, count, n, settling->persons, NULL, settling->below, possible, err);
    if (status == OM_OK && *possible)
        take_labels(settling, rule, step, number, n);
    om_free(count);
    om_free(number);
    return status;
}

/* The counts of `screen` tell the screening status at both occasions, so they are not shown where that is
 * withheld. */
static void
hide_screen(const struct om_settling *settling, unsigned *group)
{
    const unsigned both = OM_SHOW_FIRST | OM_SHOW_LAST;
    for (size_t g = 0; g < settling->run->n_groups; g++)
        if ((settling->plan->group[g] & both) != both)
            group[g] = 0;
}

static om_status
settle_rule(struct om_settling *settling, struct om_blocks *blocks, const struct om_class_rule *rule,
            struct om_error *err)
{
    unsigned *group = om_calloc(settling->run->n_groups, sizeof *group);
    bool possible = true;
    if (!group)
        return om_fail_memory(err);
    settling->plan->rule[rule->id] = group;
    for (int step = 0; step < STEPS && possible; step++) {
        OM_TRY(refine_labels(settling, blocks, rule, step, &possible, err));
        if (possible)
            OM_TRY(show(settling, blocks, group, step == STEP_IMPROVED ? OM_SHOW_IMPROVED : OM_SHOW_CLASSES,
                        err));
    }
    if (rule->id == OM_RULE_SCREEN)
        hide_screen(settling, group);
    return OM_OK;
}

/* A rule that cannot be shown even of all is left out; but for the one a report begins with, if none can. */
static void
leave_out_rules(struct om_scale_plan *plan, enum om_rule begins)
{
    bool any = false;
    for (size_t r = 0; r < OM_RULES; r++)
        any |= plan->rule[r] && plan->rule[r][0];
    for (size_t r = 0; r < OM_RULES; r++) {
        if (!plan->rule[r] || plan->rule[r][0] || (!any && r == begins))
            continue;
        om_free(plan->rule[r]);
        plan->rule[r] = NULL;
    }
}

/* The rules that look at nothing but the two scores and fixed thresholds, in the order in which they are
 * tried: the one a report begins with comes first. All others have norms of the sample in them. */
static void
list_rules(struct om_settling *settling)
{
    static const enum om_rule order[] = {OM_RULE_RELIABLE,     OM_RULE_SHIFT,     OM_RULE_SCREEN,
                                         OM_RULE_PERCENT,      OM_RULE_REMISSION, OM_RULE_BAND,
                                         OM_RULE_BAND_OR_SHIFT};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        struct om_class_rule *rule = &settling->rule[settling->n_rules];
        if (om_class_rule_prepare(&settling->view, order[i], rule) && !rule->change.by_index &&
            !rule->change.compatible)
            settling->n_rules++;
    }
}

static om_status
settle_rules(struct om_settling *settling, struct om_error *err)
{
    struct om_blocks blocks;
    om_status status = om_blocks_copy(&blocks, &settling->groups, err);
    list_rules(settling);
    settling->n_labels = 1;
    for (size_t i = 0; i < settling->n_rules && status == OM_OK; i++)
        status = settle_rule(settling, &blocks, &settling->rule[i], err);
    om_blocks_release(&blocks);
    return status;
}

/* --- scales --------------------------------------------------------------------------------------------- */

static om_status
settle_steps(struct om_settling *settling, struct om_error *err)
{
    bool possible = false;
    OM_TRY(om_blocks_init(&settling->groups, settling->n_rows, err));
    OM_TRY(refine(settling, &settling->groups, 1, anybody, NULL, NULL, OM_SHOW_N, &possible, err));
    settling->has_groups = possible;
    for (size_t which = 0; which < 2 && settling->view.occasion[which] && possible; which++)
        OM_TRY(settle_occasion(settling, which, err));
    if (possible && settling->view.occasion[1])
        OM_TRY(settle_rules(settling, err));
    OM_TRY(om_settle_means(settling, err));
    OM_TRY(om_settle_positive_means(settling, err));
    OM_TRY(om_disclosure_defend(settling, err));
    leave_out_rules(settling->plan, settling->n_rules ? settling->rule[0].id : OM_RULES);
    return OM_OK;
}

static int
compare_rows(const void *a, const void *b)
{
    const struct om_sized_row *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : (x->row > y->row) - (x->row < y->row);
}

static void
sort_rows(struct om_settling *settling)
{
    for (size_t r = 0; r < settling->n_rows; r++)
        settling->by_size[r] = (struct om_sized_row){settling->row[r].n, r};
    qsort(settling->by_size, settling->n_rows, sizeof *settling->by_size, compare_rows);
}

static om_status
settle_members(struct om_settling *settling, struct om_error *err)
{
    settling->row = om_calloc(settling->n_rows, sizeof *settling->row);
    settling->persons = om_calloc(settling->n_rows, sizeof *settling->persons);
    settling->never_alone = om_calloc(settling->n_rows, sizeof *settling->never_alone);
    settling->never_alone_positive = om_calloc(settling->n_rows, sizeof *settling->never_alone_positive);
    settling->by_size = om_alloc(settling->n_rows, sizeof *settling->by_size);
    if (!settling->row || !settling->persons || !settling->never_alone || !settling->never_alone_positive ||
        !settling->by_size)
        return om_fail_memory(err);
    OM_TRY(load_members(settling, 0, &settling->all, err));
    for (size_t r = 0; r < settling->n_rows; r++) {
        settling->persons[r] = settling->run->group[r + settling->first_group].persons;
        OM_TRY(load_members(settling, r + settling->first_group, &settling->row[r], err));
        for (size_t i = 0; i < settling->row[r].n; i++)
            settling->plan->n += settling->row[r].cell[i].count;
    }
    sort_rows(settling);
    return settle_steps(settling, err);
}

static void
release_settling(struct om_settling *settling)
{
    for (size_t r = 0; settling->row && r < settling->n_rows; r++) {
        om_free(settling->row[r].cell);
        om_free(settling->row[r].label);
    }
    om_free(settling->row);
    om_free(settling->all.cell);
    om_free(settling->all.label);
    om_free(settling->by_size);
    om_free(settling->persons);
    om_free(settling->never_alone);
    om_free(settling->never_alone_positive);
    om_blocks_release(&settling->groups);
    om_blocks_release(&settling->positive);
    om_free(settling);
}

static om_status
settle_scale(const struct om_analysis *analysis, const struct om_run *run, size_t scale, uint64_t below,
             struct om_scale_plan *plan, struct om_error *err)
{
    struct om_settling *settling = om_calloc(1, sizeof *settling);
    if (!settling)
        return om_fail_memory(err);
    const bool everyone = run->study->populations[0] || !run->scale[scale].scorer->has_cutoff;
    plan->scale = scale;
    plan->instrument = run->scale[scale].info.instrument->id;
    plan->scale_id = run->scale[scale].info.scale->id;
    plan->base = everyone ? OM_POPULATION_ALL : OM_POPULATION_POSITIVE;
    plan->group = om_calloc(run->n_groups, sizeof *plan->group);
    settling->run = run;
    settling->view = (struct om_view){.run = run,
                                      .group = &run->group[0],
                                      .scale = scale,
                                      .population = plan->base,
                                      .occasion = {analysis->first, analysis->last}};
    settling->below = below;
    settling->first_group = run->n_groups > 1;
    settling->n_rows = run->n_groups - settling->first_group;
    settling->plan = plan;
    om_status status = plan->group ? settle_members(settling, err) : om_fail_memory(err);
    release_settling(settling);
    return status;
}

/* The denominators of all, each beside the one before it. */
static void
settle_ledger(const struct om_analysis *analysis, uint64_t below, struct om_disclosure_plan *plan)
{
    plan->persons = !om_count_is_small(analysis->persons, below);
    for (size_t i = 0; i < plan->n_scales; i++)
        if (om_count_is_small(analysis->persons - plan->scale[i].n, below))
            plan->persons = false;
    for (size_t i = 0; i < plan->n_scales; i++) {
        struct om_scale_plan *scale = &plan->scale[i];
        const struct om_person_ledger *ledger = NULL;
        for (size_t j = 0; j < analysis->n_ledger && !ledger; j++) /* all comes first */
            if (strcmp(analysis->ledger[j].instrument, scale->instrument) == 0)
                ledger = &analysis->ledger[j];
        if (!ledger || scale->base != OM_POPULATION_ALL || !(scale->group[0] & OM_SHOW_N))
            continue;
        const uint64_t more = ledger->baseline - scale->n; /* a score at first, and none at last */
        scale->baseline = !om_count_is_small(more, below) &&
                          !(plan->persons && om_count_is_small(analysis->persons - ledger->baseline, below));
        if (!scale->baseline || !(scale->group[0] & OM_SHOW_FIRST))
            continue;
        const uint64_t positive = ledger->positive - (analysis->last ? ledger->used : ledger->positive);
        scale->baseline_positive =
            !om_count_is_small(positive, below) && !om_count_is_small(more - positive, below);
    }
}

/* A short form is looked at beside the questionnaire it is taken from only where that is not in the panel,
 * and of several short forms of one questionnaire only the first: they are sums of the same answers. */
static bool
is_derived(const struct om_run *run, size_t scale)
{
    const struct om_instrument *instrument = run->scale[scale].info.instrument;
    for (size_t s = 0; instrument->parent && s < run->n_scales; s++) {
        const struct om_instrument *other = run->scale[s].info.instrument;
        if (strcmp(other->id, instrument->parent) == 0 ||
            (s < scale && other != instrument && other->parent &&
             strcmp(other->parent, instrument->parent) == 0))
            return true;
    }
    return false;
}

om_status
om_disclosure_plan(const struct om_analysis *analysis, const struct om_run *run, uint64_t below,
                   struct om_disclosure_plan *plan, struct om_error *err)
{
    *plan = (struct om_disclosure_plan){.scale = om_calloc(run->n_scales, sizeof *plan->scale)};
    if (!plan->scale)
        return om_fail_memory(err);
    for (size_t s = 0; s < run->n_scales; s++)
        if (run->scale[s].is_main && !is_derived(run, s))
            OM_TRY(settle_scale(analysis, run, s, below, &plan->scale[plan->n_scales++], err));
    settle_ledger(analysis, below, plan);
    return OM_OK;
}

void
om_disclosure_plan_release(struct om_disclosure_plan *plan)
{
    for (size_t i = 0; i < plan->n_scales; i++) {
        om_free(plan->scale[i].group);
        om_free(plan->scale[i].band[0]);
        om_free(plan->scale[i].band[1]);
        for (size_t r = 0; r < OM_RULES; r++)
            om_free(plan->scale[i].rule[r]);
    }
    om_free(plan->scale);
    *plan = (struct om_disclosure_plan){0};
}
