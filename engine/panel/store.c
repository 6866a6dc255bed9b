#include "panel/store.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "panel/id_key.h"

#include <stdbool.h>
#include <stdlib.h>
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

enum { AHEAD = 8 }; /* slots */

struct om_store {
    size_t payload, threads;
    const struct om_exchange *exchange;
    uint64_t seed;
    struct om_spool *spool; /* its parts are those of short keys, then those of long ones */
};

static om_status
make_store(const struct om_panel_spec *spec, size_t bytes, size_t threads, struct om_store **out,
           struct om_error *err)
{
    struct om_store *store = om_calloc(1, sizeof *store);
    if (!store)
        return om_fail_memory(err);
    *store = (struct om_store){.payload = bytes, .threads = threads};
    const struct om_spool_spec of =
        om_spec_spool(spec, (size_t)KINDS * OM_STORE_PARTS, threads, OM_WAITING_RECORDS);
    om_status status = om_spool_new(&of, &store->spool, err);
    if (status != OM_OK) {
        om_free(store);
        return status;
    }
    if (getrandom(&store->seed, sizeof store->seed, 0) != (ssize_t)sizeof store->seed)
        store->seed = UINT64_C(0x5bd1e9955bd1e995); /* a known seed only makes it easier to be mean */
    *out = store;
    return OM_OK;
}

om_status
om_store_new(const struct om_panel_spec *spec, size_t bytes, size_t threads, struct om_store **out,
             struct om_error *err)
{
    struct om_store *store = NULL;
    om_status status = make_store(spec, bytes, threads, &store, err);
    if (spec->exchange)
        status = om_store_share_seed(spec->exchange, status, store ? &store->seed : NULL, err);
    if (status != OM_OK || !store) {
        om_store_free(store);
        return status;
    }
    store->exchange = spec->exchange;
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

void
om_store_free(struct om_store *store)
{
    if (!store)
        return;
    om_spool_free(store->spool);
    om_free(store);
}

/* --- putting away --------------------------------------------------------------------------------------- */

om_status
om_store_room(struct om_store *store, size_t thread, const char *id, size_t length, uint8_t **payload,
              struct om_error *err)
{
    uint8_t key[OM_ID_KEY_MAX], *at = NULL;
    const size_t n_key = om_id_key(id, length, store->seed, key) - 1;
    const size_t kind = n_key == key_bytes[SHORT] ? SHORT : LONG;
    OM_TRY(om_spool_room(store->spool, thread, kind * OM_STORE_PARTS + key[n_key], n_key + store->payload,
                         &at, err));
    memcpy(at, key, n_key);
    *payload = at + n_key;
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

/* Puts the records of a person in their order, in which they mostly are. */
static void
sort_by_ordinal(const uint8_t **payload, size_t n, const struct om_store_visitor *visitor)
{
    for (size_t i = 1; i < n; i++) {
        const uint8_t *one = payload[i];
        const uint64_t ordinal = visitor->ordinal(visitor->context, one);
        size_t at = i;
        for (; at > 0 && visitor->ordinal(visitor->context, payload[at - 1]) > ordinal; at--)
            payload[at] = payload[at - 1];
        payload[at] = one;
    }
}

static int
compare_ordinals(const void *a, const void *b, void *context)
{
    const struct om_store_visitor *visitor = context;
    const uint8_t *const *p = a, *const *q = b;
    const uint64_t x = visitor->ordinal(visitor->context, *p), y = visitor->ordinal(visitor->context, *q);
    return (x > y) - (x < y);
}

/* The records of the person in a slot, to part->payload, in their order. Returns how many there are; 0 also
 * without memory. */
static size_t
list_records(struct part *part, size_t slot, const struct om_store_visitor *visitor)
{
    enum { FEW = 16 };
    struct om_store_visitor by = *visitor;
    size_t n = 0;
    for (uint32_t i = part->slot[slot]; i; i = part->next[i - 1]) {
        if (!om_grow(&part->payload, &part->payload_capacity, n, sizeof *part->payload))
            return 0;
        part->payload[n++] = part->record + (i - 1) * part->bytes + part->n_key;
    }
    if (n <= FEW)
        sort_by_ordinal(part->payload, n, visitor);
    else
        qsort_r(part->payload, n, sizeof *part->payload, compare_ordinals, &by);
    return n;
}

static om_status
hand_out(struct part *part, const struct om_store_visitor *visitor, size_t thread, struct om_error *err)
{
    for (size_t s = 0; s < part->n_slots; s++) {
        send_for(part, s);
        if (!part->slot[s])
            continue;
        const size_t n = list_records(part, s, visitor);
        if (n == 0)
            return om_fail_memory(err);
        OM_TRY(visitor->person(visitor->context, thread, part->payload, n, err));
    }
    return OM_OK;
}

static struct part
part_of(const struct om_store *store, size_t kind, const struct om_store_records *records)
{
    return (struct part){.record = records->bytes,
                         .n = records->n,
                         .bytes = om_store_record_bytes(store, kind),
                         .n_key = key_bytes[kind]};
}

om_status
om_store_take(struct om_store *store, size_t kind, size_t number, struct om_store_records *out,
              struct om_error *err)
{
    const size_t part = kind * OM_STORE_PARTS + number, bytes = (size_t)om_spool_bytes(store->spool, part);
    *out = (struct om_store_records){.n = bytes / om_store_record_bytes(store, kind)};
    if (out->n == 0)
        return OM_OK;
    out->bytes = om_alloc(bytes + OM_STORE_BEHIND, 1);
    if (!out->bytes)
        return om_fail_memory(err);
    return om_spool_take(store->spool, part, out->bytes, err);
}

om_status
om_store_visit_records(const struct om_store *store, size_t kind, const struct om_store_records *records,
                       const struct om_store_visitor *visitor, size_t thread, struct om_error *err)
{
    struct part part = part_of(store, kind, records);
    if (part.n == 0 || !part.record)
        return OM_OK;
    if (part.n >= UINT32_MAX)
        return om_fail_memory(err);
    om_status status = link_records(&part, err);
    if (status == OM_OK)
        status = hand_out(&part, visitor, thread, err);
    release_part(&part);
    return status;
}

/* --- a part much larger than the others ----------------------------------------------------------------- */

/* What was read of it and not thinned out, in the order of the records. */
struct heap {
    struct om_store_records records;
    size_t capacity;
    bool *drop;           /* [record] */
    bool *drop_of_person; /* [record of a person] */
    const struct om_store_visitor *visitor;
};

static om_status
make_room(struct heap *heap, size_t bytes, struct om_error *err)
{
    enum { LEAST = 32 * 1024 };
    const size_t larger = heap->capacity ? 2 * heap->capacity : LEAST;
    uint8_t *records = om_realloc(heap->records.bytes, larger * bytes + OM_STORE_BEHIND, 1);
    if (!records)
        return om_fail_memory(err);
    heap->records.bytes = records;
    om_free(heap->drop);
    om_free(heap->drop_of_person);
    heap->drop = om_alloc(larger, sizeof *heap->drop);
    heap->drop_of_person = om_alloc(larger, sizeof *heap->drop_of_person);
    if (!heap->drop || !heap->drop_of_person)
        return om_fail_memory(err);
    heap->capacity = larger;
    return OM_OK;
}

/* Asks which records are needed no more. */
static om_status
choose(const struct heap *heap, struct part *part, size_t thread, struct om_error *err)
{
    const struct om_store_visitor *visitor = heap->visitor;
    for (size_t s = 0; s < part->n_slots; s++) {
        if (!part->slot[s])
            continue;
        const size_t n = list_records(part, s, visitor);
        if (n == 0)
            return om_fail_memory(err);
        OM_TRY(visitor->thin(visitor->context, thread, part->payload, n, heap->drop_of_person, err));
        for (size_t i = 0; i < n; i++)
            heap->drop[(size_t)(part->payload[i] - part->record) / part->bytes] = heap->drop_of_person[i];
    }
    return OM_OK;
}

static om_status
thin_out(const struct om_store *store, size_t kind, struct heap *heap, size_t thread, struct om_error *err)
{
    struct part part = part_of(store, kind, &heap->records);
    om_status status = link_records(&part, err);
    if (status == OM_OK)
        status = choose(heap, &part, thread, err);
    release_part(&part);
    size_t kept = 0;
    for (size_t i = 0; i < part.n && status == OM_OK; i++)
        if (!heap->drop[i])
            memmove(heap->records.bytes + kept++ * part.bytes, part.record + i * part.bytes, part.bytes);
    heap->records.n = kept;
    return status;
}

static om_status
read_large(const struct om_store *store, size_t kind, struct om_spool_walk *walk, struct heap *heap,
           size_t thread, struct om_error *err)
{
    const size_t bytes = om_store_record_bytes(store, kind);
    const uint8_t *record;
    for (;;) {
        OM_TRY(om_spool_walk_next(walk, &record, err));
        if (!record)
            return OM_OK;
        if (heap->records.n == heap->capacity) {
            if (heap->capacity)
                OM_TRY(thin_out(store, kind, heap, thread, err));
            if (2 * heap->records.n >= heap->capacity) /* it was worth little */
                OM_TRY(make_room(heap, bytes, err));
        }
        if (!heap->records.bytes) /* there is room by now; said for those who read one function at a time */
            return om_fail_memory(err);
        memcpy(heap->records.bytes + heap->records.n++ * bytes, record, bytes);
    }
}

struct numbering {
    const struct om_store_visitor *visitor;
    size_t n_key;
};

static uint64_t
number_of(const void *context, const uint8_t *record)
{
    const struct numbering *numbering = context;
    return numbering->visitor->ordinal(numbering->visitor->context, record + numbering->n_key);
}

static om_status
visit_large(const struct om_store *store, size_t kind, size_t number, const struct om_store_visitor *visitor,
            size_t thread, struct om_error *err)
{
    const struct numbering numbering = {visitor, key_bytes[kind]};
    struct heap heap = {.visitor = visitor};
    struct om_spool_walk *walk = NULL;
    om_status status =
        om_spool_walk_new(store->spool, kind * OM_STORE_PARTS + number, om_store_record_bytes(store, kind),
                          number_of, &numbering, &walk, err);
    if (status == OM_OK)
        status = read_large(store, kind, walk, &heap, thread, err);
    om_spool_walk_free(walk);
    if (status == OM_OK)
        status = om_store_visit_records(store, kind, &heap.records, visitor, thread, err);
    om_free(heap.records.bytes);
    om_free(heap.drop);
    om_free(heap.drop_of_person);
    return status;
}

/* --- all parts ------------------------------------------------------------------------------------------ */

struct visit {
    struct om_store *store;
    const struct om_store_visitor *visitor;
    uint64_t large[KINDS]; /* bytes of a part that is much larger than the others */
    _Atomic size_t next;   /* part and kind to be taken next */
    _Atomic int failed;
    om_status *status; /* per thread */
    struct om_error *error;
};

/* Keys are spread evenly, so parts of many persons are of about the same size. */
static void
find_large(struct visit *visit)
{
    enum { TIMES = 4, LEAST = 1 << 20 };
    for (size_t kind = 0; kind < KINDS; kind++) {
        uint64_t all = 0;
        for (size_t p = 0; p < OM_STORE_PARTS; p++)
            all += om_spool_bytes(visit->store->spool, kind * OM_STORE_PARTS + p);
        visit->large[kind] = LEAST + TIMES * (all / OM_STORE_PARTS);
    }
}

static om_status
visit_part(struct visit *visit, size_t kind, size_t number, size_t thread, struct om_error *err)
{
    struct om_store_records records;
    if (om_spool_bytes(visit->store->spool, kind * OM_STORE_PARTS + number) > visit->large[kind])
        return visit_large(visit->store, kind, number, visit->visitor, thread, err);
    om_status status = om_store_take(visit->store, kind, number, &records, err);
    if (status == OM_OK)
        status = om_store_visit_records(visit->store, kind, &records, visit->visitor, thread, err);
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
om_store_visit(struct om_store *store, const struct om_store_visitor *visitor, struct om_error *err)
{
    struct visit visit = {.store = store,
                          .visitor = visitor,
                          .status = om_calloc(store->threads, sizeof *visit.status),
                          .error = om_calloc(store->threads, sizeof *visit.error)};
    om_status status = visit.status && visit.error ? OM_OK : om_fail_memory(err);
    if (status == OM_OK) {
        find_large(&visit);
        om_parallel(store->threads, run_visit, &visit);
    }
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
