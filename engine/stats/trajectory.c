#include <omstat/waves.h>

#include <math.h>
#include "base/error.h"
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
