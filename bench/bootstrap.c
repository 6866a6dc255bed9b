/*
 * What a bootstrap costs as the number of people grows: the same table of a PHQ-9 before and after, with the
 * same cells, for n from 10^3 to 10^9. The last column is the time in relation to the first line's.
 *
 *   bootstrap [REPLICATES]
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <omstat/bootstrap.h>
#include <omstat/nonparametric.h>
#include "base/memory.h"

enum { LEVELS = 28 };

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Two bell curves, correlated, lower after than before; every cell has a person at least where n allows. */
static struct om_pairs
panel(uint64_t n, struct om_pair_count *at)
{
    struct om_pairs pairs = {at, 0, 1};
    double whole = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int pre = 0; pre < LEVELS; pre++)
            for (int post = 0; post < LEVELS; post++) {
                double x = (pre - 14) / 5.0, y = (post - 9) / 5.0;
                double weight = exp(-(x * x - 1.2 * x * y + y * y) / 1.28);
                uint64_t count = pass ? (uint64_t)(weight / whole * (double)n + 0.5) : 0;
                whole += pass ? 0 : weight;
                if (count)
                    at[pairs.n++] = (struct om_pair_count){pre, post, count};
            }
    return pairs;
}

static double
seconds(const struct om_counts *change, const struct om_bootstrap_plan *plan)
{
    struct om_bootstrap_change result;
    struct om_error err;
    double best = INFINITY;
    for (int round = 0; round < 5; round++) {
        double start = now();
        if (om_bootstrap_change(change, plan, &result, &err) != OM_OK)
            exit(1);
        double took = now() - start;
        best = took < best ? took : best;
    }
    return best;
}

int
main(int argc, char **argv)
{
    static struct om_pair_count at[LEVELS * LEVELS];
    struct om_bootstrap_plan plan = {argc > 1 ? strtoull(argv[1], NULL, 10) : 10000, 1, 0.95};
    double first = 0;
    printf("%12s  %7s  %10s  %s\n", "n", "changes", "ms", "ratio");
    for (uint64_t n = 100; n <= 1000000000; n *= 10) {
        struct om_pairs pairs = panel(n, at);
        struct om_changes changes;
        struct om_error err;
        if (om_changes_make(&pairs, &changes, &err) != OM_OK)
            return 1;
        double took = seconds(&changes.counts, &plan);
        first = first > 0 ? first : took;
        printf("%12" PRIu64 "  %7zu  %10.2f  %.2f\n", n, changes.counts.n, took * 1e3, took / first);
        om_changes_release(&changes);
    }
    return 0;
}
