/* Families `waves` and `friedman`: who is still there, how the scores lie, and whether they differ. */
#include "analysis/follow.h"
#include "base/error.h"

#include <omstat/waves.h>

static om_status
rows_wave(struct om_view *view, const struct om_wave *wave, const struct om_waves_result *all,
          struct om_error *err)
{
    const struct om_description *score = &wave->score;
    OM_TRY(om_add_count(view, "wave.n", score->n, all->persons, NULL, err));
    OM_TRY(om_add_rate(view, "retention", wave->retained, all->first,
                       "of those with a score at the first occasion", err));
    OM_TRY(om_add_count(view, "wave.last_seen", wave->last_seen, all->persons, NULL, err));
    OM_TRY(om_add_stat(view, "wave.mean", &score->mean, &score->mean_interval, NULL, score->n, NULL, err));
    OM_TRY(om_add_stat(view, "wave.sd", &score->sd, NULL, "n-1", score->n, NULL, err));
    return om_add_stat(view, "wave.median", &score->median, NULL, "type-7", score->n, NULL, err);
}

static om_status
rows_waves(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    struct om_wave wave[OM_OCCASIONS_MAX];
    struct om_waves_result all;
    OM_TRY(om_waves(&follow->rows, view->run->study->level, wave, &all, err));
    for (size_t k = 0; k < follow->rows.n_occasions; k++) {
        view->row.occasion = follow->occasion[k];
        OM_TRY(rows_wave(view, &wave[k], &all, err));
    }
    view->row.occasion = "";
    OM_TRY(om_add_count(view, "wave.complete", all.complete, all.persons, "a score at every occasion", err));
    OM_TRY(om_add_count(view, "wave.monotone", all.monotone, all.persons,
                        "a score at each occasion up to the last one they have", err));
    return om_add_count(view, "wave.intermittent", all.intermittent, all.persons,
                        "a gap, or no score at the first occasion", err);
}

static om_status
rows_friedman(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    struct om_friedman_result f;
    OM_TRY(om_friedman(&follow->rows, &f, err));
    const struct om_stat page_l = {f.page_l, f.chi2.reason};
    view->row.occasion = "";
    const struct {
        const char *statistic, *method;
        const struct om_stat *stat;
    } all[] = {{"friedman.statistic", "friedman", &f.chi2},
               {"friedman.df", "friedman", &f.df},
               {"friedman.p", "friedman", &f.p},
               {"kendall_w", "kendall", &f.kendall_w},
               {"page.statistic", "page", &page_l},
               {"page.z", "page-normal", &f.page_z},
               {"page.p", "page-normal", &f.page_p}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        OM_TRY(om_add_stat(view, all[i].statistic, all[i].stat, NULL, all[i].method, f.n, NULL, err));
    return OM_OK;
}

om_status
om_rows_waves(struct om_view *view, struct om_error *err)
{
    return om_follow_rows(view, rows_waves, err);
}

om_status
om_rows_friedman(struct om_view *view, struct om_error *err)
{
    return om_follow_rows(view, rows_friedman, err);
}
