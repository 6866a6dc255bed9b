/* The groups of a run: made as they turn up, named, sorted and added up at the end. */
#include "analysis/joint.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

static om_status
init_sums(const struct om_run_scale *scale, struct om_item_sums *sums, struct om_error *err)
{
    const size_t k = scale->info.scale->n_items;
    return scale->item_pairs ? om_item_sums_init(sums, k, err) : om_item_sums_init_for_alpha(sums, k, err);
}

static om_status
init_group(const struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    *group = (struct om_run_group){0};
    group->table = om_calloc(run->n_scales, sizeof *group->table);
    group->safety = om_calloc(run->n_scales, sizeof *group->safety);
    group->sums = om_calloc(2 * run->n_scales, sizeof *group->sums);
    group->waves = om_calloc(run->n_scales, sizeof *group->waves);
    group->items = om_calloc(run->n_items, sizeof *group->items);
    group->joint = run->has_joint ? om_calloc(OM_JOINT_STATES, sizeof *group->joint) : NULL;
    if (!group->table || !group->safety || !group->sums || !group->waves || !group->items ||
        (run->has_joint && !group->joint))
        return om_fail_memory(err);
    for (size_t s = 0; s < run->n_scales; s++) {
        size_t n = om_run_levels(&run->scale[s]);
        om_crosstab_init(&group->table[s], n);
        om_crosstab_init(&group->safety[s], n + 1);
        for (size_t which = 0; which < 2 && run->scale[s].has_alpha; which++)
            OM_TRY(init_sums(&run->scale[s], &group->sums[2 * s + which], err));
    }
    return OM_OK;
}

void
om_run_group_release(const struct om_run *run, struct om_run_group *group)
{
    for (size_t s = 0; s < run->n_scales; s++) {
        if (group->table)
            om_crosstab_release(&group->table[s]);
        if (group->safety)
            om_crosstab_release(&group->safety[s]);
        if (group->waves)
            om_wave_rows_release(&group->waves[s]);
        for (size_t which = 0; which < 2 && group->sums; which++)
            om_item_sums_release(&group->sums[2 * s + which]);
    }
    om_run_release_described(run, group);
    om_free(group->name);
    om_texts_release(&group->by);
    om_free(group->table);
    om_free(group->safety);
    om_free(group->sums);
    om_free(group->waves);
    om_free(group->items);
    om_free(group->joint);
    om_free(group->code);
}

void
om_run_share_release(const struct om_run *run, struct om_run_share *share)
{
    for (size_t g = 0; g < share->n_groups; g++)
        om_run_group_release(run, &share->group[g]);
    om_free(share->group);
    om_dictionary_release(&share->group_key);
    for (size_t s = 0; share->total && s < run->n_scales; s++)
        om_dictionary_release(&share->total[s]);
    om_free(share->total);
    om_free(share->total_at);
    om_turn_release(&share->turn);
    *share = (struct om_run_share){0};
}

/* The group with these values of the --by columns, by index. */
static om_status
find_key(const struct om_run *run, struct om_run_share *share, const char *key, size_t length, size_t *group,
         struct om_error *err)
{
    bool is_new;
    uint32_t index = om_dictionary_add(&share->group_key, key, length, &is_new);
    if (index == OM_DICTIONARY_FULL)
        return om_fail_memory(err);
    *group = index;
    if (!is_new)
        return OM_OK;
    if (share->n_groups >= run->study->panel.max_groups) {
        om_fail(err, OM_ERR_USAGE, "more than %zu groups", run->study->panel.max_groups);
        om_hint(err, "split by fewer columns, or raise --max-groups");
        return OM_ERR_USAGE;
    }
    if (!om_grow(&share->group, &share->group_capacity, share->n_groups, sizeof *share->group))
        return om_fail_memory(err);
    return init_group(run, &share->group[share->n_groups++], err);
}

om_status
om_run_find_group(const struct om_run *run, struct om_run_share *share, const struct om_person_block *block,
                  size_t i, size_t *group, struct om_error *err)
{
    uint32_t key[OM_BY_MAX];
    size_t n_by = run->study->panel.by.n;
    for (size_t b = 0; b < n_by; b++)
        key[b] = block->by[b * block->by_step + i];
    OM_TRY(find_key(run, share, (const char *)key, n_by * sizeof *key, group, err));
    if (n_by == 1) {
        share->recent[key[0] % OM_RECENT].value = key[0];
        share->recent[key[0] % OM_RECENT].group = (uint32_t)*group + 1;
    }
    return OM_OK;
}

/* Keeps the values of a group's --by columns. */
static om_status
keep_values(const struct om_run *run, const struct om_run_share *share, size_t index,
            struct om_run_group *group, struct om_error *err)
{
    for (size_t b = 0; b < run->study->panel.by.n; b++) {
        uint32_t value;
        memcpy(&value, om_dictionary_text(&share->group_key, (uint32_t)index) + b * sizeof value,
               sizeof value);
        const char *text = om_dictionary_text(&run->by_value[b], value);
        OM_TRY(om_texts_add(&group->by, text, strlen(text), err));
    }
    return OM_OK;
}

/* "cohort=1;site=A". A ';' or '\' inside a value gets a '\' before it. */
static om_status
name_group(const struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    const struct om_texts *by = &run->study->panel.by;
    struct om_buffer text = OM_BUFFER_EMPTY;
    for (size_t b = 0; b < by->n; b++) {
        om_buffer_format(&text, "%s%s=", b ? ";" : "", by->at[b]);
        if (!*group->by.at[b])
            om_buffer_text(&text, "(blank)");
        for (const char *p = group->by.at[b]; *p; p++) {
            if (*p == ';' || *p == '\\')
                om_buffer_char(&text, '\\');
            om_buffer_char(&text, *p);
        }
    }
    if (by->n == 0)
        om_buffer_text(&text, "all");
    group->name = om_buffer_take(&text);
    return group->name ? OM_OK : om_fail_memory(err);
}

static int
compare_groups(const void *a, const void *b)
{
    const struct om_run_group *x = a, *y = b;
    return om_natural_compare(x->name, y->name);
}

static om_status
merge_group(const struct om_run *run, struct om_run_group *into, const struct om_run_group *from,
            struct om_error *err)
{
    into->persons += from->persons;
    into->without_partner += from->without_partner;
    OM_TRY(om_run_merge_described(run, into, from, err));
    for (size_t i = 0; run->has_joint && i < OM_JOINT_STATES; i++)
        into->joint[i] += from->joint[i];
    for (size_t i = 0; i < run->n_items; i++)
        into->items[i] += from->items[i];
    for (size_t s = 0; s < run->n_scales; s++) {
        OM_TRY(om_crosstab_merge(&into->table[s], &from->table[s], err));
        OM_TRY(om_crosstab_merge(&into->safety[s], &from->safety[s], err));
        OM_TRY(om_wave_rows_merge(&into->waves[s], &from->waves[s], err));
        for (size_t which = 0; which < 2 && run->scale[s].has_alpha; which++)
            if (!om_item_sums_merge(&into->sums[2 * s + which], &from->sums[2 * s + which]))
                return om_fail(err, OM_ERR_INTERNAL, "more forms in all groups than sums can hold");
    }
    return OM_OK;
}

/* Conservation: every person is in every table, once. */
static om_status
check_sums(const struct om_run *run, struct om_error *err)
{
    const struct om_run_group *all = &run->group[0];
    const struct om_persons_count *count = &run->count;
    bool ok =
        all->persons == count->persons && count->read == count->scored + count->rejected + count->skipped;
    for (size_t s = 0; s < run->n_scales; s++)
        ok &= om_crosstab_total(&all->table[s]) == all->persons;
    uint64_t joint = 0;
    for (size_t i = 0; run->has_joint && i < OM_JOINT_STATES; i++)
        joint += all->joint[i];
    ok &= !run->has_joint || joint == all->persons;
    if (ok)
        return OM_OK;
    om_fail(err, OM_ERR_INTERNAL,
            "the counts do not add up: this is a fault of omstat, and nothing was written");
    om_hint(err, "please report it, with the command but without the data");
    return OM_ERR_INTERNAL;
}

/* Adds the groups of a share to those of the first one, which has groups of the same or of new keys. */
static om_status
merge_share(struct om_run *run, const struct om_run_share *from, struct om_error *err)
{
    struct om_run_share *into = &run->share[0];
    for (size_t g = 0; g < from->n_groups; g++) {
        size_t group = 0;
        OM_TRY(find_key(run, into, om_dictionary_text(&from->group_key, (uint32_t)g),
                        om_dictionary_length(&from->group_key, (uint32_t)g), &group, err));
        OM_TRY(merge_group(run, &into->group[group], &from->group[g], err));
    }
    return OM_OK;
}

/* "all" is the sum of the groups, and stands before them. */
static om_status
add_all(struct om_run *run, struct om_error *err)
{
    if (!om_grow(&run->group, &run->group_capacity, run->n_groups, sizeof *run->group))
        return om_fail_memory(err);
    memmove(run->group + 1, run->group, run->n_groups * sizeof *run->group);
    run->group[0] = (struct om_run_group){0};
    run->n_groups++;
    OM_TRY(init_group(run, &run->group[0], err));
    run->group[0].name = om_strdup("all");
    if (!run->group[0].name)
        return om_fail_memory(err);
    for (size_t g = 1; g < run->n_groups; g++)
        OM_TRY(merge_group(run, &run->group[0], &run->group[g], err));
    return OM_OK;
}

om_status
om_run_finish(struct om_run *run, struct om_error *err)
{
    struct om_run_share *first = &run->share[0];
    for (size_t t = 0; t < run->n_shares; t++)
        OM_TRY(om_run_flush(run, &run->share[t], err));
    OM_TRY(om_run_settle_totals(run, err));
    for (size_t t = 1; t < run->n_shares; t++)
        OM_TRY(merge_share(run, &run->share[t], err));
    for (size_t g = 0; g < first->n_groups; g++) {
        OM_TRY(keep_values(run, first, g, &first->group[g], err));
        OM_TRY(name_group(run, &first->group[g], err));
    }
    run->group = first->group;
    run->n_groups = first->n_groups;
    run->group_capacity = first->group_capacity;
    first->group = NULL;
    first->n_groups = first->group_capacity = 0;
    if (run->n_groups > 1)
        qsort(run->group, run->n_groups, sizeof *run->group, compare_groups);
    if (run->study->panel.by.n > 0 || run->n_groups == 0)
        OM_TRY(add_all(run, err));
    for (size_t g = 0; g < run->n_groups; g++)
        for (size_t s = 0; s < run->n_scales; s++)
            OM_TRY(om_wave_rows_settle(&run->group[g].waves[s], err));
    return check_sums(run, err);
}
