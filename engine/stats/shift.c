#include "stats/shift.h"

static om_wide
total_of(const struct om_counts *sample)
{
    om_wide total = 0;
    for (size_t i = 0; i < sample->n; i++)
        total += (om_wide)sample->at[i].count;
    return total;
}

om_wide
om_shift_pairs(const struct om_counts *a, const struct om_counts *b)
{
    return total_of(a) * total_of(b);
}

/* How many differences are at most `most`. For ascending values of a, those of b that count begin ever later.
 */
static om_wide
count_up_to(const struct om_counts *a, const struct om_counts *b, int64_t most)
{
    om_wide left = total_of(b), pairs = 0;
    size_t next = 0;
    for (size_t i = 0; i < a->n; i++) {
        while (next < b->n && a->at[i].value - b->at[next].value > most)
            left -= (om_wide)b->at[next++].count;
        pairs += left * (om_wide)a->at[i].count;
    }
    return pairs;
}

/* The smallest difference that enough are not above, by bisection. */
int64_t
om_shift_at(const struct om_counts *a, const struct om_counts *b, om_wide rank)
{
    int64_t low = a->at[0].value - b->at[b->n - 1].value, high = a->at[a->n - 1].value - b->at[0].value;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (count_up_to(a, b, middle) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

om_wide
om_shift_twice_median(const struct om_counts *a, const struct om_counts *b)
{
    om_wide pairs = om_shift_pairs(a, b);
    return (om_wide)om_shift_at(a, b, (pairs + 1) / 2) + om_shift_at(a, b, pairs / 2 + 1);
}
