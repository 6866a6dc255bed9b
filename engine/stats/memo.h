/*
 * Numbers found before: pure functions of up to three numbers that are dear to compute, and asked for again
 * and again, since small groups are of few different sizes.
 */
#ifndef OM_STATS_MEMO_H
#define OM_STATS_MEMO_H

#include <stdbool.h>
#include <stddef.h>

enum om_memo_of {
    OM_MEMO_NONE, /* an entry that is free: all its bytes are 0 */
    OM_MEMO_DELTA_BOUNDS,
    OM_MEMO_POWER,
    OM_MEMO_POWER_N,
    OM_MEMO_POWER_EFFECT,
    OM_MEMO_T_BOUND,
    OM_MEMO_F_QUANTILE,
};

struct om_memo_key {
    double of; /* an om_memo_of */
    double argument[3];
};

struct om_memo_entry {
    struct om_memo_key key;
    double value[2];
};

/* All bytes of the entries are 0 at first. What is found takes the place of what its hash finds there. It
 * changes nothing but the time. */
struct om_memo {
    struct om_memo_entry *at;
    size_t n;
};

/* Where the values for the key are, or belong; *known says which, and the key is entered at once. */
struct om_memo_entry *om_memo_at(const struct om_memo *memo, const struct om_memo_key *key, bool *known);

/* find(a, b, c), by way of the memo; without one when it is NULL. */
double om_memo_value(const struct om_memo *memo, enum om_memo_of of, double (*find)(double, double, double),
                     double a, double b, double c);

#endif
