/*
 * Adding tallies up, and taking one out again: of names that are united, a list of the result is two lists
 * read side by side.
 */
#include "base/error.h"
#include "base/memory.h"
#include "tally/combine.h"
#include "tally/shards.h"

#include <string.h>

enum { SIDES = OM_TALLY_SIDES };

enum sign { PLUS, MINUS };

static om_status
fail_overflow(struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL, "a sum is larger than can be counted");
    om_hint(err, "add up fewer tallies");
    return OM_ERR_PANEL;
}

static om_status
fail_not_in(struct om_error *err)
{
    om_fail(err, OM_ERR_PANEL,
            "this tally is not in the one it is to be taken out of: its counts are larger");
    om_hint(err, "take out exactly what was added");
    return OM_ERR_PANEL;
}

static int
compare_places(const struct om_tally_cell *a, const struct om_tally_cell *b)
{
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

/* Adds a cell of one side to the list, the next place or the same as the last one. */
static om_status
put(struct om_tally_cells *out, struct om_tally_cell cell, enum sign sign, struct om_error *err)
{
    struct om_tally_cell *last = out->n ? &out->at[out->n - 1] : NULL;
    bool same = last && compare_places(last, &cell) == 0;
    if (sign == MINUS) {
        if (!same || last->count < cell.count)
            return fail_not_in(err);
        last->count -= cell.count;
        out->n -= last->count == 0;
        return OM_OK;
    }
    if (!same) {
        out->at[out->n++] = cell;
        return OM_OK;
    }
    return __builtin_add_overflow(last->count, cell.count, &last->count) ? fail_overflow(err) : OM_OK;
}

static om_status
add_lists(const struct om_tally_cells *const *from, const struct om_tally_map *map, enum om_tally_kind kind,
          size_t subject, enum sign sign, struct om_tally_cells *out, struct om_error *err)
{
    static const struct om_tally_cells none = {0};
    const struct om_tally_cells *one = from[0] ? from[0] : &none, *two = from[1] ? from[1] : &none;
    if (one->n + two->n == 0)
        return OM_OK;
    out->at = om_alloc(one->n + two->n, sizeof *out->at);
    if (!out->at)
        return om_fail_memory(err);
    for (size_t i = 0, k = 0; i < one->n || k < two->n;) {
        struct om_tally_cell a = {0}, b = {0};
        if (i < one->n)
            a = om_tally_map_cell(&map[0], kind, subject, one->at[i]);
        if (k < two->n)
            b = om_tally_map_cell(&map[1], kind, subject, two->at[k]);
        if (k == two->n || (i < one->n && compare_places(&a, &b) <= 0)) {
            OM_TRY(put(out, a, PLUS, err));
            i++;
        } else {
            OM_TRY(put(out, b, sign, err));
            k++;
        }
    }
    return OM_OK;
}

/* Which list of a side becomes list i of the result: that of the same subject, and of the group there. */
static void
find_lists(const struct om_tally *side, const struct om_tally_map *map, enum om_tally_kind kind,
           const struct om_tally *to, const struct om_tally_cells **list)
{
    size_t subjects = om_tally_subjects(to, kind), n = om_tally_lists(side, kind);
    for (size_t i = 0; i < n; i++) {
        size_t group = om_tally_by_group(kind) ? map->group[i / subjects] : 0;
        list[group * subjects + i % subjects] = &side->cells[kind][i];
    }
}

static om_status
add_kind(const struct om_tally *const *from, const struct om_tally_map *map, enum om_tally_kind kind,
         enum sign sign, struct om_tally *to, struct om_error *err)
{
    size_t n = om_tally_lists(to, kind), subjects = om_tally_subjects(to, kind);
    const struct om_tally_cells **list = om_calloc(SIDES * n + 1, sizeof *list);
    if (!list)
        return om_fail_memory(err);
    for (size_t side = 0; side < SIDES; side++)
        find_lists(from[side], &map[side], kind, to, list + side * n);
    om_status status = OM_OK;
    for (size_t i = 0; i < n && status == OM_OK; i++) {
        const struct om_tally_cells *both[SIDES] = {list[i], list[n + i]};
        status = add_lists(both, map, kind, i % subjects, sign, &to->cells[kind][i], err);
    }
    om_free(list);
    return status;
}

/* What only one of them has counted, nobody can know of both. */
static om_status
add_counts(const struct om_tally *const *from, const struct om_tally_map *map, enum sign sign,
           struct om_tally *to, struct om_error *err)
{
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++)
        to->has[kind] = from[0]->has[kind] && from[1]->has[kind];
    OM_TRY(om_tally_make_lists(to, err));
    for (int kind = 0; kind < OM_TALLY_KINDS; kind++)
        if (to->has[kind])
            OM_TRY(add_kind(from, map, (enum om_tally_kind)kind, sign, to, err));
    return OM_OK;
}

static om_status
combine(const struct om_tally *const *from, enum sign sign, struct om_tally *to, struct om_error *err)
{
    struct om_tally_map map[SIDES] = {{0}};
    om_status status = om_tally_unite(from, map, to, err);
    if (status == OM_OK)
        status = add_counts(from, map, sign, to, err);
    for (size_t side = 0; side < SIDES; side++)
        om_tally_map_release(&map[side]);
    return status;
}

static om_status
check_sums(const struct om_tally *tally, struct om_error *err)
{
    const char *fault = om_tally_fault(tally);
    return fault ? om_fail(err, OM_ERR_PANEL, "the sum is no tally: %s", fault) : OM_OK;
}

static om_status
merged(const struct om_tally *into, const struct om_tally *from, struct om_tally *out, struct om_error *err)
{
    const struct om_tally *const both[SIDES] = {into, from};
    OM_TRY(om_tally_add_shards(into, from, out, err));
    OM_TRY(combine(both, PLUS, out, err));
    return check_sums(out, err);
}

static om_status
subtracted(const struct om_tally *from, const struct om_tally *part, struct om_tally *out,
           struct om_error *err)
{
    const struct om_tally *const both[SIDES] = {from, part};
    OM_TRY(om_tally_remove_shards(from, part, out, err));
    OM_TRY(combine(both, MINUS, out, err));
    OM_TRY(om_tally_prune(out, err));
    return check_sums(out, err);
}

/* Puts the result in the place of the tally, when there is one. */
static om_status
settle(struct om_tally *tally, struct om_tally *result, om_status status, const char *name,
       struct om_error *err)
{
    if (status == OM_OK) {
        struct om_tally old = *tally;
        *tally = *result;
        *result = old;
    } else if (err && !err->file[0]) {
        om_place(err, name, 0, 0);
    }
    om_tally_free(result);
    return status;
}

om_status
om_tally_merge(struct om_tally *into, const struct om_tally *from, const char *name, struct om_error *err)
{
    struct om_tally *out = NULL;
    OM_TRY(om_tally_agree(into, from, name, err));
    OM_TRY(om_tally_new(&out, err));
    return settle(into, out, merged(into, from, out, err), name, err);
}

om_status
om_tally_subtract(struct om_tally *from, const struct om_tally *part, const char *name, struct om_error *err)
{
    struct om_tally *out = NULL;
    OM_TRY(om_tally_agree(from, part, name, err));
    OM_TRY(om_tally_new(&out, err));
    return settle(from, out, subtracted(from, part, out, err), name, err);
}
