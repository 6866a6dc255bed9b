/* Family `sudden-gains`: large and stable steps from one occasion to the next. */
#include "analysis/classes.h"
#include "analysis/follow.h"
#include "base/error.h"

#include <omstat/sudden_gains.h>

#include <stdio.h>

/* Criterion 1 asks for a reliable change where the instrument has one, else for the points of `shift`. */
static struct om_fraction
points_of(const struct om_view *view)
{
    struct om_class_rule reliable = {.id = OM_RULE_RELIABLE};
    if (om_class_rule_settle(view, OM_RULE_RELIABLE, &reliable) && !reliable.change.by_index)
        return reliable.change.points;
    return om_study_shift(view->run->study, om_view_scale(view)->info.instrument);
}

static om_status
rows_kind(struct om_view *view, const char *kind, const struct om_sudden_count *count,
          const struct om_sudden_gains_result *all, const char *note, struct om_error *err)
{
    char name[4][48];
    static const char *const part[] = {"persons", "n", "reversed", "mean_size"};
    const struct om_stat size = {count->mean_size, count->steps ? NULL : "nobody had one"};
    for (size_t i = 0; i < 4; i++)
        snprintf(name[i], sizeof name[i], "%s.%s", kind, part[i]);
    OM_TRY(om_add_rate(view, name[0], count->persons, all->persons, note, err));
    OM_TRY(om_add_count(view, name[1], count->steps, all->intervals, "of the intervals with enough scores",
                        err));
    OM_TRY(
        om_add_rate(view, name[2], count->reversed, count->steps, "half or more of it was lost later", err));
    return om_add_stat(view, name[3], &size, NULL, NULL, count->steps, NULL, err);
}

static om_status
rows_sudden_gains(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    const struct om_sudden_gain_rule rule = {.points = points_of(view),
                                             .share = {1, 4},
                                             .alpha = 0.05,
                                             .higher_is_better = om_view_scale(view)->info.scale->direction !=
                                                                 OM_HIGHER_WORSE};
    struct om_sudden_gains_result r;
    char note[120];
    snprintf(note, sizeof note, "%.10g points or more, a quarter or more, and stable",
             om_fraction_value(rule.points));
    OM_TRY(om_sudden_gains(&follow->rows, &rule, &r, err));
    view->row.occasion = "";
    OM_TRY(rows_kind(view, "sudden_gains", &r.gain, &r, note, err));
    return rows_kind(view, "sudden_losses", &r.loss, &r, note, err);
}

static om_status
rows_with_points(struct om_view *view, const struct om_follow *follow, struct om_error *err)
{
    return om_class_has_points(om_view_scale(view)) ? rows_sudden_gains(view, follow, err) : OM_OK;
}

om_status
om_rows_sudden_gains(struct om_view *view, struct om_error *err)
{
    return om_follow_rows(view, rows_with_points, err);
}
