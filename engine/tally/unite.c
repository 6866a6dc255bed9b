/*
 * The names of two tallies united. The order of either is kept, so that the cells of both ascend in the
 * numbers of the union too.
 */
#include "base/error.h"
#include "base/memory.h"
#include "tally/combine.h"

#include <string.h>

enum { SIDES = OM_TALLY_SIDES };

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
    while (to->n_instruments < from->n_instruments) {
        const struct om_tally_instrument *one = &from->instrument[to->n_instruments];
        struct om_tally_instrument *copy = &to->instrument[to->n_instruments++];
        copy->derived = one->derived;
        OM_TRY(copy_text(one->id, &copy->id, err));
        OM_TRY(copy_text(one->version, &copy->version, err));
        OM_TRY(copy_text(one->digest, &copy->digest, err));
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

/* One spelling, whoever was read first. */
static const char *
first_spelling(const char *a, const char *b)
{
    return a && b && strcmp(b, a) < 0 ? b : a;
}

om_status
om_tally_unite(const struct om_tally *const *from, struct om_tally_map *map, struct om_tally *to,
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
