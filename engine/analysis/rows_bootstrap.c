/* The family bootstrap: of the change, and of the shares that the rules of change gave. */
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/bootstrap.h>
#include <omstat/nonparametric.h>

#include <stdio.h>
#include <string.h>

static struct om_bootstrap_plan
plan_of(const struct om_view *view)
{
    const struct om_study *study = view->run->study;
    return (struct om_bootstrap_plan){study->paired.replicates, study->paired.seed, study->level};
}

/* bootstrap.<of>.percentile and .bca, the same estimate with two intervals. */
static om_status
add_bootstrap(struct om_view *view, const char *of, const struct om_bootstrap *b, uint64_t n,
              struct om_error *err)
{
    const struct om_study_paired *how = &view->run->study->paired;
    const struct {
        const char *part;
        const struct om_interval *interval;
    } rows[] = {{"percentile", &b->percentile}, {"bca", &b->bca}};
    char note[120], statistic[80];
    for (size_t i = 0; i < 2; i++) {
        const char *reason = rows[i].interval->reason;
        snprintf(note, sizeof note, "%s%s%zu replicates from seed %llu", reason ? reason : "",
                 reason ? "; " : "", how->replicates, (unsigned long long)how->seed);
        snprintf(statistic, sizeof statistic, "bootstrap.%s.%s", of, rows[i].part);
        OM_TRY(om_add_stat(view, statistic, &b->estimate, rows[i].interval, rows[i].interval->method, n, note,
                           err));
    }
    return OM_OK;
}

static om_status
rows_change(struct om_view *view, struct om_error *err)
{
    struct om_bootstrap_plan plan = plan_of(view);
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    struct om_changes changes = {0};
    struct om_bootstrap_change b;
    om_status status = om_view_pairs(view, &at, &pairs, err);
    if (status == OM_OK)
        status = om_changes_make(&pairs, &changes, err);
    if (status == OM_OK)
        status = om_bootstrap_change(&changes.counts, &plan, &b, err);
    om_changes_release(&changes);
    om_free(at);
    if (status != OM_OK)
        return status;
    OM_TRY(add_bootstrap(view, "mean", &b.mean, b.n, err));
    OM_TRY(add_bootstrap(view, "median", &b.median, b.n, err));
    return add_bootstrap(view, "d_z", &b.d_z, b.n, err);
}

/* The first of the rows about this scale, group and population: they follow each other. */
static size_t
first_row(const struct om_view *view)
{
    const struct om_results *results = view->results;
    size_t i = results->n_rows;
    while (i > 0 && strcmp(results->row[i - 1].group, view->row.group) == 0 &&
           strcmp(results->row[i - 1].instrument, view->row.instrument) == 0 &&
           strcmp(results->row[i - 1].scale, view->row.scale) == 0 &&
           strcmp(results->row[i - 1].population, view->row.population) == 0)
        i--;
    return i;
}

static om_status
rows_classes(struct om_view *view, struct om_error *err)
{
    struct om_bootstrap_plan plan = plan_of(view);
    const size_t from = first_row(view), to = view->results->n_rows;
    for (size_t i = from; i < to; i++) {
        const struct om_result row = view->results->row[i]; /* a copy: rows move as they are added */
        struct om_bootstrap b;
        bool wanted =
            strcmp(row.statistic, "class.improved") == 0 || strcmp(row.statistic, "class.deteriorated") == 0;
        if (!wanted || !row.has_ratio || *row.family)
            continue;
        OM_TRY(om_bootstrap_share(row.numerator, row.denominator, &plan, &b, err));
        view->row.rule = row.rule;
        OM_TRY(add_bootstrap(view, row.statistic + strlen("class."), &b, row.denominator, err));
    }
    view->row.rule = "";
    return OM_OK;
}

om_status
om_rows_bootstrap(struct om_view *view, struct om_error *err)
{
    if (!view->occasion[1])
        return OM_OK;
    view->row.occasion = "change";
    if (om_view_scale(view)->numeric)
        OM_TRY(rows_change(view, err));
    return rows_classes(view, err);
}
