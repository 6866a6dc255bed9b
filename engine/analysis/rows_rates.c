/* Family `rates`: how many of each group were improved, recovered, deteriorated, harmed, or positive at last.
 * What is compared are the rates that the other rows report, so the two cannot disagree. */
#include "analysis/compare.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/rates.h>

#include <stdio.h>
#include <string.h>

/* Rows that say k of n, and what the outcome is called here. */
static const struct {
    const char *statistic, *outcome;
} outcomes[] = {
    {"class.improved", "improved"},
    {"improved.any", "improved"},
    {"class.recovered", "recovered"},
    {"class.deteriorated", "deteriorated"},
    {"deteriorated.any", "deteriorated"},
    {"class.harmed", "harmed"},
    {"positive", "positive"},
};

struct rates {
    const char *outcome;
    struct om_rate *group; /* in the order of the groups */
    size_t n;
};

/* "rate.improved.chi2.p" */
static om_status
add(struct om_view *view, const struct rates *rates, const char *part, const struct om_stat *stat,
    const struct om_interval *interval, const char *method, uint64_t n, const char *note,
    struct om_error *err)
{
    char statistic[80];
    snprintf(statistic, sizeof statistic, "rate.%s.%s", rates->outcome, part);
    return om_add_stat(view, statistic, stat, interval, method, n, note, err);
}

/* --- tests ---------------------------------------------------------------------------------------------- */

/* Of a pair among several groups only the p. */
static om_status
rows_table(struct om_view *view, const struct rates *rates, const struct om_table *table,
           struct om_error *err)
{
    struct om_chi_square_result c;
    struct om_stat exact;
    char note[80] = "";
    bool whole = table->rows == rates->n;
    om_chi_square(table, &c);
    OM_TRY(om_fisher(table, &exact, err));
    if (!c.smallest_expected.reason && c.smallest_expected.value < 5)
        snprintf(note, sizeof note, "the smallest expected count is %.3g: prefer chi2.exact_p",
                 c.smallest_expected.value);
    if (whole) {
        OM_TRY(add(view, rates, "chi2.statistic", &c.chi2, NULL, "pearson", c.n, NULL, err));
        OM_TRY(add(view, rates, "chi2.df", &c.df, NULL, "pearson", c.n, NULL, err));
    }
    OM_TRY(add(view, rates, "chi2.p", &c.p, NULL, "pearson", c.n, note, err));
    if (whole && table->rows == 2) {
        OM_TRY(add(view, rates, "chi2.cc_statistic", &c.yates_chi2, NULL, "yates", c.n, NULL, err));
        OM_TRY(add(view, rates, "chi2.cc_p", &c.yates_p, NULL, "yates", c.n, NULL, err));
    }
    return add(view, rates, "chi2.exact_p", &exact, NULL, "fisher-exact", c.n, NULL, err);
}

static om_status
test(struct om_view *view, const struct rates *rates, const size_t *which, size_t n, struct om_error *err)
{
    uint64_t *count = om_alloc(n, 2 * sizeof *count);
    if (!count)
        return om_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        struct om_rate rate = rates->group[which ? which[i] : i];
        count[2 * i] = rate.k;
        count[2 * i + 1] = rate.n - rate.k;
    }
    om_status status = rows_table(view, rates, &(struct om_table){count, n, 2}, err);
    om_free(count);
    return status;
}

/* With two groups there is nothing but the difference that chi2 tests. */
static om_status
rows_trend(struct om_view *view, const struct rates *rates, struct om_error *err)
{
    struct om_trend_result t;
    uint64_t n = 0;
    if (rates->n < 3)
        return OM_OK;
    for (size_t g = 0; g < rates->n; g++)
        n += rates->group[g].n;
    om_trend(rates->group, rates->n, &t);
    OM_TRY(add(view, rates, "trend.statistic", &t.z, NULL, "cochran-armitage", n,
               "z; scores 0, 1, 2 ... in the order of the groups", err));
    return add(view, rates, "trend.p", &t.p, NULL, "cochran-armitage", n, NULL, err);
}

/* --- pairs ---------------------------------------------------------------------------------------------- */

/* Where the interval goes through infinity, its two ends are rows of their own. */
static om_status
rows_needed(struct om_view *view, const struct rates *rates, const struct om_number_needed *needed,
            uint64_t n, struct om_error *err)
{
    bool through = !needed->benefit.reason || !needed->harm.reason;
    OM_TRY(add(view, rates, "nnt", &needed->estimate, &needed->interval, "altman", n,
               through ? "the interval goes from nnt_benefit through infinity to nnt_harm"
                       : "people for one more; below 0: for one fewer",
               err));
    if (!through)
        return OM_OK;
    OM_TRY(add(view, rates, "nnt_benefit", &needed->benefit, NULL, "altman", n,
               "people for one more, or more people", err));
    return add(view, rates, "nnt_harm", &needed->harm, NULL, "altman", n,
               "people for one fewer, or more people", err);
}

static om_status
rows_pair(struct om_view *view, size_t group, size_t reference, void *context, struct om_error *err)
{
    const struct rates *rates = context;
    const size_t which[] = {group, reference};
    struct om_rates_result r;
    uint64_t n = rates->group[group].n + rates->group[reference].n;
    om_compare_rates(rates->group[group], rates->group[reference], view->run->study->level, &r);
    OM_TRY(
        add(view, rates, "difference", &r.difference.estimate, &r.difference.interval, NULL, n, NULL, err));
    OM_TRY(add(view, rates, "ratio", &r.ratio.estimate, &r.ratio.interval, NULL, n, NULL, err));
    OM_TRY(
        add(view, rates, "odds_ratio", &r.odds_ratio.estimate, &r.odds_ratio.interval, NULL, n, NULL, err));
    OM_TRY(rows_needed(view, rates, &r.needed, n, err));
    return rates->n > 2 ? test(view, rates, which, 2, err) : OM_OK; /* else it is the test of all groups */
}

/* --- outcomes ------------------------------------------------------------------------------------------- */

/* Rules with five classes have recovered and harmed beside improved and deteriorated; there `.any` takes both
 * together, and stands for them. */
static bool
has_both_together(const struct om_view *view, const struct om_result *row)
{
    const char *part = strcmp(row->statistic, "class.improved") == 0       ? "improved.any"
                       : strcmp(row->statistic, "class.deteriorated") == 0 ? "deteriorated.any"
                                                                           : NULL;
    return part && om_results_find(view->results, row->group, row->instrument, row->scale, row->population,
                                   row->occasion, row->rule, part);
}

static const char *
outcome_of(const struct om_view *view, const struct om_result *row)
{
    const char *last = view->occasion[1] ? view->occasion[1] : view->occasion[0];
    if (*row->family || !row->has_ratio || strcmp(row->scale, view->row.scale) != 0 ||
        strcmp(row->instrument, view->row.instrument) != 0 ||
        strcmp(row->population, view->row.population) != 0 || has_both_together(view, row))
        return NULL;
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (strcmp(row->statistic, outcomes[i].statistic) == 0)
            return *row->rule || strcmp(row->occasion, last) == 0 ? outcomes[i].outcome : NULL;
    return NULL;
}

/* The same row of every group. */
static bool
collect(const struct om_comparison *comparison, const struct om_result *row, struct rates *rates)
{
    for (size_t g = 0; g < comparison->n; g++) {
        const struct om_result *of =
            om_results_find(comparison->whole.results, comparison->one[g].group->name, row->instrument,
                            row->scale, row->population, row->occasion, row->rule, row->statistic);
        if (!of)
            return false;
        rates->group[g] = (struct om_rate){of->numerator, of->denominator};
    }
    return true;
}

static om_status
rows_outcome(struct om_comparison *comparison, const struct om_result *row, struct rates *rates,
             struct om_error *err)
{
    struct om_view *view = &comparison->whole;
    if (!collect(comparison, row, rates))
        return OM_OK;
    view->row.occasion = row->occasion;
    view->row.rule = row->rule;
    OM_TRY(test(view, rates, NULL, rates->n, err));
    OM_TRY(rows_trend(view, rates, err));
    return om_compare_pairs(comparison, rows_pair, rates, err);
}

om_status
om_compare_rates_of(struct om_comparison *comparison, struct om_error *err)
{
    const struct om_view *view = &comparison->whole;
    struct om_rate *group = om_alloc(comparison->n, sizeof *group);
    if (!group)
        return om_fail_memory(err);
    om_status status = OM_OK;
    for (size_t i = 0; i < view->results->n_rows && status == OM_OK; i++) {
        const struct om_result row = view->results->row[i]; /* a copy: rows move when others are added */
        if (strcmp(row.group, view->group->name) != 0)
            break; /* everybody stands first */
        struct rates rates = {outcome_of(view, &row), group, comparison->n};
        if (rates.outcome)
            status = rows_outcome(comparison, &row, &rates, err);
    }
    om_free(group);
    return status;
}
