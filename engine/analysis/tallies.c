#include "analysis/tallies.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"

#include <stdlib.h>
#include <string.h>

/* --- groups -------------------------------------------------------------------------------------------- */

static om_status
init_group(const struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    *group = (struct om_run_group){0};
    group->table = om_calloc(run->n_scales, sizeof *group->table);
    group->safety = om_calloc(run->n_scales, sizeof *group->safety);
    group->sums = om_calloc(2 * run->n_scales, sizeof *group->sums);
    if (!group->table || !group->safety || !group->sums)
        return om_fail_memory(err);
    for (size_t s = 0; s < run->n_scales; s++) {
        size_t n = run->scale[s].scorer->n_levels;
        om_crosstab_init(&group->table[s], n);
        om_crosstab_init(&group->safety[s], n + 1);
        for (size_t which = 0; which < 2 && run->scale[s].has_alpha; which++)
            OM_TRY(om_item_sums_init(&group->sums[2 * s + which], run->scale[s].info.scale->n_items, err));
    }
    return OM_OK;
}

static void
release_group(const struct om_run *run, struct om_run_group *group)
{
    for (size_t s = 0; s < run->n_scales; s++) {
        if (group->table)
            om_crosstab_release(&group->table[s]);
        if (group->safety)
            om_crosstab_release(&group->safety[s]);
        for (size_t which = 0; which < 2 && group->sums; which++)
            om_item_sums_release(&group->sums[2 * s + which]);
    }
    om_free(group->name);
    om_free(group->table);
    om_free(group->safety);
    om_free(group->sums);
}

static om_status
add_group(struct om_run *run, struct om_error *err)
{
    if (!om_grow(&run->group, &run->group_capacity, run->n_groups, sizeof *run->group))
        return om_fail_memory(err);
    return init_group(run, &run->group[run->n_groups++], err);
}

/* The group of a person: the values of the --by columns, as bytes, are its key. */
static om_status
find_group(struct om_run *run, const struct om_person_block *block, size_t r, size_t *group,
           struct om_error *err)
{
    uint32_t key[OM_BY_MAX];
    size_t n_by = run->study->panel.by.n;
    for (size_t b = 0; b < n_by; b++)
        key[b] = block->by[b * OM_BLOCK + r];
    bool is_new;
    uint32_t index = om_dictionary_add(&run->group_key, (const char *)key, n_by * sizeof *key, &is_new);
    if (index == OM_DICTIONARY_FULL)
        return om_fail_memory(err);
    if (is_new && run->n_groups >= run->study->panel.max_groups) {
        om_fail(err, OM_ERR_USAGE, "more than %zu groups", run->study->panel.max_groups);
        om_hint(err, "split by fewer columns, or raise --max-groups");
        return OM_ERR_USAGE;
    }
    if (is_new)
        OM_TRY(add_group(run, err));
    *group = index;
    return OM_OK;
}

/* --- scales -------------------------------------------------------------------------------------------- */

static const struct om_safety *
safety_of(const struct om_instrument *instrument, const struct om_scale *scale)
{
    for (size_t i = 0; i < instrument->n_safety; i++)
        if (strcmp(instrument->safety[i].scale, scale->id) == 0)
            return &instrument->safety[i];
    return NULL;
}

static om_status
init_scale(struct om_run *run, const struct om_panel_instrument *panel, size_t index, struct om_error *err)
{
    const struct om_instrument *instrument = panel->instrument;
    const struct om_scale *scale = &instrument->scale[index];
    const struct om_fraction *own = index == 0 ? om_study_cutoff(run->study, instrument) : NULL;
    struct om_run_scale *out = &run->scale[run->n_scales];
    *out = (struct om_run_scale){.panel = panel,
                                 .info = {.instrument = instrument,
                                          .scale = scale,
                                          .cutoff = om_scale_default_cutoff(scale),
                                          .shift = om_study_shift(run->study, instrument)},
                                 .safety = safety_of(instrument, scale),
                                 .numeric = scale->combine != OM_COMBINE_CLASS,
                                 .has_alpha = scale->n_items > 1 && (scale->combine == OM_COMBINE_SUM ||
                                                                     scale->combine == OM_COMBINE_MEAN ||
                                                                     scale->combine == OM_COMBINE_PERCENT),
                                 .is_main = index == 0};
    if (own &&
        (om_fraction_compare(*own, scale->minimum) < 0 || om_fraction_compare(*own, scale->maximum) > 0)) {
        om_fail(err, OM_ERR_USAGE, "--cutoff %s=%.10g lies outside the range of the score", instrument->id,
                om_fraction_value(*own));
        om_hint(err, "%s %s goes from %.10g to %.10g", instrument->name, scale->id,
                om_fraction_value(scale->minimum), om_fraction_value(scale->maximum));
        return OM_ERR_USAGE;
    }
    if (own)
        out->info.cutoff_from_study = true;
    if (own || out->info.cutoff)
        out->info.cutoff_at = own ? *own : out->info.cutoff->at;
    bool counted = scale->combine == OM_COMBINE_CLASS || scale->combine == OM_COMBINE_COUNT;
    enum om_missing_rule rule = run->by_record && counted ? OM_MISSING_PRORATE : run->study->missing_rule;
    OM_TRY(om_scorer_new(instrument, scale, rule, own, &out->scorer, err));
    run->n_scales++;
    return OM_OK;
}

/* A number given for an instrument that is not in the panel is a mistake of the user's. */
static om_status
check_named(const struct om_run *run, const struct om_study_number *number, size_t n, const char *key,
            struct om_error *err)
{
    for (size_t i = 0; i < n; i++) {
        bool found = !number[i].instrument;
        for (size_t k = 0; k < run->panel->n_instruments && !found; k++)
            found = strcmp(run->panel->instrument[k].instrument->id, number[i].instrument) == 0;
        if (!found) {
            om_fail(err, OM_ERR_USAGE, "--%s names the instrument '%s', which the panel does not have", key,
                    number[i].instrument);
            om_hint(err, "`omstat instruments list` shows the names");
            return OM_ERR_USAGE;
        }
    }
    return OM_OK;
}

om_status
om_run_init(struct om_run *run, const struct om_study *study, struct om_panel *panel, bool by_record,
            struct om_error *err)
{
    *run = (struct om_run){.study = study, .panel = panel, .by_record = by_record};
    OM_TRY(check_named(run, study->shift, study->n_shifts, "shift", err));
    OM_TRY(check_named(run, study->cutoff, study->n_cutoffs, "cutoff", err));
    size_t n = 0;
    for (size_t i = 0; i < panel->n_instruments; i++)
        n += panel->instrument[i].instrument->n_scales;
    run->scale = om_calloc(n, sizeof *run->scale);
    if (!run->scale)
        return om_fail_memory(err);
    for (size_t i = 0; i < panel->n_instruments; i++)
        for (size_t s = 0; s < panel->instrument[i].instrument->n_scales; s++)
            OM_TRY(init_scale(run, &panel->instrument[i], s, err));
    return OM_OK;
}

void
om_run_release(struct om_run *run)
{
    for (size_t g = 0; g < run->n_groups; g++)
        release_group(run, &run->group[g]);
    for (size_t s = 0; s < run->n_scales; s++)
        om_scorer_free(run->scale[s].scorer);
    om_free(run->scale);
    om_free(run->group);
    om_dictionary_release(&run->group_key);
}

/* --- counting ------------------------------------------------------------------------------------------ */

/* What a block comes to, before it is counted. */
struct scored {
    const uint8_t *code[2][OM_ITEMS_MAX];
    uint16_t level[2][OM_BLOCK];
    uint8_t present[2][OM_BLOCK]; /* of the instrument */
};

/* Points at the instrument's columns; returns false where the occasion is not compared. */
static bool
pick_columns(const struct om_run *run, const struct om_run_scale *scale, const struct om_person_block *block,
             size_t which, const uint8_t **code)
{
    for (size_t i = 0; i < scale->info.instrument->n_items; i++)
        code[i] = block->code[which * run->panel->n_items + scale->panel->item[i]];
    return code[0] != NULL;
}

static void
score_block(const struct om_run *run, const struct om_run_scale *scale, const struct om_person_block *block,
            struct scored *out)
{
    for (size_t which = 0; which < 2; which++) {
        bool compared = pick_columns(run, scale, block, which, out->code[which]);
        if (scale->is_main) /* the other scales of the instrument follow and share its presence */
            memset(out->present[which], 0, block->n);
        if (scale->is_main && compared)
            om_form_present(scale->info.instrument, out->code[which], block->n, out->present[which]);
        if (compared)
            om_scorer_run(scale->scorer, out->code[which], block->n, out->level[which], NULL);
        for (size_t r = 0; r < block->n && !compared; r++)
            out->level[which][r] = (uint16_t)scale->scorer->n_levels;
    }
}

/* The safety state of a person at one occasion; see struct om_run_group. */
static size_t
safety_state(const struct om_run_scale *scale, const struct scored *scored, size_t which, size_t r)
{
    size_t n = scale->scorer->n_levels;
    if (!scored->present[which][r])
        return n + 1;
    return scored->level[which][r]; /* n, "no score", is the state of a form without an answer here */
}

/* Adds a complete form to the item sums. Codes are turned to the scale's direction first. */
static om_status
add_items(const struct om_run_scale *scale, const struct scored *scored, size_t which, size_t r,
          struct om_item_sums *sums, struct om_error *err)
{
    const struct om_instrument *instrument = scale->info.instrument;
    uint8_t codes[OM_ITEMS_MAX];
    for (size_t i = 0; i < scale->info.scale->n_items; i++) {
        size_t item = scale->scorer->item[i];
        uint8_t c = scored->code[which][item][r];
        if (c > OM_CODE_MAX)
            return OM_OK; /* scored by the missing rule, but not complete */
        codes[i] =
            instrument->item[item].reversed ? (uint8_t)(instrument->minimum + instrument->maximum - c) : c;
    }
    if (!om_item_sums_add(sums, codes, 1))
        return om_fail(err, OM_ERR_INTERNAL, "more forms in one group than sums can hold");
    return OM_OK;
}

static om_status
count_scale(struct om_run *run, size_t s, const struct scored *scored, struct om_run_group *const *group,
            size_t n, struct om_error *err)
{
    const struct om_run_scale *scale = &run->scale[s];
    for (size_t r = 0; r < n; r++) {
        OM_TRY(om_crosstab_add(&group[r]->table[s], scored->level[0][r], scored->level[1][r], 1, err));
        if (scale->safety)
            OM_TRY(om_crosstab_add(&group[r]->safety[s], safety_state(scale, scored, 0, r),
                                   safety_state(scale, scored, 1, r), 1, err));
        for (size_t which = 0; which < 2 && scale->has_alpha; which++)
            if (scored->level[which][r] < scale->scorer->n_levels)
                OM_TRY(add_items(scale, scored, which, r, &group[r]->sums[2 * s + which], err));
    }
    return OM_OK;
}

om_status
om_run_consume(void *context, const struct om_person_block *block, struct om_error *err)
{
    struct om_run *run = context;
    size_t index[OM_BLOCK] = {0};
    struct om_run_group *group[OM_BLOCK] = {NULL};
    uint8_t present[2][OM_BLOCK] = {{0}};
    struct scored scored = {0};
    for (size_t r = 0; r < block->n; r++)
        OM_TRY(find_group(run, block, r, &index[r], err));
    for (size_t r = 0; r < block->n; r++) /* only now: adding a group may have moved the others */
        group[r] = &run->group[index[r]];
    for (size_t s = 0; s < run->n_scales; s++) {
        score_block(run, &run->scale[s], block, &scored);
        OM_TRY(count_scale(run, s, &scored, group, block->n, err));
        for (size_t which = 0; which < 2; which++)
            for (size_t r = 0; r < block->n; r++)
                present[which][r] |= scored.present[which][r];
    }
    for (size_t r = 0; r < block->n; r++) {
        group[r]->persons++;
        group[r]->without_partner += present[0][r] != present[1][r] && run->count.last != OM_NONE;
    }
    return OM_OK;
}

/* --- finishing ----------------------------------------------------------------------------------------- */

/* "cohort=1;site=A". A ';' or '\' inside a value gets a '\' before it. */
static om_status
name_group(const struct om_run *run, size_t index, char **name, struct om_error *err)
{
    const struct om_texts *by = &run->study->panel.by;
    struct om_buffer text = OM_BUFFER_EMPTY;
    for (size_t b = 0; b < by->n; b++) {
        uint32_t value;
        memcpy(&value, om_dictionary_text(&run->group_key, (uint32_t)index) + b * sizeof value, sizeof value);
        om_buffer_format(&text, "%s%s=", b ? ";" : "", by->at[b]);
        if (value == 0)
            om_buffer_text(&text, "(blank)");
        for (const char *p = om_dictionary_text(&run->panel->by_value[b], value); *p; p++) {
            if (*p == ';' || *p == '\\')
                om_buffer_char(&text, '\\');
            om_buffer_char(&text, *p);
        }
    }
    if (by->n == 0)
        om_buffer_text(&text, "all");
    *name = om_buffer_take(&text);
    return *name ? OM_OK : om_fail_memory(err);
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
    for (size_t s = 0; s < run->n_scales; s++) {
        OM_TRY(om_crosstab_merge(&into->table[s], &from->table[s], err));
        OM_TRY(om_crosstab_merge(&into->safety[s], &from->safety[s], err));
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
    if (ok)
        return OM_OK;
    om_fail(err, OM_ERR_INTERNAL,
            "the counts do not add up: this is a fault of omstat, and nothing was written");
    om_hint(err, "please report it, with the command but without the data");
    return OM_ERR_INTERNAL;
}

om_status
om_run_finish(struct om_run *run, struct om_error *err)
{
    bool split = run->study->panel.by.n > 0;
    for (size_t g = 0; g < run->n_groups; g++)
        OM_TRY(name_group(run, g, &run->group[g].name, err));
    if (run->n_groups > 1)
        qsort(run->group, run->n_groups, sizeof *run->group, compare_groups);
    if (split || run->n_groups == 0) { /* "all" is the sum of the groups */
        OM_TRY(add_group(run, err));
        struct om_run_group all = run->group[run->n_groups - 1];
        memmove(&run->group[1], &run->group[0], (run->n_groups - 1) * sizeof all);
        run->group[0] = all;
        run->group[0].name = om_strdup("all");
        if (!run->group[0].name)
            return om_fail_memory(err);
        for (size_t g = 1; g < run->n_groups; g++)
            OM_TRY(merge_group(run, &run->group[0], &run->group[g], err));
    }
    return check_sums(run, err);
}
