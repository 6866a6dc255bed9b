#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

#include "stats/effect.h"
#include "stats/wilcoxon.h"

om_status
om_view_pairs(const struct om_view *view, struct om_pair_count **at, struct om_pairs *pairs,
              struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    *at = om_alloc(view->n_cells, sizeof **at);
    if (!*at)
        return om_fail_memory(err);
    *pairs = (struct om_pairs){.at = *at, .unit = scorer->unit};
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (om_view_includes(view, cell))
            (*at)[pairs->n++] = (struct om_pair_count){.pre = scorer->level[cell->first].value,
                                                       .post = scorer->level[cell->last].value,
                                                       .count = cell->count};
    }
    return OM_OK;
}

static om_status
rows_paired(struct om_view *view, const struct om_pairs *pairs, const struct om_margins *margins,
            struct om_error *err)
{
    struct om_paired_result p;
    om_paired_memo(pairs, margins, view->run->study->level, &view->kept->memo, &p);
    OM_TRY(om_add_stat(view, "mean", &p.mean_change, &p.mean_change_interval, NULL, p.n, NULL, err));
    OM_TRY(om_add_stat(view, "sd", &p.sd_change, NULL, "n-1", p.n, NULL, err));
    OM_TRY(om_add_stat(view, "se", &p.se_change, NULL, "sd/sqrt(n)", p.n, NULL, err));
    OM_TRY(om_add_stat(view, "median", &p.median_change, NULL, "type-7", p.n, NULL, err));
    OM_TRY(om_add_stat(view, "t.statistic", &p.t, NULL, "paired-t", p.n, NULL, err));
    OM_TRY(om_add_stat(view, "t.df", &p.df, NULL, "paired-t", p.n, NULL, err));
    OM_TRY(om_add_stat(view, "t.p", &p.p, NULL, "paired-t", p.n, NULL, err));
    OM_TRY(
        om_add_stat(view, "correlation", &p.correlation, &p.correlation_interval, "pearson", p.n, NULL, err));
    const struct {
        const char *statistic;
        const struct om_effect *effect;
    } effects[] = {{"d_z", &p.d_z}, {"d_av", &p.d_av}, {"d_rm", &p.d_rm}, {"g_z", &p.g_z}, {"g_av", &p.g_av}};
    for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++)
        OM_TRY(om_add_stat(view, effects[i].statistic, &effects[i].effect->estimate,
                           &effects[i].effect->interval, NULL, p.n, NULL, err));
    return OM_OK;
}

static om_status
rows_wilcoxon(struct om_view *view, const struct om_counts *change, struct om_error *err)
{
    struct om_wilcoxon_result w;
    OM_TRY(om_wilcoxon_of(change, &view->run->study->paired.wilcoxon, &w, err));
    OM_TRY(om_add_stat(view, "wilcoxon.statistic", &w.w_plus, NULL, w.sum_method, w.n_used, NULL, err));
    OM_TRY(om_add_stat(view, "wilcoxon.p", &w.p, NULL, w.method, w.n_used, NULL, err));
    OM_TRY(om_add_stat(view, "wilcoxon.z", &w.z, NULL, w.z_method, w.n_used, NULL, err));
    OM_TRY(om_add_stat(view, "wilcoxon.z_p", &w.z_p, NULL, w.z_method, w.n_used, NULL, err));
    return om_add_stat(view, "rank_biserial", &w.rank_biserial, NULL, w.rank_biserial_method, w.n_used, NULL,
                       err);
}

static om_status
rows_mcnemar(struct om_view *view, struct om_error *err)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    uint64_t left = 0, entered = 0, n = 0; /* positive to negative, and the reverse */
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        bool before = scorer->level[cell->first].positive, after = scorer->level[cell->last].positive;
        left += before && !after ? cell->count : 0;
        entered += !before && after ? cell->count : 0;
        n += cell->count;
    }
    struct om_mcnemar_result m;
    om_mcnemar(left, entered, &m);
    OM_TRY(om_add_stat(view, "mcnemar.statistic", &m.chi2, NULL, "mcnemar", n, NULL, err));
    OM_TRY(om_add_stat(view, "mcnemar.p", &m.p, NULL, "mcnemar", n, NULL, err));
    OM_TRY(om_add_stat(view, "mcnemar.cc_statistic", &m.chi2_cc, NULL, "mcnemar-cc", n, NULL, err));
    OM_TRY(om_add_stat(view, "mcnemar.cc_p", &m.cc_p, NULL, "mcnemar-cc", n, NULL, err));
    return om_add_stat(view, "mcnemar.exact_p", &m.exact_p, NULL, "binomial-exact", n, NULL, err);
}

static om_status
rows_numeric(struct om_view *view, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    om_status status = om_view_pairs(view, &at, &pairs, err);
    struct om_margins margins = {0};
    if (status == OM_OK)
        status = om_margins_make(&pairs, &margins, err);
    if (status == OM_OK)
        status = rows_paired(view, &pairs, &margins, err);
    if (status == OM_OK)
        status = rows_wilcoxon(view, &margins.change, err);
    om_margins_release(&margins);
    om_free(at);
    return status;
}

om_status
om_rows_change(struct om_view *view, struct om_error *err)
{
    uint64_t n = 0;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        n += om_view_includes(view, cell) ? cell->count : 0;
    }
    view->row.occasion = "change";
    OM_TRY(om_add_n(view, n, err));
    if (om_view_scale(view)->numeric)
        OM_TRY(rows_numeric(view, err));
    /* Among those positive at first nobody can enter, so the test would ask nothing. */
    if (om_view_scale(view)->scorer->has_cutoff && view->population == OM_POPULATION_ALL)
        OM_TRY(rows_mcnemar(view, err));
    return OM_OK;
}
