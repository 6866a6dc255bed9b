/*
 * When somebody first had an event: a rule of change, looked at from the first occasion to each later one.
 * docs/methods/kaplan-meier.md
 */
#ifndef OMSTAT_EVENTS_H
#define OMSTAT_EVENTS_H

#include <omstat/change.h>
#include <omstat/trajectory.h>

struct om_event_rule {
    struct om_change_rule change;
    enum om_change_class wanted; /* OM_CHANGE_IMPROVED or OM_CHANGE_DETERIORATED */
    bool confirmed;              /* only when it also holds at the next occasion with a score */
};

/* Everyone with a score at some occasion: persons = without_first + not_at_risk + those counted. */
struct om_event_ledger {
    uint64_t persons;
    uint64_t without_first; /* no score at the first occasion, so nothing to compare with */
    uint64_t
        not_at_risk; /* the rule cannot say so: in remission from the start, half of a first score of 0 */
    uint64_t counted;
};

/*
 * Fills out[0..n_occasions) with the occasions' times since the first. Somebody without the event is censored
 * at their last score. A rule that looks at bands or states needs point[], one for each value that occurs, in
 * ascending order; others may have NULL. The event of a confirmed rule happens at the first of the two
 * occasions. Errors: OM_ERR_INVALID for a value without a point or no occasions.
 */
OM_API OM_NODISCARD om_status om_time_to_event(const struct om_event_rule *rule,
                                               const struct om_trajectories *t,
                                               const struct om_change_point *point, size_t n_points,
                                               struct om_event_count *out, struct om_event_ledger *ledger,
                                               struct om_error *err);

#endif
