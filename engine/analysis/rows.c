#include "analysis/rows.h"
#include "analysis/results.h"
#include "analysis/kept.h"
#include "base/error.h"
#include "stats/proportion.h"

const char *
om_view_name(const struct om_view *view, const char *family, const char *part)
{
    return om_results_name(view->results, family, part);
}

const char *
om_view_numbered(const struct om_view *view, const char *family, double number)
{
    return om_results_numbered(view->results, family, number);
}

/* Enters a row of this view. What the next one has in common with it is given as it was kept here: equal
 * pointers need no comparison of texts. */
static om_status
add_row(struct om_view *view, const struct om_result *row, struct om_error *err)
{
    if (!row->statistic)
        return om_fail_memory(err);
    OM_TRY(om_results_add(view->results, row, err));
    const struct om_result *kept = &view->results->row[view->results->n_rows - 1];
    view->row.group = kept->group;
    view->row.instrument = kept->instrument;
    view->row.scale = kept->scale;
    view->row.population = kept->population;
    view->row.occasion = kept->occasion;
    view->row.rule = kept->rule;
    view->row.family = kept->family;
    return OM_OK;
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
    return add_row(view, &row, err);
}

om_status
om_add_rate(struct om_view *view, const char *statistic, uint64_t k, uint64_t n, const char *note,
            struct om_error *err)
{
    struct om_result row = blank_row(view, statistic, note);
    struct om_interval interval;
    om_proportion_wilson(k, n, view->run->study->level, view->kept->z, &interval);
    row.has_ratio = row.has_n = true;
    row.numerator = k;
    row.denominator = row.n = n;
    row.has_value = n > 0;
    row.value = n > 0 ? (double)k / (double)n : 0;
    set_interval(&row, &interval);
    if (n == 0)
        row.note = "nobody to take a share of";
    return add_row(view, &row, err);
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
    return add_row(view, &row, err);
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
    return add_row(view, &row, err);
}
