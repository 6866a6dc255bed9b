#include "analysis/waves.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static om_status
reserve(struct om_wave_rows *rows, size_t more, struct om_error *err)
{
    size_t n = rows->n + more;
    if (n <= rows->capacity)
        return OM_OK;
    size_t larger = rows->capacity ? 2 * rows->capacity : 64;
    while (larger < n)
        larger *= 2;
    uint16_t *level = om_realloc(rows->level, larger * rows->n_occasions, sizeof *level);
    if (!level)
        return om_fail_memory(err);
    rows->level = level;
    rows->capacity = larger;
    return OM_OK;
}

om_status
om_wave_rows_add(struct om_wave_rows *rows, const uint16_t *const *level, size_t n_occasions, size_t n,
                 struct om_error *err)
{
    rows->n_occasions = n_occasions;
    OM_TRY(reserve(rows, n, err));
    uint16_t *out = rows->level + rows->n * n_occasions;
    for (size_t r = 0; r < n; r++)
        for (size_t k = 0; k < n_occasions; k++)
            *out++ = level[k][r];
    rows->n += n;
    return OM_OK;
}

om_status
om_wave_rows_repeat(struct om_wave_rows *rows, const uint16_t *row, size_t n_occasions, size_t times,
                    struct om_error *err)
{
    rows->n_occasions = n_occasions;
    OM_TRY(reserve(rows, times, err));
    for (size_t i = 0; i < times; i++)
        memcpy(rows->level + rows->n++ * n_occasions, row, n_occasions * sizeof *row);
    return OM_OK;
}

om_status
om_wave_rows_merge(struct om_wave_rows *rows, const struct om_wave_rows *from, struct om_error *err)
{
    if (from->n == 0)
        return OM_OK;
    rows->n_occasions = from->n_occasions;
    OM_TRY(reserve(rows, from->n, err));
    memcpy(rows->level + rows->n * rows->n_occasions, from->level,
           from->n * from->n_occasions * sizeof *from->level);
    rows->n += from->n;
    return OM_OK;
}

void
om_wave_rows_map(struct om_wave_rows *rows, const uint16_t *map)
{
    for (size_t i = 0; i < rows->n * rows->n_occasions; i++)
        rows->level[i] = map[rows->level[i]];
}

static int
compare_rows(const void *a, const void *b, void *n_occasions)
{
    const uint16_t *x = a, *y = b;
    for (size_t k = 0; k < *(const size_t *)n_occasions; k++)
        if (x[k] != y[k])
            return x[k] < y[k] ? -1 : 1;
    return 0;
}

om_status
om_wave_rows_settle(struct om_wave_rows *rows, struct om_error *err)
{
    size_t width = rows->n_occasions, bytes = width * sizeof *rows->level, kept = 0;
    if (rows->n == 0)
        return OM_OK;
    rows->count = om_alloc(rows->n, sizeof *rows->count);
    if (!rows->count)
        return om_fail_memory(err);
    qsort_r(rows->level, rows->n, bytes, compare_rows, &rows->n_occasions);
    for (size_t i = 0; i < rows->n; i++) {
        uint16_t *row = rows->level + i * width;
        if (kept && memcmp(row, rows->level + (kept - 1) * width, bytes) == 0) {
            rows->count[kept - 1]++;
            continue;
        }
        memmove(rows->level + kept * width, row, bytes);
        rows->count[kept++] = 1;
    }
    rows->n = kept;
    return OM_OK;
}

void
om_wave_rows_release(struct om_wave_rows *rows)
{
    om_free(rows->level);
    om_free(rows->count);
    *rows = (struct om_wave_rows){0};
}
