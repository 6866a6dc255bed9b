/* A number or its reason: the ways to make one, and the reasons, worded once. */
#ifndef OM_STATS_OUTCOME_H
#define OM_STATS_OUTCOME_H

#include <omstat/stat.h>

#define OM_WHY_EMPTY         "n is 0"
#define OM_WHY_ONE           "n is 1, at least 2 are needed"
#define OM_WHY_TWO           "n is 2, at least 3 are needed"
#define OM_WHY_BELOW_FOUR    "n is below 4"
#define OM_WHY_CONSTANT      "all values are equal"
#define OM_WHY_SAME_CHANGE   "all changes are equal"
#define OM_WHY_NO_CHANGE     "nobody changed"
#define OM_WHY_FLAT_OCCASION "the values of one occasion are all equal"
#define OM_WHY_FLAT_BOTH     "the values of each occasion are all equal"
#define OM_WHY_PERFECT       "the correlation is exactly 1 or -1"
#define OM_WHY_PERFECT_RM    "the correlation is 1, which makes d_rm zero whatever the change"
#define OM_WHY_SMALL_GROUP   "a group has fewer than 2 persons"
#define OM_WHY_FLAT_GROUPS   "the values of each group are all equal"
#define OM_WHY_FLAT_GROUP    "the values of one group are all equal"
#define OM_WHY_EMPTY_GROUP   "a group has nobody in it"
#define OM_WHY_ONE_GROUP     "fewer than two groups have anybody in them"
#define OM_WHY_LEVEL         "the level of an interval must lie between 0 and 1"

static inline struct om_stat
om_defined(double value)
{
    return (struct om_stat){value + 0.0, NULL}; /* + 0.0 turns -0 into 0 */
}

static inline struct om_stat
om_undefined(const char *reason)
{
    return (struct om_stat){0, reason};
}

static inline struct om_interval
om_bounds(double lower, double upper, double level, const char *method)
{
    return (struct om_interval){lower + 0.0, upper + 0.0, level, method, NULL};
}

static inline struct om_interval
om_no_bounds(double level, const char *method, const char *reason)
{
    return (struct om_interval){0, 0, level, method, reason};
}

static inline int
om_level_valid(double level)
{
    return level > 0 && level < 1; /* false for NaN */
}

#endif
