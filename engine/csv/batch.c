#include "csv/batch.h"
#include "base/memory.h"

#include <string.h>

/* Past these a batch is full even with few records in it. */
enum { FULL_BYTES = 1 << 20, FULL_FIELDS = 1 << 14 };

bool
om_csv_builder_init(struct om_csv_builder *batch)
{
    *batch = (struct om_csv_builder){.record = om_alloc(OM_CSV_BATCH, sizeof *batch->record)};
    return batch->record != NULL;
}

void
om_csv_builder_release(struct om_csv_builder *batch)
{
    om_free(batch->record);
    om_free(batch->field);
    om_free(batch->bytes);
    *batch = (struct om_csv_builder){0};
}

void
om_csv_builder_clear(struct om_csv_builder *batch)
{
    batch->n_records = batch->n_fields = batch->n_bytes = batch->first = 0;
}

bool
om_csv_builder_is_full(const struct om_csv_builder *batch)
{
    return om_csv_builder_open_fields(batch) == 0 &&
           (batch->n_records == OM_CSV_BATCH || batch->n_bytes >= FULL_BYTES ||
            batch->n_fields >= FULL_FIELDS);
}

/* Doubles the block of bytes and points the fields into it again. */
static bool
grow_bytes(struct om_csv_builder *batch, size_t length)
{
    size_t capacity = batch->byte_capacity ? batch->byte_capacity * 2 : 1 << 16;
    while (capacity < batch->n_bytes + length)
        capacity *= 2;
    char *bytes = om_realloc(batch->bytes, capacity, 1);
    if (!bytes)
        return false;
    batch->bytes = bytes;
    batch->byte_capacity = capacity;
    for (size_t i = 0; i < batch->n_fields; i++) {
        batch->field[i].data = bytes;
        bytes += batch->field[i].length;
    }
    return true;
}

bool
om_csv_builder_field(struct om_csv_builder *batch, const char *bytes, size_t length, bool quoted, bool stray)
{
    if (length > batch->byte_capacity - batch->n_bytes || !batch->bytes)
        if (!grow_bytes(batch, length))
            return false;
    if (batch->n_fields == batch->field_capacity)
        if (!om_grow(&batch->field, &batch->field_capacity, batch->n_fields, sizeof *batch->field))
            return false;
    char *copy = batch->bytes + batch->n_bytes;
    if (length)
        memcpy(copy, bytes, length);
    batch->field[batch->n_fields++] = (struct om_field){copy, (uint32_t)length, quoted, stray};
    batch->n_bytes += length;
    return true;
}

void
om_csv_builder_record(struct om_csv_builder *batch, struct om_record place)
{
    place.first_field = batch->first;
    place.n_fields = om_csv_builder_open_fields(batch);
    batch->record[batch->n_records++] = place;
    batch->first = batch->n_fields;
}
