/*
 * A batch being built: fields as they come, closed into records. Their bytes lie one after the other in one
 * block of memory, which is kept from batch to batch.
 */
#ifndef OM_CSV_BATCH_H
#define OM_CSV_BATCH_H

#include <omstat/csv.h>

struct om_csv_builder {
    struct om_record *record; /* OM_CSV_BATCH of them */
    size_t n_records;
    struct om_field *field;
    size_t n_fields;
    size_t field_capacity;
    char *bytes;
    size_t n_bytes;
    size_t byte_capacity;
    size_t first; /* the first field of the record that is not closed yet */
};

bool om_csv_builder_init(struct om_csv_builder *batch) OM_NODISCARD;
void om_csv_builder_release(struct om_csv_builder *batch);
void om_csv_builder_clear(struct om_csv_builder *batch);

/* Fields of the open record. */
static inline size_t
om_csv_builder_open_fields(const struct om_csv_builder *batch)
{
    return batch->n_fields - batch->first;
}

/* True when the batch is large enough to hand over. Never while a record is open: it would be cut in two. */
bool om_csv_builder_is_full(const struct om_csv_builder *batch);

/* Adds a field to the open record; false when memory is exhausted. */
bool om_csv_builder_field(struct om_csv_builder *batch, const char *bytes, size_t length, bool quoted,
                          bool stray) OM_NODISCARD;

/* Closes the open record; number, line and byte_offset are the caller's. */
void om_csv_builder_record(struct om_csv_builder *batch, struct om_record place);

#endif
