#include <omstat/paired.h>

#include <math.h>
#include "base/error.h"
#include "stats/describe.h"
#include "stats/dist.h"
#include "stats/effect.h"
#include "stats/margins.h"
#include "stats/moments.h"
#include "stats/outcome.h"

static void
t_test(const struct om_description *change, struct om_paired_result *out)
{
    const char *reason = change->se.reason      ? change->se.reason
                         : change->se.value > 0 ? NULL
                                                : OM_WHY_SAME_CHANGE;
    if (reason) {
        out->t = out->df = out->p = om_undefined(reason);
        return;
    }
    out->t = om_defined(change->mean.value / change->se.value);
    out->df = om_defined((double)(change->n - 1));
    out->p = om_defined(om_t_p(out->t.value, out->df.value));
}

/* True when all pairs lie on one line, exactly: r is then 1 or -1, and must not come out a rounding error
 * short of it. The first and the last cell differ. */
static int
collinear(const struct om_pairs *pairs)
{
    const struct om_pair_count *a = &pairs->at[0], *b = &pairs->at[pairs->n - 1];
    om_wide run = (om_wide)b->pre - a->pre, rise = (om_wide)b->post - a->post;
    for (size_t i = 1; i + 1 < pairs->n; i++)
        if (((om_wide)pairs->at[i].pre - a->pre) * rise != ((om_wide)pairs->at[i].post - a->post) * run)
            return 0;
    return 1;
}

/* Pearson's r with more digits than a double has, for 1 - r. Both occasions vary. */
static long double
pearson(const struct om_pairs *pairs, int64_t centre_pre, int64_t centre_post)
{
    struct om_moments xx = {.centre_x = centre_pre, .centre_y = centre_pre};
    struct om_moments yy = {.centre_x = centre_post, .centre_y = centre_post};
    struct om_moments xy = {.centre_x = centre_pre, .centre_y = centre_post};
    for (size_t i = 0; i < pairs->n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        om_moments_add(&xx, cell->pre, cell->pre, cell->count);
        om_moments_add(&yy, cell->post, cell->post, cell->count);
        om_moments_add(&xy, cell->pre, cell->post, cell->count);
    }
    long double product = om_moments_product(&xy);
    if (collinear(pairs))
        return product > 0 ? 1 : -1;
    return om_moments_correlation(product, om_moments_product(&xx), om_moments_product(&yy));
}

/* Fisher (1921): atanh(r) is near normal with variance 1 / (n - 3). */
static struct om_interval
fisher_interval(struct om_stat r, uint64_t n, double level)
{
    const char *reason = r.reason                ? r.reason
                         : n < 4                 ? OM_WHY_BELOW_FOUR
                         : fabs(r.value) >= 1    ? OM_WHY_PERFECT
                         : om_level_valid(level) ? NULL
                                                 : OM_WHY_LEVEL;
    if (reason)
        return om_no_bounds(level, "fisher-z", reason);
    double z = atanh(r.value), half = om_normal_bound(level) / sqrt((double)(n - 3));
    return om_bounds(tanh(z - half), tanh(z + half), level, "fisher-z");
}

/* Also gives 2 (1 - r), exact as r itself is, for the effect size d_rm. */
static void
correlate(const struct om_pairs *pairs, const struct om_description *pre, const struct om_description *post,
          double level, struct om_paired_result *out, double *twice_rest)
{
    *twice_rest = 0;
    if (pre->sd.reason)
        out->correlation = om_undefined(pre->sd.reason);
    else if (!(pre->sd.value > 0 && post->sd.value > 0))
        out->correlation = om_undefined(OM_WHY_FLAT_OCCASION);
    else {
        int64_t centre_pre = llround(pre->mean.value * (double)pairs->unit);
        int64_t centre_post = llround(post->mean.value * (double)pairs->unit);
        long double r = pearson(pairs, centre_pre, centre_post);
        out->correlation = om_defined((double)r);
        *twice_rest = (double)(2 * (1 - r));
    }
    out->correlation_interval = fisher_interval(out->correlation, out->n, level);
}

om_status
om_paired(const struct om_pairs *pairs, double level, struct om_paired_result *out, struct om_error *err)
{
    struct om_margins margins;
    OM_TRY(om_margins_make(pairs, &margins, err));
    om_paired_memo(pairs, &margins, level, NULL, out);
    om_margins_release(&margins);
    return OM_OK;
}

void
om_paired_memo(const struct om_pairs *pairs, const struct om_margins *margins, double level,
               const struct om_memo *memo, struct om_paired_result *out)
{
    struct om_description pre, post, change;
    om_describe_memo(&margins->pre, level, memo, &pre);
    om_describe_memo(&margins->post, level, memo, &post);
    om_describe_memo(&margins->change, level, memo, &change);
    *out = (struct om_paired_result){.n = change.n,
                                     .mean_pre = pre.mean,
                                     .sd_pre = pre.sd,
                                     .mean_post = post.mean,
                                     .sd_post = post.sd,
                                     .mean_change = change.mean,
                                     .sd_change = change.sd,
                                     .se_change = change.se,
                                     .median_change = change.median,
                                     .mean_change_interval = change.mean_interval};
    double twice_rest;
    t_test(&change, out);
    correlate(pairs, &pre, &post, level, out, &twice_rest);
    om_effect_sizes(level, twice_rest, memo, out);
}
