/* Family `adjust`: every p of the run again, adjusted for their number. */
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/adjust.h>

#include <stdio.h>
#include <string.h>

/* One p a test: its statistic ends in ".p", and other ways to get one (mcnemar.exact_p) do not. Of two
 * groups, the family `between` has the tests over all groups beside those of the only pair: the same question
 * twice. */
static bool
is_counted(const struct om_result *row, size_t n_groups)
{
    size_t length = strlen(row->statistic);
    if (!row->has_value || length < 2 || strcmp(row->statistic + length - 2, ".p") != 0)
        return false;
    return n_groups != 2 || strcmp(row->family, "between") != 0 || strcmp(row->group, "all") != 0;
}

static om_status
add_adjusted(struct om_results *results, size_t at, const char *name, const char *method, double p, size_t n,
             struct om_error *err)
{
    struct om_result row = results->row[at];
    char statistic[128], note[64];
    snprintf(statistic, sizeof statistic, "%.*s.%s", (int)(strlen(row.statistic) - 2), row.statistic, name);
    snprintf(note, sizeof note, "one of %zu p of this run", n);
    row.statistic = statistic;
    row.family = "adjust";
    row.method = method;
    row.note = note;
    row.value = p;
    return om_results_add(results, &row, err);
}

struct adjusted {
    size_t *at; /* rows */
    double *p, *holm, *bh;
    size_t n;
};

static om_status
adjust(struct om_results *results, size_t n_groups, struct adjusted *a, struct om_error *err)
{
    for (size_t i = 0; i < results->n_rows; i++)
        if (is_counted(&results->row[i], n_groups)) {
            a->at[a->n] = i;
            a->p[a->n++] = results->row[i].value;
        }
    OM_TRY(om_adjust(a->p, a->n, OM_ADJUST_HOLM, a->holm, err));
    OM_TRY(om_adjust(a->p, a->n, OM_ADJUST_BH, a->bh, err));
    for (size_t i = 0; i < a->n; i++) {
        OM_TRY(add_adjusted(results, a->at[i], "holm_p", "holm", a->holm[i], a->n, err));
        OM_TRY(add_adjusted(results, a->at[i], "bh_p", "benjamini-hochberg", a->bh[i], a->n, err));
    }
    return OM_OK;
}

om_status
om_finish_adjust(struct om_analysis *analysis, const struct om_run *run, struct om_error *err)
{
    struct om_results *results = &analysis->results;
    size_t most = 0;
    for (size_t i = 0; i < results->n_rows; i++)
        most += is_counted(&results->row[i], run->n_groups - 1);
    size_t *at = om_alloc(most ? most : 1, sizeof *at);
    double *p = om_alloc(most ? most : 1, 3 * sizeof *p);
    struct adjusted a = {.at = at, .p = p, .holm = p ? p + most : NULL, .bh = p ? p + 2 * most : NULL};
    om_status status = at && p ? adjust(results, run->n_groups - 1, &a, err) : om_fail_memory(err);
    om_free(at);
    om_free(p);
    return status;
}
