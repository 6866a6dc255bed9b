#include <omstat/retest.h>

#include <math.h>
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"

/* Of two occasions: half the variance of the sum of both, and of the change. Both come from integers, so
 * nothing cancels. */
void
om_two_way(const struct om_pairs *pairs, struct om_two_way *out)
{
    om_wide sum = 0, change = 0;
    *out = (struct om_two_way){.k = 2};
    for (size_t i = 0; i < pairs->n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        sum += ((om_wide)cell->pre + cell->post) * (om_wide)cell->count;
        change += ((om_wide)cell->post - cell->pre) * (om_wide)cell->count;
        out->n += cell->count;
    }
    if (out->n < 2)
        return;
    int64_t middle = om_moments_centre(sum, out->n), shift = om_moments_centre(change, out->n);
    struct om_moments s = {.centre_x = middle, .centre_y = middle};
    struct om_moments d = {.centre_x = shift, .centre_y = shift};
    for (size_t i = 0; i < pairs->n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        om_moments_add(&s, cell->pre + cell->post, cell->pre + cell->post, cell->count);
        om_moments_add(&d, cell->post - cell->pre, cell->post - cell->pre, cell->count);
    }
    double mean = om_moments_mean(&d, pairs->unit);
    out->between = om_moments_variance(om_moments_product(&s), out->n, pairs->unit) / 2;
    out->error = om_moments_variance(om_moments_product(&d), out->n, pairs->unit) / 2;
    out->occasions = (double)out->n * mean * mean / 2;
}

static const char *
why_no_bounds(const struct om_two_way *s, double level)
{
    return !om_level_valid(level) ? OM_WHY_LEVEL
           : s->error <= 0        ? OM_WHY_SAME_CHANGE
           : s->between <= 0      ? "the sum of the scores is the same for everyone"
                                  : NULL;
}

/* (B - E) / (B + (k - 1) E), and bounds from F = B / E. */
static void
find_consistency(const struct om_two_way *s, double level, struct om_icc_result *out)
{
    double k = (double)s->k, df = (double)(s->n - 1), df_error = df * (k - 1);
    out->consistency = om_defined((s->between - s->error) / (s->between + (k - 1) * s->error));
    const char *why = why_no_bounds(s, level);
    if (why) {
        out->consistency_interval = om_no_bounds(level, "mcgraw-wong-c1", why);
        return;
    }
    double f = s->between / s->error, tail = (1 - level) / 2;
    double low = f * om_f_quantile(tail, df_error, df); /* 1 / F(1 - tail; df, df_error) */
    double high = f * om_f_quantile(1 - tail, df_error, df);
    out->consistency_interval =
        om_bounds((low - 1) / (low + k - 1), (high - 1) / (high + k - 1), level, "mcgraw-wong-c1");
}

/* (B - E) / (B + (k - 1) E + k (O - E) / n). Its bounds need the degrees of freedom of a sum of two mean
 * squares, by Satterthwaite. */
static void
find_agreement(const struct om_two_way *s, double level, struct om_icc_result *out)
{
    static const char method[] = "mcgraw-wong-a1";
    double k = (double)s->k, n = (double)s->n, b = s->between, o = s->occasions, e = s->error;
    double whole = b + (k - 1) * e + k * (o - e) / n, icc = (b - e) / whole;
    out->agreement = whole > 0 ? om_defined(icc) : om_undefined("the people do not differ");
    const char *why = whole > 0 ? why_no_bounds(s, level) : out->agreement.reason;
    if (why) {
        out->agreement_interval = om_no_bounds(level, method, why);
        return;
    }
    double share = icc / (n * (1 - icc)); /* error > 0, so icc < 1 */
    double of_o = k * share * o, of_e = (1 + k * share * (n - 1)) * e;
    double df = (of_o + of_e) * (of_o + of_e) / (of_o * of_o / (k - 1) + of_e * of_e / ((n - 1) * (k - 1)));
    if (!(df > 0.1)) { /* the two parts have opposite signs and cancel */
        out->agreement_interval = om_no_bounds(level, method, "the correlation is too far below 0");
        return;
    }
    double rest = k * o + (k * n - k - n) * e, tail = (1 - level) / 2;
    double low = om_f_quantile(1 - tail, n - 1, df), high = om_f_quantile(1 - tail, df, n - 1);
    out->agreement_interval = om_bounds(n * (b - low * e) / (low * rest + n * b),
                                        n * (high * b - e) / (rest + n * high * b), level, method);
}

void
om_icc(const struct om_two_way *s, double level, struct om_icc_result *out)
{
    *out = (struct om_icc_result){.n = s->n};
    const char *why = s->n == 0                   ? OM_WHY_EMPTY
                      : s->n == 1                 ? OM_WHY_ONE
                      : s->k < 2                  ? "at least 2 occasions are needed"
                      : s->between + s->error > 0 ? NULL
                                                  : OM_WHY_CONSTANT;
    if (why) {
        out->agreement = out->consistency = out->sem_agreement = out->sem_consistency = om_undefined(why);
        out->agreement_interval = om_no_bounds(level, "mcgraw-wong-a1", why);
        out->consistency_interval = om_no_bounds(level, "mcgraw-wong-c1", why);
        return;
    }
    find_consistency(s, level, out);
    find_agreement(s, level, out);
    out->sem_consistency = om_defined(sqrt(s->error));
    out->sem_agreement = om_defined(sqrt(s->error + (s->occasions - s->error) / (double)s->n));
}
