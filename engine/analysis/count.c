/*
 * Persons to counts.
 *
 * A block of persons is dealt out to the groups: each group gathers the answers of its own persons in a block
 * like the one they came in, and is scored and counted when that is full. So everything that is counted
 * together belongs to one group, and what is done for each person is a copy of bytes.
 */
#include "analysis/tallies.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- one scale of one group ---------------------------------------------------------------------------- */

/* What a block comes to, before it is counted. */
struct scored {
    const uint8_t *code[2][OM_ITEMS_MAX];
    uint16_t level[2][OM_GROUP_BLOCK];
    uint8_t present[2][OM_GROUP_BLOCK]; /* of the instrument */
};

/* Points at the instrument's columns; returns false where the occasion is not compared. */
static bool
pick_columns(const struct om_run *run, const struct om_run_scale *scale, const uint8_t *const *column,
             size_t which, const uint8_t **code)
{
    for (size_t i = 0; i < scale->info.instrument->n_items; i++)
        code[i] = column[which * run->panel->n_items + scale->panel->item[i]];
    return code[0] != NULL;
}

static void
score_block(const struct om_run *run, const struct om_run_scale *scale, const uint8_t *const *column,
            size_t n, struct scored *out)
{
    for (size_t which = 0; which < 2; which++) {
        bool compared = pick_columns(run, scale, column, which, out->code[which]);
        if (scale->is_main) /* the other scales of the instrument follow and share its presence */
            memset(out->present[which], 0, n);
        if (scale->is_main && compared)
            om_form_present(scale->info.instrument, out->code[which], n, out->present[which]);
        if (compared)
            om_scorer_run(scale->scorer, out->code[which], n, out->level[which], NULL);
        for (size_t r = 0; r < n && !compared; r++)
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

/* 1 where the form has a score and every item of the scale an answer: the missing rule scores others too. */
static uint64_t
find_complete(const struct om_run_scale *scale, const struct scored *scored, size_t which, size_t n,
              uint8_t *complete)
{
    uint64_t forms = 0;
    for (size_t r = 0; r < n; r++)
        complete[r] = scored->level[which][r] < scale->scorer->n_levels;
    for (size_t i = 0; i < scale->info.scale->n_items; i++) {
        const uint8_t *code = scored->code[which][scale->scorer->item[i]];
        for (size_t r = 0; r < n; r++)
            complete[r] &= code[r] <= OM_CODE_MAX;
    }
    for (size_t r = 0; r < n; r++)
        forms += complete[r];
    return forms;
}

/* Adds the complete forms to the item sums, codes turned to the scale's direction. The others become zeros,
 * which add nothing. */
static om_status
add_items(const struct om_run_scale *scale, const struct scored *scored, size_t which, size_t n,
          struct om_item_sums *sums, struct om_error *err)
{
    const struct om_instrument *instrument = scale->info.instrument;
    int16_t value[OM_ITEMS_MAX][OM_GROUP_BLOCK];
    const int16_t *column[OM_ITEMS_MAX];
    uint8_t complete[OM_GROUP_BLOCK];
    uint64_t forms = find_complete(scale, scored, which, n, complete);
    for (size_t i = 0; i < scale->info.scale->n_items; i++) {
        size_t item = scale->scorer->item[i];
        const uint8_t *code = scored->code[which][item];
        int sign = instrument->item[item].reversed ? -1 : 1;
        int base = instrument->item[item].reversed ? instrument->minimum + instrument->maximum : 0;
        for (size_t r = 0; r < n; r++)
            value[i][r] = (int16_t)(complete[r] * (base + sign * code[r]));
        column[i] = value[i];
    }
    if (!om_item_sums_add_block(sums, column, n, forms))
        return om_fail(err, OM_ERR_INTERNAL, "more forms in one group than sums can hold");
    return OM_OK;
}

static om_status
count_scale(const struct om_run_scale *scale, const struct scored *scored, struct om_run_group *group,
            size_t s, size_t n, struct om_error *err)
{
    for (size_t r = 0; r < n; r++)
        OM_TRY(om_crosstab_add(&group->table[s], scored->level[0][r], scored->level[1][r], 1, err));
    for (size_t r = 0; r < n && scale->safety; r++)
        OM_TRY(om_crosstab_add(&group->safety[s], safety_state(scale, scored, 0, r),
                               safety_state(scale, scored, 1, r), 1, err));
    for (size_t which = 0; which < 2 && scale->has_alpha; which++)
        if (scored->code[which][0])
            OM_TRY(add_items(scale, scored, which, n, &group->sums[2 * s + which], err));
    return OM_OK;
}

/* --- one group ----------------------------------------------------------------------------------------- */

/* Scores and counts what the group has gathered. */
static om_status
flush_group(struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    uint8_t present[2][OM_GROUP_BLOCK] = {{0}};
    struct scored scored = {0};
    size_t n = group->pending;
    for (size_t c = 0; c < 2 * run->panel->n_items; c++)
        run->column[c] = run->compared[c] ? group->code + c * group->capacity : NULL;
    for (size_t s = 0; s < run->n_scales && n > 0; s++) {
        score_block(run, &run->scale[s], run->column, n, &scored);
        OM_TRY(count_scale(&run->scale[s], &scored, group, s, n, err));
        for (size_t which = 0; which < 2; which++)
            for (size_t r = 0; r < n; r++)
                present[which][r] |= scored.present[which][r];
    }
    for (size_t r = 0; r < n && run->count.last != OM_NONE; r++)
        group->without_partner += present[0][r] != present[1][r];
    group->persons += n;
    group->pending = 0;
    return OM_OK;
}

om_status
om_run_flush(struct om_run *run, struct om_error *err)
{
    for (size_t g = 0; g < run->n_groups; g++)
        OM_TRY(flush_group(run, &run->group[g], err));
    return OM_OK;
}

/* --- dealing out --------------------------------------------------------------------------------------- */

/* Where a person's answers go: the first one, and how far apart they are. */
struct place {
    uint8_t *at;
    size_t step;
};

/* Copies the answers of persons [from, to). */
static void
copy_persons(const struct om_run *run, const struct om_person_block *block, size_t from, size_t to,
             const struct place *place)
{
    for (size_t c = 0; c < 2 * run->panel->n_items; c++) {
        const uint8_t *code = block->code[c];
        if (!code)
            continue;
        for (size_t r = from; r < to; r++)
            place[r].at[c * place[r].step] = code[r];
    }
}

/* Counts a full block and, while it is not of full size, makes the next one larger. */
static om_status
turn_over(struct om_run *run, struct om_run_group *group, struct om_error *err)
{
    OM_TRY(flush_group(run, group, err));
    if (group->capacity == OM_GROUP_BLOCK)
        return OM_OK;
    uint8_t *larger = om_realloc(group->code, 2 * run->panel->n_items, 4 * group->capacity);
    if (!larger)
        return om_fail_memory(err);
    group->code = larger;
    group->capacity *= 4;
    return OM_OK;
}

om_status
om_run_consume(void *context, const struct om_person_block *block, struct om_error *err)
{
    struct om_run *run = context;
    struct place place[OM_BLOCK];
    size_t from = 0;
    for (size_t c = 0; c < 2 * run->panel->n_items; c++)
        run->compared[c] = block->code[c] != NULL;
    for (size_t r = 0; r < block->n; r++) {
        size_t index;
        OM_TRY(om_run_find_group(run, block, r, &index, err));
        struct om_run_group *group = &run->group[index];
        place[r] = (struct place){.at = group->code + group->pending++, .step = group->capacity};
        bool full = group->pending == group->capacity;
        if (!full && r + 1 < block->n)
            continue;
        copy_persons(run, block, from, r + 1, place);
        from = r + 1;
        if (full)
            OM_TRY(turn_over(run, group, err));
    }
    return OM_OK;
}
