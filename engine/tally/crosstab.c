#include "tally/crosstab.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FREE = UINT32_MAX };

void
om_crosstab_init(struct om_crosstab *table, size_t n_levels)
{
    *table = (struct om_crosstab){.n_levels = n_levels};
}

void
om_crosstab_release(struct om_crosstab *table)
{
    om_free(table->dense);
    om_free(table->more);
    om_free(table->key);
    om_free(table->count);
    om_crosstab_init(table, table->n_levels);
}

static size_t
side(const struct om_crosstab *table)
{
    return table->n_levels + 1;
}

static size_t
slot_of(const struct om_crosstab *table, uint32_t key)
{
    size_t mask = table->n_slots - 1;
    size_t i = (key * UINT32_C(2654435761) >> 7) & mask; /* Knuth's multiplicative hash */
    while (table->key[i] != FREE && table->key[i] != key)
        i = (i + 1) & mask;
    return i;
}

/* Tables of more levels than this stay lists: nobody has so many persons that a dense one would pay. */
enum { DENSE_SIDE_MAX = 4096 };

/* A cell costs 12 bytes in a list filled to a half at most, 4 in the dense table. */
static int
dense_is_smaller(const struct om_crosstab *table, size_t n_slots)
{
    return side(table) <= DENSE_SIDE_MAX && n_slots * (sizeof *table->key + sizeof *table->count) >=
                                                side(table) * side(table) * sizeof *table->dense;
}

/* Moves the counts of the dense table to where there is room for more. */
static om_status
empty_dense(struct om_crosstab *table, struct om_error *err)
{
    size_t cells = side(table) * side(table);
    if (!table->more)
        table->more = om_calloc(cells, sizeof *table->more);
    if (!table->more)
        return om_fail_memory(err);
    for (size_t i = 0; i < cells; i++)
        table->more[i] += table->dense[i];
    memset(table->dense, 0, cells * sizeof *table->dense);
    table->held = 0;
    return OM_OK;
}

static om_status
add_to_dense(struct om_crosstab *table, size_t cell, uint64_t count, struct om_error *err)
{
    if (count > UINT32_MAX - table->held)
        OM_TRY(empty_dense(table, err));
    if (count > UINT32_MAX) {
        table->more[cell] += count;
        return OM_OK;
    }
    table->dense[cell] += (uint32_t)count;
    table->held += count;
    return OM_OK;
}

static om_status
make_dense(struct om_crosstab *table, struct om_error *err)
{
    struct om_crosstab sparse = *table;
    table->dense = om_calloc(side(table) * side(table), sizeof *table->dense);
    if (!table->dense)
        return om_fail_memory(err);
    table->key = NULL;
    table->count = NULL;
    table->n_slots = table->n_used = 0;
    om_status status = OM_OK;
    for (size_t i = 0; i < sparse.n_slots && status == OM_OK; i++)
        if (sparse.key[i] != FREE)
            status = add_to_dense(table, sparse.key[i], sparse.count[i], err);
    om_free(sparse.key);
    om_free(sparse.count);
    return status;
}

/* Doubles the list, or turns it into a dense table. */
static om_status
make_room(struct om_crosstab *table, struct om_error *err)
{
    size_t larger = table->n_slots ? 2 * table->n_slots : 16;
    if (dense_is_smaller(table, larger))
        return make_dense(table, err);
    struct om_crosstab wider = {
        .n_levels = table->n_levels, .n_slots = larger, .n_used = table->n_used, .n_added = table->n_added};
    wider.key = om_alloc(larger, sizeof *wider.key);
    wider.count = om_calloc(larger, sizeof *wider.count);
    if (!wider.key || !wider.count) {
        om_crosstab_release(&wider);
        return om_fail_memory(err);
    }
    memset(wider.key, 0xff, larger * sizeof *wider.key);
    for (size_t i = 0; i < table->n_slots; i++)
        if (table->key[i] != FREE) {
            size_t slot = slot_of(&wider, table->key[i]);
            wider.key[slot] = table->key[i];
            wider.count[slot] = table->count[i];
        }
    om_crosstab_release(table);
    *table = wider;
    return OM_OK;
}

om_status
om_crosstab_add(struct om_crosstab *table, size_t first, size_t last, uint64_t count, struct om_error *err)
{
    uint32_t key = (uint32_t)(first * side(table) + last);
    if (!table->dense && side(table) <= DENSE_SIDE_MAX && ++table->n_added > side(table) * side(table))
        OM_TRY(make_dense(table, err));
    if (!table->dense && table->n_used * 2 >= table->n_slots)
        OM_TRY(make_room(table, err));
    if (table->dense)
        return add_to_dense(table, key, count, err);
    size_t slot = slot_of(table, key);
    table->n_used += table->key[slot] == FREE;
    table->key[slot] = key;
    table->count[slot] += count;
    return OM_OK;
}

/* Where few cells take many persons each, adding to one of them waits for the addition before. So they are
 * counted in turns in several small tables. In a large table the cell is far away: it is sent for ahead. */
enum { FEW_CELLS = 64, TURNS = 4, BLOCK = 256, AHEAD = 12 };

static void
add_to_few(struct om_crosstab *table, const uint32_t *cell, size_t n)
{
    uint32_t count[TURNS][FEW_CELLS] = {{0}};
    size_t cells = side(table) * side(table), r = 0;
    for (; r + TURNS <= n; r += TURNS)
        for (size_t t = 0; t < TURNS; t++)
            count[t][cell[r + t]]++;
    for (; r < n; r++)
        count[0][cell[r]]++;
    for (size_t i = 0; i < cells; i++)
        table->dense[i] += count[0][i] + count[1][i] + count[2][i] + count[3][i];
}

static void
add_to_many(struct om_crosstab *table, const uint32_t *cell, size_t n)
{
    uint32_t *dense = table->dense;
    size_t r = 0;
    for (; r + AHEAD < n; r++) {
        __builtin_prefetch(&dense[cell[r + AHEAD]], 1);
        dense[cell[r]]++;
    }
    for (; r < n; r++)
        dense[cell[r]]++;
}

static om_status
add_block(struct om_crosstab *table, const uint16_t *first, const uint16_t *last, size_t n,
          struct om_error *err)
{
    uint32_t cell[BLOCK];
    const uint32_t n_side = (uint32_t)side(table);
    if (n > UINT32_MAX - table->held)
        OM_TRY(empty_dense(table, err));
    for (size_t r = 0; r < n; r++)
        cell[r] = first[r] * n_side + last[r];
    if (n_side * n_side <= FEW_CELLS)
        add_to_few(table, cell, n);
    else
        add_to_many(table, cell, n);
    table->held += n;
    return OM_OK;
}

om_status
om_crosstab_add_all(struct om_crosstab *table, const uint16_t *first, const uint16_t *last, size_t n,
                    struct om_error *err)
{
    size_t r = 0;
    for (; r < n && !table->dense; r++)
        OM_TRY(om_crosstab_add(table, first[r], last[r], 1, err));
    for (size_t k; r < n; r += k) {
        k = n - r < BLOCK ? n - r : BLOCK;
        OM_TRY(add_block(table, first + r, last + r, k, err));
    }
    return OM_OK;
}

static uint64_t
count_of(const struct om_crosstab *table, size_t i)
{
    return table->dense ? table->dense[i] + (table->more ? table->more[i] : 0) : table->count[i];
}

static void
take_cell(const struct om_crosstab *table, size_t key, uint64_t count, struct om_cell *list, size_t *used)
{
    if (count)
        list[(*used)++] = (struct om_cell){
            .first = (uint32_t)(key / side(table)), .last = (uint32_t)(key % side(table)), .count = count};
}

static int
compare_keys(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* The keys of a list, ascending: by a bit for each cell there could be, or when there are too many, sorted.
 */
static void
sort_keys(const struct om_crosstab *table, uint32_t *key)
{
    enum { WORDS = 512 };
    uint64_t is_used[WORDS] = {0};
    size_t n = 0, cells = side(table) * side(table);
    bool few = cells <= WORDS * 64;
    for (size_t i = 0; i < table->n_slots; i++) {
        if (table->key[i] == FREE)
            continue;
        if (few)
            is_used[table->key[i] / 64] |= UINT64_C(1) << table->key[i] % 64;
        else
            key[n++] = table->key[i];
    }
    if (!few)
        qsort(key, n, sizeof *key, compare_keys);
    for (size_t w = 0; few && w < (cells + 63) / 64; w++)
        for (uint64_t rest = is_used[w]; rest; rest &= rest - 1)
            key[n++] = (uint32_t)(64 * w + (size_t)__builtin_ctzll(rest));
}

static om_status
cells_of_list(const struct om_crosstab *table, struct om_cell *list, size_t *used, struct om_error *err)
{
    uint32_t *key = om_alloc(table->n_used, sizeof *key);
    if (!key)
        return om_fail_memory(err);
    sort_keys(table, key);
    for (size_t i = 0; i < table->n_used; i++)
        take_cell(table, key[i], table->count[slot_of(table, key[i])], list, used);
    om_free(key);
    return OM_OK;
}

om_status
om_crosstab_cells(const struct om_crosstab *table, struct om_cell **cells, size_t *n, struct om_error *err)
{
    const size_t dense = side(table) * side(table);
    struct om_cell *list = om_alloc(table->dense ? dense : table->n_used, sizeof *list);
    size_t used = 0;
    om_status status = OM_OK;
    if (!list)
        return om_fail_memory(err);
    for (size_t i = 0; table->dense && i < dense; i++)
        take_cell(table, i, count_of(table, i), list, &used);
    if (table->n_used > 0)
        status = cells_of_list(table, list, &used, err);
    if (status != OM_OK) {
        om_free(list);
        return status;
    }
    *cells = list;
    *n = used;
    return OM_OK;
}

om_status
om_crosstab_merge(struct om_crosstab *table, const struct om_crosstab *other, struct om_error *err)
{
    struct om_cell *cells = NULL;
    size_t n = 0;
    om_status status = om_crosstab_cells(other, &cells, &n, err);
    for (size_t i = 0; i < n && status == OM_OK; i++)
        status = om_crosstab_add(table, cells[i].first, cells[i].last, cells[i].count, err);
    om_free(cells);
    return status;
}

uint64_t
om_crosstab_total(const struct om_crosstab *table)
{
    size_t n = table->dense ? side(table) * side(table) : table->n_slots;
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += count_of(table, i);
    return total;
}
