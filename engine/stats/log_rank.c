/*
 * Mantel (1966), Cancer Chemother Rep 50, 163; Peto & Peto (1972), J R Stat Soc A 135, 185.
 *
 * At each time the events are dealt out to those at risk; the hypergeometric distribution gives each group's
 * expected number and their covariances, ties included. The statistic is (O - E)' V^- (O - E), with as many
 * degrees of freedom as V has dimensions: groups with somebody at risk, less one.
 */
#include <omstat/survival.h>

#include <math.h>
#include <stdbool.h>
#include "base/error.h"
#include "base/memory.h"
#include "stats/dist.h"
#include "stats/outcome.h"

#define WHY_ONE_GROUP "no two groups have people at risk when an event happens"
#define WHY_NO_EVENTS "nobody had the event"

static om_status
check(const struct om_event_counts *count, size_t n_groups, struct om_error *err)
{
    for (size_t g = 1; g < n_groups; g++) {
        bool same = count[g].n == count[0].n;
        for (size_t i = 0; same && i < count[0].n; i++)
            same = count[g].at[i].time == count[0].at[i].time;
        if (!same)
            return om_fail(err, OM_ERR_INVALID, "a log-rank test needs the same times in every group");
    }
    return OM_OK;
}

/* Adds what one time says to the expected numbers and the covariances. at_risk[g] is taken before it. */
static void
add_time(const struct om_event_counts *count, size_t n_groups, size_t i, const double *at_risk,
         struct om_log_rank_group *group, double *covariance)
{
    double n = 0, d = 0;
    for (size_t g = 0; g < n_groups; g++) {
        n += at_risk[g];
        d += (double)count[g].at[i].events;
    }
    if (!(d > 0))
        return;
    const double spread = n > 1 ? d * (n - d) / (n - 1) : 0;
    for (size_t g = 0; g < n_groups; g++) {
        group[g].observed += count[g].at[i].events;
        group[g].expected += d * at_risk[g] / n;
        for (size_t h = 0; h <= g; h++)
            covariance[g * n_groups + h] += spread * (at_risk[g] / n) * ((g == h ? 1 : 0) - at_risk[h] / n);
    }
}

/* x' V^- x by symmetric elimination, the largest pivot first; what is left is nothing but rounding when the
 * pivot falls below 1e-12 of the first. Destroys x and the lower triangle of v. *rank is that of V. */
static double
quadratic_form(double *v, double *x, size_t n, size_t *rank)
{
    double sum = 0, first = 0;
    for (size_t done = 0;; done++) {
        size_t p = 0;
        for (size_t g = 1; g < n; g++)
            if (v[g * n + g] > v[p * n + p])
                p = g;
        const double pivot = n ? v[p * n + p] : 0;
        first = done ? first : pivot;
        *rank = done;
        if (done == n || !(pivot > 1e-12 * first))
            return sum;
        sum += x[p] * x[p] / pivot;
        for (size_t g = 0; g < n; g++) {
            const double share = (g > p ? v[g * n + p] : v[p * n + g]) / pivot;
            if (g == p)
                continue;
            x[g] -= share * x[p];
            for (size_t h = 0; h <= g; h++)
                if (h != p)
                    v[g * n + h] -= share * (h > p ? v[h * n + p] : v[p * n + h]);
        }
        for (size_t g = 0; g < n; g++) /* settled: nothing is left in this row and column */
            v[g > p ? g * n + p : p * n + g] = 0;
        x[p] = 0;
    }
}

static void
test(const struct om_event_counts *count, size_t n_groups, struct om_log_rank_group *group,
     struct om_log_rank_result *out, double *memory)
{
    double *covariance = memory, *at_risk = covariance + n_groups * n_groups, *off = at_risk + n_groups;
    for (size_t g = 0; g < n_groups; g++)
        at_risk[g] = (double)group[g].n;
    for (size_t i = 0; i < count[0].n; i++) {
        add_time(count, n_groups, i, at_risk, group, covariance);
        for (size_t g = 0; g < n_groups; g++)
            at_risk[g] -= (double)(count[g].at[i].events + count[g].at[i].censored);
    }
    for (size_t g = 0; g < n_groups; g++) {
        off[g] = (double)group[g].observed - group[g].expected;
        out->events += group[g].observed;
    }
    size_t rank;
    double chi2 = quadratic_form(covariance, off, n_groups, &rank);
    if (rank == 0) {
        out->chi2 = out->df = out->p = om_undefined(out->events ? WHY_ONE_GROUP : WHY_NO_EVENTS);
        return;
    }
    out->chi2 = om_defined(chi2);
    out->df = om_defined((double)rank);
    out->p = om_defined(om_chi2_p(chi2, (double)rank));
}

om_status
om_log_rank(const struct om_event_counts *count, size_t n_groups, struct om_log_rank_group *group,
            struct om_log_rank_result *out, struct om_error *err)
{
    OM_TRY(check(count, n_groups, err));
    *out = (struct om_log_rank_result){0};
    if (n_groups == 0) {
        out->chi2 = out->df = out->p = om_undefined(WHY_ONE_GROUP);
        return OM_OK;
    }
    for (size_t g = 0; g < n_groups; g++) {
        group[g] = (struct om_log_rank_group){0};
        for (size_t i = 0; i < count[g].n; i++)
            group[g].n += count[g].at[i].events + count[g].at[i].censored;
        out->n += group[g].n;
    }
    double *memory = om_calloc(n_groups * n_groups + 2 * n_groups, sizeof *memory);
    if (!memory)
        return om_fail_memory(err);
    test(count, n_groups, group, out, memory);
    om_free(memory);
    return OM_OK;
}
