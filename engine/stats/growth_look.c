/*
 * The restricted likelihood of the mixed model, profiled as in Bates, Mächler, Bolker & Walker (2015), J Stat
 * Softw 67(1), section 3.4, and its derivatives.
 *
 * D is the covariance of the persons' lines over the variance of the error, C = Z'Z. Then
 * Z'V^-1 Z = (I + C D)^-1 C, log|V| = log|I + C D|, and y'V^-1 y = y'y - (Z'y)' D (I + C D)^-1 (Z'y). The
 * criterion changes with D as trace(slope dD), where
 *   slope = sum of (G - G S^-1 G) - (1 / variance) sum of a a',  G = Z'V^-1 Z, S = sum of G of the group,
 *   a = Z'V^-1 (y - X beta).
 */
#include "stats/growth.h"

#include <math.h>

struct om_growth_weight
om_growth_weigh(const struct om_symmetric2 *zz, const struct om_symmetric2 *d)
{
    /* m = I + C D */
    const double maa = 1 + zz->aa * d->aa + zz->ab * d->ab, mab = zz->aa * d->ab + zz->ab * d->bb;
    const double mba = zz->ab * d->aa + zz->bb * d->ab, mbb = 1 + zz->ab * d->ab + zz->bb * d->bb;
    /* its determinant, as a sum of what cannot be negative: 1 + trace(C D) + |C| |D| */
    const double c = zz->aa * zz->bb - zz->ab * zz->ab, e = d->aa * d->bb - d->ab * d->ab;
    const double trace = zz->aa * d->aa + 2 * zz->ab * d->ab + zz->bb * d->bb;
    const double determinant = 1 + trace + fmax(c, 0) * fmax(e, 0);
    struct om_growth_weight w = {
        .shrink = {mbb / determinant, -mab / determinant, -mba / determinant, maa / determinant},
        .log_determinant = log(determinant)};
    w.precision = (struct om_symmetric2){w.shrink.aa * zz->aa + w.shrink.ab * zz->ab,
                                         w.shrink.aa * zz->ab + w.shrink.ab * zz->bb,
                                         w.shrink.ba * zz->ab + w.shrink.bb * zz->bb};
    return w;
}

static void
add(struct om_symmetric2 *to, const struct om_symmetric2 *m, double times)
{
    to->aa += times * m->aa;
    to->ab += times * m->ab;
    to->bb += times * m->bb;
}

static struct om_symmetric2
invert(const struct om_symmetric2 *m)
{
    const double determinant = m->aa * m->bb - m->ab * m->ab;
    return (struct om_symmetric2){m->bb / determinant, -m->ab / determinant, m->aa / determinant};
}

/* p m p' for a symmetric m. */
static struct om_symmetric2
sandwich(const struct om_square2 *p, const struct om_symmetric2 *m)
{
    const double aa = p->aa * m->aa + p->ab * m->ab, ab = p->aa * m->ab + p->ab * m->bb;
    const double ba = p->ba * m->aa + p->bb * m->ab, bb = p->ba * m->ab + p->bb * m->bb;
    return (struct om_symmetric2){aa * p->aa + ab * p->ab, aa * p->ba + ab * p->bb, ba * p->ba + bb * p->bb};
}

static struct om_square2
as_square(const struct om_symmetric2 *m)
{
    return (struct om_square2){m->aa, m->ab, m->ab, m->bb};
}

/* trace(D (I + C D)^-1 M) for a symmetric M */
static double
explained(const struct om_symmetric2 *d, const struct om_square2 *shrink, const struct om_symmetric2 *m)
{
    const double aa = d->aa * shrink->aa + d->ab * shrink->ba, ab = d->aa * shrink->ab + d->ab * shrink->bb;
    const double ba = d->ab * shrink->aa + d->bb * shrink->ba, bb = d->ab * shrink->ab + d->bb * shrink->bb;
    return aa * m->aa + (ab + ba) * m->ab + bb * m->bb;
}

/* First round: the lines, the residual, and the determinants. Returns the sum of their logarithms. */
static double
fit_lines(const struct om_growth_data *data, const struct om_symmetric2 *d, struct om_growth_line *line,
          double *residual)
{
    double logs = 0;
    *residual = data->squares;
    for (size_t g = 0; g < data->n_groups; g++)
        line[g] = (struct om_growth_line){0};
    for (size_t i = 0; i < data->n_cells; i++) {
        const struct om_growth_cell *cell = &data->cell[i];
        const struct om_growth_weight w = om_growth_weigh(&cell->zz, d);
        const struct om_vector2 zy = om_square2_times(&w.shrink, &cell->zy);
        struct om_growth_line *own = &line[cell->group];
        add(&own->precision, &w.precision, cell->n);
        own->line.a += zy.a; /* X'V^-1 y for now */
        own->line.b += zy.b;
        logs += cell->n * w.log_determinant;
        *residual -= explained(d, &w.shrink, &cell->zy2);
    }
    for (size_t g = 0; g < data->n_groups; g++) {
        const struct om_vector2 xy = line[g].line;
        const struct om_symmetric2 *p = &line[g].precision;
        line[g].inverse = invert(p);
        line[g].line = om_symmetric2_times(&line[g].inverse, &xy);
        logs += log(p->aa * p->bb - p->ab * p->ab);
        *residual -= line[g].line.a * xy.a + line[g].line.b * xy.b;
    }
    return logs;
}

/* Second round: slope of the determinants, and the sum of a a'. */
static void
add_slopes(const struct om_growth_data *data, const struct om_symmetric2 *d,
           const struct om_growth_line *line, struct om_symmetric2 *determinants,
           struct om_symmetric2 *residuals)
{
    for (size_t i = 0; i < data->n_cells; i++) {
        const struct om_growth_cell *cell = &data->cell[i];
        const struct om_growth_weight w = om_growth_weigh(&cell->zz, d);
        const struct om_square2 precision = as_square(&w.precision);
        const struct om_symmetric2 lost = sandwich(&precision, &line[cell->group].inverse);
        const struct om_vector2 fitted = om_symmetric2_times(&cell->zz, &line[cell->group].line);
        /* sum of (Z'y - C beta)(Z'y - C beta)' */
        const struct om_symmetric2 off = {
            cell->zy2.aa - 2 * cell->zy.a * fitted.a + cell->n * fitted.a * fitted.a,
            cell->zy2.ab - cell->zy.a * fitted.b - cell->zy.b * fitted.a + cell->n * fitted.a * fitted.b,
            cell->zy2.bb - 2 * cell->zy.b * fitted.b + cell->n * fitted.b * fitted.b};
        const struct om_symmetric2 squared = sandwich(&w.shrink, &off);
        add(determinants, &w.precision, cell->n);
        add(determinants, &lost, -cell->n);
        add(residuals, &squared, 1);
    }
}

/* trace(slope dD) with D = L L' is 2 trace(L' slope dL): the derivatives by the elements of L. */
void
om_growth_by_theta(const struct om_symmetric2 *slope, const struct om_growth_theta *theta, double *out)
{
    const double a = theta->at[0], b = theta->at[1], c = theta->at[2];
    out[0] = 2 * (slope->aa * a + slope->ab * b);
    out[1] = 2 * (slope->ab * a + slope->bb * b);
    out[2] = 2 * slope->bb * c;
}

void
om_growth_look(const struct om_growth_data *data, const struct om_growth_theta *theta, double variance,
               struct om_growth_line *line, struct om_growth_look *out)
{
    const struct om_symmetric2 d = om_growth_covariance(theta);
    const double df = (double)data->n_scores - 2 * (double)data->n_groups;
    const double logs = fit_lines(data, &d, line, &out->residual);
    const double used = variance > 0 ? variance : out->residual / df;
    out->criterion = logs + df * log(2 * M_PI * used) + out->residual / used;
    struct om_symmetric2 slope = {0}, residuals = {0}, falls = {0};
    add_slopes(data, &d, line, &slope, &residuals);
    add(&slope, &residuals, -1 / used);
    add(&falls, &residuals, -1);
    om_growth_by_theta(&slope, theta, out->gradient);
    om_growth_by_theta(&falls, theta, out->residual_gradient);
}
