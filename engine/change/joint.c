#include <omstat/joint.h>

__extension__ typedef __int128 wide;

const char *
om_joint_class_id(enum om_joint_class class_)
{
    static const char *const ids[OM_JOINT_CLASSES] = {
        [OM_JOINT_RECOVERY] = "recovery",
        [OM_JOINT_RELIABLE_IMPROVEMENT] = "reliable_improvement",
        [OM_JOINT_RELIABLE_RECOVERY] = "reliable_recovery",
        [OM_JOINT_RELIABLE_DETERIORATION] = "reliable_deterioration",
        [OM_JOINT_NO_RELIABLE_CHANGE] = "no_reliable_change",
    };
    return (unsigned)class_ < OM_JOINT_CLASSES ? ids[class_] : "";
}

const char *
om_joint_improvement_id(enum om_joint_improvement improvement)
{
    return improvement == OM_JOINT_BOTH ? "both" : "composite";
}

/* to - from >= points, exactly. */
static bool
rises(struct om_fraction from, struct om_fraction to, struct om_fraction points)
{
    wide difference = (wide)to.num * from.den - (wide)from.num * to.den;
    return difference * points.den >= (wide)points.num * ((wide)from.den * to.den);
}

uint8_t
om_joint_bits(enum om_direction direction, struct om_fraction points, const struct om_joint_score *first,
              const struct om_joint_score *last)
{
    const bool up = rises(first->score, last->score, points), down = rises(last->score, first->score, points);
    const bool better = direction == OM_HIGHER_WORSE ? down : up;
    const bool worse = direction == OM_HIGHER_WORSE ? up : down;
    unsigned bits = 0;
    bits |= first->is_case ? OM_JOINT_CASE_FIRST : 0;
    bits |= last->is_case ? OM_JOINT_CASE_LAST : 0;
    bits |= better ? OM_JOINT_IMPROVED : OM_JOINT_NOT_IMPROVED;
    bits |= worse ? OM_JOINT_DETERIORATED : OM_JOINT_NOT_DETERIORATED;
    return (uint8_t)bits;
}

static bool
recovered(unsigned state)
{
    return (state & OM_JOINT_CASE_FIRST) && !(state & OM_JOINT_CASE_LAST);
}

static bool
improved(unsigned state, enum om_joint_improvement improvement)
{
    if (improvement == OM_JOINT_BOTH)
        return !(state & OM_JOINT_NOT_IMPROVED);
    return (state & OM_JOINT_IMPROVED) && !(state & OM_JOINT_DETERIORATED);
}

static bool
deteriorated(unsigned state, enum om_joint_improvement improvement)
{
    if (improvement == OM_JOINT_BOTH)
        return !(state & OM_JOINT_NOT_DETERIORATED);
    return (state & OM_JOINT_DETERIORATED) && !(state & OM_JOINT_IMPROVED);
}

bool
om_joint_is(unsigned state, enum om_joint_class class_, enum om_joint_improvement improvement)
{
    switch (class_) {
    case OM_JOINT_RECOVERY:
        return recovered(state);
    case OM_JOINT_RELIABLE_IMPROVEMENT:
        return improved(state, improvement);
    case OM_JOINT_RELIABLE_RECOVERY:
        return recovered(state) && improved(state, improvement);
    case OM_JOINT_RELIABLE_DETERIORATION:
        return deteriorated(state, improvement);
    case OM_JOINT_NO_RELIABLE_CHANGE:
        return !improved(state, improvement) && !deteriorated(state, improvement);
    case OM_JOINT_CLASSES:
        break;
    }
    return false;
}

bool
om_joint_of_cases(enum om_joint_class class_)
{
    return class_ == OM_JOINT_RECOVERY || class_ == OM_JOINT_RELIABLE_RECOVERY;
}
