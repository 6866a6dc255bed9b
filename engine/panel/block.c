#include "panel/block.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

static bool
grow(void *array_pointer, size_t count, size_t size)
{
    void **array = array_pointer;
    void *larger = om_realloc(*array, count, size);
    if (larger)
        *array = larger;
    return larger != NULL;
}

om_status
om_block_reserve(struct om_record_block *block, size_t n, size_t n_by, struct om_error *err)
{
    if (n <= block->capacity)
        return OM_OK;
    size_t larger = block->capacity ? block->capacity : 256;
    while (larger < n)
        larger *= 2;
    enum { BEHIND = 16 }; /* readers may read a little further, in steps */
    uint8_t *code = om_alloc_lines(larger * block->widest + BEHIND, 1);
    if (!code)
        return om_fail_memory(err);
    if (block->n)
        memcpy(code, block->code, block->n * block->stride);
    om_free(block->code);
    block->code = code;
    if (!grow(&block->row, larger, sizeof *block->row))
        return om_fail_memory(err);
    for (size_t b = 0; b < n_by; b++)
        if (!grow(&block->by[b], larger, sizeof *block->by[b]))
            return om_fail_memory(err);
    if (block->most_kept && !grow(&block->kept, larger, block->most_kept * sizeof *block->kept))
        return om_fail_memory(err);
    block->capacity = larger;
    return OM_OK;
}

void
om_block_release(struct om_record_block *block)
{
    om_free(block->row);
    om_free(block->code);
    om_free(block->kept);
    for (size_t b = 0; b < OM_BY_MAX; b++)
        om_free(block->by[b]);
    *block = (struct om_record_block){0};
}
