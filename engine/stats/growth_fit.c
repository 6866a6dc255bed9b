/*
 * The minimum of the REML criterion over the three elements of theta: Newton's method with the damping of
 * Levenberg and Marquardt, on exact first and differenced second derivatives.
 *
 * The criterion is even in the columns of the factor, so a covariance on the boundary (no variation between
 * persons in some direction) is an ordinary stationary point, and needs no constraint.
 */
#include "stats/growth.h"

#include <math.h>
#include <string.h>

enum { STEPS_MAX = 200, STARTS = 9 };

#define SETTLED  1e-13 /* the next step would lower the criterion by less */
#define SINGULAR 1e-9  /* a boundary fit is taken when it costs less */

bool
om_solve_small(size_t n, double (*m)[4], const double *v, double *x)
{
    for (size_t j = 0; j < n; j++) { /* Cholesky, in place */
        for (size_t k = 0; k < j; k++)
            m[j][j] -= m[j][k] * m[j][k];
        if (!(m[j][j] > 0))
            return false;
        m[j][j] = sqrt(m[j][j]);
        for (size_t i = j + 1; i < n; i++) {
            for (size_t k = 0; k < j; k++)
                m[i][j] -= m[i][k] * m[j][k];
            m[i][j] /= m[j][j];
        }
    }
    for (size_t i = 0; i < n; i++) {
        x[i] = v[i];
        for (size_t k = 0; k < i; k++)
            x[i] -= m[i][k] * x[k];
        x[i] /= m[i][i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            x[i] -= m[k][i] * x[k];
        x[i] /= m[i][i];
    }
    return true;
}

void
om_growth_curvature(const struct om_growth_data *data, const struct om_growth_theta *theta, double variance,
                    struct om_growth_line *line, double (*out)[3])
{
    for (size_t k = 0; k < 3; k++) {
        const double step = 1e-4 * fmax(fabs(theta->at[k]), 0.01);
        struct om_growth_theta low = *theta, high = *theta;
        struct om_growth_look below, above;
        low.at[k] -= step;
        high.at[k] += step;
        om_growth_look(data, &low, variance, line, &below);
        om_growth_look(data, &high, variance, line, &above);
        for (size_t j = 0; j < 3; j++)
            out[j][k] = (above.gradient[j] - below.gradient[j]) / (high.at[k] - low.at[k]);
    }
    for (size_t j = 0; j < 3; j++)
        for (size_t k = 0; k < j; k++)
            out[j][k] = out[k][j] = (out[j][k] + out[k][j]) / 2;
}

/* A damped Newton step; false when the damping does not make the curvature positive. An element that is 0 has
 * derivative 0 for good when it is c, so it is left alone. */
static bool
newton_step(double (*curvature)[3], const double *gradient, const struct om_growth_theta *theta,
            double damping, double *step)
{
    double m[4][4] = {{0}}, down[3];
    for (size_t j = 0; j < 3; j++) {
        down[j] = -gradient[j];
        for (size_t k = 0; k < 3; k++)
            m[j][k] = curvature[j][k];
        m[j][j] += damping;
    }
    if (theta->at[2] == 0) {
        m[2][0] = m[2][1] = m[0][2] = m[1][2] = 0;
        m[2][2] = 1;
        down[2] = 0;
    }
    return om_solve_small(3, m, down, step);
}

/* From theta down to the next minimum. */
static bool
descend(const struct om_growth_data *data, struct om_growth_theta *theta, struct om_growth_line *line,
        double *criterion)
{
    struct om_growth_look here, there;
    double curvature[3][3], step[3], damping = 0;
    om_growth_look(data, theta, 0, line, &here);
    om_growth_curvature(data, theta, 0, line, curvature);
    for (int i = 0; i < STEPS_MAX; i++) {
        const double least =
            1e-3 * (fabs(curvature[0][0]) + fabs(curvature[1][1]) + fabs(curvature[2][2])) + 1e-12;
        if (!newton_step(curvature, here.gradient, theta, damping, step)) {
            damping = fmax(10 * damping, least);
            continue;
        }
        struct om_growth_theta next = *theta;
        double decrease = 0;
        for (size_t k = 0; k < 3; k++) {
            next.at[k] += step[k];
            decrease -= here.gradient[k] * step[k] / 2;
        }
        om_growth_look(data, &next, 0, line, &there);
        if (decrease < SETTLED && there.criterion <= here.criterion + 1e-11 * (1 + fabs(here.criterion))) {
            *theta = next;
            *criterion = there.criterion;
            return true;
        }
        if (!(there.criterion < here.criterion)) {
            damping = fmax(10 * damping, least);
            continue;
        }
        *theta = next;
        here = there;
        damping = damping > least ? damping / 10 : 0;
        om_growth_curvature(data, theta, 0, line, curvature);
    }
    return false;
}

/* The eigenvalues of the covariance, and the direction of the first. */
static void
principal(const struct om_growth_theta *theta, double *first, double *second, struct om_vector2 *direction)
{
    const struct om_symmetric2 d = om_growth_covariance(theta);
    const double middle = (d.aa + d.bb) / 2, half = hypot((d.aa - d.bb) / 2, d.ab);
    const double angle = atan2(2 * d.ab, d.aa - d.bb) / 2;
    const double determinant = theta->at[0] * theta->at[2];
    *first = middle + half;
    *second = *first > 0 ? determinant * determinant / *first : 0;
    *direction = (struct om_vector2){cos(angle), sin(angle)};
}

/* Takes the nearest covariance of rank 1, or 0, when it is as good. */
static bool
settle_rank(const struct om_growth_data *data, struct om_growth_theta *theta, int *rank,
            struct om_growth_line *line, double *criterion)
{
    double first, second;
    struct om_vector2 direction;
    struct om_growth_look look;
    principal(theta, &first, &second, &direction);
    const struct om_growth_theta flat = {{0, 0, 0}},
                                 thin = {{direction.a * sqrt(first), direction.b * sqrt(first), 0}};
    *rank = 2;
    om_growth_look(data, &flat, 0, line, &look);
    if (look.criterion <= *criterion + SINGULAR) {
        *rank = 0;
        *theta = flat;
        *criterion = look.criterion;
        return true;
    }
    om_growth_look(data, &thin, 0, line, &look);
    if (look.criterion > *criterion + SINGULAR)
        return true;
    *rank = 1;
    *theta = thin;
    return descend(data, theta, line, criterion);
}

/* The best of a grid, from no correlation; and a second start, should there be two valleys. */
static struct om_growth_theta
best_start(const struct om_growth_data *data, struct om_growth_line *line)
{
    static const double sizes[] = {0.1, 0.5, 2};
    struct om_growth_theta best = {{1, 0, 1}};
    struct om_growth_look look;
    om_growth_look(data, &best, 0, line, &look);
    double least = look.criterion;
    for (int i = 0; i < STARTS; i++) {
        const struct om_growth_theta theta = {{sizes[i / 3], 0, sizes[i % 3]}};
        om_growth_look(data, &theta, 0, line, &look);
        if (look.criterion < least) {
            least = look.criterion;
            best = theta;
        }
    }
    return best;
}

bool
om_growth_minimise(const struct om_growth_data *data, struct om_growth_theta *theta, int *rank,
                   struct om_growth_line *line)
{
    struct om_growth_theta other = {{1, 0.5, 0.5}};
    double criterion = INFINITY, other_criterion = INFINITY;
    *theta = best_start(data, line);
    bool found = descend(data, theta, line, &criterion);
    if (descend(data, &other, line, &other_criterion) && (!found || other_criterion < criterion - 1e-10)) {
        *theta = other;
        criterion = other_criterion;
        found = true;
    }
    return found && settle_rank(data, theta, rank, line, &criterion);
}
