/*
 * What a bootstrap costs as the number of people grows: a PHQ-9 before and after, for n from 10^2 to 10^9.
 * More people have more different changes, up to the 55 there can be; for one of them the time stays the
 * same. The last column is that time in relation to the first line's.
 *
 *   bootstrap [REPLICATES [PEOPLE]]
 *
 * With PEOPLE, a multiple of 100: a hundred people as above, each of them PEOPLE / 100 times, so that the
 * different changes are the same for any number. Bootstrapped ten times; the answer goes to standard output.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <omstat/bootstrap.h>
#include <omstat/nonparametric.h>

enum { LEVELS = 28 };

static double
now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A bell-shaped table: scores that correlate, lower after than before. */
static double
weight(int pre, int post)
{
    double x = (pre - 14) / 5.0, y = (post - 9) / 5.0;
    return exp(-(x * x - 1.2 * x * y + y * y) / 1.28);
}

/* n persons dealt out to it, the parts of persons carried on from cell to cell. */
static struct om_pairs
panel(uint64_t n, struct om_pair_count *at)
{
    struct om_pairs pairs = {at, 0, 1};
    double whole = 0, so_far = 0;
    uint64_t dealt = 0;
    for (int cell = 0; cell < LEVELS * LEVELS; cell++)
        whole += weight(cell / LEVELS, cell % LEVELS);
    for (int cell = 0; cell < LEVELS * LEVELS; cell++) {
        so_far += weight(cell / LEVELS, cell % LEVELS);
        uint64_t upto = (uint64_t)(so_far / whole * (double)n + 0.5);
        if (upto > dealt)
            at[pairs.n++] = (struct om_pair_count){cell / LEVELS, cell % LEVELS, upto - dealt};
        dealt = upto;
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

static int
same_changes(uint64_t people, struct om_pair_count *at, struct om_bootstrap_plan plan)
{
    struct om_pairs pairs = panel(100, at);
    struct om_changes changes;
    struct om_bootstrap_change result;
    struct om_error err;
    for (size_t i = 0; i < pairs.n; i++)
        at[i].count *= people / 100;
    if (om_changes_make(&pairs, &changes, &err) != OM_OK)
        return 1;
    for (plan.seed = 1; plan.seed <= 10; plan.seed++) {
        if (om_bootstrap_change(&changes.counts, &plan, &result, &err) != OM_OK)
            return 1;
        printf("%zu changes, mean in %.17g to %.17g\n", changes.counts.n, result.mean.percentile.lower,
               result.mean.percentile.upper);
    }
    om_changes_release(&changes);
    return 0;
}

static int
growing(struct om_pair_count *at, struct om_bootstrap_plan plan)
{
    double first = 0;
    printf("%12s  %7s  %8s  %13s  %s\n", "n", "changes", "ms", "us per change", "ratio");
    for (uint64_t n = 100; n <= 1000000000; n *= 10) {
        struct om_pairs pairs = panel(n, at);
        struct om_changes changes;
        struct om_error err;
        if (om_changes_make(&pairs, &changes, &err) != OM_OK)
            return 1;
        double took = seconds(&changes.counts, &plan), each = took / (double)changes.counts.n;
        first = first > 0 ? first : each;
        printf("%12" PRIu64 "  %7zu  %8.2f  %13.1f  %.2f\n", n, changes.counts.n, took * 1e3, each * 1e6,
               each / first);
        om_changes_release(&changes);
    }
    return 0;
}

int
main(int argc, char **argv)
{
    static struct om_pair_count at[LEVELS * LEVELS];
    struct om_bootstrap_plan plan = {argc > 1 ? strtoull(argv[1], NULL, 10) : 10000, 1, 0.95};
    return argc > 2 ? same_changes(strtoull(argv[2], NULL, 10), at, plan) : growing(at, plan);
}
