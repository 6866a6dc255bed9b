#include "base/error.h"
#include "base/memory.h"
#include "tally/combine.h"

#include <string.h>

/* --- maps ----------------------------------------------------------------------------------------------- */

om_status
om_tally_map_init(struct om_tally_map *map, const struct om_tally *of, struct om_error *err)
{
    *map = (struct om_tally_map){.group = om_calloc(of->n_groups + 1, sizeof *map->group),
                                 .finding = om_calloc(of->n_findings + 1, sizeof *map->finding),
                                 .value = om_calloc(of->described.n + 1, sizeof *map->value),
                                 .level = om_calloc(of->n_scales + 1, sizeof *map->level),
                                 .n_described = of->described.n,
                                 .n_scales = of->n_scales};
    if (!map->group || !map->finding || !map->value || !map->level)
        return om_fail_memory(err);
    for (size_t d = 0; d < of->described.n; d++) {
        map->value[d] = om_calloc(of->value[d].n + 1, sizeof *map->value[d]);
        if (!map->value[d])
            return om_fail_memory(err);
    }
    for (size_t s = 0; s < of->n_scales; s++) {
        if (!of->scale[s].is_total)
            continue;
        map->level[s] = om_calloc(of->scale[s].n_values + 1, sizeof *map->level[s]);
        if (!map->level[s])
            return om_fail_memory(err);
    }
    return OM_OK;
}

void
om_tally_map_release(struct om_tally_map *map)
{
    for (size_t d = 0; map->value && d < map->n_described; d++)
        om_free(map->value[d]);
    for (size_t s = 0; map->level && s < map->n_scales; s++)
        om_free(map->level[s]);
    om_free(map->group);
    om_free(map->finding);
    om_free(map->value);
    om_free(map->level);
    *map = (struct om_tally_map){0};
}

struct om_tally_cell
om_tally_map_cell(const struct om_tally_map *map, enum om_tally_kind kind, size_t subject,
                  struct om_tally_cell cell)
{
    if (kind == OM_TALLY_FINDINGS) {
        cell.a = map->finding[cell.a];
    } else if (kind == OM_TALLY_DESCRIBED) {
        cell.a = map->value[subject][cell.a];
    } else if (kind == OM_TALLY_SCORES && map->level[subject]) {
        cell.a = cell.a ? map->level[subject][cell.a - 1] + 1 : 0;
        cell.b = cell.b ? map->level[subject][cell.b - 1] + 1 : 0;
    }
    return cell;
}

/* --- what is used --------------------------------------------------------------------------------------- */

static void
mark_list(struct om_tally_map *used, enum om_tally_kind kind, size_t subject,
          const struct om_tally_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        const struct om_tally_cell *cell = &cells->at[i];
        if (kind == OM_TALLY_FINDINGS)
            used->finding[cell->a] = 1;
        if (kind == OM_TALLY_DESCRIBED)
            used->value[subject][cell->a] = 1;
        if (kind == OM_TALLY_SCORES && used->level[subject] && cell->a)
            used->level[subject][cell->a - 1] = 1;
        if (kind == OM_TALLY_SCORES && used->level[subject] && cell->b)
            used->level[subject][cell->b - 1] = 1;
    }
}

static void
mark_used(const struct om_tally *tally, struct om_tally_map *used)
{
    for (int k = 0; k < OM_TALLY_KINDS; k++) {
        const enum om_tally_kind kind = (enum om_tally_kind)k;
        const size_t subjects = om_tally_subjects(tally, kind);
        for (size_t i = 0; tally->has[kind] && i < om_tally_lists(tally, kind); i++)
            mark_list(used, kind, i % subjects, &tally->cells[kind][i]);
    }
    for (size_t g = 0; g < tally->n_groups; g++)
        used->group[g] = om_tally_at(tally, OM_TALLY_PERSONS, g, 0)->n > 0;
}

/* Ones and zeros become the place of each one among the ones; the others become UINT32_MAX. */
static void
rank(uint32_t *used, size_t n)
{
    uint32_t place = 0;
    for (size_t i = 0; i < n; i++)
        used[i] = used[i] ? place++ : UINT32_MAX;
}

static void
rank_all(const struct om_tally *tally, struct om_tally_map *map)
{
    rank(map->group, tally->n_groups);
    rank(map->finding, tally->n_findings);
    for (size_t d = 0; d < tally->described.n; d++)
        rank(map->value[d], tally->value[d].n);
    for (size_t s = 0; s < tally->n_scales; s++)
        if (map->level[s])
            rank(map->level[s], tally->scale[s].n_values);
}

/* --- moving together ------------------------------------------------------------------------------------ */

static void
map_lists(struct om_tally *tally, const struct om_tally_map *map)
{
    for (int k = 0; k < OM_TALLY_KINDS; k++) {
        const enum om_tally_kind kind = (enum om_tally_kind)k;
        const size_t subjects = om_tally_subjects(tally, kind), lists = om_tally_lists(tally, kind);
        for (size_t i = 0; tally->has[kind] && i < lists; i++) {
            struct om_tally_cells *cells = &tally->cells[kind][i];
            size_t g = i / subjects;
            for (size_t c = 0; c < cells->n; c++)
                cells->at[c] = om_tally_map_cell(map, kind, i % subjects, cells->at[c]);
            if (!om_tally_by_group(kind) || map->group[g] == g)
                continue;
            if (map->group[g] == UINT32_MAX) { /* nobody is in it */
                om_free(cells->at);
            } else {
                *om_tally_at(tally, kind, map->group[g], i % subjects) = *cells;
            }
            *cells = (struct om_tally_cells){0};
        }
    }
}

static void
drop_texts(struct om_tally_texts *texts, const uint32_t *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < texts->n; i++)
        if (map[i] == UINT32_MAX)
            om_free(texts->at[i]);
        else
            texts->at[kept++] = texts->at[i];
    texts->n = kept;
}

static void
drop_names(struct om_tally *tally, const struct om_tally_map *map)
{
    size_t kept = 0;
    for (size_t i = 0; i < tally->n_findings; i++)
        if (map->finding[i] == UINT32_MAX)
            om_free(tally->finding[i].column);
        else
            tally->finding[kept++] = tally->finding[i];
    tally->n_findings = kept;
    for (size_t d = 0; d < tally->described.n; d++)
        drop_texts(&tally->value[d], map->value[d]);
    for (size_t s = 0; s < tally->n_scales; s++) {
        struct om_tally_scale *scale = &tally->scale[s];
        kept = 0;
        for (size_t i = 0; i < scale->n_values; i++)
            if (map->level[s][i] != UINT32_MAX)
                scale->value[kept++] = scale->value[i];
        scale->n_values = kept;
    }
    kept = 0;
    for (size_t g = 0; g < tally->n_groups; g++)
        if (map->group[g] == UINT32_MAX)
            om_tally_texts_release(&tally->group[g]);
        else
            tally->group[kept++] = tally->group[g];
    tally->n_groups = kept;
}

om_status
om_tally_prune(struct om_tally *tally, struct om_error *err)
{
    struct om_tally_map map;
    om_status status = om_tally_map_init(&map, tally, err);
    if (status == OM_OK) {
        mark_used(tally, &map);
        rank_all(tally, &map);
        map_lists(tally, &map);
        drop_names(tally, &map);
    }
    om_tally_map_release(&map);
    return status;
}
