/*
 * Friedman (1937), J Am Stat Assoc 32, 675; Page (1963), J Am Stat Assoc 58, 216.
 *
 * With mid-ranks r of each person's scores, doubled and so integers, both tests divide by the sum over people
 * of (r - mean)^2, which is their exact variance under permutation: ties need no other correction.
 */
#include <omstat/waves.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"
#include "stats/trajectory.h"

#define WHY_ONE_OCCASION "two occasions or more are needed"
#define WHY_NO_COMPLETE  "nobody has a score at every occasion"
#define WHY_ALL_TIED     "nobody's scores differ between occasions"

/* Twice the rank sum of each occasion, about its expectation, and the sum of the squares of twice the ranks
 * about theirs. */
struct ranks {
    om_wide *sum;
    om_wide squares;
    uint64_t n;
};

/* Twice (mid-rank - mean rank): smaller ones minus larger ones. */
static int64_t
centred_rank(const int32_t *row, size_t n_occasions, size_t k)
{
    int64_t rank = 0;
    for (size_t j = 0; j < n_occasions; j++)
        rank += (row[j] < row[k]) - (row[j] > row[k]);
    return rank;
}

static void
add_row(struct ranks *ranks, const int32_t *row, size_t n_occasions, uint64_t count)
{
    if (om_trajectory_scores(row, n_occasions) < n_occasions)
        return;
    ranks->n += count;
    for (size_t k = 0; k < n_occasions; k++) {
        om_wide rank = centred_rank(row, n_occasions, k);
        ranks->sum[k] += rank * (om_wide)count;
        ranks->squares += rank * rank * (om_wide)count;
    }
}

/* Page's L less its expectation, over its standard deviation. */
static void
page(const struct ranks *ranks, size_t n_occasions, struct om_friedman_result *out)
{
    const double k = (double)n_occasions;
    om_wide centred = 0; /* four times L less its expectation */
    for (size_t j = 0; j < n_occasions; j++)
        centred += (2 * (om_wide)j - (om_wide)(n_occasions - 1)) * ranks->sum[j];
    out->page_l = (double)centred / 4 + (double)ranks->n * k * (k + 1) * (k + 1) / 4;
    double variance = k * (k * k - 1) / 12 * ((double)ranks->squares / 4) / (k - 1);
    out->page_z = om_defined((double)centred / 4 / sqrt(variance));
    out->page_p = om_defined(om_normal_p(out->page_z.value));
}

static void
friedman(const struct ranks *ranks, size_t n_occasions, struct om_friedman_result *out)
{
    long double between = 0;
    for (size_t j = 0; j < n_occasions; j++)
        between += (long double)ranks->sum[j] * (long double)ranks->sum[j];
    double df = (double)(n_occasions - 1), n = (double)ranks->n;
    out->chi2 = om_defined((double)(df * between / (long double)ranks->squares));
    out->df = om_defined(df);
    out->p = om_defined(om_chi2_p(out->chi2.value, df));
    out->kendall_w = om_defined(out->chi2.value / (n * df));
}

om_status
om_friedman(const struct om_trajectories *t, struct om_friedman_result *out, struct om_error *err)
{
    OM_TRY(om_trajectories_check(t, err));
    struct ranks ranks = {.sum = om_calloc(t->n_occasions, sizeof *ranks.sum)};
    if (!ranks.sum)
        return om_fail_memory(err);
    for (size_t i = 0; i < t->n; i++)
        add_row(&ranks, om_trajectory(t, i), t->n_occasions, om_trajectory_count(t, i));
    *out = (struct om_friedman_result){.n = ranks.n};
    const char *reason = t->n_occasions < 2   ? WHY_ONE_OCCASION
                         : ranks.n == 0       ? WHY_NO_COMPLETE
                         : ranks.squares == 0 ? WHY_ALL_TIED
                                              : NULL;
    if (reason) {
        out->chi2 = out->df = out->p = out->kendall_w = out->page_z = out->page_p = om_undefined(reason);
    } else {
        friedman(&ranks, t->n_occasions, out);
        page(&ranks, t->n_occasions, out);
    }
    om_free(ranks.sum);
    return OM_OK;
}
