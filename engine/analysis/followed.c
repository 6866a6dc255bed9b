#include "analysis/followed.h"
#include "analysis/share.h"
#include "analysis/to_tally.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* --- given ---------------------------------------------------------------------------------------------- */

/* What the levels of a total are: each process has numbered those it has seen. */
static void
put_levels(const struct om_run_scale *scale, struct om_buffer *out)
{
    om_share_put_number(out, scale->scorer->n_levels);
    for (size_t l = 0; scale->is_total && l < scale->scorer->n_levels; l++)
        om_share_put_number(out, (uint64_t)om_to_tally_total(scale->scorer, l));
}

static void
put_rows(const struct om_wave_rows *rows, struct om_buffer *out)
{
    om_share_put_number(out, rows->n);
    om_share_put_number(out, rows->n_occasions);
    for (size_t i = 0; i < rows->n; i++) {
        om_share_put_number(out, rows->count[i]);
        om_buffer_add(out, rows->level + i * rows->n_occasions, rows->n_occasions * sizeof *rows->level);
    }
}

void
om_followed_put(const struct om_run *run, struct om_buffer *out)
{
    const size_t n_by = run->study->panel.by.n, first = n_by > 0; /* "all" of several is their sum */
    om_share_put_number(out, run->n_groups - first);
    for (size_t g = first; g < run->n_groups; g++) {
        const struct om_run_group *group = &run->group[g];
        for (size_t b = 0; b < n_by; b++)
            om_share_put_bytes(out, group->by.at[b], strlen(group->by.at[b]));
        for (size_t s = 0; s < run->n_scales; s++) {
            if (!run->scale[s].is_main)
                continue;
            put_levels(&run->scale[s], out);
            put_rows(&group->waves[s], out);
        }
    }
}

/* --- taken ---------------------------------------------------------------------------------------------- */

static om_status
take_group(struct om_run *run, struct om_dictionary *by_value, const char **at, size_t *group,
           struct om_error *err)
{
    static const uint32_t row;
    uint32_t value[OM_BY_MAX];
    const struct om_person_block block = {.n = 1, .row = &row, .by = value, .by_step = 1};
    for (size_t b = 0; b < run->study->panel.by.n; b++) {
        size_t length;
        const char *text = om_share_take_bytes(at, &length);
        value[b] = om_dictionary_add(&by_value[b], text, length, NULL);
        if (value[b] == OM_DICTIONARY_FULL)
            return om_fail_memory(err);
    }
    return om_run_find_group(run, &run->share[0], &block, 0, group, err);
}

/* Where the giver's levels lead, and "none" behind them: of a total, to the numbers of this share. */
static om_status
take_levels(struct om_run *run, size_t s, const char **at, uint16_t **out, struct om_error *err)
{
    const size_t n = (size_t)om_share_take_number(at);
    const bool total = run->scale[s].is_total;
    uint16_t *level = *out = om_alloc(n + 1, sizeof *level);
    if (!level)
        return om_fail_memory(err);
    for (size_t l = 0; l < n; l++) {
        level[l] = (uint16_t)l;
        if (total)
            OM_TRY(om_run_total_number(run, &run->share[0], s, om_share_take_number(at), &level[l], err));
    }
    level[n] = (uint16_t)(total ? OM_LEVELS_MAX : n);
    return OM_OK;
}

static om_status
take_rows(const char **at, const uint16_t *level, struct om_wave_rows *rows, struct om_error *err)
{
    const uint64_t n = om_share_take_number(at);
    const size_t n_occasions = (size_t)om_share_take_number(at);
    uint16_t row[OM_OCCASIONS_MAX];
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t count = om_share_take_number(at);
        memcpy(row, *at, n_occasions * sizeof *row);
        *at += n_occasions * sizeof *row;
        for (size_t k = 0; k < n_occasions; k++)
            row[k] = level[row[k]];
        OM_TRY(om_wave_rows_repeat(rows, row, n_occasions, (size_t)count, err));
    }
    return OM_OK;
}

/* All groups of one process. */
static om_status
take_groups(struct om_run *run, struct om_dictionary *by_value, const char **at, struct om_error *err)
{
    for (uint64_t n = om_share_take_number(at); n > 0; n--) {
        size_t group = 0;
        OM_TRY(take_group(run, by_value, at, &group, err));
        for (size_t s = 0; s < run->n_scales; s++) {
            uint16_t *level = NULL;
            if (!run->scale[s].is_main)
                continue;
            om_status status = take_levels(run, s, at, &level, err);
            if (status == OM_OK)
                status = take_rows(at, level, &run->share[0].group[group].waves[s], err);
            om_free(level);
            OM_TRY(status);
        }
    }
    return OM_OK;
}

om_status
om_followed_take(struct om_run *run, struct om_dictionary *by_value, const struct om_followed *followed,
                 struct om_error *err)
{
    const char *at = followed->rows.data;
    for (size_t i = 0; i < followed->n; i++)
        OM_TRY(take_groups(run, by_value, &at, err));
    return OM_OK;
}
