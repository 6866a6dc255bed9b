/*
 * Adding tallies up, and taking one out again.
 *
 * The names of both are united, which keeps the order of either, so that the cells of both ascend in the
 * numbers of the union too: a list of the result is two lists read side by side.
 */
#include "base/error.h"
#include "base/memory.h"
#include "base/number.h"
#include "tally/combine.h"
#include "tally/shards.h"

#include <string.h>

enum { SIDES = 2 };

/* --- may they be put together? -------------------------------------------------------------------------- */

static om_status
fail_other(const char *name, const char *what, const char *remedy, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION, "this tally is of another study: %s", what);
    om_place(err, name, 0, 0);
    om_hint(err, "%s", remedy);
    return OM_ERR_DEFINITION;
}

/* Column names and settings are text of the file: not more of it than fits, nothing that is no text. */
static om_status
fail_setting(const char *name, const char *own, const char *other, struct om_error *err)
{
    om_fail(err, OM_ERR_DEFINITION,
            "this tally is of another study: it has %s%.200s%s, the others %s%.200s%s", other ? "'" : "",
            other ? other : "nothing", other ? "'" : "", own ? "'" : "", own ? own : "nothing",
            own ? "'" : "");
    om_place(err, name, 0, 0);
    om_hint(err, "tally all parts with the same study file");
    return OM_ERR_DEFINITION;
}

static om_status
check_lists(const struct om_tally_texts *own, const struct om_tally_texts *other, const char *name,
            struct om_error *err)
{
    for (size_t i = 0; i < own->n || i < other->n; i++) {
        const char *a = i < own->n ? own->at[i] : NULL, *b = i < other->n ? other->at[i] : NULL;
        if (!a || !b || strcmp(a, b) != 0)
            return fail_setting(name, a, b, err);
    }
    return OM_OK;
}

/* Pre and PRE are one occasion. */
static bool
same_occasion(const char *a, const char *b)
{
    return a && b ? om_ascii_equal(a, strlen(a), b) : a == b;
}

static om_status
check_instruments(const struct om_tally *own, const struct om_tally *other, const char *name,
                  struct om_error *err)
{
    for (size_t i = 0; i < own->n_instruments || i < other->n_instruments; i++) {
        const struct om_tally_instrument *a = i < own->n_instruments ? &own->instrument[i] : NULL;
        const struct om_tally_instrument *b = i < other->n_instruments ? &other->instrument[i] : NULL;
        if (!a || !b || strcmp(a->id, b->id) != 0)
            return fail_setting(name, a ? a->id : NULL, b ? b->id : NULL, err);
        if (a->derived != b->derived)
            return fail_other(name, "a short form has columns of its own in one of them",
                              "name the columns of all instruments with --map", err);
        if (strcmp(a->version, b->version) == 0 && strcmp(a->digest, b->digest) == 0)
            continue;
        om_fail(err, OM_ERR_DEFINITION,
                "its scores of %.32s were made by another definition: version %.32s, not "
                "%.32s",
                a->id, b->version, a->version);
        om_place(err, name, 0, 0);
        om_hint(err, "tally all parts with the same definition of the instrument");
        return OM_ERR_DEFINITION;
    }
    bool same = own->n_scales == other->n_scales;
    for (size_t s = 0; same && s < own->n_scales; s++)
        same = own->scale[s].instrument == other->scale[s].instrument &&
               strcmp(own->scale[s].id, other->scale[s].id) == 0 &&
               own->scale[s].is_total == other->scale[s].is_total &&
               own->scale[s].n_levels == other->scale[s].n_levels;
    return same ? OM_OK
                : fail_other(name, "its scales are others", "tally all parts with the same definitions", err);
}

static om_status
check_same_study(const struct om_tally *own, const struct om_tally *other, const char *name,
                 struct om_error *err)
{
    OM_TRY(check_lists(&own->setting, &other->setting, name, err));
    OM_TRY(check_instruments(own, other, name, err));
    if (!same_occasion(own->first, other->first) || !same_occasion(own->last, other->last))
        return fail_other(name, "it compares other occasions",
                          "say which with --occasions FIRST,LAST when the parts are tallied", err);
    OM_TRY(check_lists(&own->by, &other->by, name, err));
    return check_lists(&own->described, &other->described, name, err);
}

/* --- unions --------------------------------------------------------------------------------------------- */

typedef int compare_fn(const void *a, const void *b);

struct list {
    const void *at;
    size_t n;
};

/* Where the elements of two ascending lists are in their union; returns how many that has. */
static size_t
unite(struct list one, struct list two, size_t size, compare_fn *compare, uint32_t *map_one,
      uint32_t *map_two)
{
    size_t i = 0, k = 0, n = 0;
    for (; i < one.n || k < two.n; n++) {
        int order = i == one.n   ? 1
                    : k == two.n ? -1
                                 : compare((const char *)one.at + i * size, (const char *)two.at + k * size);
        if (order <= 0)
            map_one[i++] = (uint32_t)n;
        if (order >= 0)
            map_two[k++] = (uint32_t)n;
    }
    return n;
}

static int
compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
compare_values(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static int
compare_groups(const void *a, const void *b)
{
    return om_tally_compare_texts(a, b);
}

static int
compare_findings(const void *a, const void *b)
{
    return om_tally_compare_findings(a, b);
}

static om_status
copy_texts(const struct om_tally_texts *from, struct om_tally_texts *to, struct om_error *err)
{
    for (size_t i = 0; i < from->n; i++)
        OM_TRY(om_tally_texts_add(to, from->at[i], strlen(from->at[i]), err));
    return OM_OK;
}

static om_status
unite_values(const struct om_tally *const *from, size_t d, struct om_tally_map *map, struct om_tally *to,
             struct om_error *err)
{
    const struct om_tally_texts *one = &from[0]->value[d], *two = &from[1]->value[d];
    struct om_tally_texts *out = &to->value[d];
    size_t n = unite((struct list){one->at, one->n}, (struct list){two->at, two->n}, sizeof *one->at,
                     compare_strings, map[0].value[d], map[1].value[d]);
    out->at = om_calloc(n + 1, sizeof *out->at);
    if (!out->at)
        return om_fail_memory(err);
    out->n = out->capacity = n;
    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; i < from[side]->value[d].n; i++) {
            char **slot = &out->at[map[side].value[d][i]];
            if (!*slot && !(*slot = om_strdup(from[side]->value[d].at[i])))
                return om_fail_memory(err);
        }
    return OM_OK;
}

static om_status
unite_groups(const struct om_tally *const *from, struct om_tally_map *map, struct om_tally *to,
             struct om_error *err)
{
    size_t n = unite((struct list){from[0]->group, from[0]->n_groups},
                     (struct list){from[1]->group, from[1]->n_groups}, sizeof *to->group, compare_groups,
                     map[0].group, map[1].group);
    to->group = om_calloc(n + 1, sizeof *to->group);
    if (!to->group)
        return om_fail_memory(err);
    to->n_groups = n;
    for (size_t side = 0; side < SIDES; side++)
        for (size_t g = 0; g < from[side]->n_groups; g++)
            if (to->group[map[side].group[g]].n == 0)
                OM_TRY(copy_texts(&from[side]->group[g], &to->group[map[side].group[g]], err));
    return OM_OK;
}

static om_status
unite_findings(const struct om_tally *const *from, struct om_tally_map *map, struct om_tally *to,
               struct om_error *err)
{
    size_t n = unite((struct list){from[0]->finding, from[0]->n_findings},
                     (struct list){from[1]->finding, from[1]->n_findings}, sizeof *to->finding,
                     compare_findings, map[0].finding, map[1].finding);
    to->finding = om_calloc(n + 1, sizeof *to->finding);
    if (!to->finding)
        return om_fail_memory(err);
    to->n_findings = n;
    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; i < from[side]->n_findings; i++) {
            struct om_tally_finding *slot = &to->finding[map[side].finding[i]];
            if (slot->column)
                continue;
            *slot = from[side]->finding[i];
            slot->column = om_strdup(slot->column);
            if (!slot->column)
                return om_fail_memory(err);
        }
    return OM_OK;
}

static om_status
unite_levels(const struct om_tally *const *from, size_t s, struct om_tally_map *map, struct om_tally *to,
             struct om_error *err)
{
    const struct om_tally_scale *one = &from[0]->scale[s], *two = &from[1]->scale[s];
    struct om_tally_scale *out = &to->scale[s];
    if (!out->is_total)
        return OM_OK;
    size_t n = unite((struct list){one->value, one->n_values}, (struct list){two->value, two->n_values},
                     sizeof *one->value, compare_values, map[0].level[s], map[1].level[s]);
    out->value = om_calloc(n + 1, sizeof *out->value);
    if (!out->value)
        return om_fail_memory(err);
    out->n_values = n;
    for (size_t side = 0; side < SIDES; side++)
        for (size_t i = 0; i < from[side]->scale[s].n_values; i++)
            out->value[map[side].level[s][i]] = from[side]->scale[s].value[i];
    return OM_OK;
}

/* --- what both have in common --------------------------------------------------------------------------- */

static om_status
copy_text(const char *from, char **to, struct om_error *err)
{
    *to = from ? om_strdup(from) : NULL;
    return *to || !from ? OM_OK : om_fail_memory(err);
}

static om_status
copy_scales(const struct om_tally *from, struct om_tally *to, struct om_error *err)
{
    to->instrument = om_calloc(from->n_instruments + 1, sizeof *to->instrument);
    to->scale = om_calloc(from->n_scales + 1, sizeof *to->scale);
    if (!to->instrument || !to->scale)
        return om_fail_memory(err);
    for (; to->n_instruments < from->n_instruments; to->n_instruments++) {
        const struct om_tally_instrument *one = &from->instrument[to->n_instruments];
        struct om_tally_instrument *copy = &to->instrument[to->n_instruments];
        OM_TRY(copy_text(one->id, &copy->id, err));
        OM_TRY(copy_text(one->version, &copy->version, err));
        OM_TRY(copy_text(one->digest, &copy->digest, err));
        copy->derived = one->derived;
    }
    for (; to->n_scales < from->n_scales; to->n_scales++) {
        struct om_tally_scale *copy = &to->scale[to->n_scales];
        *copy = from->scale[to->n_scales];
        copy->value = NULL;
        copy->n_values = 0;
        OM_TRY(copy_text(from->scale[to->n_scales].id, &copy->id, err));
    }
    return OM_OK;
}

static om_status
copy_about(const struct om_tally *from, struct om_tally *to, struct om_error *err)
{
    OM_TRY(copy_texts(&from->setting, &to->setting, err));
    OM_TRY(copy_texts(&from->by, &to->by, err));
    OM_TRY(copy_texts(&from->described, &to->described, err));
    to->value = om_calloc(to->described.n + 1, sizeof *to->value);
    if (!to->value)
        return om_fail_memory(err);
    return copy_scales(from, to, err);
}

/* --- adding --------------------------------------------------------------------------------------------- */

enum sign { PLUS, MINUS };

static om_status
fail_overflow(struct om_error *err)
{
    return om_fail(err, OM_ERR_PANEL, "a sum is larger than can be counted");
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

/* One spelling, whoever was read first. */
static const char *
first_spelling(const char *a, const char *b)
{
    return a && b && strcmp(b, a) < 0 ? b : a;
}

static om_status
unite_all(const struct om_tally *const *from, struct om_tally_map *map, struct om_tally *to,
          struct om_error *err)
{
    for (size_t side = 0; side < SIDES; side++)
        OM_TRY(om_tally_map_init(&map[side], from[side], err));
    OM_TRY(copy_about(from[0], to, err));
    OM_TRY(copy_text(first_spelling(from[0]->first, from[1]->first), &to->first, err));
    OM_TRY(copy_text(first_spelling(from[0]->last, from[1]->last), &to->last, err));
    OM_TRY(unite_groups(from, map, to, err));
    OM_TRY(unite_findings(from, map, to, err));
    for (size_t d = 0; d < to->described.n; d++)
        OM_TRY(unite_values(from, d, map, to, err));
    for (size_t s = 0; s < to->n_scales; s++)
        OM_TRY(unite_levels(from, s, map, to, err));
    return OM_OK;
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
    om_status status = unite_all(from, map, to, err);
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
    OM_TRY(check_same_study(into, from, name, err));
    OM_TRY(om_tally_new(&out, err));
    return settle(into, out, merged(into, from, out, err), name, err);
}

om_status
om_tally_subtract(struct om_tally *from, const struct om_tally *part, const char *name, struct om_error *err)
{
    struct om_tally *out = NULL;
    OM_TRY(check_same_study(from, part, name, err));
    OM_TRY(om_tally_new(&out, err));
    return settle(from, out, subtracted(from, part, out, err), name, err);
}
