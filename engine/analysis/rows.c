#include "analysis/rows.h"
#include "base/error.h"

#include <omstat/proportion.h>

bool
om_view_includes(const struct om_view *view, const struct om_cell *cell)
{
    if (om_view_is_none(view, cell->first) || (view->occasion[1] && om_view_is_none(view, cell->last)))
        return false;
    return view->population == OM_POPULATION_ALL || om_view_scale(view)->scorer->level[cell->first].positive;
}

/* The row of this view with a statistic's name and nothing else. */
static struct om_result
blank_row(const struct om_view *view, const char *statistic, const char *note)
{
    struct om_result row = view->row;
    row.statistic = statistic;
    row.note = note ? note : "";
    row.method = "";
    return row;
}

static void
set_interval(struct om_result *row, const struct om_interval *interval)
{
    if (!interval || interval->reason)
        return;
    row->has_interval = row->has_level = true;
    row->lower = interval->lower;
    row->upper = interval->upper;
    row->level = interval->level;
    row->method = interval->method;
}

om_status
om_add_stat(struct om_view *view, const char *statistic, const struct om_stat *stat,
            const struct om_interval *interval, const char *method, uint64_t n, const char *note,
            struct om_error *err)
{
    struct om_result row = blank_row(view, statistic, note);
    row.method = method ? method : "";
    row.has_value = !stat->reason;
    row.value = stat->value;
    row.has_n = true;
    row.n = n;
    set_interval(&row, interval);
    if (stat->reason)
        row.note = stat->reason;
    else if (interval && interval->reason && !note)
        row.note = interval->reason;
    return om_results_add(view->results, &row, err);
}

om_status
om_add_rate(struct om_view *view, const char *statistic, uint64_t k, uint64_t n, const char *note,
            struct om_error *err)
{
    struct om_result row = blank_row(view, statistic, note);
    struct om_interval interval;
    om_proportion(k, n, view->run->study->level, OM_PROPORTION_WILSON, &interval);
    row.has_ratio = row.has_n = true;
    row.numerator = k;
    row.denominator = row.n = n;
    row.has_value = n > 0;
    row.value = n > 0 ? (double)k / (double)n : 0;
    set_interval(&row, &interval);
    if (n == 0)
        row.note = "nobody to take a share of";
    return om_results_add(view->results, &row, err);
}

om_status
om_add_count(struct om_view *view, const char *statistic, uint64_t k, uint64_t n, const char *note,
             struct om_error *err)
{
    struct om_result row = blank_row(view, statistic, note);
    row.has_value = row.has_ratio = row.has_n = true;
    row.value = (double)k;
    row.numerator = k;
    row.denominator = row.n = n;
    return om_results_add(view->results, &row, err);
}

/* Everyone with a score at the first occasion who could enter: the denominator of n. */
static uint64_t
eligible(const struct om_view *view)
{
    if (view->population == OM_POPULATION_ALL)
        return view->group->persons;
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    uint64_t n = 0;
    for (size_t i = 0; i < view->n_cells; i++)
        if (!om_view_is_none(view, view->cells[i].first) && scorer->level[view->cells[i].first].positive)
            n += view->cells[i].count;
    return n;
}

om_status
om_add_n(struct om_view *view, uint64_t n, struct om_error *err)
{
    struct om_result row = blank_row(view, "n", NULL);
    row.has_value = row.has_ratio = row.has_n = true;
    row.value = (double)n;
    row.numerator = row.n = n;
    row.denominator = eligible(view);
    return om_results_add(view->results, &row, err);
}
