#include "panel/seen.h"
#include "panel/settle.h"
#include "panel/shared.h"
#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* A record: the occasion in the highest byte, the ordinal below. So they sort by occasion, then by place. */
enum { ORDINAL_BITS = 56 };

/* What one thread needs to look at one person. */
struct bench {
    uint64_t *record;
    size_t capacity;
};

struct om_seen {
    const struct om_panel *panel;
    size_t threads;
    struct om_store *store;
    uint64_t before; /* records that processes of lower rank have read */
    struct om_places places;
    struct om_settling *settling;
    struct bench *bench;
};

om_status
om_seen_new(const struct om_panel *panel, size_t threads, struct om_seen **out, struct om_error *err)
{
    struct om_seen *seen = om_calloc(1, sizeof *seen);
    if (!seen)
        return om_fail_memory(err);
    *seen = (struct om_seen){.panel = panel,
                             .threads = threads,
                             .settling = om_calloc(threads, sizeof *seen->settling),
                             .bench = om_calloc(threads, sizeof *seen->bench)};
    om_status status = seen->settling && seen->bench ? OM_OK : om_fail_memory(err);
    status = om_exchange_agree(panel->spec->exchange, status, err);
    if (status == OM_OK)
        status = om_store_new(sizeof(uint64_t), threads, panel->spec->memory, panel->spec->exchange,
                              &seen->store, err);
    if (status == OM_OK)
        *out = seen;
    else
        om_seen_free(seen);
    return status;
}

void
om_seen_free(struct om_seen *seen)
{
    if (!seen)
        return;
    for (size_t t = 0; t < seen->threads; t++) {
        if (seen->settling)
            om_free(seen->settling[t].note);
        if (seen->bench)
            om_free(seen->bench[t].record);
    }
    om_free(seen->settling);
    om_free(seen->bench);
    om_places_release(&seen->places);
    om_store_free(seen->store);
    om_free(seen);
}

om_status
om_seen_join(struct om_seen *seen, const struct om_record_block *block, struct om_error *err)
{
    return om_places_add(&seen->places, block, err);
}

om_status
om_seen_take(struct om_seen *seen, size_t thread, const struct om_record_block *block, struct om_error *err)
{
    for (size_t r = 0; r < block->n; r++) {
        const struct om_record_row *row = &block->row[r];
        if (row->rejected)
            continue;
        uint64_t record = (uint64_t)om_block_occasion(block, r) << ORDINAL_BITS | (block->ordinal + r);
        OM_TRY(om_store_put(seen->store, thread, row->id, row->id_length, &record, err));
    }
    return OM_OK;
}

static int
compare_records(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* All records of one id: the first of each occasion is repeated by the others. */
static om_status
note_duplicates(void *context, size_t thread, const uint8_t *const *payload, size_t n, struct om_error *err)
{
    struct om_seen *seen = context;
    struct bench *bench = &seen->bench[thread];
    const uint64_t ordinal = (UINT64_C(1) << ORDINAL_BITS) - 1;
    if (n < 2)
        return OM_OK;
    for (size_t i = 0; i < n; i++) {
        if (!om_grow(&bench->record, &bench->capacity, i, sizeof *bench->record))
            return om_fail_memory(err);
        memcpy(&bench->record[i], payload[i], sizeof *bench->record);
    }
    qsort(bench->record, n, sizeof *bench->record, compare_records);
    for (size_t i = 1, first = 0; i < n; i++) {
        if (bench->record[i] >> ORDINAL_BITS != bench->record[first] >> ORDINAL_BITS) {
            first = i;
            continue;
        }
        struct om_settle_note note = {
            .code = 140, .ordinal = bench->record[i] & ordinal, .first = bench->record[first] & ordinal};
        seen->settling[thread].duplicates++;
        seen->settling[thread].rejected++;
        OM_TRY(om_settle_note(&seen->settling[thread], note, err));
    }
    return OM_OK;
}

/* Its number among the records of all processes. */
static void
renumber(void *context, uint8_t *payload)
{
    const struct om_seen *seen = context;
    uint64_t record;
    memcpy(&record, payload, sizeof record);
    record += seen->before;
    memcpy(payload, &record, sizeof record);
}

om_status
om_seen_report(struct om_seen *seen, struct om_persons_count *count, struct om_error *err)
{
    const struct om_exchange *exchange = seen->panel->spec->exchange;
    if (exchange) {
        uint64_t all;
        om_status status = om_share_sum(exchange, OM_OK, count->read, &all, &seen->before, err);
        OM_TRY(om_store_visit_shared(seen->store, status, renumber, note_duplicates, seen, err));
    } else {
        OM_TRY(om_store_visit(seen->store, note_duplicates, seen, err));
    }
    return om_settle_report(seen->panel, seen->settling, seen->threads, &seen->places, seen->before, count,
                            err);
}
