/* Family `between`: means and ranks of the groups' change, or of their scores at a single occasion. */
#include "analysis/compare.h"
#include "base/error.h"

#include <omstat/between.h>

#define ADD(statistic, stat, interval, method, n)                                                            \
    OM_TRY(om_add_stat(view, (statistic), (stat), (interval), (method), (n), NULL, err))

static om_status
rows_welch(struct om_view *view, const struct om_counts *group, const struct om_counts *reference,
           struct om_error *err)
{
    struct om_welch_result w;
    om_welch(group, reference, view->run->study->level, &w);
    uint64_t n = w.n + w.n_reference;
    ADD("mean_difference", &w.difference, &w.interval, NULL, n);
    ADD("welch.statistic", &w.t, NULL, "welch-t", n);
    ADD("welch.df", &w.df, NULL, "welch-t", n);
    ADD("welch.p", &w.p, NULL, "welch-t", n);
    ADD("d_s", &w.d.estimate, &w.d.interval, NULL, n);
    ADD("g_s", &w.g.estimate, &w.g.interval, NULL, n);
    return OM_OK;
}

static om_status
rows_mann_whitney(struct om_view *view, const struct om_counts *group, const struct om_counts *reference,
                  struct om_error *err)
{
    struct om_mann_whitney_result m;
    OM_TRY(om_mann_whitney(group, reference, view->run->study->level, &m, err));
    uint64_t n = m.n + m.n_reference;
    ADD("mann_whitney.statistic", &m.u, NULL, "u", n);
    ADD("mann_whitney.p", &m.p, NULL, m.method, n);
    ADD("mann_whitney.z", &m.z, NULL, "rank-sum-normal", n);
    ADD("mann_whitney.z_p", &m.z_p, NULL, "rank-sum-normal", n);
    ADD("superiority", &m.superiority, NULL, "u/(n1 n2)", n);
    ADD("hodges_lehmann", &m.shift, &m.shift_interval, NULL, n);
    return OM_OK;
}

static om_status
rows_pair(struct om_view *view, size_t group, size_t reference, void *context, struct om_error *err)
{
    const struct om_compared *compared = context;
    OM_TRY(rows_welch(view, &compared->group[group], &compared->group[reference], err));
    return rows_mann_whitney(view, &compared->group[group], &compared->group[reference], err);
}

static om_status
rows_f(struct om_view *view, const char *const name[4], const struct om_f_test *test, const char *method,
       uint64_t n, struct om_error *err)
{
    ADD(name[0], &test->f, NULL, method, n);
    ADD(name[1], &test->df1, NULL, method, n);
    ADD(name[2], &test->df2, NULL, method, n);
    ADD(name[3], &test->p, NULL, method, n);
    return OM_OK;
}

static om_status
rows_together(struct om_view *view, const struct om_compared *compared, size_t n_groups, struct om_error *err)
{
    static const char *const anova[] = {"anova.statistic", "anova.df1", "anova.df2", "anova.p"},
                             *const welch[] = {"welch_anova.statistic", "welch_anova.df1", "welch_anova.df2",
                                               "welch_anova.p"};
    struct om_anova_result a;
    struct om_kruskal_result k;
    OM_TRY(om_anova(compared->group, n_groups, &a, err));
    OM_TRY(om_kruskal(compared->group, n_groups, &k, err));
    OM_TRY(rows_f(view, welch, &a.welch, "welch", a.n, err));
    OM_TRY(rows_f(view, anova, &a.classical, "one-way", a.n, err));
    ADD("eta_squared", &a.eta_squared, NULL, "one-way", a.n);
    ADD("omega_squared", &a.omega_squared, NULL, "one-way", a.n);
    ADD("kruskal.statistic", &k.h, NULL, "kruskal-wallis", k.n);
    ADD("kruskal.df", &k.df, NULL, "kruskal-wallis", k.n);
    ADD("kruskal.p", &k.p, NULL, "kruskal-wallis", k.n);
    ADD("epsilon_squared", &k.epsilon_squared, NULL, "kruskal-wallis", k.n);
    return OM_OK;
}

om_status
om_compare_between(struct om_comparison *comparison, struct om_error *err)
{
    struct om_view *view = &comparison->whole;
    struct om_compared compared;
    if (!om_view_scale(view)->numeric)
        return OM_OK;
    OM_TRY(om_compared_make(comparison, &compared, err));
    view->row.occasion = view->occasion[1] ? "change" : view->occasion[0];
    om_status status = rows_together(view, &compared, comparison->n, err);
    if (status == OM_OK)
        status = om_compare_pairs(comparison, rows_pair, &compared, err);
    om_compared_release(&compared);
    return status;
}
