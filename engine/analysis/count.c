/*
 * Persons to counts.
 *
 *   rows of persons -> dealt out to the groups, row by row -> a block of one group, turned into columns
 *                   -> levels of every scale -> +1 in the tables of the group
 *
 * Everything that is counted together belongs to one group, and what is done for each person is a copy.
 */
#include "analysis/joint.h"
#include "base/error.h"
#include "base/memory.h"
#include "kernels/kernels.h"
#include "score/decoded.h"

#include <string.h>

_Static_assert((int)OM_GROUP_BLOCK == (int)OM_COLUMN_ROWS, "a block is what the kernels take");
_Static_assert((int)OM_GROUP_FEW % OM_ROWS_STEP == 0, "and the smallest one is turned round whole");

/* --- one scale of one group ---------------------------------------------------------------------------- */

/* What a block comes to, before it is counted. */
struct scored {
    const uint8_t *code[2][OM_ITEMS_MAX];
    uint16_t level[2][OM_GROUP_BLOCK];
    uint8_t complete[2][OM_GROUP_BLOCK]; /* 0xff: every item of the scale is answered */
    uint8_t present[2][OM_GROUP_BLOCK];  /* of the instrument: not 0 where there is a form */
};

/* Points at the instrument's columns; returns false where the occasion is not compared. */
static bool
pick_columns(const struct om_run *run, const struct om_run_scale *scale, const struct om_run_share *share,
             size_t which, const uint8_t **code)
{
    bool compared = which < share->n_slots;
    for (size_t i = 0; i < scale->info.instrument->n_items; i++)
        code[i] = compared ? share->turn.at[which * run->panel->n_items + scale->panel->item[i]] : NULL;
    return compared;
}

static om_status
score_totals(const struct om_run *run, size_t scale, struct om_run_share *share, const uint8_t *code,
             size_t n, struct scored *out, struct om_error *err)
{
    for (size_t which = 0; which < 2; which++)
        OM_TRY(om_run_total_levels(run, share, scale, which, code, n, out->level[which], out->present[which],
                                   err));
    return OM_OK;
}

static void
score_block(const struct om_run *run, const struct om_run_scale *scale, const struct om_run_share *share,
            size_t n, struct scored *out)
{
    for (size_t which = 0; which < 2; which++) {
        bool compared = pick_columns(run, scale, share, which, out->code[which]);
        if (scale->is_main && compared) /* the other scales of the instrument follow and share its presence */
            om_kernels_active()->column_present(out->code[which], scale->info.instrument->n_items, n,
                                                out->present[which]);
        else if (scale->is_main)
            memset(out->present[which], 0, n);
        if (compared)
            om_scorer_levels(scale->scorer, out->code[which], n, out->level[which], out->complete[which]);
        for (size_t r = 0; r < n && !compared; r++)
            out->level[which][r] = (uint16_t)scale->scorer->n_levels;
    }
}

/* The safety states of one occasion; see struct om_run_group. A level that is none is the state of a form
 * without an answer here. */
static void
find_states(const struct om_run_scale *scale, const struct scored *scored, size_t which, size_t n,
            uint16_t *state)
{
    const uint16_t no_form = (uint16_t)(scale->scorer->n_levels + 1);
    for (size_t r = 0; r < n; r++)
        state[r] = scored->present[which][r] ? scored->level[which][r] : no_form;
}

/* Adds the complete forms to the item sums, codes turned to the scale's direction. The others become zeros,
 * which add nothing: the missing rule may score forms that are not complete. */
static om_status
add_items(const struct om_run_scale *scale, struct scored *scored, size_t which, size_t n,
          struct om_item_sums *sums, struct om_error *err)
{
    const struct om_scorer *scorer = scale->scorer;
    const struct om_column_points points = {scorer->flip, scorer->base};
    const uint8_t *column[OM_ITEMS_MAX], *masked[OM_ITEMS_MAX + 1];
    uint8_t value[OM_ITEMS_MAX + 1][OM_COLUMN_ROWS], *complete = scored->complete[which];
    size_t k = scale->info.scale->n_items;
    size_t whole = (n + OM_COLUMN_STEP - 1) / OM_COLUMN_STEP * OM_COLUMN_STEP;
    memset(complete + n, 0, whole - n);
    for (size_t i = 0; i < k; i++)
        column[i] = scored->code[which][scorer->item[i]];
    om_kernels_active()->column_mask(column, &points, k, whole, complete, value[0]);
    for (size_t r = 0; r < whole; r++)
        value[k][r] = complete[r] & 1;
    for (size_t i = 0; i <= k; i++)
        masked[i] = value[i];
    if (!om_item_sums_add_block(sums, masked, whole))
        return om_fail(err, OM_ERR_INTERNAL, "more forms in one group than sums can hold");
    return OM_OK;
}

/* The items without an answer on forms of the instrument. */
static void
count_items(const struct om_run_scale *scale, struct scored *scored, struct om_run_group *group, size_t n)
{
    const size_t k = scale->info.instrument->n_items;
    for (size_t which = 0; which < 2; which++) {
        uint64_t *items = group->items + om_run_items(scale, which);
        if (!scored->code[which][0])
            continue;
        memset(scored->present[which] + n, 0, (OM_GROUP_BLOCK - n) % OM_COLUMN_STEP);
        items[k] +=
            om_kernels_active()->column_unanswered(scored->code[which], k, n, scored->present[which], items);
    }
}

static om_status
count_scale(const struct om_run_scale *scale, struct scored *scored, struct om_run_group *group, size_t s,
            size_t n, struct om_error *err)
{
    OM_TRY(om_crosstab_add_all(&group->table[s], scored->level[0], scored->level[1], n, err));
    if (scale->safety) {
        uint16_t state[2][OM_GROUP_BLOCK];
        find_states(scale, scored, 0, n, state[0]);
        find_states(scale, scored, 1, n, state[1]);
        OM_TRY(om_crosstab_add_all(&group->safety[s], state[0], state[1], n, err));
    }
    if (scale->counts_items)
        count_items(scale, scored, group, n);
    for (size_t which = 0; which < 2 && scale->has_alpha; which++)
        if (scored->code[which][0])
            OM_TRY(add_items(scale, scored, which, n, &group->sums[2 * s + which], err));
    return OM_OK;
}

/* The scores of all occasions, of an instrument's first scale. Those of the two compared are there already.
 */
static om_status
add_waves(const struct om_run *run, struct om_run_share *share, struct om_run_group *group, size_t s,
          const struct scored *scored, struct om_error *err)
{
    const struct om_run_scale *scale = &run->scale[s];
    uint16_t other[OM_OCCASIONS_MAX][OM_GROUP_BLOCK];
    uint8_t unused[OM_GROUP_BLOCK];
    const uint16_t *level[OM_OCCASIONS_MAX];
    const uint8_t *code[OM_ITEMS_MAX];
    size_t n = group->pending, n_slots = share->n_slots;
    for (size_t k = 0; k < n_slots; k++) {
        size_t slot = om_slot_in_time(k, n_slots);
        level[k] = slot < 2 ? scored->level[slot] : other[slot];
        if (slot < 2)
            continue;
        if (scale->is_total) {
            OM_TRY(om_run_total_levels(run, share, s, slot, group->code, n, other[slot], unused, err));
            continue;
        }
        pick_columns(run, scale, share, slot, code);
        om_scorer_levels(scale->scorer, code, n, other[slot], unused);
    }
    return om_wave_rows_add(&group->waves[s], level, n_slots, n, err);
}

/* --- one group ----------------------------------------------------------------------------------------- */

/* Scores and counts what the group has gathered. */
static om_status
flush_group(const struct om_run *run, struct om_run_share *share, struct om_run_group *group,
            struct om_error *err)
{
    uint8_t present[2][OM_GROUP_BLOCK] = {{0}}, state[OM_GROUP_BLOCK] = {0};
    struct scored scored;
    size_t n = group->pending;
    if (n == 0)
        return OM_OK;
    om_turn_round(&share->turn, group->code, n);
    for (size_t s = 0; s < run->n_scales; s++) {
        if (run->scale[s].is_total)
            OM_TRY(score_totals(run, s, share, group->code, n, &scored, err));
        else
            score_block(run, &run->scale[s], share, n, &scored);
        OM_TRY(count_scale(&run->scale[s], &scored, group, s, n, err));
        if (run->has_waves && run->scale[s].is_main && share->n_slots > 1)
            OM_TRY(add_waves(run, share, group, s, &scored, err));
        if (run->scale[s].joint_rule)
            om_joint_mark(&run->scale[s], &share->total[s], scored.level[0], scored.level[1], n, state);
        for (size_t which = 0; which < 2 && run->scale[s].is_main; which++)
            for (size_t r = 0; r < n; r++)
                present[which][r] |= scored.present[which][r];
    }
    if (run->has_joint)
        om_joint_count(group->joint, state, n);
    uint64_t alone = 0;
    for (size_t r = 0; r < n && share->n_slots > 1; r++)
        alone += !present[0][r] != !present[1][r];
    group->without_partner += alone;
    group->persons += n;
    group->pending = 0;
    return OM_OK;
}

om_status
om_run_flush(const struct om_run *run, struct om_run_share *share, struct om_error *err)
{
    for (size_t g = 0; g < share->n_groups; g++)
        OM_TRY(flush_group(run, share, &share->group[g], err));
    return OM_OK;
}

/* --- dealing out --------------------------------------------------------------------------------------- */

/* Rows of another file may look different: what was gathered is counted first. */
static om_status
adopt_form(const struct om_run *run, struct om_run_share *share, const struct om_person_block *block,
           struct om_error *err)
{
    if (share->turn.stride == block->stride && share->where == block->where &&
        share->n_slots == block->n_slots)
        return OM_OK;
    OM_TRY(om_run_flush(run, share, err));
    for (size_t g = 0; g < share->n_groups && share->turn.stride != block->stride; g++) {
        om_free(share->group[g].code);
        share->group[g].code = NULL;
        share->group[g].capacity = 0;
    }
    share->where = block->where;
    share->n_slots = block->n_slots;
    size_t n_totals = block->n_slots * run->panel->n_totals;
    om_free(share->total_at);
    share->total_at = om_alloc(n_totals + 1, sizeof *share->total_at);
    if (!share->total_at)
        return om_fail_memory(err);
    if (n_totals)
        memcpy(share->total_at, block->total_where, n_totals * sizeof *share->total_at);
    return om_turn_plan(&share->turn, block->where, block->n_slots * run->panel->n_items, block->stride,
                        OM_GROUP_BLOCK, err);
}

/* Counts a full block and, while it is not of full size, makes the next one larger. A lane may be read a
 * little beyond the last row. */
static om_status
turn_over(const struct om_run *run, struct om_run_share *share, struct om_run_group *group,
          struct om_error *err)
{
    OM_TRY(flush_group(run, share, group, err));
    if (group->capacity == OM_GROUP_BLOCK)
        return OM_OK;
    size_t capacity = group->capacity ? OM_GROUP_BLOCK : OM_GROUP_FEW;
    om_free(group->code);
    group->code = om_alloc_lines(capacity * share->turn.stride + OM_LANE, 1);
    group->capacity = group->code ? capacity : 0;
    if (!group->code)
        return om_fail_memory(err);
    memset(group->code, 0, capacity * share->turn.stride + OM_LANE); /* all rows are turned round */
    return OM_OK;
}

/* Rows of files are whole tiles: two or three vectors each. */
static void
copy_row(uint8_t *restrict to, const uint8_t *restrict from, size_t stride)
{
    if (stride % OM_TILE != 0) {
        memcpy(to, from, stride);
        return;
    }
    for (size_t i = 0; i < stride; i += OM_TILE)
        memcpy(to + i, from + i, OM_TILE);
}

/* The group of person i; with one --by column most are among the values seen lately. */
static om_status
find_group(const struct om_run *run, struct om_run_share *share, const struct om_person_block *block,
           size_t i, size_t *group, struct om_error *err)
{
    if (run->study->panel.by.n == 1) {
        uint32_t value = block->by[i];
        if (share->recent[value % OM_RECENT].group && share->recent[value % OM_RECENT].value == value) {
            *group = share->recent[value % OM_RECENT].group - 1;
            return OM_OK;
        }
    }
    return om_run_find_group(run, share, block, i, group, err);
}

om_status
om_run_consume(void *context, size_t thread, const struct om_person_block *block, struct om_error *err)
{
    const struct om_run *run = context;
    struct om_run_share *share = &run->share[thread];
    OM_TRY(adopt_form(run, share, block, err));
    for (size_t i = 0; i < block->n; i++) {
        size_t index = 0;
        OM_TRY(find_group(run, share, block, i, &index, err));
        struct om_run_group *group = &share->group[index];
        if (run->study->panel.described.n)
            OM_TRY(om_run_count_described(run, group, block, i, err));
        if (group->pending == group->capacity)
            OM_TRY(turn_over(run, share, group, err));
        copy_row(group->code + group->pending++ * block->stride, block->code + block->row[i] * block->stride,
                 block->stride);
    }
    return OM_OK;
}
