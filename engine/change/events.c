#include <omstat/events.h>

#include "base/error.h"

/* What is asked, and of whom. */
struct asked {
    const struct om_event_rule *rule;
    const struct om_trajectories *t;
    const struct om_change_point *point; /* NULL: values alone */
    size_t n_points;
};

/* The point of a value: the one given, or the value alone. */
static om_status
find_point(const struct asked *asked, int32_t value, struct om_change_point *out, struct om_error *err)
{
    size_t low = 0, high = asked->n_points;
    *out = (struct om_change_point){.value = value, .band = -1};
    if (!asked->point)
        return OM_OK;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (asked->point[middle].value < value)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == asked->n_points || asked->point[low].value != value)
        return om_fail(err, OM_ERR_INVALID, "a score is not among the points of its scale");
    *out = asked->point[low];
    return OM_OK;
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
follow(const struct asked *asked, const int32_t *row, const struct om_change_point *first, struct course *out,
       struct om_error *err)
{
    size_t since = 0; /* the occasion at which it began to hold; 0: it does not */
    *out = (struct course){0};
    for (size_t k = 1; k < asked->t->n_occasions && !out->event; k++) {
        struct om_change_point now;
        if (row[k] == OM_NO_SCORE)
            continue;
        OM_TRY(find_point(asked, row[k], &now, err));
        const bool holds = om_change_classify(&asked->rule->change, first, &now) == asked->rule->wanted;
        out->event = holds && (!asked->rule->confirmed || since > 0);
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
add_row(const struct asked *asked, size_t i, struct om_event_count *out, struct om_event_ledger *ledger,
        struct om_error *err)
{
    const int32_t *row = om_trajectory(asked->t, i);
    const uint64_t count = om_trajectory_count(asked->t, i);
    struct om_change_point first;
    struct course course;
    if (!has_score(row, asked->t->n_occasions))
        return OM_OK;
    ledger->persons += count;
    if (row[0] == OM_NO_SCORE) {
        ledger->without_first += count;
        return OM_OK;
    }
    OM_TRY(find_point(asked, row[0], &first, err));
    if (!is_at_risk(asked->rule, &first)) {
        ledger->not_at_risk += count;
        return OM_OK;
    }
    OM_TRY(follow(asked, row, &first, &course, err));
    ledger->counted += count;
    *(course.event ? &out[course.occasion].events : &out[course.occasion].censored) += count;
    return OM_OK;
}

om_status
om_time_to_event(const struct om_event_rule *rule, const struct om_trajectories *t,
                 const struct om_change_point *point, size_t n_points, struct om_event_count *out,
                 struct om_event_ledger *ledger, struct om_error *err)
{
    const struct asked asked = {rule, t, point, n_points};
    if (t->n_occasions == 0)
        return om_fail(err, OM_ERR_INVALID, "time to an event needs an occasion");
    *ledger = (struct om_event_ledger){0};
    for (size_t k = 0; k < t->n_occasions; k++)
        out[k] = (struct om_event_count){.time = t->time[k] - t->time[0]};
    for (size_t i = 0; i < t->n; i++)
        OM_TRY(add_row(&asked, i, out, ledger, err));
    return OM_OK;
}
