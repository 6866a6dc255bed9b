#include "analysis/compare.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "stats/margins.h"

#include <string.h>

/* --- values --------------------------------------------------------------------------------------------- */

/* One occasion: the cells are ascending by its level. */
static size_t
copy_scores(const struct om_view *view, struct om_count *cell)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    size_t n = 0;
    for (size_t i = 0; i < view->n_cells; i++) {
        if (!om_view_includes(view, &view->cells[i]))
            continue;
        int64_t value = scorer->level[view->cells[i].first].value;
        if (n && cell[n - 1].value == value)
            cell[n - 1].count += view->cells[i].count;
        else
            cell[n++] = (struct om_count){value, view->cells[i].count};
    }
    return n;
}

static om_status
copy_changes(const struct om_view *view, struct om_count *cell, size_t *n, struct om_error *err)
{
    struct om_pair_count *at = NULL;
    struct om_pairs pairs;
    struct om_margins margins;
    om_status status = om_view_pairs(view, &at, &pairs, err);
    if (status == OM_OK)
        status = om_margins_make(&pairs, &margins, err);
    om_free(at);
    if (status != OM_OK)
        return status;
    *n = margins.change.n;
    for (size_t i = 0; i < *n; i++)
        cell[i] = margins.change.at[i];
    om_margins_release(&margins);
    return OM_OK;
}

static om_status
copy_groups(const struct om_comparison *comparison, struct om_compared *out, struct om_error *err)
{
    struct om_count *cell = out->cell;
    for (size_t g = 0; g < comparison->n; g++) {
        const struct om_view *view = &comparison->one[g];
        size_t n = 0;
        if (view->occasion[1])
            OM_TRY(copy_changes(view, cell, &n, err));
        else
            n = copy_scores(view, cell);
        out->group[g] = (struct om_counts){cell, n, om_view_scale(view)->scorer->unit};
        cell += n;
    }
    return OM_OK;
}

om_status
om_compared_make(const struct om_comparison *comparison, struct om_compared *out, struct om_error *err)
{
    size_t cells = 0;
    for (size_t g = 0; g < comparison->n; g++)
        cells += comparison->one[g].n_cells;
    *out = (struct om_compared){.group = om_alloc(comparison->n, sizeof *out->group),
                                .cell = om_alloc(cells ? cells : 1, sizeof *out->cell)};
    if (!out->group || !out->cell) {
        om_compared_release(out);
        return om_fail_memory(err);
    }
    om_status status = copy_groups(comparison, out, err);
    if (status != OM_OK)
        om_compared_release(out);
    return status;
}

void
om_compared_release(struct om_compared *compared)
{
    om_free(compared->group);
    om_free(compared->cell);
    *compared = (struct om_compared){0};
}

/* --- pairs ---------------------------------------------------------------------------------------------- */

om_status
om_compare_pairs(struct om_comparison *comparison, om_pair_rows_fn *rows, void *context, struct om_error *err)
{
    struct om_view *view = &comparison->whole;
    const char *everybody = view->row.group, *reference = comparison->one[comparison->reference].group->name;
    struct om_buffer name = OM_BUFFER_EMPTY;
    om_status status = OM_OK;
    for (size_t g = 0; g < comparison->n && status == OM_OK; g++) {
        if (g == comparison->reference)
            continue;
        om_buffer_clear(&name);
        om_buffer_format(&name, "%s - %s", comparison->one[g].group->name, reference);
        if (!om_buffer_ok(&name)) {
            status = om_fail_memory(err);
            break;
        }
        view->row.group = om_buffer_string(&name);
        status = rows(view, g, comparison->reference, context, err);
    }
    view->row.group = everybody;
    om_buffer_release(&name);
    return status;
}

/* --- the reference -------------------------------------------------------------------------------------- */

static bool
is_named(const struct om_run *run, const char *group, const char *wanted)
{
    const struct om_texts *by = &run->study->panel.by;
    if (strcmp(group, wanted) == 0)
        return true;
    return by->n == 1 && strcmp(group + strlen(by->at[0]) + 1, wanted) == 0; /* "arm=TAU" */
}

static om_status
fail_reference(const struct om_run *run, struct om_error *err)
{
    enum { NAMED = 8 };
    struct om_buffer list = OM_BUFFER_EMPTY;
    for (size_t g = 1; g < run->n_groups && g <= NAMED; g++)
        om_buffer_format(&list, "%s%s", g > 1 ? ", " : "", run->group[g].name);
    om_fail(err, OM_ERR_USAGE, "reference: there is no group of this name");
    om_hint(err, "the groups are: %s%s", om_buffer_string(&list), run->n_groups > NAMED + 1 ? ", ..." : "");
    om_buffer_release(&list);
    return OM_ERR_USAGE;
}

om_status
om_find_reference(const struct om_run *run, bool asked, size_t *reference, struct om_error *err)
{
    const char *wanted = run->study->reference;
    *reference = 0;
    if (!wanted)
        return OM_OK;
    if (!asked || run->n_groups < 2) {
        om_fail(err, OM_ERR_USAGE, "reference: nothing compares groups");
        om_hint(
            err,
            "name the groups with --by COLUMN, and what is to be compared with --statistics between, rates "
            "or ancova");
        return OM_ERR_USAGE;
    }
    for (size_t g = 1; g < run->n_groups; g++)
        if (is_named(run, run->group[g].name, wanted)) {
            *reference = g - 1;
            return OM_OK;
        }
    return fail_reference(run, err);
}
