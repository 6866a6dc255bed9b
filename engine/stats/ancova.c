#include <omstat/ancova.h>

#include <math.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/outcome.h"

#define WHY_FLAT_PRE "nobody differs at the first occasion from others of the group"
#define WHY_FEW      "too few persons for this many groups"
#define WHY_EXACT    "the groups and the first occasion explain the last one exactly"
#define WHY_SLOPES   "fewer than two groups have a slope"

/* Below this share of what there was, a sum of squares that is left is rounding: its digits end at 1e-38. */
#define NOTHING 1e-30L

/* A group in units, about centres common to all: x is pre, y post. */
struct sums {
    uint64_t n;
    long double x, y;       /* means less the centres */
    long double xx, xy, yy; /* sums of squares and products about the means */
};

struct model {
    struct sums *group;
    size_t n_groups; /* all; some may be empty */
    int64_t centre_x, centre_y, unit;
    uint64_t n;
    size_t k; /* groups with anybody */
    long double mean_x, mean_y;
    struct sums within; /* added up over groups */
    long double slope, residual, df;
    double level;
};

/* --- sums ----------------------------------------------------------------------------------------------- */

static void
find_centres(const struct om_pairs *group, size_t n, struct model *m)
{
    om_wide x = 0, y = 0;
    for (size_t g = 0; g < n; g++)
        for (size_t i = 0; i < group[g].n; i++) {
            const struct om_pair_count *cell = &group[g].at[i];
            x += (om_wide)cell->pre * (om_wide)cell->count;
            y += (om_wide)cell->post * (om_wide)cell->count;
            m->n += cell->count;
        }
    m->centre_x = om_moments_centre(x, m->n);
    m->centre_y = om_moments_centre(y, m->n);
}

static struct sums
sums_of(const struct om_pairs *pairs, int64_t cx, int64_t cy)
{
    struct om_moments xx = {.centre_x = cx, .centre_y = cx}, xy = {.centre_x = cx, .centre_y = cy},
                      yy = {.centre_x = cy, .centre_y = cy};
    for (size_t i = 0; i < pairs->n; i++) {
        const struct om_pair_count *cell = &pairs->at[i];
        om_moments_add(&xx, cell->pre, cell->pre, cell->count);
        om_moments_add(&xy, cell->pre, cell->post, cell->count);
        om_moments_add(&yy, cell->post, cell->post, cell->count);
    }
    if (xx.n == 0)
        return (struct sums){0};
    long double n = xx.n;
    return (struct sums){.n = xx.n,
                         .x = (long double)xx.x / n,
                         .y = (long double)yy.x / n,
                         .xx = om_moments_product(&xx) / n,
                         .xy = om_moments_product(&xy) / n,
                         .yy = om_moments_product(&yy) / n};
}

static void
add_up(struct model *m)
{
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct sums *s = &m->group[g];
        m->k += s->n > 0;
        m->mean_x += (long double)s->n / (long double)m->n * s->x;
        m->mean_y += (long double)s->n / (long double)m->n * s->y;
        m->within.xx += s->xx;
        m->within.xy += s->xy;
        m->within.yy += s->yy;
    }
}

/* Squares of what a line through each group's means leaves, of the common slope or of the group's own. From
 * the cells, so that nothing is lost where the lines explain nearly everything. */
static long double
residual_of(const struct om_pairs *group, const struct model *m, bool own)
{
    long double sum = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct sums *s = &m->group[g];
        long double slope = own && s->xx > 0 ? s->xy / s->xx : m->slope;
        for (size_t i = 0; i < group[g].n; i++) {
            const struct om_pair_count *cell = &group[g].at[i];
            long double x = (long double)(cell->pre - m->centre_x) - s->x;
            long double off = (long double)(cell->post - m->centre_y) - s->y - slope * x;
            sum += off * off * (long double)cell->count;
        }
    }
    return sum > NOTHING * m->within.yy ? sum : 0;
}

/* --- tests ---------------------------------------------------------------------------------------------- */

static struct om_coefficient
no_coefficient(const char *reason, double level)
{
    struct om_stat none = om_undefined(reason);
    return (struct om_coefficient){none, none, none, none, om_no_bounds(level, "t", reason)};
}

/* estimate and se are real values; without an se, because the model explains everything, only the estimate
 * stays. */
static struct om_coefficient
coefficient(long double estimate, long double se, const struct model *m)
{
    double df = (double)m->df, value = (double)estimate, error = (double)se;
    struct om_coefficient out = no_coefficient(m->df < 1 ? WHY_FEW : WHY_EXACT, m->level);
    out.estimate = om_defined(value);
    if (m->df < 1 || !(error > 0))
        return out;
    out.se = om_defined(error);
    out.t = om_defined(value / error);
    out.p = om_defined(om_t_p(value / error, df));
    double half = om_level_valid(m->level) ? om_t_bound(m->level, df) * error : 0;
    out.interval = om_level_valid(m->level) ? om_bounds(value - half, value + half, m->level, "t")
                                            : om_no_bounds(m->level, "t", OM_WHY_LEVEL);
    return out;
}

static long double
mean_square(const struct model *m)
{
    return m->df < 1 ? 0 : m->residual / m->df;
}

/* The mean of post in a group less that of all, pre held equal. */
static long double
adjusted_off(const struct model *m, const struct sums *s)
{
    return s->y - m->mean_y - m->slope * (s->x - m->mean_x);
}

/* What the groups explain beyond pre: the least of Sum(n (r - b u)^2) + b^2 xx over b, where r are the
 * adjusted means, u the groups' means of pre less that of all, and b how much the slope would give way if
 * there were no groups. */
static long double
between_groups(const struct model *m)
{
    long double ru = 0, uu = m->within.xx, sum = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct sums *s = &m->group[g];
        long double n = s->n, u = s->x - m->mean_x;
        ru += n * u * adjusted_off(m, s);
        uu += n * u * u;
    }
    long double give = ru / uu;
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct sums *s = &m->group[g];
        long double off = adjusted_off(m, s) - give * (s->x - m->mean_x);
        sum += (long double)s->n * off * off;
    }
    sum += give * give * m->within.xx;
    return sum > NOTHING * m->within.yy ? sum : 0;
}

static void
test_groups(const struct model *m, struct om_ancova_result *out)
{
    const char *reason = m->k < 2          ? OM_WHY_ONE_GROUP
                         : m->df < 1       ? WHY_FEW
                         : m->residual > 0 ? NULL
                                           : WHY_EXACT;
    if (reason) {
        out->f = out->f_df = out->p = out->partial_eta_squared = om_undefined(reason);
        return;
    }
    long double squares = between_groups(m), df = m->k - 1;
    out->f = om_defined((double)(squares / df / mean_square(m)));
    out->f_df = om_defined((double)df);
    out->p = om_defined(om_f_p(out->f.value, (double)df, (double)m->df));
    out->partial_eta_squared = om_defined((double)(squares / (squares + m->residual)));
}

/* Every group with its own slope: what that explains more is Sum xx (own slope - common slope)^2. Groups
 * where nobody differs at first have none. */
static void
test_slopes(const struct om_pairs *group, const struct model *m, struct om_ancova_result *out)
{
    long double squares = 0, left = residual_of(group, m, true);
    size_t slopes = 0;
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct sums *s = &m->group[g];
        if (!(s->xx > 0))
            continue;
        long double off = s->xy / s->xx - m->slope;
        squares += s->xx * off * off;
        slopes++;
    }
    long double df1 = (long double)slopes - 1, df2 = m->df - df1;
    const char *reason = slopes < 2 ? WHY_SLOPES
                         : df2 < 1  ? WHY_FEW
                         : left > 0 ? NULL
                                    : "a slope for each group explains everything";
    if (reason) {
        out->slopes_f = out->slopes_df1 = out->slopes_df2 = out->slopes_p = om_undefined(reason);
        return;
    }
    out->slopes_f = om_defined((double)(squares / df1 / (left / df2)));
    out->slopes_df1 = om_defined((double)df1);
    out->slopes_df2 = om_defined((double)df2);
    out->slopes_p = om_defined(om_f_p(out->slopes_f.value, (double)df1, (double)df2));
}

/* --- adjusted means ------------------------------------------------------------------------------------- */

static struct om_adjusted
adjusted_of(const struct model *m, const struct sums *s, const struct sums *reference)
{
    long double unit = m->unit, square = mean_square(m), u = s->x - m->mean_x, v = s->x - reference->x;
    struct om_adjusted out = {.n = s->n,
                              .mean = no_coefficient(OM_WHY_EMPTY_GROUP, m->level),
                              .difference = no_coefficient(OM_WHY_EMPTY_GROUP, m->level)};
    if (s->n == 0)
        return out;
    out.mean = coefficient(((long double)m->centre_y + s->y - m->slope * u) / unit,
                           sqrtl(square * (1 / (long double)s->n + u * u / m->within.xx)) / unit, m);
    out.mean.t = out.mean.p = om_undefined("an adjusted mean is not compared with 0");
    if (s == reference)
        out.difference = no_coefficient("the reference is not compared with itself", m->level);
    else if (reference->n > 0)
        out.difference = coefficient(
            (s->y - reference->y - m->slope * v) / unit,
            sqrtl(square * (1 / (long double)s->n + 1 / (long double)reference->n + v * v / m->within.xx)) /
                unit,
            m);
    return out;
}

static void
undefined(const char *reason, const struct model *m, struct om_ancova_result *out,
          struct om_adjusted *adjusted)
{
    struct om_stat none = om_undefined(reason);
    struct om_coefficient no = no_coefficient(reason, m->level);
    out->slope = no;
    out->residual_sd = out->df = out->f = out->f_df = out->p = out->partial_eta_squared = none;
    out->slopes_f = out->slopes_df1 = out->slopes_df2 = out->slopes_p = none;
    for (size_t g = 0; adjusted && g < m->n_groups; g++)
        adjusted[g] = (struct om_adjusted){m->group[g].n, no, no};
}

static void
fit(const struct om_pairs *group, size_t reference, struct model *m, struct om_ancova_result *out,
    struct om_adjusted *adjusted)
{
    long double unit = m->unit;
    m->slope = m->within.xy / m->within.xx;
    m->residual = residual_of(group, m, false);
    m->df = (long double)m->n - (long double)m->k - 1;
    out->slope = coefficient(m->slope, sqrtl(mean_square(m) / m->within.xx), m);
    out->df = m->df < 1 ? om_undefined(WHY_FEW) : om_defined((double)m->df);
    out->residual_sd = m->df < 1 ? om_undefined(WHY_FEW) : om_defined((double)(sqrtl(mean_square(m)) / unit));
    test_groups(m, out);
    test_slopes(group, m, out);
    for (size_t g = 0; adjusted && g < m->n_groups; g++)
        adjusted[g] = adjusted_of(m, &m->group[g], &m->group[reference]);
}

om_status
om_ancova(const struct om_pairs *group, size_t n, size_t reference, double level,
          struct om_ancova_result *out, struct om_adjusted *adjusted, struct om_error *err)
{
    struct model m = {.n_groups = n, .unit = n ? group[0].unit : 1, .level = level};
    m.group = om_calloc(n ? n : 1, sizeof *m.group);
    if (!m.group)
        return om_fail_memory(err);
    find_centres(group, n, &m);
    for (size_t g = 0; g < n; g++)
        m.group[g] = sums_of(&group[g], m.centre_x, m.centre_y);
    if (m.n > 0)
        add_up(&m);
    *out = (struct om_ancova_result){.n = m.n, .n_groups = m.k, .grand_mean = om_undefined(OM_WHY_EMPTY)};
    if (m.n > 0)
        out->grand_mean = om_defined((double)(((long double)m.centre_x + m.mean_x) / (long double)m.unit));
    if (m.within.xx > 0)
        fit(group, reference, &m, out, adjusted);
    else
        undefined(m.n ? WHY_FLAT_PRE : OM_WHY_EMPTY, &m, out, adjusted);
    om_free(m.group);
    return OM_OK;
}
