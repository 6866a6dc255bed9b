#include <omstat/events.h>

#include "base/error.h"

/* The point of a value: the one given, or the value alone. NULL when there should be one and is not. */
static const struct om_change_point *
point_of(const struct om_change_point *point, size_t n_points, int32_t value, struct om_change_point *alone)
{
    size_t low = 0, high = n_points;
    if (!point) {
        *alone = (struct om_change_point){.value = value, .band = -1};
        return alone;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (point[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n_points && point[low].value == value ? &point[low] : NULL;
}

/* Can the rule ever say what is wanted of somebody who began so? */
static bool
is_at_risk(const struct om_event_rule *rule, const struct om_change_point *first)
{
    const bool improve = rule->wanted == OM_CHANGE_IMPROVED;
    switch (rule->change.rule) {
    case OM_RULE_REMISSION:
        return first->remitted != improve;
    case OM_RULE_SCREEN:
        return first->positive == improve;
    default:
        return om_change_classify(&rule->change, first, first) != OM_CHANGE_UNDEFINED;
    }
}

/* One row: the occasion of the event, or of the last score, and which of the two it is. */
struct course {
    size_t occasion;
    bool event;
};

static om_status
follow(const struct om_event_rule *rule, const int32_t *row, size_t n_occasions,
       const struct om_change_point *point, size_t n_points, struct course *out, struct om_error *err)
{
    struct om_change_point first_alone, alone;
    const struct om_change_point *first = point_of(point, n_points, row[0], &first_alone);
    size_t since = 0; /* the occasion at which it began to hold; 0: it does not */
    *out = (struct course){0};
    for (size_t k = 1; k < n_occasions && !out->event; k++) {
        if (row[k] == OM_NO_SCORE)
            continue;
        const struct om_change_point *now = point_of(point, n_points, row[k], &alone);
        if (!now)
            return om_fail(err, OM_ERR_INVALID, "a score is not among the points of its scale");
        const bool holds = om_change_classify(&rule->change, first, now) == rule->wanted;
        out->event = holds && (!rule->confirmed || since > 0);
        out->occasion = out->event && since > 0 ? since : k;
        since = holds ? k : 0;
    }
    return OM_OK;
}

static bool
has_score(const int32_t *row, size_t n_occasions)
{
    for (size_t k = 0; k < n_occasions; k++)
        if (row[k] != OM_NO_SCORE)
            return true;
    return false;
}

static om_status
add_row(const struct om_event_rule *rule, const struct om_trajectories *t, size_t i,
        const struct om_change_point *point, size_t n_points, struct om_event_count *out,
        struct om_event_ledger *ledger, struct om_error *err)
{
    const int32_t *row = om_trajectory(t, i);
    const uint64_t count = om_trajectory_count(t, i);
    struct om_change_point alone;
    if (!has_score(row, t->n_occasions))
        return OM_OK;
    ledger->persons += count;
    if (row[0] == OM_NO_SCORE) {
        ledger->without_first += count;
        return OM_OK;
    }
    const struct om_change_point *first = point_of(point, n_points, row[0], &alone);
    if (!first)
        return om_fail(err, OM_ERR_INVALID, "a score is not among the points of its scale");
    if (!is_at_risk(rule, first)) {
        ledger->not_at_risk += count;
        return OM_OK;
    }
    struct course course;
    OM_TRY(follow(rule, row, t->n_occasions, point, n_points, &course, err));
    ledger->counted += count;
    *(course.event ? &out[course.occasion].events : &out[course.occasion].censored) += count;
    return OM_OK;
}

om_status
om_time_to_event(const struct om_event_rule *rule, const struct om_trajectories *t,
                 const struct om_change_point *point, size_t n_points, struct om_event_count *out,
                 struct om_event_ledger *ledger, struct om_error *err)
{
    if (t->n_occasions == 0)
        return om_fail(err, OM_ERR_INVALID, "time to an event needs an occasion");
    *ledger = (struct om_event_ledger){0};
    for (size_t k = 0; k < t->n_occasions; k++)
        out[k] = (struct om_event_count){.time = t->time[k] - t->time[0]};
    for (size_t i = 0; i < t->n; i++)
        OM_TRY(add_row(rule, t, i, point, n_points, out, ledger, err));
    return OM_OK;
}
