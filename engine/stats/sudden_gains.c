#include <omstat/sudden_gains.h>

#include <math.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/moments.h"
#include "stats/trajectory.h"
#include <omstat/waves.h>

enum { WINDOW = 3 };

/* Up to three scores on one side of a step: their number, sum, and n * sum of squares about the mean. */
struct side {
    int64_t n;
    om_wide sum, squares;
};

static struct side
side_of(const int32_t *row, size_t begin, size_t end)
{
    struct side side = {0};
    om_wide squares = 0;
    for (size_t k = begin; k < end; k++)
        if (row[k] != OM_NO_SCORE) {
            side.n++;
            side.sum += row[k];
            squares += (om_wide)row[k] * row[k];
        }
    side.squares = om_centred_product(side.n, squares, side.sum, side.sum);
    return side;
}

/* Criterion 3: the means differ by more than so many pooled standard deviations. `sign` is 1 when the score
 * has to fall. Units cancel. */
static bool
is_stable(const struct om_sudden_gain_rule *rule, const struct side *pre, const struct side *post, int sign)
{
    const double df = (double)(pre->n + post->n - 2);
    const om_wide fall = sign * (pre->sum * post->n - post->sum * pre->n); /* n_pre n_post times the means' */
    const double within = (double)pre->squares / (double)pre->n + (double)post->squares / (double)post->n;
    const double critical = rule->critical > 0 ? rule->critical : om_t_bound(1 - rule->alpha, df);
    return fall > 0 && (double)fall / (double)(pre->n * post->n) > critical * sqrt(within / df);
}

/* moved * den >= num * scale, exactly. */
static bool
reaches(om_wide moved, struct om_fraction needed, om_wide scale)
{
    return moved * needed.den >= (om_wide)needed.num * scale;
}

/* Is half of the step gone at some occasion behind its end? fall is the step, before - after. */
static bool
is_reversed(const int32_t *row, size_t n_occasions, size_t from)
{
    const om_wide before = row[from], after = row[from + 1];
    for (size_t k = from + 2; k < n_occasions; k++)
        if (row[k] != OM_NO_SCORE &&
            (before > after ? 2 * (om_wide)row[k] >= before + after : 2 * (om_wide)row[k] <= before + after))
            return true;
    return false;
}

/* Looks at the interval from `from` to the next occasion. Returns false when it has too few scores. */
static bool
look_at(const struct om_sudden_gain_rule *rule, const int32_t *row, size_t n_occasions, int64_t unit,
        size_t from, struct om_sudden_step *step)
{
    step->size = 0;
    if (row[from] == OM_NO_SCORE || row[from + 1] == OM_NO_SCORE)
        return false;
    const size_t begin = from + 1 < WINDOW ? 0 : from + 1 - WINDOW;
    const size_t end = from + 1 + WINDOW > n_occasions ? n_occasions : from + 1 + WINDOW;
    const struct side pre = side_of(row, begin, from + 1), post = side_of(row, from + 1, end);
    if (pre.n < 2 || post.n < 2)
        return false;
    const int64_t fall = (int64_t)row[from] - row[from + 1], size = fall < 0 ? -fall : fall;
    const int64_t base = row[from] < 0 ? -(int64_t)row[from] : row[from];
    if (size > 0 && size <= INT32_MAX && reaches(size, rule->points, unit) &&
        reaches(size, rule->share, base) && is_stable(rule, &pre, &post, fall > 0 ? 1 : -1))
        *step = (struct om_sudden_step){.from = from,
                                        .loss = (fall < 0) != rule->higher_is_better,
                                        .reversed = is_reversed(row, n_occasions, from),
                                        .size = (int32_t)size};
    return true;
}

size_t
om_sudden_steps(const struct om_sudden_gain_rule *rule, const int32_t *row, size_t n_occasions, int64_t unit,
                struct om_sudden_step *step, size_t *looked_at)
{
    size_t found = 0;
    *looked_at = 0;
    for (size_t from = 0; from + 1 < n_occasions; from++) {
        struct om_sudden_step next;
        if (!look_at(rule, row, n_occasions, unit, from, &next))
            continue;
        ++*looked_at;
        if (next.size > 0)
            step[found++] = next;
    }
    return found;
}

static void
count_steps(const struct om_sudden_step *step, size_t n, bool loss, uint64_t count,
            struct om_sudden_count *out, om_wide *sizes)
{
    bool any = false, any_reversed = false;
    for (size_t i = 0; i < n; i++) {
        if (step[i].loss != loss)
            continue;
        out->steps += count;
        out->reversed += step[i].reversed ? count : 0;
        *sizes += (om_wide)step[i].size * (om_wide)count;
        any = true;
        any_reversed |= step[i].reversed;
    }
    out->persons += any ? count : 0;
    out->reversed_persons += any_reversed ? count : 0;
}

static double
mean_size(const struct om_sudden_count *count, om_wide sizes, int64_t unit)
{
    return count->steps ? (double)sizes / (double)unit / (double)count->steps : 0;
}

om_status
om_sudden_gains(const struct om_trajectories *t, const struct om_sudden_gain_rule *rule,
                struct om_sudden_gains_result *out, struct om_error *err)
{
    OM_TRY(om_trajectories_check(t, err));
    if (!(rule->critical > 0) && !(rule->alpha > 0 && rule->alpha < 1))
        return om_fail(err, OM_ERR_INVALID, "sudden gains need a critical value or an alpha within 0 and 1");
    struct om_sudden_step *step = om_alloc(t->n_occasions, sizeof *step);
    if (!step)
        return om_fail_memory(err);
    om_wide gained = 0, lost = 0;
    *out = (struct om_sudden_gains_result){0};
    for (size_t i = 0; i < t->n; i++) {
        const uint64_t count = om_trajectory_count(t, i);
        size_t looked_at;
        size_t n = om_sudden_steps(rule, om_trajectory(t, i), t->n_occasions, t->unit, step, &looked_at);
        out->persons += looked_at ? count : 0;
        out->intervals += looked_at * count;
        count_steps(step, n, false, count, &out->gain, &gained);
        count_steps(step, n, true, count, &out->loss, &lost);
    }
    out->gain.mean_size = mean_size(&out->gain, gained, t->unit);
    out->loss.mean_size = mean_size(&out->loss, lost, t->unit);
    om_free(step);
    return OM_OK;
}
