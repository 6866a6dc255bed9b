/* The family symmetry: bands before by bands after. */
#include "analysis/families.h"
#include "base/error.h"
#include "base/memory.h"

#include <omstat/symmetry.h>

/* Persons by band at both occasions; a score outside all bands has none and is left out. */
static void
count_bands(const struct om_view *view, uint64_t *table, size_t k)
{
    const struct om_scorer *scorer = om_view_scale(view)->scorer;
    for (size_t i = 0; i < view->n_cells; i++) {
        const struct om_cell *cell = &view->cells[i];
        if (!om_view_includes(view, cell))
            continue;
        int before = scorer->level[cell->first].band, after = scorer->level[cell->last].band;
        if (before >= 0 && after >= 0)
            table[(size_t)before * k + (size_t)after] += cell->count;
    }
}

static om_status
add_rows(struct om_view *view, const struct om_symmetry_result *s, struct om_error *err)
{
    static const char homogeneity[] = "stuart-maxwell", symmetry[] = "bowker";
    OM_TRY(om_add_count(view, "bands.moved", s->moved, s->n, "in another band at last", err));
    OM_TRY(om_add_stat(view, "stuart_maxwell.statistic", &s->stuart_maxwell, NULL, homogeneity, s->n, NULL,
                       err));
    OM_TRY(om_add_stat(view, "stuart_maxwell.df", &s->stuart_maxwell_df, NULL, homogeneity, s->n, NULL, err));
    OM_TRY(om_add_stat(view, "stuart_maxwell.p", &s->stuart_maxwell_p, NULL, homogeneity, s->n, NULL, err));
    OM_TRY(om_add_stat(view, "bowker.statistic", &s->bowker, NULL, symmetry, s->n, NULL, err));
    OM_TRY(om_add_stat(view, "bowker.df", &s->bowker_df, NULL, symmetry, s->n, NULL, err));
    return om_add_stat(view, "bowker.p", &s->bowker_p, NULL, symmetry, s->n, NULL, err);
}

/* Among those positive at first nobody can come from a milder band, so the tests would ask nothing. */
om_status
om_rows_symmetry(struct om_view *view, struct om_error *err)
{
    size_t k = om_view_scale(view)->info.scale->n_bands;
    struct om_symmetry_result s;
    if (!view->occasion[1] || k < 2 || view->population != OM_POPULATION_ALL)
        return OM_OK;
    uint64_t *table = om_calloc(k * k, sizeof *table);
    if (!table)
        return om_fail_memory(err);
    count_bands(view, table, k);
    view->row.occasion = "change";
    om_status status = om_symmetry(table, k, &s, err);
    if (status == OM_OK)
        status = add_rows(view, &s, err);
    om_free(table);
    return status;
}
