/*
 * What was counted, as a tally: the same numbers, found by names in an order of their own.
 *
 *   run: instruments as the registry has them, columns as the study names them, levels of the scorers
 *   tally: instruments and columns by name, "none" first, groups by their values
 */
#include "analysis/to_tally.h"
#include "analysis/fingerprint.h"
#include "analysis/tally_reading.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "panel/total.h"

#include <omstat/joint.h>
#include <stdlib.h>
#include <string.h>

static om_status
copy(const char *text, char **out, struct om_error *err)
{
    *out = om_strdup(text);
    return *out ? OM_OK : om_fail_memory(err);
}

/* --- columns, instruments, scales ----------------------------------------------------------------------- */

/* Names in ascending order; from[i] is where the i-th stood. */
static om_status
sort_names(const struct om_texts *names, struct om_tally_texts *out, size_t *from, struct om_error *err)
{
    for (size_t i = 0; i < names->n; i++) {
        size_t at = 0;
        for (size_t k = 0; k < names->n; k++)
            at += strcmp(names->at[k], names->at[i]) < 0;
        from[at] = i;
    }
    for (size_t i = 0; i < names->n; i++)
        OM_TRY(om_tally_texts_add(out, names->at[from[i]], strlen(names->at[from[i]]), err));
    return OM_OK;
}

static om_status
add_scales(struct om_to_tally *c, size_t instrument, const struct om_instrument *of, struct om_error *err)
{
    for (size_t s = 0; s < c->run->n_scales; s++) {
        const struct om_run_scale *scale = &c->run->scale[s];
        if (scale->info.instrument != of)
            continue;
        struct om_tally_scale *out = &c->tally->scale[c->tally->n_scales];
        *out = (struct om_tally_scale){.instrument = instrument,
                                       .is_total = scale->is_total,
                                       .n_levels = scale->is_total ? 0 : (uint32_t)scale->scorer->n_levels};
        c->tally->instrument[instrument].derived = scale->panel->derived;
        c->scale[c->tally->n_scales++] = s;
        OM_TRY(copy(scale->info.scale->id, &out->id, err));
    }
    return OM_OK;
}

static int
compare_instruments(const void *a, const void *b)
{
    return strcmp((*(const struct om_instrument *const *)a)->id,
                  (*(const struct om_instrument *const *)b)->id);
}

static om_status
add_instrument(struct om_to_tally *c, const struct om_instrument *instrument, struct om_error *err)
{
    struct om_tally *tally = c->tally;
    char digest[OM_SHA256_TEXT];
    struct om_tally_instrument *out = &tally->instrument[tally->n_instruments++];
    OM_TRY(om_instrument_fingerprint(instrument, digest, err));
    OM_TRY(copy(instrument->id, &out->id, err));
    OM_TRY(copy(instrument->version ? instrument->version : "", &out->version, err));
    OM_TRY(copy(digest, &out->digest, err));
    return add_scales(c, tally->n_instruments - 1, instrument, err);
}

static om_status
add_instruments(struct om_to_tally *c, struct om_error *err)
{
    size_t n = c->run->n_instruments;
    c->tally->instrument = om_calloc(n + 1, sizeof *c->tally->instrument);
    c->tally->scale = om_calloc(c->run->n_scales + 1, sizeof *c->tally->scale);
    c->scale = om_calloc(c->run->n_scales + 1, sizeof *c->scale);
    if (!c->tally->instrument || !c->tally->scale || !c->scale)
        return om_fail_memory(err);
    const struct om_instrument **sorted = om_alloc(n + 1, sizeof *sorted);
    if (!sorted)
        return om_fail_memory(err);
    om_status status = OM_OK;
    memcpy(sorted, c->run->instrument, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_instruments);
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = add_instrument(c, sorted[i], err);
    om_free(sorted);
    return status;
}

static om_status
add_study(struct om_to_tally *c, struct om_error *err)
{
    const struct om_study *study = c->run->study;
    const struct om_texts *occasion = c->run->occasion;
    struct om_tally *tally = c->tally;
    OM_TRY(om_tally_settings(study, &tally->setting, err));
    OM_TRY(copy(occasion->n ? occasion->at[c->run->count.first] : "", &tally->first, err));
    if (c->run->count.last != OM_NONE)
        OM_TRY(copy(occasion->at[c->run->count.last], &tally->last, err));
    OM_TRY(om_tally_add_occasions(study, tally->first, tally->last, &tally->setting, err));
    OM_TRY(sort_names(&study->panel.by, &tally->by, c->by, err));
    OM_TRY(sort_names(&study->panel.described, &tally->described, c->described, err));
    return add_instruments(c, err);
}

/* --- inputs --------------------------------------------------------------------------------------------- */

static int
compare_inputs(const void *a, const void *b)
{
    return om_tally_compare_inputs(a, b);
}

static om_status
fill_shard(struct om_tally_shard *shard, const struct om_input_info *input, size_t n, struct om_error *err)
{
    shard->input = om_calloc(n + 1, sizeof *shard->input);
    if (!shard->input)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct om_input_info *info = &input[i];
        const char *slash = strrchr(info->path, '/');
        struct om_buffer digest = OM_BUFFER_EMPTY;
        struct om_tally_input *out = &shard->input[shard->n_inputs++];
        *out = (struct om_tally_input){
            .part = info->part, .parts = info->parts, .bytes = info->bytes, .records = info->records};
        om_buffer_format(&digest, "%s:%s", info->digest_name, info->digest);
        out->digest = om_buffer_take(&digest);
        OM_TRY(copy(slash ? slash + 1 : info->path, &out->name, err));
        if (!out->digest)
            return om_fail_memory(err);
    }
    qsort(shard->input, shard->n_inputs, sizeof *shard->input, compare_inputs);
    for (size_t i = 1; i < shard->n_inputs; i++)
        if (om_tally_compare_inputs(&shard->input[i - 1], &shard->input[i]) == 0) {
            om_fail(err, OM_ERR_PANEL, "two inputs are the same file: '%.100s' and '%.100s'",
                    shard->input[i - 1].name, shard->input[i].name);
            om_hint(err, "leave one of them out, or its persons are counted twice");
            return OM_ERR_PANEL;
        }
    return OM_OK;
}

static om_status
add_shard(struct om_to_tally *c, struct om_error *err)
{
    struct om_tally *tally = c->tally;
    tally->shard = om_calloc(1, sizeof *tally->shard);
    if (!tally->shard)
        return om_fail_memory(err);
    struct om_tally_shard *shard = &tally->shard[tally->n_shards++];
    shard->persons = c->run->count.persons;
    return fill_shard(shard, c->counted->input, c->counted->n_inputs, err);
}

om_status
om_tally_set_inputs(struct om_tally *tally, const struct om_input_info *input, size_t n, struct om_error *err)
{
    struct om_tally_shard *all = om_calloc(1, sizeof *all);
    if (!all)
        return om_fail_memory(err);
    for (size_t s = 0; s < tally->n_shards; s++) {
        all->persons += tally->shard[s].persons;
        om_tally_shard_release(&tally->shard[s]);
    }
    om_free(tally->shard);
    tally->shard = all;
    tally->n_shards = 1;
    return fill_shard(all, input, n, err);
}

/* --- names of counts ------------------------------------------------------------------------------------ */

static int
compare_strings(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static uint64_t
value_count(const struct om_run *run, size_t column, uint32_t value)
{
    uint64_t count = 0;
    for (size_t g = 0; g < run->n_groups; g++) {
        const struct om_value_counts *of = run->group[g].described ? &run->group[g].described[column] : NULL;
        count += of && value < of->n ? of->count[value] : 0;
    }
    return count;
}

/* The values that somebody has, ascending. */
static om_status
add_values(struct om_to_tally *c, size_t d, struct om_error *err)
{
    const size_t column = c->described[d];
    const struct om_dictionary *seen = &c->run->by_value[c->run->study->panel.by.n + column];
    struct om_tally_texts *out = &c->tally->value[d];
    uint32_t *number = c->described_value[d] = om_calloc(seen->n + 1, sizeof *number);
    if (!number)
        return om_fail_memory(err);
    for (uint32_t i = 0; i < seen->n; i++)
        if (value_count(c->run, column, i)) {
            const char *text = om_dictionary_text(seen, i);
            OM_TRY(om_tally_texts_add(out, text, strlen(text), err));
        }
    if (out->n > 1)
        qsort(out->at, out->n, sizeof *out->at, compare_strings);
    for (uint32_t i = 0; i < seen->n && out->n; i++) {
        const char *text = om_dictionary_text(seen, i);
        char **at = bsearch(&text, out->at, out->n, sizeof *out->at, compare_strings);
        number[i] = at ? (uint32_t)(at - out->at) : 0;
    }
    return OM_OK;
}

int64_t
om_to_tally_total(const struct om_scorer *scorer, size_t level)
{
    __int128 up = scorer->level[level].value, down = scorer->unit;
    int places = 0;
    for (; up % down != 0 && places < OM_TOTAL_PLACES_MAX; places++)
        up *= 10;
    return (int64_t)(up / down) * 16 + places;
}

static int
compare_codes(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static om_status
add_levels(struct om_to_tally *c, size_t s, struct om_error *err)
{
    const struct om_scorer *scorer = c->run->scale[c->scale[s]].scorer;
    struct om_tally_scale *out = &c->tally->scale[s];
    if (!out->is_total)
        return OM_OK;
    out->value = om_alloc(scorer->n_levels + 1, sizeof *out->value);
    if (!out->value)
        return om_fail_memory(err);
    for (; out->n_values < scorer->n_levels; out->n_values++)
        out->value[out->n_values] = om_to_tally_total(scorer, out->n_values);
    if (out->n_values > 1)
        qsort(out->value, out->n_values, sizeof *out->value, compare_codes);
    return OM_OK;
}

struct sorted_group {
    const struct om_to_tally *c;
    size_t index;
};

/* By the values, in the order of the tally's columns. */
static int
compare_groups(const void *a, const void *b)
{
    const struct sorted_group *x = a, *y = b;
    const struct om_run_group *one = &x->c->run->group[x->index], *two = &x->c->run->group[y->index];
    for (size_t i = 0; i < one->by.n && i < two->by.n; i++) {
        int order = strcmp(one->by.at[x->c->by[i]], two->by.at[x->c->by[i]]);
        if (order)
            return order;
    }
    return 0;
}

/* The groups with somebody in them; "all" of several is their sum, and not among them. */
static om_status
add_groups(struct om_to_tally *c, struct om_error *err)
{
    struct om_tally *tally = c->tally;
    const size_t first = tally->by.n > 0, n = c->run->n_groups;
    tally->group = om_calloc(n + 1, sizeof *tally->group);
    c->group = om_calloc(n + 1, sizeof *c->group);
    if (!tally->group || !c->group)
        return om_fail_memory(err);
    struct sorted_group *sorted = om_alloc(n + 1, sizeof *sorted);
    if (!sorted)
        return om_fail_memory(err);
    om_status status = OM_OK;
    size_t used = 0;
    for (size_t g = first; g < n; g++)
        if (c->run->group[g].persons)
            sorted[used++] = (struct sorted_group){c, g};
    if (used > 1)
        qsort(sorted, used, sizeof *sorted, compare_groups);
    for (size_t i = 0; i < used && status == OM_OK; i++) {
        const struct om_texts *by = &c->run->group[sorted[i].index].by;
        struct om_tally_texts *out = &tally->group[tally->n_groups];
        c->group[tally->n_groups++] = sorted[i].index;
        for (size_t b = 0; b < tally->by.n && status == OM_OK; b++)
            status = om_tally_texts_add(out, by->at[c->by[b]], strlen(by->at[c->by[b]]), err);
    }
    om_free(sorted);
    return status;
}

static om_status
add_findings(struct om_to_tally *c, struct om_error *err)
{
    const struct om_findings *findings = c->counted->findings;
    struct om_tally *tally = c->tally;
    size_t n = om_findings_groups(findings);
    tally->finding = om_calloc(n + 1, sizeof *tally->finding);
    if (!tally->finding)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct om_finding *from = &om_findings_group(findings, i)->first[0];
        struct om_tally_finding one = {.severity = from->severity, .code = (uint32_t)from->code};
        OM_TRY(copy(from->column ? from->column : "", &one.column, err));
        size_t at = 0;
        while (at < tally->n_findings && om_tally_compare_findings(&tally->finding[at], &one) < 0)
            at++;
        if (at < tally->n_findings && om_tally_compare_findings(&tally->finding[at], &one) == 0) {
            om_free(one.column); /* the same column at another place of another file */
            continue;
        }
        memmove(&tally->finding[at + 1], &tally->finding[at], (tally->n_findings - at) * sizeof one);
        tally->finding[at] = one;
        tally->n_findings++;
    }
    return OM_OK;
}

static om_status
add_names(struct om_to_tally *c, struct om_error *err)
{
    c->tally->value = om_calloc(c->tally->described.n + 1, sizeof *c->tally->value);
    c->described_value = om_calloc(c->tally->described.n + 1, sizeof *c->described_value);
    if (!c->tally->value || !c->described_value)
        return om_fail_memory(err);
    for (size_t d = 0; d < c->tally->described.n; d++)
        OM_TRY(add_values(c, d, err));
    for (size_t s = 0; s < c->tally->n_scales; s++)
        OM_TRY(add_levels(c, s, err));
    OM_TRY(add_groups(c, err));
    return add_findings(c, err);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static om_status
convert(struct om_to_tally *c, struct om_error *err)
{
    OM_TRY(add_study(c, err));
    OM_TRY(add_shard(c, err));
    OM_TRY(add_names(c, err));
    OM_TRY(om_to_tally_counts(c, err));
    const char *fault = om_tally_fault(c->tally);
    return fault ? om_fail(err, OM_ERR_INTERNAL, "the counts make no tally: %s", fault) : OM_OK;
}

om_status
om_tally_of_counted(const struct om_counted *counted, struct om_tally **out, struct om_error *err)
{
    struct om_to_tally c = {.counted = counted, .run = &counted->run};
    OM_TRY(om_tally_new(&c.tally, err));
    om_status status = convert(&c, err);
    for (size_t d = 0; c.described_value && d < c.tally->described.n; d++)
        om_free(c.described_value[d]);
    om_free(c.described_value);
    om_free(c.scale);
    om_free(c.group);
    if (status == OM_OK)
        *out = c.tally;
    else
        om_tally_free(c.tally);
    return status;
}
