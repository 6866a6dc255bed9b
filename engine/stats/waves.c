#include <omstat/waves.h>

#include "base/error.h"
#include "base/memory.h"
#include "stats/margins.h"
#include "stats/trajectory.h"

static om_status
describe_wave(const struct om_trajectories *t, size_t occasion, double level, struct om_count *cells,
              struct om_wave *wave, struct om_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (om_trajectory(t, i)[occasion] != OM_NO_SCORE)
            cells[n++] = (struct om_count){om_trajectory(t, i)[occasion], om_trajectory_count(t, i)};
    struct om_counts counts;
    OM_TRY(om_counts_gather(cells, n, t->unit, &counts, err));
    om_describe(&counts, level, &wave->score);
    return OM_OK;
}

static void
follow(const struct om_trajectories *t, size_t i, struct om_wave *wave, struct om_waves_result *out)
{
    const int32_t *row = om_trajectory(t, i);
    const uint64_t count = om_trajectory_count(t, i);
    size_t first = om_trajectory_first(row, t->n_occasions), last = first;
    size_t scores = om_trajectory_scores(row, t->n_occasions);
    if (scores == 0)
        return;
    for (size_t k = first; k < t->n_occasions; k++)
        if (row[k] != OM_NO_SCORE) {
            wave[k].retained += first == 0 ? count : 0;
            last = k;
        }
    wave[last].last_seen += count;
    out->persons += count;
    out->first += first == 0 ? count : 0;
    if (scores == t->n_occasions)
        out->complete += count;
    else if (first == 0 && scores == last + 1)
        out->monotone += count;
    else
        out->intermittent += count;
}

om_status
om_waves(const struct om_trajectories *t, double level, struct om_wave *wave, struct om_waves_result *out,
         struct om_error *err)
{
    OM_TRY(om_trajectories_check(t, err));
    struct om_count *cells = om_alloc(t->n ? t->n : 1, sizeof *cells);
    if (!cells)
        return om_fail_memory(err);
    *out = (struct om_waves_result){0};
    om_status status = OM_OK;
    for (size_t k = 0; k < t->n_occasions && status == OM_OK; k++) {
        wave[k] = (struct om_wave){0};
        status = describe_wave(t, k, level, cells, &wave[k], err);
    }
    om_free(cells);
    for (size_t i = 0; i < t->n && status == OM_OK; i++)
        follow(t, i, wave, out);
    return status;
}
