#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "io/scratch.h"
#include "panel/id_key.h"

#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

/*
 * A record:  key without its top byte | payload
 *
 * The keys of short ids (7 bytes stored) and those of all others (15) are apart, so that one kind needs no
 * bytes of the other.
 */
enum { SHORT, LONG, KINDS = OM_STORE_KINDS };
static const size_t key_bytes[KINDS] = {OM_ID_KEY_SHORT - 1, OM_ID_KEY_LONG - 1}; /* the part says the last */

enum { CHUNK = 8 * 1024 };
enum { AHEAD = 8 }; /* slots */

struct chunk {
    struct chunk *next;
    size_t used;
    uint8_t bytes[];
};

/* Records of one part that went to the file. */
struct extent {
    struct extent *next;
    uint64_t offset;
    size_t bytes;
};

struct list {
    struct chunk *chunk; /* the newest first */
    struct extent *extent;
    size_t n; /* records, in memory and in the file */
};

/* What one thread puts away. */
struct shelf {
    struct list list[KINDS][OM_STORE_PARTS];
    size_t held; /* bytes of chunks */
    struct om_scratch scratch;
};

struct om_store {
    size_t payload, threads, limit;
    const struct om_exchange *exchange;
    uint64_t seed;
    struct shelf *shelf;
};

static om_status
make_store(size_t bytes, size_t threads, size_t limit, struct om_store **out, struct om_error *err)
{
    struct om_store *store = om_calloc(1, sizeof *store);
    if (!store)
        return om_fail_memory(err);
    *store = (struct om_store){.payload = bytes,
                               .threads = threads,
                               .limit = limit / threads,
                               .shelf = om_calloc(threads, sizeof *store->shelf)};
    if (!store->shelf) {
        om_free(store);
        return om_fail_memory(err);
    }
    for (size_t t = 0; t < threads; t++)
        store->shelf[t].scratch = OM_SCRATCH_EMPTY;
    if (getrandom(&store->seed, sizeof store->seed, 0) != (ssize_t)sizeof store->seed)
        store->seed = UINT64_C(0x5bd1e9955bd1e995); /* a known seed only makes it easier to be mean */
    *out = store;
    return OM_OK;
}

om_status
om_store_new(size_t bytes, size_t threads, size_t limit, const struct om_exchange *exchange,
             struct om_store **out, struct om_error *err)
{
    struct om_store *store = NULL;
    om_status status = make_store(bytes, threads, limit, &store, err);
    if (exchange)
        status = om_store_share_seed(exchange, status, store ? &store->seed : NULL, err);
    if (status != OM_OK || !store) {
        om_store_free(store);
        return status;
    }
    store->exchange = exchange;
    *out = store;
    return OM_OK;
}

const struct om_exchange *
om_store_exchange(const struct om_store *store)
{
    return store->exchange;
}

size_t
om_store_payload(const struct om_store *store)
{
    return store->payload;
}

size_t
om_store_record_bytes(const struct om_store *store, size_t kind)
{
    return key_bytes[kind] + store->payload;
}

static void
free_list(struct list *list)
{
    while (list->chunk) {
        struct chunk *next = list->chunk->next;
        om_free(list->chunk);
        list->chunk = next;
    }
    while (list->extent) {
        struct extent *next = list->extent->next;
        om_free(list->extent);
        list->extent = next;
    }
    list->n = 0;
}

void
om_store_free(struct om_store *store)
{
    if (!store)
        return;
    for (size_t t = 0; t < store->threads; t++) {
        for (size_t kind = 0; kind < KINDS; kind++)
            for (size_t part = 0; part < OM_STORE_PARTS; part++)
                free_list(&store->shelf[t].list[kind][part]);
        om_scratch_close(&store->shelf[t].scratch);
    }
    om_free(store->shelf);
    om_free(store);
}

/* --- putting away --------------------------------------------------------------------------------------- */

static om_status
spill_list(struct shelf *shelf, struct list *list, struct om_error *err)
{
    struct extent *extent = om_alloc(1, sizeof *extent);
    if (!extent)
        return om_fail_memory(err);
    *extent = (struct extent){.next = list->extent, .offset = shelf->scratch.length};
    list->extent = extent;
    while (list->chunk) {
        struct chunk *chunk = list->chunk;
        OM_TRY(om_scratch_write(&shelf->scratch, chunk->bytes, chunk->used, err));
        extent->bytes += chunk->used;
        list->chunk = chunk->next;
        om_free(chunk);
    }
    return OM_OK;
}

static om_status
spill(struct shelf *shelf, struct om_error *err)
{
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t part = 0; part < OM_STORE_PARTS; part++)
            if (shelf->list[kind][part].chunk)
                OM_TRY(spill_list(shelf, &shelf->list[kind][part], err));
    shelf->held = 0;
    return OM_OK;
}

/* For as many whole records as there is room for, one at least. */
static om_status
add_chunk(const struct om_store *store, struct shelf *shelf, struct list *list, size_t bytes,
          struct chunk **out, struct om_error *err)
{
    *out = NULL;
    if (store->limit > 0 && shelf->held + CHUNK > store->limit && shelf->held > 0)
        OM_TRY(spill(shelf, err));
    const size_t whole = bytes < CHUNK ? CHUNK / bytes * bytes : bytes;
    struct chunk *chunk = om_alloc(sizeof *chunk + whole, 1);
    if (!chunk)
        return om_fail_memory(err);
    chunk->next = list->chunk;
    chunk->used = 0;
    list->chunk = *out = chunk;
    shelf->held += CHUNK;
    return OM_OK;
}

om_status
om_store_room(struct om_store *store, size_t thread, const char *id, size_t length, uint8_t **payload,
              struct om_error *err)
{
    uint8_t key[OM_ID_KEY_MAX];
    size_t n_key = om_id_key(id, length, store->seed, key) - 1, bytes = n_key + store->payload;
    size_t kind = n_key == key_bytes[SHORT] ? SHORT : LONG;
    struct shelf *shelf = &store->shelf[thread];
    struct list *list = &shelf->list[kind][key[n_key]];
    struct chunk *chunk = list->chunk;
    if (!chunk || chunk->used + bytes > CHUNK) {
        om_status status = add_chunk(store, shelf, list, bytes, &chunk, err);
        if (!chunk)
            return status;
    }
    uint8_t *at = chunk->bytes + chunk->used;
    memcpy(at, key, n_key);
    *payload = at + n_key;
    chunk->used += bytes;
    list->n++;
    return OM_OK;
}

om_status
om_store_put(struct om_store *store, size_t thread, const char *id, size_t length, const void *payload,
             struct om_error *err)
{
    uint8_t *at = NULL;
    om_status status = om_store_room(store, thread, id, length, &at, err);
    if (at)
        memcpy(at, payload, store->payload);
    return status;
}

/* --- taking out ----------------------------------------------------------------------------------------- */

struct visit {
    struct om_store *store;
    om_store_person_fn *person;
    void *context;
    _Atomic size_t next; /* part and kind to be taken next */
    _Atomic int failed;
    om_status *status; /* per thread */
    struct om_error *error;
};

/* The records of one part, side by side, and those of one key linked. */
struct part {
    const uint8_t *record; /* borrowed */
    size_t n, bytes, n_key;
    uint32_t *slot, *next; /* indices + 1; 0: none */
    size_t n_slots;
    const uint8_t **payload;
    size_t payload_capacity;
};

static void
release_part(struct part *part)
{
    om_free(part->slot);
    om_free(part->next);
    om_free((void *)part->payload);
}

/* Moves the records of all threads into one array. */
static om_status
collect(struct om_store *store, size_t kind, size_t number, uint8_t *at, struct om_error *err)
{
    for (size_t t = 0; t < store->threads; t++) {
        struct list *list = &store->shelf[t].list[kind][number];
        for (const struct chunk *chunk = list->chunk; chunk; chunk = chunk->next) {
            memcpy(at, chunk->bytes, chunk->used);
            at += chunk->used;
        }
        for (const struct extent *extent = list->extent; extent; extent = extent->next) {
            OM_TRY(om_scratch_read(&store->shelf[t].scratch, extent->offset, at, extent->bytes, err));
            at += extent->bytes;
        }
        free_list(list);
    }
    return OM_OK;
}

static uint64_t
load(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* Are the first 7 or 15 bytes the same? Another one may be read behind them. */
static bool
same_key(const uint8_t *a, const uint8_t *b, size_t n)
{
    uint64_t differ = load(a) ^ load(b);
    if (n == key_bytes[SHORT])
        return differ << 8 == 0;
    return differ == 0 && load(a + 7) == load(b + 7);
}

static om_status
link_records(struct part *part, struct om_error *err)
{
    part->n_slots = 16; /* a person mostly has two records, and takes one slot */
    while (part->n_slots < part->n + part->n / 4)
        part->n_slots *= 2;
    part->slot = om_calloc(part->n_slots, sizeof *part->slot);
    part->next = om_alloc(part->n, sizeof *part->next);
    if (!part->slot || !part->next)
        return om_fail_memory(err);
    for (size_t i = 0; i < part->n; i++) {
        const uint8_t *record = part->record + i * part->bytes;
        uint32_t hash;
        memcpy(&hash, record, sizeof hash);
        size_t s = hash & (part->n_slots - 1);
        while (part->slot[s] &&
               !same_key(part->record + (part->slot[s] - 1) * part->bytes, record, part->n_key))
            s = (s + 1) & (part->n_slots - 1);
        part->next[i] = part->slot[s];
        part->slot[s] = (uint32_t)i + 1;
    }
    return OM_OK;
}

/* The records of a person lie anywhere in the part: the two newest are sent for before they are asked
 * for. */
static void
send_for(const struct part *part, size_t slot)
{
    if (slot + 2 * AHEAD < part->n_slots && part->slot[slot + 2 * AHEAD]) {
        size_t record = part->slot[slot + 2 * AHEAD] - 1;
        __builtin_prefetch(part->record + record * part->bytes);
        __builtin_prefetch(&part->next[record]);
    }
    if (slot + AHEAD < part->n_slots && part->slot[slot + AHEAD]) {
        size_t before = part->next[part->slot[slot + AHEAD] - 1];
        if (before)
            __builtin_prefetch(part->record + (before - 1) * part->bytes);
    }
}

static om_status
hand_out(struct part *part, om_store_person_fn *person, void *context, size_t thread, struct om_error *err)
{
    for (size_t s = 0; s < part->n_slots; s++) {
        size_t n = 0;
        send_for(part, s);
        for (uint32_t i = part->slot[s]; i; i = part->next[i - 1]) {
            if (!om_grow(&part->payload, &part->payload_capacity, n, sizeof *part->payload))
                return om_fail_memory(err);
            part->payload[n++] = part->record + (i - 1) * part->bytes + part->n_key;
        }
        if (n > 0)
            OM_TRY(person(context, thread, part->payload, n, err));
    }
    return OM_OK;
}

om_status
om_store_take(struct om_store *store, size_t kind, size_t number, struct om_store_records *out,
              struct om_error *err)
{
    const size_t bytes = om_store_record_bytes(store, kind);
    *out = (struct om_store_records){0};
    for (size_t t = 0; t < store->threads; t++)
        out->n += store->shelf[t].list[kind][number].n;
    if (out->n == 0)
        return OM_OK;
    out->bytes = om_alloc(out->n * bytes + OM_STORE_BEHIND, 1);
    if (!out->bytes)
        return om_fail_memory(err);
    return collect(store, kind, number, out->bytes, err);
}

om_status
om_store_visit_records(const struct om_store *store, size_t kind, const struct om_store_records *records,
                       om_store_person_fn *person, void *context, size_t thread, struct om_error *err)
{
    struct part part = {.record = records->bytes,
                        .n = records->n,
                        .bytes = om_store_record_bytes(store, kind),
                        .n_key = key_bytes[kind]};
    if (part.n == 0 || !part.record)
        return OM_OK;
    if (part.n >= UINT32_MAX)
        return om_fail_memory(err);
    om_status status = link_records(&part, err);
    if (status == OM_OK)
        status = hand_out(&part, person, context, thread, err);
    release_part(&part);
    return status;
}

static om_status
visit_part(struct visit *visit, size_t kind, size_t number, size_t thread, struct om_error *err)
{
    struct om_store_records records;
    om_status status = om_store_take(visit->store, kind, number, &records, err);
    if (status == OM_OK)
        status =
            om_store_visit_records(visit->store, kind, &records, visit->person, visit->context, thread, err);
    om_free(records.bytes);
    return status;
}

static void
run_visit(void *context, size_t thread)
{
    struct visit *visit = context;
    while (!visit->failed) {
        size_t next = visit->next++;
        if (next >= (size_t)KINDS * OM_STORE_PARTS)
            return;
        visit->status[thread] =
            visit_part(visit, next / OM_STORE_PARTS, next % OM_STORE_PARTS, thread, &visit->error[thread]);
        if (visit->status[thread] != OM_OK)
            visit->failed = 1;
    }
}

om_status
om_store_visit(struct om_store *store, om_store_person_fn *person, void *context, struct om_error *err)
{
    struct visit visit = {.store = store,
                          .person = person,
                          .context = context,
                          .status = om_calloc(store->threads, sizeof *visit.status),
                          .error = om_calloc(store->threads, sizeof *visit.error)};
    om_status status = visit.status && visit.error ? OM_OK : om_fail_memory(err);
    if (status == OM_OK)
        om_parallel(store->threads, run_visit, &visit);
    for (size_t t = 0; status == OM_OK && t < store->threads; t++)
        if (visit.status[t] != OM_OK) {
            status = visit.status[t];
            if (err)
                *err = visit.error[t];
        }
    om_free(visit.status);
    om_free(visit.error);
    return status;
}
