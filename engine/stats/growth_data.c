/* From rows of scores to the cells of the mixed model. Scores are summed as integers. */
#include "stats/growth.h"

#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/moments.h"
#include "stats/trajectory.h"

/* A row on its way to those with scores at the same occasions. */
struct place {
    const int32_t *row;
    uint64_t count;
    size_t n_occasions;
};

static int
by_pattern(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    for (size_t k = 0; k < x->n_occasions; k++) {
        int has_x = x->row[k] != OM_NO_SCORE, has_y = y->row[k] != OM_NO_SCORE;
        if (has_x != has_y)
            return has_x - has_y;
    }
    return 0;
}

/* Sums of scores, and of their products, over the people of one cell. */
struct sums {
    size_t n_occasions;
    om_wide *score;
    om_wide *product; /* n_occasions x n_occasions, upper triangle */
    double *time;     /* standard time of each occasion */
    double unit;
};

/* How many scores there are at each occasion, and their sum; per group. */
struct margin {
    uint64_t n;
    om_wide sum;
};

static void
count_margins(const struct om_trajectories *t, size_t min_scores, struct margin *margin,
              struct om_growth_group *group)
{
    for (size_t i = 0; i < t->n; i++) {
        const int32_t *row = om_trajectory(t, i);
        const uint64_t count = om_trajectory_count(t, i);
        const size_t scores = om_trajectory_scores(row, t->n_occasions);
        if (scores == 0 || scores < min_scores)
            continue;
        group->n += count;
        group->repeated += scores > 1 ? count : 0;
        for (size_t k = 0; k < t->n_occasions; k++)
            if (row[k] != OM_NO_SCORE) {
                margin[k].n += count;
                margin[k].sum += (om_wide)row[k] * (om_wide)count;
            }
    }
}

/* Mean and standard deviation of the times of all scores. */
static void
standardise(const struct om_trajectories *t, const struct margin *margin, struct om_growth_data *data)
{
    long double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < data->n_groups * t->n_occasions; i++) {
        n += (long double)margin[i].n;
        sum += (long double)margin[i].n * t->time[i % t->n_occasions];
    }
    data->n_scores = (uint64_t)n;
    data->centre = n > 0 ? (double)(sum / n) : 0;
    for (size_t i = 0; i < data->n_groups * t->n_occasions; i++) {
        long double off = t->time[i % t->n_occasions] - data->centre;
        squares += (long double)margin[i].n * off * off;
    }
    data->scale = n > 0 ? (double)sqrtl(squares / n) : 0;
}

/* The line of least squares through the scores of one group. Level when there is but one time. */
static struct om_vector2
least_squares(const struct margin *margin, const struct sums *sums)
{
    long double n = 0, t = 0, tt = 0, y = 0, ty = 0;
    for (size_t k = 0; k < sums->n_occasions; k++) {
        long double count = (long double)margin[k].n, time = sums->time[k];
        long double score = (long double)margin[k].sum / sums->unit;
        n += count;
        t += count * time;
        tt += count * time * time;
        y += score;
        ty += time * score;
    }
    if (!(n > 0))
        return (struct om_vector2){0, 0};
    long double spread = n * tt - t * t, slope = 0;
    if (spread > 1e-12L * n * n)
        slope = (n * ty - t * y) / spread;
    return (struct om_vector2){(double)((y - slope * t) / n), (double)slope};
}

static void
clear(struct sums *sums)
{
    for (size_t k = 0; k < sums->n_occasions; k++)
        sums->score[k] = 0;
    for (size_t k = 0; k < sums->n_occasions * sums->n_occasions; k++)
        sums->product[k] = 0;
}

static void
add_row(struct sums *sums, const struct place *place)
{
    const om_wide count = (om_wide)place->count;
    for (size_t j = 0; j < sums->n_occasions; j++) {
        if (place->row[j] == OM_NO_SCORE)
            continue;
        sums->score[j] += place->row[j] * count;
        for (size_t k = j; k < sums->n_occasions; k++)
            if (place->row[k] != OM_NO_SCORE)
                sums->product[j * sums->n_occasions + k] += (om_wide)place->row[j] * place->row[k] * count;
    }
}

/* What a cell leaves about each person's own line. */
static long double
left_within(const struct om_growth_cell *cell, long double squares)
{
    const struct om_symmetric2 *z = &cell->zz, *y = &cell->zy2;
    const long double determinant = (long double)z->aa * z->bb - (long double)z->ab * z->ab;
    if (z->aa < 2)
        return 0;
    return squares -
           (y->aa * (long double)z->bb - 2 * y->ab * (long double)z->ab + y->bb * (long double)z->aa) /
               determinant;
}

/* Turns the sums over the people of a cell into sums about the line of their group. */
static void
close_cell(const struct sums *sums, const int32_t *row, const struct om_vector2 *line,
           struct om_growth_cell *cell, struct om_growth_data *data)
{
    long double squares = 0, y0 = 0, y1 = 0, y00 = 0, y01 = 0, y11 = 0;
    const long double unit = sums->unit;
    for (size_t j = 0; j < sums->n_occasions; j++) {
        if (row[j] == OM_NO_SCORE)
            continue;
        const double time = sums->time[j];
        const long double mean = line->a + (long double)line->b * time;
        const long double sum = (long double)sums->score[j] / unit;
        cell->zz.aa += 1;
        cell->zz.ab += time;
        cell->zz.bb += time * time;
        y0 += sum - cell->n * mean;
        y1 += time * (sum - cell->n * mean);
        for (size_t k = j; k < sums->n_occasions; k++) {
            if (row[k] == OM_NO_SCORE)
                continue;
            const long double other = line->a + (long double)line->b * sums->time[k];
            const long double product = (long double)sums->product[j * sums->n_occasions + k] / unit / unit -
                                        mean * ((long double)sums->score[k] / unit) - other * sum +
                                        cell->n * mean * other;
            const int times = j == k ? 1 : 2; /* the lower triangle is not looked at */
            squares += j == k ? product : 0;
            y00 += times * product;
            y01 += (j == k ? time : time + sums->time[k]) * product;
            y11 += times * time * sums->time[k] * product;
        }
    }
    cell->zy = (struct om_vector2){(double)y0, (double)y1};
    cell->zy2 = (struct om_symmetric2){(double)y00, (double)y01, (double)y11};
    data->squares += (double)squares;
    data->within += (double)left_within(cell, squares);
}

static om_status
reduce_group(const struct om_trajectories *t, size_t group, size_t min_scores, struct sums *sums,
             struct om_growth_data *data, struct om_error *err)
{
    struct place *place = om_alloc(t->n ? t->n : 1, sizeof *place);
    if (!place)
        return om_fail_memory(err);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const size_t scores = om_trajectory_scores(om_trajectory(t, i), t->n_occasions);
        if (scores > 0 && scores >= min_scores)
            place[n++] = (struct place){om_trajectory(t, i), om_trajectory_count(t, i), t->n_occasions};
    }
    if (n > 1)
        qsort(place, n, sizeof *place, by_pattern);
    for (size_t begin = 0, end; begin < n; begin = end) {
        struct om_growth_cell cell = {.group = group};
        clear(sums);
        for (end = begin; end < n && by_pattern(&place[begin], &place[end]) == 0; end++) {
            add_row(sums, &place[end]);
            cell.n += (double)place[end].count;
        }
        if (!om_grow(&data->cell, &data->capacity, data->n_cells, sizeof *data->cell)) {
            om_free(place);
            return om_fail_memory(err);
        }
        close_cell(sums, place[begin].row, &data->group[group].line, &cell, data);
        data->cell[data->n_cells++] = cell;
    }
    om_free(place);
    return OM_OK;
}

/* Everything but the memory of margin and sums. */
static om_status
reduce(const struct om_trajectories *t, size_t min_scores, struct margin *margin, struct sums *sums,
       struct om_growth_data *data, struct om_error *err)
{
    const size_t n_occasions = t[0].n_occasions;
    for (size_t g = 0; g < data->n_groups; g++) {
        count_margins(&t[g], min_scores, margin + g * n_occasions, &data->group[g]);
        data->n += data->group[g].n;
    }
    standardise(&t[0], margin, data);
    if (!(data->scale > 0))
        return OM_OK;
    for (size_t k = 0; k < n_occasions; k++)
        sums->time[k] = (t[0].time[k] - data->centre) / data->scale;
    for (size_t g = 0; g < data->n_groups; g++) {
        data->group[g].line = least_squares(margin + g * n_occasions, sums);
        OM_TRY(reduce_group(&t[g], g, min_scores, sums, data, err));
    }
    return OM_OK;
}

om_status
om_growth_reduce(const struct om_trajectories *t, size_t n_groups, size_t min_scores,
                 struct om_growth_data *out, struct om_error *err)
{
    const size_t n = t[0].n_occasions;
    *out = (struct om_growth_data){.n_groups = n_groups};
    struct margin *margin = om_calloc(n_groups * n, sizeof *margin);
    om_wide *wide = om_alloc(n * (n + 1), sizeof *wide);
    double *time = om_alloc(n, sizeof *time);
    out->group = om_calloc(n_groups, sizeof *out->group);
    struct sums sums = {n, wide, wide ? wide + n : NULL, time, (double)t[0].unit};
    om_status status = margin && wide && time && out->group ? reduce(t, min_scores, margin, &sums, out, err)
                                                            : om_fail_memory(err);
    om_free(margin);
    om_free(wide);
    om_free(time);
    if (status != OM_OK)
        om_growth_release(out);
    return status;
}

void
om_growth_release(struct om_growth_data *data)
{
    om_free(data->cell);
    om_free(data->group);
    *data = (struct om_growth_data){0};
}
