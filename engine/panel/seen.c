#include "panel/seen.h"
#include "panel/settle.h"
#include "panel/shared.h"
#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"

#include <string.h>

/* A record: the occasion in the highest byte, the ordinal below. So they sort by occasion, then by place. */
enum { ORDINAL_BITS = 56 };

/* What one thread needs to look at one person. */
struct bench {
    struct om_sheet *sheet;
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
    *seen = (struct om_seen){
        .panel = panel, .threads = threads, .bench = om_calloc(threads, sizeof *seen->bench)};
    om_status status =
        seen->bench ? om_settling_new(panel, threads, &seen->settling, err) : om_fail_memory(err);
    status = om_exchange_agree(panel->spec->exchange, status, err);
    if (status == OM_OK)
        status = om_store_new(panel->spec, sizeof(uint64_t), threads, &seen->store, err);
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
    for (size_t t = 0; seen->bench && t < seen->threads; t++)
        om_free(seen->bench[t].sheet);
    om_settling_free(seen->settling);
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

static uint64_t
record_of(const uint8_t *payload)
{
    uint64_t record;
    memcpy(&record, payload, sizeof record);
    return record;
}

static uint64_t
ordinal_of(const void *context, const uint8_t *payload)
{
    (void)context;
    return record_of(payload) & ((UINT64_C(1) << ORDINAL_BITS) - 1);
}

static struct om_sheet
sheet_of(const uint8_t *payload)
{
    return (struct om_sheet){.ordinal = ordinal_of(NULL, payload),
                             .occasion = (int)(record_of(payload) >> ORDINAL_BITS)};
}

/* All records of one id: the first of each occasion is repeated by the others. */
static om_status
note_duplicates(void *context, size_t thread, const uint8_t *const *payload, size_t n, struct om_error *err)
{
    struct om_seen *seen = context;
    struct om_sheet kept[OM_SHEETS_MAX];
    size_t n_kept = 0, at;
    if (n < 2)
        return OM_OK;
    for (size_t i = 0; i < n; i++) {
        const struct om_sheet sheet = sheet_of(payload[i]);
        OM_TRY(om_settle_add(&seen->settling[thread], kept, &n_kept, &sheet, &at, err));
    }
    return OM_OK;
}

static om_status
thin(void *context, size_t thread, const uint8_t *const *payload, size_t n, bool *drop, struct om_error *err)
{
    struct om_seen *seen = context;
    struct bench *bench = &seen->bench[thread];
    for (size_t i = 0; i < n; i++) {
        if (!om_grow(&bench->sheet, &bench->capacity, i, sizeof *bench->sheet))
            return om_fail_memory(err);
        bench->sheet[i] = sheet_of(payload[i]);
    }
    return om_settle_between(&seen->settling[thread], bench->sheet, n, drop, err);
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
    const struct om_store_visitor visitor = {
        .person = note_duplicates, .thin = thin, .ordinal = ordinal_of, .context = seen};
    if (exchange) {
        uint64_t all;
        om_status status = om_share_sum(exchange, OM_OK, count->read, &all, &seen->before, err);
        OM_TRY(om_store_visit_shared(seen->store, status, renumber, &visitor, err));
    } else {
        OM_TRY(om_store_visit(seen->store, &visitor, err));
    }
    return om_settle_report(seen->panel, seen->settling, seen->threads, &seen->places, seen->before, count,
                            err);
}
