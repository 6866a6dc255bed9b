/* The families of one scale's change: paired, effects, equivalence, power. */
#include "analysis/families.h"
#include "analysis/kept.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/effects.h>
#include <omstat/equivalence.h>
#include <omstat/nonparametric.h>

#include "stats/effect.h"
#include "stats/power.h"

#include <stdio.h>

/* What a family makes of the pairs of a view. */
typedef om_status pairs_fn(struct om_view *view, const struct om_pairs *pairs, struct om_error *err);

/* Nothing where there is no second occasion, or the scale is a diagnosis. */
static om_status
with_pairs(struct om_view *view, pairs_fn *fn, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    if (!view->occasion[1] || !om_view_scale(view)->numeric)
        return OM_OK;
    view->row.occasion = "change";
    om_status status = om_view_pairs(view, &at, &pairs, err);
    if (status == OM_OK)
        status = fn(view, &pairs, err);
    om_free(at);
    return status;
}

static om_status
paired(struct om_view *view, const struct om_pairs *pairs, struct om_paired_result *out, struct om_error *err)
{
    struct om_margins margins;
    OM_TRY(om_margins_make(pairs, &margins, err));
    om_paired_memo(pairs, &margins, view->run->study->level, &view->kept->memo, out);
    om_margins_release(&margins);
    return OM_OK;
}

static bool
fewer_is_better(const struct om_view *view)
{
    return om_view_scale(view)->info.scale->direction == OM_HIGHER_WORSE;
}

/* --- paired -------------------------------------------------------------------------------------------- */

static om_status
rows_changes(struct om_view *view, const struct om_counts *change, struct om_error *err)
{
    const double level = view->run->study->level;
    struct om_sign_result sign;
    struct om_sign_flip_result flip;
    struct om_hodges_lehmann_result middle;
    struct om_superiority_result superiority;
    om_sign_test(change, &sign);
    OM_TRY(om_sign_flip_test(change, &flip, err));
    om_hodges_lehmann(change, level, &middle);
    uint64_t changed = sign.increased + sign.decreased;
    bool fewer = fewer_is_better(view);
    om_superiority(fewer ? sign.decreased : sign.increased, sign.unchanged,
                   fewer ? sign.increased : sign.decreased, level, &superiority);

    OM_TRY(om_add_count(view, "sign.statistic", sign.increased, changed, "increases, of all changes", err));
    OM_TRY(om_add_stat(view, "sign.p", &sign.p, NULL, "binomial-exact", changed, NULL, err));
    OM_TRY(om_add_stat(view, "hodges_lehmann", &middle.estimate, &middle.interval, "walsh-median", middle.n,
                       NULL, err));
    OM_TRY(om_add_stat(view, "permutation.z", &flip.z, NULL, "sign-flip-normal", flip.n, NULL, err));
    OM_TRY(om_add_stat(view, "permutation.p", &flip.p, NULL, flip.method, flip.n, NULL, err));
    return om_add_stat(view, "superiority", &superiority.estimate, &superiority.interval, "ties-split",
                       superiority.n, "better at last than at first", err);
}

static om_status
paired_family(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    struct om_changes changes;
    OM_TRY(om_changes_make(pairs, &changes, err));
    om_status status = rows_changes(view, &changes.counts, err);
    om_changes_release(&changes);
    return status;
}

om_status
om_rows_paired(struct om_view *view, struct om_error *err)
{
    return with_pairs(view, paired_family, err);
}

/* --- effects ------------------------------------------------------------------------------------------- */

/* From "more after than before" to "better after than before". */
static struct om_effect
turned(struct om_effect p)
{
    double lower = p.interval.lower;
    if (!p.estimate.reason)
        p.estimate.value = 1 - p.estimate.value;
    if (!p.interval.reason) {
        p.interval.lower = 1 - p.interval.upper;
        p.interval.upper = 1 - lower;
    }
    return p;
}

static om_status
effects_family(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    struct om_paired_result p;
    struct om_effects_result x;
    struct om_wilcoxon_result w;
    OM_TRY(paired(view, pairs, &p, err));
    OM_TRY(om_wilcoxon_by(pairs, &view->run->study->paired.wilcoxon, &w, err));
    om_effects(&p, &x);
    const struct {
        const char *statistic;
        const struct om_stat *estimate;
        const struct om_interval *interval;
    } rows[] = {
        {"d_b", &x.d_b.estimate, &x.d_b.interval},         {"g_b", &x.g_b.estimate, &x.g_b.interval},
        {"g_rm", &x.g_rm.estimate, &x.g_rm.interval},      {"d_z.normal", &p.d_z.estimate, &x.d_z_normal},
        {"d_av.normal", &p.d_av.estimate, &x.d_av_normal}, {"d_rm.normal", &p.d_rm.estimate, &x.d_rm_normal},
        {"d_b.normal", &x.d_b.estimate, &x.d_b_normal},    {"g_z.normal", &p.g_z.estimate, &x.g_z_normal},
        {"g_av.normal", &p.g_av.estimate, &x.g_av_normal}, {"g_rm.normal", &x.g_rm.estimate, &x.g_rm_normal},
        {"g_b.normal", &x.g_b.estimate, &x.g_b_normal},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        OM_TRY(
            om_add_stat(view, rows[i].statistic, rows[i].estimate, rows[i].interval, NULL, p.n, NULL, err));
    struct om_effect better = fewer_is_better(view) ? turned(x.common_language) : x.common_language;
    OM_TRY(om_add_stat(view, "common_language", &better.estimate, &better.interval, NULL, p.n,
                       "better at last than at first, by the normal distribution", err));
    struct om_interval biserial =
        om_rank_biserial_interval(w.rank_biserial, w.n_used, view->run->study->level);
    return om_add_stat(view, "rank_biserial.fisher_z", &w.rank_biserial, &biserial, w.rank_biserial_method,
                       w.n_used, NULL, err);
}

om_status
om_rows_effects(struct om_view *view, struct om_error *err)
{
    return with_pairs(view, effects_family, err);
}

/* --- equivalence --------------------------------------------------------------------------------------- */

static om_status
equivalence_family(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    const struct om_fraction *bound =
        om_study_equivalence(view->run->study, om_view_scale(view)->info.instrument);
    struct om_paired_result p;
    struct om_equivalence_result e;
    char note[80];
    if (!bound) /* nobody said what makes no difference */
        return OM_OK;
    OM_TRY(paired(view, pairs, &p, err));
    om_equivalence(&p, om_fraction_value(*bound), view->run->study->level, &e);
    snprintf(note, sizeof note, "within -%.10g and %.10g points", om_fraction_value(*bound),
             om_fraction_value(*bound));
    OM_TRY(om_add_stat(view, "tost.mean", &p.mean_change, &e.interval, "mean", p.n, note, err));
    OM_TRY(om_add_stat(view, "tost.lower_t", &e.lower_t, NULL, "tost-paired-t", p.n, note, err));
    OM_TRY(om_add_stat(view, "tost.lower_p", &e.lower_p, NULL, "tost-paired-t", p.n, note, err));
    OM_TRY(om_add_stat(view, "tost.upper_t", &e.upper_t, NULL, "tost-paired-t", p.n, note, err));
    OM_TRY(om_add_stat(view, "tost.upper_p", &e.upper_p, NULL, "tost-paired-t", p.n, note, err));
    return om_add_stat(view, "tost.p", &e.p, NULL, "tost-paired-t", p.n, note, err);
}

/* Points are points of the total. */
om_status
om_rows_equivalence(struct om_view *view, struct om_error *err)
{
    return om_view_scale(view)->is_main ? with_pairs(view, equivalence_family, err) : OM_OK;
}

/* --- power --------------------------------------------------------------------------------------------- */

static om_status
add_power(struct om_view *view, const char *part, double size, struct om_stat stat, uint64_t n,
          struct om_error *err)
{
    char statistic[64], note[64];
    double alpha = 1 - view->run->study->level;
    snprintf(statistic, sizeof statistic, size > 0 ? "power.%s.%.10g" : "power.%s", part, size);
    snprintf(note, sizeof note, "alpha %.10g, two-sided", alpha);
    return om_add_stat(view, statistic, &stat, NULL, "paired-t-noncentral", n, note, err);
}

static om_status
power_family(struct om_view *view, const struct om_pairs *pairs, struct om_error *err)
{
    const struct om_study *study = view->run->study;
    static const double usual[] = {0.2, 0.5, 0.8};
    const double alpha = 1 - study->level;
    uint64_t n = 0;
    for (size_t i = 0; i < pairs->n; i++)
        n += pairs->at[i].count;
    OM_TRY(add_power(view, "d_z_80", 0, om_power_effect_memo(n, 0.8, alpha, &view->kept->memo), n, err));
    OM_TRY(add_power(view, "d_z_90", 0, om_power_effect_memo(n, 0.9, alpha, &view->kept->memo), n, err));
    const size_t n_sizes = study->paired.n_effects ? study->paired.n_effects : 3;
    for (size_t i = 0; i < n_sizes; i++) {
        double size = study->paired.n_effects ? study->paired.effect[i] : usual[i];
        OM_TRY(add_power(view, "at", size, om_power_memo(n, size, alpha, &view->kept->memo), n, err));
        OM_TRY(add_power(view, "n_80", size, om_power_n_memo(size, 0.8, alpha, &view->kept->memo), n, err));
        OM_TRY(add_power(view, "n_90", size, om_power_n_memo(size, 0.9, alpha, &view->kept->memo), n, err));
    }
    return OM_OK;
}

om_status
om_rows_power(struct om_view *view, struct om_error *err)
{
    return with_pairs(view, power_family, err);
}
