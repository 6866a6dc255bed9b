/* The counts of a tally, added to the groups of a run. */
#include "analysis/from_tally.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/total.h"
#include "validate/collect.h"

#include <omstat/catalogue.h>
#include <omstat/joint.h>
#include <string.h>

static om_status
fail_content(const struct om_from_tally *c, struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "this tally has counts that its instruments cannot have");
    om_place(err, c->name, 0, 0);
    return OM_ERR_PANEL;
}

/* The numbers that the share gives to the values of a total, by the tally's; one entry more for "none". */
static om_status
number_totals(const struct om_from_tally *c, size_t s, uint32_t *number, struct om_error *err)
{
    const struct om_run_scale *scale = &c->out->run.scale[s];
    const struct om_tally_scale *from = &c->tally->scale[c->scale[s]];
    number[0] = OM_LEVELS_MAX;
    for (size_t i = 0; i < from->n_values; i++) {
        uint64_t total = (uint64_t)from->value[i];
        if (!om_total_is_canonical(total, scale->info.scale))
            return fail_content(c, err);
        number[i + 1] =
            om_dictionary_add(&c->out->run.share[0].total[s], (const char *)&total, sizeof total, NULL);
        if (number[i + 1] == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    }
    return OM_OK;
}

/* The run's numbers of the states of a table: of the tally's 0, 1, ... */
static om_status
number_levels(const struct om_from_tally *c, size_t s, uint32_t before, uint32_t **out, struct om_error *err)
{
    const struct om_run_scale *scale = &c->out->run.scale[s];
    const size_t n = om_tally_scale_levels(&c->tally->scale[c->scale[s]]);
    uint32_t *number = *out = om_alloc(n + 2, sizeof *number);
    if (!number)
        return om_fail_memory(err);
    if (scale->is_total)
        return number_totals(c, s, number, err);
    for (uint32_t l = 0; l < n; l++)
        number[l + before] = l;
    for (uint32_t i = 0; i < before; i++) /* 0: the last of the table; 1 of two: the last but one */
        number[i] = (uint32_t)n + before - 1 - i;
    return OM_OK;
}

static om_status
add_table(const struct om_tally_cells *cells, const uint32_t *number, struct om_crosstab *table,
          struct om_error *err)
{
    for (size_t i = 0; i < cells->n; i++)
        OM_TRY(
            om_crosstab_add(table, number[cells->at[i].a], number[cells->at[i].b], cells->at[i].count, err));
    return OM_OK;
}

/* Tables of one scale, of all groups; group[g] is that of the run. */
static om_status
add_scale(const struct om_from_tally *c, size_t s, const size_t *group, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    struct om_run_group *to = c->out->run.share[0].group;
    uint32_t *scores = NULL, *states = NULL;
    const bool safety =
        c->out->run.scale[s].safety && !c->out->run.scale[s].is_total && tally->has[OM_TALLY_SAFETY];
    om_status status = number_levels(c, s, 1, &scores, err);
    if (status == OM_OK && safety)
        status = number_levels(c, s, 2, &states, err);
    for (size_t g = 0; g < tally->n_groups && status == OM_OK; g++) {
        status = add_table(om_tally_at(tally, OM_TALLY_SCORES, g, c->scale[s]), scores,
                           &to[group[g]].table[s], err);
        if (status == OM_OK && safety)
            status = add_table(om_tally_at(tally, OM_TALLY_SAFETY, g, c->scale[s]), states,
                               &to[group[g]].safety[s], err);
    }
    om_free(scores);
    om_free(states);
    return status;
}

/* Sums of one list, to be added to those of a group. */
static om_status
add_sums(const struct om_from_tally *c, const struct om_tally_cells *cells, struct om_item_sums *to,
         struct om_error *err)
{
    struct om_item_sums sums;
    if (cells->n == 0)
        return OM_OK;
    if (cells->at[cells->n - 1].a != to->k)
        return fail_content(c, err);
    OM_TRY(om_item_sums_init(&sums, to->k, err));
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_cell *cell = &cells->at[i];
        if (cell->a < to->k)
            sums.product[cell->a * (cell->a + 1) / 2 + cell->b] = (int64_t)cell->count;
        else if (cell->b < to->k)
            sums.sum[cell->b] = (int64_t)cell->count;
        else
            sums.n = cell->count;
    }
    bool fits = om_item_sums_merge(to, &sums);
    om_item_sums_release(&sums);
    return fits ? OM_OK : om_fail(err, OM_ERR_PANEL, "more forms in one group than sums can hold");
}

static om_status
add_items(const struct om_from_tally *c, const struct om_tally_cells *cells, const struct om_run_scale *scale,
          uint64_t *items, struct om_error *err)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->at[i].a > scale->info.instrument->n_items)
            return fail_content(c, err);
        items[cells->at[i].a] += cells->at[i].count;
    }
    return OM_OK;
}

static om_status
add_described(const struct om_from_tally *c, size_t g, struct om_run_group *to, struct om_error *err)
{
    const struct om_panel_spec *panel = &c->study->panel;
    for (size_t d = 0; d < panel->described.n; d++) {
        const struct om_tally_cells *cells = om_tally_at(c->tally, OM_TALLY_DESCRIBED, g, c->described[d]);
        for (size_t i = 0; i < cells->n; i++) {
            const char *text = c->tally->value[c->described[d]].at[cells->at[i].a];
            struct om_dictionary *values = &c->out->by_value[panel->by.n + d];
            uint32_t number = om_dictionary_add(values, text, strlen(text), NULL);
            if (number == OM_DICTIONARY_FULL)
                return om_fail_memory(err);
            OM_TRY(om_run_add_described(&c->out->run, to, d, number, cells->at[i].count, err));
        }
    }
    return OM_OK;
}

static om_status
add_group(const struct om_from_tally *c, size_t g, struct om_run_group *to, struct om_error *err)
{
    const struct om_tally *tally = c->tally;
    const struct om_run *run = &c->out->run;
    const struct om_tally_cells *persons = om_tally_at(tally, OM_TALLY_PERSONS, g, 0);
    to->persons += om_tally_count(persons, OM_TALLY_ALL, 0);
    to->without_partner += om_tally_count(persons, OM_TALLY_ALONE, 0);
    OM_TRY(add_described(c, g, to, err));
    for (size_t i = 0; i < 2 * run->n_scales && tally->has[OM_TALLY_SUMS]; i++)
        if (run->scale[i / 2].has_alpha)
            OM_TRY(add_sums(c, om_tally_at(tally, OM_TALLY_SUMS, g, 2 * c->scale[i / 2] + i % 2),
                            &to->sums[i], err));
    for (size_t i = 0; i < 2 * run->n_scales; i++)
        if (run->scale[i / 2].counts_items)
            OM_TRY(add_items(c, om_tally_at(tally, OM_TALLY_ITEMS, g, 2 * c->scale[i / 2] + i % 2),
                             &run->scale[i / 2], to->items + om_run_items(&run->scale[i / 2], i % 2), err));
    const struct om_tally_cells *joint = run->has_joint ? om_tally_at(tally, OM_TALLY_JOINT, g, 0) : NULL;
    for (size_t i = 0; joint && i < joint->n; i++)
        to->joint[joint->at[i].a] += joint->at[i].count;
    return OM_OK;
}

/* The group of the run that a group of the tally belongs to: with the same values in the study's columns. */
static om_status
find_group(const struct om_from_tally *c, size_t g, size_t *group, struct om_error *err)
{
    uint32_t value[OM_GROUPING_MAX];
    static const uint32_t row;
    const struct om_person_block block = {.n = 1, .row = &row, .by = value, .by_step = 1};
    for (size_t b = 0; b < c->study->panel.by.n; b++) {
        const char *text = c->tally->group[g].at[c->by[b]];
        value[b] = om_dictionary_add(&c->out->by_value[b], text, strlen(text), NULL);
        if (value[b] == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    }
    return om_run_find_group(&c->out->run, &c->out->run.share[0], &block, 0, group, err);
}

static om_status
add_groups(const struct om_from_tally *c, struct om_error *err)
{
    const size_t n = c->tally->n_groups;
    struct om_run_share *share = &c->out->run.share[0];
    size_t *group = om_calloc(n + 1, sizeof *group);
    om_status status = OM_OK;
    if (!group)
        return om_fail_memory(err);
    for (size_t g = 0; g < n && status == OM_OK; g++)
        status = find_group(c, g, &group[g], err);
    for (size_t g = 0; g < n && status == OM_OK; g++)
        status = add_group(c, g, &share->group[group[g]], err);
    for (size_t s = 0; s < c->out->run.n_scales && status == OM_OK; s++)
        status = add_scale(c, s, group, err);
    om_free(group);
    return status;
}

static void
add_records(const struct om_from_tally *c)
{
    const struct om_tally_cells *records = om_tally_at(c->tally, OM_TALLY_RECORDS, 0, 0);
    struct om_persons_count *count = &c->out->run.count;
    *count = (struct om_persons_count){.read = om_tally_count(records, OM_TALLY_READ, 0),
                                       .scored = om_tally_count(records, OM_TALLY_SCORED, 0),
                                       .rejected = om_tally_count(records, OM_TALLY_REJECTED, 0),
                                       .skipped = om_tally_count(records, OM_TALLY_SKIPPED, 0),
                                       .duplicates = om_tally_count(records, OM_TALLY_TWICE, 0),
                                       .last = c->tally->last ? 1 : OM_NONE,
                                       .slot = {0, 1},
                                       .n_slots = c->tally->last ? 2 : 1};
    for (size_t g = 0; g < c->tally->n_groups; g++)
        count->persons += om_tally_count(om_tally_at(c->tally, OM_TALLY_PERSONS, g, 0), OM_TALLY_ALL, 0);
}

/* Where they were found, nobody knows any more; what they are is in the catalogue. */
static om_status
add_findings(const struct om_from_tally *c, struct om_error *err)
{
    OM_TRY(om_findings_new(&c->out->findings, err));
    if (!c->tally->has[OM_TALLY_FINDINGS])
        return OM_OK;
    const struct om_tally_cells *cells = om_tally_at(c->tally, OM_TALLY_FINDINGS, 0, 0);
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_finding *from = &c->tally->finding[cells->at[i].a];
        const struct om_catalogue_entry *entry = om_catalogue_find((int)from->code);
        struct om_finding finding = {.code = (int)from->code,
                                     .severity = (enum om_severity)from->severity,
                                     .file = c->name,
                                     .column = from->column,
                                     .message = entry ? entry->title : "",
                                     .hint = entry ? entry->remedy : ""};
        om_findings_collect_many(c->out->findings, &finding, cells->at[i].count);
    }
    return OM_OK;
}

om_status
om_from_tally_counts(const struct om_from_tally *c, struct om_error *err)
{
    OM_TRY(add_groups(c, err));
    add_records(c);
    return add_findings(c, err);
}
