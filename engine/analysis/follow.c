#include "analysis/follow.h"
#include "analysis/waves.h"
#include "base/error.h"
#include "base/memory.h"

static om_status
name_occasions(const struct om_view *view, size_t n, struct om_follow *out, struct om_error *err)
{
    const struct om_run *run = view->run;
    const struct om_study *study = run->study;
    if (study->n_times && study->n_times != n) {
        om_fail(err, OM_ERR_USAGE, "occasion-times: there are %zu times for %zu occasions", study->n_times,
                n);
        om_hint(err, "give one for each occasion, in their order");
        return OM_ERR_USAGE;
    }
    for (size_t k = 0; k < n; k++) {
        out->occasion[k] = run->occasion->at[run->count.slot[om_slot_in_time(k, n)]];
        out->time[k] = study->n_times ? study->time[k] : (double)k;
    }
    return OM_OK;
}

static om_status
set_points(const struct om_scorer *scorer, struct om_follow *out, struct om_error *err)
{
    out->n_points = scorer->n_levels;
    out->point = om_alloc(scorer->n_levels ? scorer->n_levels : 1, sizeof *out->point);
    if (!out->point)
        return om_fail_memory(err);
    for (size_t i = 0; i < scorer->n_levels; i++) {
        const struct om_level *level = &scorer->level[i];
        out->point[i] = (struct om_change_point){.value = level->value,
                                                 .band = level->band,
                                                 .positive = level->positive,
                                                 .remitted = level->remitted};
        if (level->value <= OM_NO_SCORE || level->value > INT32_MAX)
            return om_fail(err, OM_ERR_UNSUPPORTED, "scores with more than nine digits cannot be followed");
    }
    return OM_OK;
}

static bool
belongs(const struct om_view *view, const struct om_scorer *scorer, const uint16_t *level, size_t n)
{
    if (view->population == OM_POPULATION_POSITIVE)
        return level[0] < scorer->n_levels && scorer->level[level[0]].positive;
    for (size_t k = 0; k < n; k++)
        if (level[k] < scorer->n_levels)
            return true;
    return false;
}

static om_status
set_rows(const struct om_view *view, const struct om_wave_rows *from, struct om_follow *out,
         struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    const size_t width = from->n_occasions;
    size_t n = 0;
    out->value = om_alloc(from->n ? from->n : 1, width * sizeof *out->value);
    out->count = om_alloc(from->n ? from->n : 1, sizeof *out->count);
    if (!out->value || !out->count)
        return om_fail_memory(err);
    for (size_t i = 0; i < from->n; i++) {
        const uint16_t *level = from->level + i * width;
        if (!belongs(view, scorer, level, width))
            continue;
        for (size_t k = 0; k < width; k++)
            out->value[n * width + k] =
                level[k] < scorer->n_levels ? (int32_t)scorer->level[level[k]].value : OM_NO_SCORE;
        out->count[n++] = from->count[i];
    }
    out->rows = (struct om_trajectories){.value = out->value,
                                         .count = out->count,
                                         .n = n,
                                         .n_occasions = width,
                                         .time = out->time,
                                         .unit = scorer->unit};
    return OM_OK;
}

om_status
om_follow_begin(const struct om_view *view, struct om_follow *out, bool *any, struct om_error *err)
{
    const size_t n = view->run->count.n_slots;
    struct om_wave_rows rows = view->group->waves[view->scale];
    *out = (struct om_follow){.value = NULL};
    *any = n > 1 && om_view_scale(view)->is_main && om_view_scale(view)->numeric;
    if (!*any)
        return OM_OK;
    rows.n_occasions = n; /* a group without persons does not know */
    om_status status = name_occasions(view, n, out, err);
    if (status == OM_OK)
        status = set_points(om_view_scale(view)->scorer, out, err);
    if (status == OM_OK)
        status = set_rows(view, &rows, out, err);
    if (status != OM_OK)
        om_follow_end(out);
    return status;
}

void
om_follow_end(struct om_follow *follow)
{
    om_free(follow->point);
    om_free(follow->value);
    om_free(follow->count);
    *follow = (struct om_follow){.value = NULL};
}

om_status
om_follow_rows(struct om_view *view, om_follow_fn *rows, struct om_error *err)
{
    struct om_follow follow;
    bool any;
    OM_TRY(om_follow_begin(view, &follow, &any, err));
    if (!any)
        return OM_OK;
    om_status status = rows(view, &follow, err);
    om_follow_end(&follow);
    return status;
}

om_status
om_follow_all(const struct om_comparison *comparison, struct om_follow_groups *out, bool *any,
              struct om_error *err)
{
    om_status status = OM_OK;
    *out = (struct om_follow_groups){om_calloc(comparison->n, sizeof *out->one), 0};
    if (!out->one)
        return om_fail_memory(err);
    for (*any = true; out->n < comparison->n && status == OM_OK && *any; out->n += status == OM_OK)
        status = om_follow_begin(&comparison->one[out->n], &out->one[out->n], any, err);
    if (status != OM_OK || !*any)
        om_follow_all_end(out);
    return status;
}

void
om_follow_all_end(struct om_follow_groups *groups)
{
    for (size_t g = 0; g < groups->n; g++)
        om_follow_end(&groups->one[g]);
    om_free(groups->one);
    *groups = (struct om_follow_groups){0};
}
