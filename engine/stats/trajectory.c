#include <omstat/waves.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/trajectory.h"

om_status
om_trajectories_check(const struct om_trajectories *t, struct om_error *err)
{
    uint64_t persons = 0;
    if (t->n_occasions == 0 || t->unit <= 0)
        return om_fail(err, OM_ERR_INVALID, "trajectories need an occasion and a unit above 0");
    for (size_t k = 0; k < t->n_occasions; k++)
        if (!isfinite(t->time[k]) || (k > 0 && !(t->time[k - 1] < t->time[k])))
            return om_fail(err, OM_ERR_INVALID, "the times of the occasions must ascend");
    for (size_t i = 0; i < t->n; i++) {
        if (om_trajectory_count(t, i) > OM_PERSONS_MAX - persons)
            return om_fail(err, OM_ERR_INVALID, "trajectories hold at most 2^40 persons");
        persons += om_trajectory_count(t, i);
    }
    return OM_OK;
}

/* A row on its way to its place; qsort knows nothing but the two elements it compares. */
struct place {
    const int32_t *row;
    uint64_t count;
    size_t n_occasions;
};

static int
by_row(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    for (size_t k = 0; k < x->n_occasions; k++)
        if (x->row[k] != y->row[k])
            return x->row[k] < y->row[k] ? -1 : 1;
    return 0;
}

om_status
om_trajectories_merge(int32_t *value, uint64_t *count, size_t n_occasions, size_t *n, struct om_error *err)
{
    if (*n == 0)
        return OM_OK;
    const size_t width = n_occasions * sizeof *value;
    int32_t *copy = om_alloc(*n, width);
    struct place *place = om_alloc(*n, sizeof *place);
    if (!copy || !place) {
        om_free(copy);
        om_free(place);
        return om_fail_memory(err);
    }
    memcpy(copy, value, *n * width);
    for (size_t i = 0; i < *n; i++)
        place[i] = (struct place){copy + i * n_occasions, count[i], n_occasions};
    qsort(place, *n, sizeof *place, by_row);
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        if (i > 0 && by_row(&place[i - 1], &place[i]) == 0) {
            count[kept - 1] += place[i].count;
            continue;
        }
        memcpy(value + kept * n_occasions, place[i].row, width);
        count[kept++] = place[i].count;
    }
    *n = kept;
    om_free(copy);
    om_free(place);
    return OM_OK;
}

size_t
om_trajectory_first(const int32_t *row, size_t n_occasions)
{
    size_t k = 0;
    while (k < n_occasions && row[k] == OM_NO_SCORE)
        k++;
    return k;
}

size_t
om_trajectory_scores(const int32_t *row, size_t n_occasions)
{
    size_t scores = 0;
    for (size_t k = 0; k < n_occasions; k++)
        scores += row[k] != OM_NO_SCORE;
    return scores;
}
