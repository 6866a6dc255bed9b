#include "tally/tally.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- lists ---------------------------------------------------------------------------------------------- */

bool
om_tally_by_group(enum om_tally_kind kind)
{
    return kind != OM_TALLY_RECORDS && kind != OM_TALLY_FINDINGS;
}

size_t
om_tally_subjects(const struct om_tally *tally, enum om_tally_kind kind)
{
    switch (kind) {
    case OM_TALLY_DESCRIBED:
        return tally->described.n;
    case OM_TALLY_SCORES:
    case OM_TALLY_SAFETY:
        return tally->n_scales;
    case OM_TALLY_SUMS:
    case OM_TALLY_ITEMS:
        return 2 * tally->n_scales;
    case OM_TALLY_RECORDS:
    case OM_TALLY_FINDINGS:
    case OM_TALLY_PERSONS:
    case OM_TALLY_JOINT:
    case OM_TALLY_KINDS:
        break;
    }
    return 1;
}

size_t
om_tally_lists(const struct om_tally *tally, enum om_tally_kind kind)
{
    return om_tally_subjects(tally, kind) * (om_tally_by_group(kind) ? tally->n_groups : 1);
}

struct om_tally_cells *
om_tally_at(const struct om_tally *tally, enum om_tally_kind kind, size_t group, size_t subject)
{
    return &tally->cells[kind][group * om_tally_subjects(tally, kind) + subject];
}

uint64_t
om_tally_count(const struct om_tally_cells *cells, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < cells->n; i++)
        if (cells->at[i].a == a && cells->at[i].b == b)
            return cells->at[i].count;
    return 0;
}

uint64_t
om_tally_persons(const struct om_tally *tally)
{
    uint64_t persons = 0;
    for (size_t g = 0; g < tally->n_groups; g++)
        persons += om_tally_count(om_tally_at(tally, OM_TALLY_PERSONS, g, 0), OM_TALLY_ALL, 0);
    return persons;
}

/* --- memory --------------------------------------------------------------------------------------------- */

om_status
om_tally_texts_add(struct om_tally_texts *texts, const char *text, size_t length, struct om_error *err)
{
    if (!om_grow(&texts->at, &texts->capacity, texts->n, sizeof *texts->at))
        return om_fail_memory(err);
    char *copy = om_strndup(text, length);
    if (!copy)
        return om_fail_memory(err);
    texts->at[texts->n++] = copy;
    return OM_OK;
}

void
om_tally_texts_release(struct om_tally_texts *texts)
{
    for (size_t i = 0; i < texts->n; i++)
        om_free(texts->at[i]);
    om_free(texts->at);
    *texts = (struct om_tally_texts){0};
}

void
om_tally_shard_release(struct om_tally_shard *shard)
{
    for (size_t i = 0; i < shard->n_inputs; i++) {
        om_free(shard->input[i].name);
        om_free(shard->input[i].digest);
    }
    om_free(shard->input);
    *shard = (struct om_tally_shard){0};
}

om_status
om_tally_new(struct om_tally **out, struct om_error *err)
{
    *out = om_calloc(1, sizeof **out);
    return *out ? OM_OK : om_fail_memory(err);
}

om_status
om_tally_make_lists(struct om_tally *tally, struct om_error *err)
{
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++) {
        if (!tally->has[kind])
            continue;
        size_t n = om_tally_lists(tally, (enum om_tally_kind)kind);
        tally->cells[kind] = om_calloc(n + 1, sizeof *tally->cells[kind]);
        if (!tally->cells[kind])
            return om_fail_memory(err);
    }
    return OM_OK;
}

static void
release_about(struct om_tally *tally)
{
    om_tally_texts_release(&tally->setting);
    om_free(tally->first);
    om_free(tally->last);
    om_tally_texts_release(&tally->by);
    for (size_t i = 0; i < tally->n_instruments; i++) {
        om_free(tally->instrument[i].id);
        om_free(tally->instrument[i].version);
        om_free(tally->instrument[i].digest);
    }
    om_free(tally->instrument);
    for (size_t s = 0; s < tally->n_scales; s++) {
        om_free(tally->scale[s].id);
        om_free(tally->scale[s].value);
    }
    om_free(tally->scale);
    for (size_t i = 0; i < tally->n_shards; i++)
        om_tally_shard_release(&tally->shard[i]);
    om_free(tally->shard);
    for (size_t i = 0; i < tally->n_removed; i++)
        om_tally_shard_release(&tally->removed[i]);
    om_free(tally->removed);
}

void
om_tally_free(struct om_tally *tally)
{
    if (!tally)
        return;
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++) {
        size_t n = tally->cells[kind] ? om_tally_lists(tally, (enum om_tally_kind)kind) : 0;
        for (size_t i = 0; i < n; i++)
            om_free(tally->cells[kind][i].at);
        om_free(tally->cells[kind]);
    }
    release_about(tally);
    for (size_t d = 0; tally->value && d < tally->described.n; d++)
        om_tally_texts_release(&tally->value[d]);
    om_free(tally->value);
    om_tally_texts_release(&tally->described);
    for (size_t g = 0; g < tally->n_groups; g++)
        om_tally_texts_release(&tally->group[g]);
    om_free(tally->group);
    for (size_t i = 0; i < tally->n_findings; i++)
        om_free(tally->finding[i].column);
    om_free(tally->finding);
    om_free(tally);
}

/* --- order ---------------------------------------------------------------------------------------------- */

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int
om_tally_compare_texts(const struct om_tally_texts *a, const struct om_tally_texts *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++) {
        int order = strcmp(a->at[i], b->at[i]);
        if (order)
            return order;
    }
    return compare_numbers(a->n, b->n);
}

int
om_tally_compare_findings(const struct om_tally_finding *a, const struct om_tally_finding *b)
{
    int order = compare_numbers(a->severity, b->severity);
    if (!order)
        order = compare_numbers(a->code, b->code);
    return order ? order : strcmp(a->column, b->column);
}

/* The same bytes under another name are the same input, unless nobody can be counted twice by it. */
int
om_tally_compare_inputs(const struct om_tally_input *a, const struct om_tally_input *b)
{
    int order = strcmp(a->digest, b->digest);
    if (!order)
        order = compare_numbers(a->parts, b->parts);
    if (!order)
        order = compare_numbers(a->part, b->part);
    return order || a->records || b->records ? order : strcmp(a->name, b->name);
}

int
om_tally_compare_shards(const struct om_tally_shard *a, const struct om_tally_shard *b)
{
    for (size_t i = 0; i < a->n_inputs && i < b->n_inputs; i++) {
        int order = om_tally_compare_inputs(&a->input[i], &b->input[i]);
        if (order)
            return order;
    }
    return compare_numbers(a->n_inputs, b->n_inputs);
}

/* --- what must hold ------------------------------------------------------------------------------------- */

/* The sum of a list, or UINT64_MAX when it is too large. */
static uint64_t
total_of(const struct om_tally_cells *cells)
{
    uint64_t total = 0;
    for (size_t i = 0; i < cells->n; i++)
        if (__builtin_add_overflow(total, cells->at[i].count, &total))
            return UINT64_MAX;
    return total;
}

/* Sums over forms of codes up to 119 (struct om_item_sums): the square of the k-th row is their number. */
static bool
sums_hold(const struct om_tally_cells *sums, uint64_t persons)
{
    enum { CODE_MAX = 119 };
    if (sums->n == 0)
        return true;
    const struct om_tally_cell *last = &sums->at[sums->n - 1];
    if (last->a != last->b || last->count > persons)
        return false;
    for (size_t i = 0; i + 1 < sums->n; i++) {
        const struct om_tally_cell *cell = &sums->at[i];
        uint64_t most = cell->a == last->a ? CODE_MAX : CODE_MAX * CODE_MAX;
        if (cell->b > cell->a || cell->count > most * last->count)
            return false;
    }
    return true;
}

/* The last of the list says how many forms there are. */
static bool
items_hold(const struct om_tally_cells *items, uint64_t persons)
{
    const uint64_t forms = items->n ? items->at[items->n - 1].count : 0;
    for (size_t i = 0; i < items->n; i++)
        if (items->at[i].count > forms)
            return false;
    return forms <= persons;
}

static const char *
group_fault(const struct om_tally *tally, size_t g, uint64_t persons)
{
    for (size_t d = 0; d < tally->described.n && tally->has[OM_TALLY_DESCRIBED]; d++)
        if (total_of(om_tally_at(tally, OM_TALLY_DESCRIBED, g, d)) != persons)
            return "a described column is not that of everybody";
    for (size_t s = 0; s < tally->n_scales; s++) {
        if (total_of(om_tally_at(tally, OM_TALLY_SCORES, g, s)) != persons)
            return "a crosstab does not hold everybody";
        const struct om_tally_cells *safety =
            tally->has[OM_TALLY_SAFETY] ? om_tally_at(tally, OM_TALLY_SAFETY, g, s) : NULL;
        if (safety && safety->n && total_of(safety) != persons)
            return "a table of a safety item does not hold everybody";
    }
    for (size_t i = 0; i < 2 * tally->n_scales && tally->has[OM_TALLY_SUMS]; i++)
        if (!sums_hold(om_tally_at(tally, OM_TALLY_SUMS, g, i), persons))
            return "sums of items are not those of so many forms";
    if (tally->has[OM_TALLY_JOINT] && total_of(om_tally_at(tally, OM_TALLY_JOINT, g, 0)) != persons)
        return "the states over several scales are not those of everybody";
    for (size_t i = 0; i < 2 * tally->n_scales && tally->has[OM_TALLY_ITEMS]; i++)
        if (!items_hold(om_tally_at(tally, OM_TALLY_ITEMS, g, i), persons))
            return "more forms lack an item than there are";
    return NULL;
}

static const char *
records_fault(const struct om_tally *tally)
{
    const struct om_tally_cells *records = om_tally_at(tally, OM_TALLY_RECORDS, 0, 0);
    uint64_t sum = 0;
    for (uint32_t i = OM_TALLY_SCORED; i <= OM_TALLY_SKIPPED; i++)
        if (__builtin_add_overflow(sum, om_tally_count(records, i, 0), &sum))
            return "more records than can be counted";
    return sum == om_tally_count(records, OM_TALLY_READ, 0) ? NULL
                                                            : "records read are not those accounted for";
}

const char *
om_tally_fault(const struct om_tally *tally)
{
    uint64_t everybody = 0, in_shards = 0;
    if (!tally->has[OM_TALLY_RECORDS] || !tally->has[OM_TALLY_PERSONS] || !tally->has[OM_TALLY_SCORES])
        return "it has no records, persons or scores";
    for (size_t g = 0; g < tally->n_groups; g++) {
        const struct om_tally_cells *cells = om_tally_at(tally, OM_TALLY_PERSONS, g, 0);
        uint64_t persons = om_tally_count(cells, OM_TALLY_ALL, 0);
        if (persons == 0 || om_tally_count(cells, OM_TALLY_ALONE, 0) > persons)
            return "a group without persons, or with more at one occasion than there are";
        if (persons > OM_TALLY_PERSONS_MAX - everybody)
            return "more persons than can be counted";
        everybody += persons;
        const char *fault = group_fault(tally, g, persons);
        if (fault)
            return fault;
    }
    for (size_t i = 0; i < tally->n_shards; i++)
        if (__builtin_add_overflow(in_shards, tally->shard[i].persons, &in_shards))
            return "more persons than can be counted";
    return in_shards == everybody ? records_fault(tally) : "the shards have other persons than the groups";
}
