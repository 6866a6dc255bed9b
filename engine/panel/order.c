#include "panel/order.h"
#include "base/error.h"
#include "base/memory.h"

/* memcmp of n <= 16 bytes, as one or two numbers. */
static int
compare_short(const char *a, const char *b, size_t n)
{
    uint64_t x = 0, y = 0;
    if (n >= sizeof x) {
        memcpy(&x, a, sizeof x);
        memcpy(&y, b, sizeof y);
        if (x != y)
            return __builtin_bswap64(x) < __builtin_bswap64(y) ? -1 : 1;
        memcpy(&x, a + n - sizeof x, sizeof x);
        memcpy(&y, b + n - sizeof y, sizeof y);
    } else {
        for (size_t i = 0; i < n; i++) {
            x = x << 8 | (unsigned char)a[i];
            y = y << 8 | (unsigned char)b[i];
        }
        return (x > y) - (x < y);
    }
    return (__builtin_bswap64(x) > __builtin_bswap64(y)) - (__builtin_bswap64(x) < __builtin_bswap64(y));
}

static int
compare(const struct om_record_row *a, const struct om_record_row *b)
{
    if (a->id_length != b->id_length)
        return a->id_length < b->id_length ? -1 : 1;
    if (a->id_length <= 16)
        return compare_short(a->id, b->id, a->id_length);
    return memcmp(a->id, b->id, a->id_length);
}

enum om_order
om_block_order(const struct om_record_block *block)
{
    const struct om_record_row *before = NULL;
    enum om_order order = OM_ORDER_ASCENDING;
    for (size_t r = 0; r < block->n; r++) {
        const struct om_record_row *row = &block->row[r];
        if (row->rejected)
            continue;
        int c = before ? compare(before, row) : -1;
        if (c > 0)
            return OM_ORDER_NONE;
        if (c == 0)
            order = OM_ORDER_RUNS;
        before = row;
    }
    return order;
}

void
om_last_id_release(struct om_last_id *last)
{
    om_free(last->text);
    *last = (struct om_last_id){0};
}

static om_status
remember(struct om_last_id *last, const struct om_record_row *row, struct om_error *err)
{
    if (!last->text || row->id_length > last->capacity) {
        char *larger = om_realloc(last->text, 2 * (size_t)row->id_length + 1, 1);
        if (!larger)
            return om_fail_memory(err);
        last->text = larger;
        last->capacity = 2 * (size_t)row->id_length + 1;
    }
    if (row->id_length)
        memcpy(last->text, row->id, row->id_length);
    last->length = row->id_length;
    return OM_OK;
}

om_status
om_last_id_pass(struct om_last_id *last, const struct om_record_block *block, enum om_order *order,
                struct om_error *err)
{
    size_t first = 0, n = block->n;
    while (first < n && block->row[first].rejected)
        first++;
    while (n > first && block->row[n - 1].rejected)
        n--;
    *order = block->order;
    if (first == n)
        return OM_OK;
    int c = last->text
                ? om_id_compare(last->text, last->length, block->row[first].id, block->row[first].id_length)
                : -1;
    if (c > 0)
        *order = OM_ORDER_NONE;
    else if (c == 0 && *order == OM_ORDER_ASCENDING)
        *order = OM_ORDER_RUNS;
    return remember(last, &block->row[n - 1], err);
}

om_status
om_first_id_note(struct om_last_id *first, const struct om_record_block *block, struct om_error *err)
{
    for (size_t r = 0; r < block->n && !first->text; r++)
        if (!block->row[r].rejected)
            return remember(first, &block->row[r], err);
    return OM_OK;
}
