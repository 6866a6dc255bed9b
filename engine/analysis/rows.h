/*
 * From counts to result rows: one function a family of statistics.
 *
 * A view is one scale in one group and population; everything here is a pure function of its cells.
 */
#ifndef OM_ANALYSIS_ROWS_H
#define OM_ANALYSIS_ROWS_H

#include "analysis/tallies.h"

#include <omstat/results.h>
#include <omstat/stat.h>

enum om_population { OM_POPULATION_ALL, OM_POPULATION_POSITIVE };

struct om_kept;

/* Who is looked at, and the row that the next number goes into. */
struct om_view {
    const struct om_run *run;
    const struct om_run_group *group;
    size_t scale;
    enum om_population population;
    const char *occasion[2]; /* names; the second is NULL with one occasion */
    struct om_cell *cells;   /* of the crosstab, ascending */
    size_t n_cells;
    const struct om_kept *kept; /* kept.h */
    struct om_results *results;
    struct om_result row; /* group ... rule filled in; the adders below set the rest */
};

static inline const struct om_run_scale *
om_view_scale(const struct om_view *view)
{
    return &view->run->scale[view->scale];
}

/* Is there no score at this side of the cell? */
static inline bool
om_view_is_none(const struct om_view *view, uint32_t level)
{
    return level == om_view_scale(view)->scorer->n_levels;
}

/* Does a cell belong to the population, with a score wherever one is needed? One occasion: a score. Two: a
 * pair. */
static inline bool
om_view_includes(const struct om_view *view, const struct om_cell *cell)
{
    if (om_view_is_none(view, cell->first) || (view->occasion[1] && om_view_is_none(view, cell->last)))
        return false;
    return view->population == OM_POPULATION_ALL || om_view_scale(view)->scorer->level[cell->first].positive;
}

/* The population's pairs as exact values, with two occasions. The caller frees *at with om_free. */
om_status om_view_pairs(const struct om_view *view, struct om_pair_count **at, struct om_pairs *pairs,
                        struct om_error *err) OM_NODISCARD;

/* "family.part", the name of a statistic, kept with the results. Both texts must stay what they are, and
 * where they are, as long as the results: words of the program, or of a definition. NULL without memory, for
 * which the adders fail. */
const char *om_view_name(const struct om_view *view, const char *family, const char *part);
/* "family.2.5" in the same way. */
const char *om_view_numbered(const struct om_view *view, const char *family, double number);

/* --- adders: each writes one row; note may be NULL ------------------------------------------------------ */

om_status om_add_stat(struct om_view *view, const char *statistic, const struct om_stat *stat,
                      const struct om_interval *interval, const char *method, uint64_t n, const char *note,
                      struct om_error *err) OM_NODISCARD;
/* k of n, as a fraction with its Wilson interval. */
om_status om_add_rate(struct om_view *view, const char *statistic, uint64_t k, uint64_t n, const char *note,
                      struct om_error *err) OM_NODISCARD;
/* k of n, as a count. */
om_status om_add_count(struct om_view *view, const char *statistic, uint64_t k, uint64_t n, const char *note,
                       struct om_error *err) OM_NODISCARD;

/* The size of the population, of those who could have entered. */
om_status om_add_n(struct om_view *view, uint64_t n, struct om_error *err) OM_NODISCARD;

/* All rows of a run, and the ledgers of persons. */
om_status om_rows_all(struct om_analysis *analysis, const struct om_run *run,
                      struct om_error *err) OM_NODISCARD;

/* The columns that the study asks to have described (rows_table1.c). reference: om_find_reference. */
om_status om_rows_table1(const struct om_run *run, size_t reference, const struct om_kept *kept,
                         struct om_results *results, struct om_error *err) OM_NODISCARD;

/* --- the standard statistics ---------------------------------------------------------------------------- */

om_status om_rows_occasion(struct om_view *view, size_t which, struct om_error *err) OM_NODISCARD;
om_status om_rows_reliability(struct om_view *view, size_t which, struct om_error *err) OM_NODISCARD;
/* Items left unanswered, of the instrument. */
om_status om_rows_items(struct om_view *view, size_t which, struct om_error *err) OM_NODISCARD;
om_status om_rows_change(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_rules(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_safety(struct om_view *view, struct om_error *err) OM_NODISCARD;
/* The family `reliability`. */
om_status om_rows_structure(struct om_view *view, struct om_error *err) OM_NODISCARD;
om_status om_rows_ledger(struct om_view *view, struct om_person_ledger *ledger,
                         struct om_error *err) OM_NODISCARD;

#endif
