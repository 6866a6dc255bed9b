/*
 * The inside of the mixed model of growth: scores reduced to what its likelihood needs, the likelihood, and
 * its minimum.
 *
 * With a line for every person, Z = [1 time], and a line for every group, everything is made of 2 x 2
 * matrices. People of one group with scores at the same occasions share Z'Z, so one cell holds them: their
 * number, the sum and the sum of squares and products of Z'y. What one look at the likelihood costs depends
 * on the number of cells alone.
 */
#ifndef OM_STATS_GROWTH_H
#define OM_STATS_GROWTH_H

#include <stdbool.h>
#include <omstat/trajectory.h>

/* A vector, a symmetric and a square matrix of order 2. */
struct om_vector2 {
    double a, b;
};
struct om_symmetric2 {
    double aa, ab, bb;
};
struct om_square2 {
    double aa, ab, ba, bb;
};

/* People of one group, in standard time, less the line of least squares of their group. */
struct om_growth_cell {
    size_t group;
    double n;                 /* persons */
    struct om_symmetric2 zz;  /* Z'Z of each */
    struct om_vector2 zy;     /* sum of Z'y */
    struct om_symmetric2 zy2; /* sum of (Z'y)(Z'y)' */
};

struct om_growth_group {
    uint64_t n, repeated;   /* persons; of them with scores at two occasions or more */
    struct om_vector2 line; /* the line of least squares, in standard time */
};

struct om_growth_data {
    struct om_growth_cell *cell; /* owned */
    size_t n_cells, capacity;
    struct om_growth_group *group; /* owned */
    size_t n_groups;
    uint64_t n, n_scores;
    double squares;       /* sum of squares about the groups' lines */
    double within;        /* what is left of it about each person's own line */
    double centre, scale; /* standard time = (time - centre) / scale; scale 0: all scores at one time */
};

/* Reads the rows with min_scores scores or more. On success the caller releases. Errors: OM_ERR_NOMEM. */
OM_NODISCARD om_status om_growth_reduce(const struct om_trajectories *t, size_t n_groups, size_t min_scores,
                                        struct om_growth_data *out, struct om_error *err);
void om_growth_release(struct om_growth_data *data);

/* The Cholesky factor [a 0; b c] of the covariance of the persons' lines, relative to the variance of the
 * error. Signs of columns do not matter. */
struct om_growth_theta {
    double at[3]; /* a, b, c */
};

/* One group in one look at the likelihood, in standard time. */
struct om_growth_line {
    struct om_symmetric2 precision; /* X'V^-1 X */
    struct om_symmetric2 inverse;   /* of it: the covariance of the line over the variance of the error */
    struct om_vector2 line;         /* beyond the line of least squares */
};

struct om_growth_look {
    double criterion; /* REML, in standard time */
    double residual;  /* weighted sum of squares */
    double gradient[3];
    double residual_gradient[3];
};

/* The criterion and its derivatives by theta. line[] has room for each group. `variance` of the error; 0: the
 * best for this theta, which leaves a function of theta alone. */
void om_growth_look(const struct om_growth_data *data, const struct om_growth_theta *theta, double variance,
                    struct om_growth_line *line, struct om_growth_look *out);

/* What changes with the covariance D as trace(slope dD): its derivatives by theta, out[0..3). */
void om_growth_by_theta(const struct om_symmetric2 *slope, const struct om_growth_theta *theta, double *out);

/* Derivatives of a gradient by theta: second derivatives of the criterion with that variance. */
void om_growth_curvature(const struct om_growth_data *data, const struct om_growth_theta *theta,
                         double variance, struct om_growth_line *line, double (*out)[3]);

/* Solves m x = v for n <= 4 and m positive definite; false when it is not. Destroys m. */
bool om_solve_small(size_t n, double (*m)[4], const double *v, double *x);

/* Finds the minimum. False when the search did not settle. *rank is that of the covariance: below 2, the fit
 * is singular, and theta has zeros for what is not there. */
bool om_growth_minimise(const struct om_growth_data *data, struct om_growth_theta *theta, int *rank,
                        struct om_growth_line *line);

/* The parts of a look that one kind of cell shares: (I + Z'Z D)^-1, and Z'V^-1 Z. */
struct om_growth_weight {
    struct om_square2 shrink;
    struct om_symmetric2 precision;
    double log_determinant;
};
struct om_growth_weight om_growth_weigh(const struct om_symmetric2 *zz, const struct om_symmetric2 *d);

static inline struct om_symmetric2
om_growth_covariance(const struct om_growth_theta *theta)
{
    const double a = theta->at[0], b = theta->at[1], c = theta->at[2];
    return (struct om_symmetric2){a * a, a * b, b * b + c * c};
}

static inline struct om_vector2
om_symmetric2_times(const struct om_symmetric2 *m, const struct om_vector2 *v)
{
    return (struct om_vector2){m->aa * v->a + m->ab * v->b, m->ab * v->a + m->bb * v->b};
}

static inline struct om_vector2
om_square2_times(const struct om_square2 *m, const struct om_vector2 *v)
{
    return (struct om_vector2){m->aa * v->a + m->ab * v->b, m->ba * v->a + m->bb * v->b};
}

#endif
